"""The answers as a bot reads them: with what was published over the files, and from the files alone if it must."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import async_sessionmaker

from tests.two_answers import ANSWER, two_answers
from voicebot.app.loading import ContentLoader, load_answers
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
    load = ContentLoader(settings, Index(made_vectors(64)))
    assert load().library.answers["pas-mistet"].text.startswith("Det er vi kede af.")
    publish(settings, ANSWER.replace("Det er vi kede af.", "Øv da."))
    assert load().library.answers["pas-mistet"].text.startswith("Øv da.")
    assert load().matcher.match("Mit pas er væk")[0].answer == "pas-mistet"


def test_a_bot_starts_from_the_files_where_the_published_texts_have_faults(settings, caplog):
    publish(settings, "id: pas-mistet\n")
    load = ContentLoader(settings, Index(made_vectors(64)))
    assert load().library.answers["pas-mistet"].text.startswith("Det er vi kede af.")
    assert "pas-mistet.yaml:1: title: feltet mangler" in caplog.text
    assert "the files alone are" in caplog.text
    with pytest.raises(ContentError):  # what is in use stays in use
        load()


async def test_what_is_wrong_with_published_texts_is_kept_for_operators_from_the_start(settings):
    await asyncio.to_thread(publish, settings, "id: pas-mistet\n")
    answers = await asyncio.to_thread(load_answers, settings, Index(made_vectors(64)))
    looking = asyncio.create_task(answers.renewed())
    while not answers.faults:
        await asyncio.sleep(0.01)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    assert any("pas-mistet.yaml:1: title: feltet mangler" in fault for fault in answers.faults)
    assert answers.content.library.answers["pas-mistet"].text.startswith("Det er vi kede af.")


def test_texts_without_faults_are_not_read_twice(settings):
    publish(settings, ANSWER.replace("Det er vi kede af.", "Øv da."))
    assert not load_answers(settings, Index(made_vectors(64)))._asked.is_set()


def test_a_bot_starts_from_the_files_where_the_record_cannot_be_read(settings, caplog):
    (settings.data_dir / "voicebot.db").write_text("det er ingen database, men dog en fil med noget i" * 30)
    load = ContentLoader(settings, Index(made_vectors(64)))
    assert load().library.answers.keys() == {"pas-mistet", "pas-barn"}
    assert "the files alone are" in caplog.text
    with pytest.raises(StorageError):
        load()


def test_a_fault_of_the_files_themselves_is_what_is_told(settings):
    (settings.answers_dir / LOST).write_text("id: x")
    with pytest.raises(ContentError, match="feltet mangler"):
        ContentLoader(settings, Index(made_vectors(64)))()
