"""A record in a folder of its own, and a call to be recorded."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from voicebot.events import (
    CallEnded,
    CallStarted,
    Decided,
    Event,
    Matched,
    Transcribed,
)
from voicebot.storage import Recorder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "voicebot.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@contextlib.asynccontextmanager
async def recording(url: str, data_dir: Path | None = None, **settings: Any) -> AsyncIterator[Recorder]:
    record = Recorder(url, data_dir, **settings)
    await record.open()
    try:
        yield record
    finally:
        await record.close()


def started(call_id: str = "CA1", caller: str = "+4511223344") -> CallStarted:
    return CallStarted(call_id, 0.0, "twilio", "roskilde", caller, "2026-11-22T10:00:00+00:00")


A_CALL: list[Event] = [
    started(),
    Transcribed("CA1", 4.0, "jeg har mistet mit pas", 0.7, 2.5),
    Matched("CA1", 4.0, (("pas-mistet", 0.9), ("pas-fornyelse", 0.3))),
    Decided("CA1", 4.0, "answer", "pas-mistet", 0.9, (), "Meld det til politiet."),
    CallEnded("CA1", 12.5, "caller_hung_up"),
]
