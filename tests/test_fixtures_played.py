"""A case made of a call is played to a bot that understands it (slow: the real voice)."""

import asyncio
from pathlib import Path

import pytest

from tests.command_line import here
from tests.recording import recording, started
from tests.test_rehearsal import Understanding, content, models
from voicebot.events import CallEnded, Decided, DigitPressed, Event, Transcribed, Transferred
from voicebot.matching import Candidate
from voicebot.rehearsal import rehearse
from voicebot.replay import Plan, load_cases
from voicebot.replay.speech import speech_level

CALL: list[Event] = [
    started(),
    Transcribed("CA1", 4.0, "Jeg har mistet mit pas", 0.7, 2.5),
    Decided("CA1", 4.0, "answer", "pas-mistet", 0.9, (), "Meld det til politiet."),
    DigitPressed("CA1", 12.0, "0"),
    Decided("CA1", 12.0, "transfer", None, 1.0, (), "Jeg stiller dig om."),
    Transferred("CA1", 14.0, "+4546313000", "asked"),
    CallEnded("CA1", 14.1, "transferred"),
]


@pytest.mark.slow
def test_a_call_is_told_again_to_the_bot(tmp_path: Path, models_dir: Path) -> None:
    async def keep() -> None:
        async with recording(f"sqlite+aiosqlite:///{tmp_path / 'voicebot.db'}") as record:
            for event in CALL:
                record.record(event)

    asyncio.run(keep())
    folder = tmp_path / "opkald"
    made = here("fixtures", "from-call", "CA1", "--out", str(folder), data_dir=tmp_path, models_dir=models_dir)
    assert made.returncode == 0, made.stderr
    (case,) = load_cases([folder])
    assert 1.5 < case.sounds[0].seconds < 5
    assert speech_level(case.sounds[0]) == pytest.approx(-24, abs=1)
    checked = here("fixtures", "check", str(folder), data_dir=tmp_path, models_dir=models_dir)
    assert checked.returncode == 0, checked.stderr
    script = Understanding()
    script.means["mit pas er væk"] = (Candidate("pas-mistet", 0.97),)
    (result,) = rehearse(Plan((case,)), content(script), models(script))
    assert result.passed, [step.misses for step in result.steps]
    assert result.outcome == "transferred"
