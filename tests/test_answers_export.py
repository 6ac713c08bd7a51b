"""`voicebot answers export`: what was published is written into the files, which count again then."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import async_sessionmaker

from tests.two_answers import ANSWER, two_answers
from voicebot.answers.files import write_over
from voicebot.cli import content
from voicebot.errors import ContentError
from voicebot.settings import Settings
from voicebot.storage import versions
from voicebot.storage.database import connect, migrate, parsed

LOST, CHILD, NEW = "common/pas/pas-mistet.yaml", "common/pas/pas-barn.yaml", "municipalities/lilleby/pas/ny.yaml"
SORRY = ANSWER.replace("Det er vi kede af.", "Øv da.")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A bot with three published texts."""
    (tmp_path / "answers").mkdir()
    made = Settings(answers_dir=two_answers(tmp_path / "answers"), municipality="lilleby", data_dir=tmp_path)
    monkeypatch.setattr(content, "load_settings", lambda: made)

    async def publish() -> None:
        engine = connect(parsed(made.record_url))
        await migrate(engine)
        async with async_sessionmaker(engine)() as session:
            changed = {LOST: SORRY, CHILD: None, NEW: "id: ny\n"}
            before = {LOST: ANSWER, CHILD: (made.answers_dir / CHILD).read_text("utf-8"), NEW: None}
            await versions.publish(session, changed, "Mette", "", before=before)
            await session.commit()
        await engine.dispose()

    asyncio.run(publish())
    return made


def test_published_texts_are_written_and_the_files_count_again(settings, capsys):
    content.answers_export(json_=True)
    told = json.loads(capsys.readouterr().out)
    assert {each["file"]: each["what"] for each in told} == {LOST: "written", CHILD: "removed", NEW: "written"}
    assert (settings.answers_dir / LOST).read_text("utf-8") == SORRY
    assert not (settings.answers_dir / CHILD).exists()
    assert (settings.answers_dir / NEW).read_text("utf-8") == "id: ny\n"
    assert versions.published_at(settings.record_url) == {}
    content.answers_export()
    assert "Nothing is published" in capsys.readouterr().out


def test_in_another_folder_they_are_written_and_stay_published(settings, tmp_path, capsys):
    (tmp_path / "copy").mkdir()
    content.answers_export(two_answers(tmp_path / "copy"))
    assert (tmp_path / "copy" / LOST).read_text("utf-8") == SORRY
    assert (settings.answers_dir / LOST).read_text("utf-8") == ANSWER
    assert versions.published_at(settings.record_url).keys() == {LOST, CHILD, NEW}
    content.answers_export(tmp_path / "copy")
    assert capsys.readouterr().out.count("same") == 3
    with pytest.raises(ContentError, match="no such folder"):
        content.answers_export(tmp_path / "none")


def test_nothing_is_written_outside_the_folder(tmp_path):
    (tmp_path / "in").mkdir()
    with pytest.raises(ContentError, match="leads out"):
        write_over(tmp_path / "in", {"../out.yaml": "x"})
    assert not (tmp_path / "out.yaml").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "common").write_text("in the way")
    with pytest.raises(ContentError, match="cannot be written"):
        write_over(tmp_path, {LOST: "x"})
