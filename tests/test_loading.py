"""The answers as a bot reads them: with what was published over the files, and from the files alone if it must."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import async_sessionmaker

from tests.two_answers import ANSWER, two_answers
from voicebot.app.loading import content_loader
from voicebot.errors import ContentError, StorageError
from voicebot.matching import Index
from voicebot.matching.measure import made_vectors
from voicebot.settings import Settings
from voicebot.storage import versions
from voicebot.storage.database import connect, migrate, parsed

LOST = "common/pas/pas-mistet.yaml"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "answers").mkdir()
    return Settings(answers_dir=two_answers(tmp_path / "answers"), municipality="lilleby", data_dir=tmp_path)


def publish(settings: Settings, new: str, before: str = ANSWER) -> None:
    async def put() -> None:
        engine = connect(parsed(settings.record_url))
        await migrate(engine)
        async with async_sessionmaker(engine)() as session:
            await versions.publish(session, {LOST: new}, "Mette", "", before={LOST: before})
            await session.commit()
        await engine.dispose()

    asyncio.run(put())


def test_each_reading_has_what_is_published_then(settings):
    load = content_loader(settings, Index(made_vectors(64)))
    assert load().library.answers["pas-mistet"].text.startswith("Det er vi kede af.")
    publish(settings, ANSWER.replace("Det er vi kede af.", "Øv da."))
    assert load().library.answers["pas-mistet"].text.startswith("Øv da.")
    assert load().matcher.match("Mit pas er væk")[0].answer == "pas-mistet"


def test_a_bot_starts_from_the_files_where_the_published_texts_have_faults(settings, caplog):
    publish(settings, "id: pas-mistet\n")
    load = content_loader(settings, Index(made_vectors(64)))
    assert load().library.answers["pas-mistet"].text.startswith("Det er vi kede af.")
    assert "pas-mistet.yaml:1: title: feltet mangler" in caplog.text
    assert "the files alone are" in caplog.text
    with pytest.raises(ContentError):  # what is in use stays in use
        load()


def test_a_bot_starts_from_the_files_where_the_record_cannot_be_read(settings, caplog):
    (settings.data_dir / "voicebot.db").write_text("det er ingen database, men dog en fil med noget i" * 30)
    load = content_loader(settings, Index(made_vectors(64)))
    assert load().library.answers.keys() == {"pas-mistet", "pas-barn"}
    assert "the files alone are" in caplog.text
    with pytest.raises(StorageError):
        load()


def test_a_fault_of_the_files_themselves_is_what_is_told(settings):
    (settings.answers_dir / LOST).write_text("id: x")
    with pytest.raises(ContentError, match="feltet mangler"):
        content_loader(settings, Index(made_vectors(64)))()
