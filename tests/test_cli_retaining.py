"""`voicebot retention`: what is old enough, and deleting it."""

import asyncio
import json
import stat
from pathlib import Path

from tests.command_line import here, refused
from tests.recording import A_CALL, recording

OLD = "2020-11-22T10:00:00+00:00"


async def call_long_ago(file: Path) -> None:
    async with recording(f"sqlite+aiosqlite:///{file}") as record:
        for event in A_CALL:
            fields = vars(event) | ({"started": OLD} if "started" in vars(event) else {})
            record.record(type(event)(**fields))


def test_what_is_old_enough_is_shown_and_deleted(tmp_path: Path) -> None:
    asyncio.run(call_long_ago(tmp_path / "voicebot.db"))
    due = {"words": 0, "calls": 1, "groups": 0, "audit": 0}
    shown = here("retention", "show", "--json", data_dir=tmp_path, models_dir=tmp_path)
    assert json.loads(shown.stdout) == {"keep_words_days": 90, "keep_calls_days": 730, "due": due}
    assert (
        "Words are kept 90 days, calls 730" in here("retention", "show", data_dir=tmp_path, models_dir=tmp_path).stdout
    )
    assert json.loads(here("retention", "run", "--json", data_dir=tmp_path, models_dir=tmp_path).stdout) == due
    assert (
        json.loads(here("retention", "show", "--json", data_dir=tmp_path, models_dir=tmp_path).stdout)["due"]["calls"]
        == 0
    )
    assert "whole calls" in here("retention", "run", data_dir=tmp_path, models_dir=tmp_path).stdout


def test_without_a_record_there_is_nothing_to_show(tmp_path: Path) -> None:
    refused(here("retention", "show", data_dir=tmp_path, models_dir=tmp_path), "no record yet")
    assert here("retention", "run", data_dir=tmp_path, models_dir=tmp_path).returncode == 0
    assert stat.S_IMODE((tmp_path / "voicebot.db").stat().st_mode) == 0o600
