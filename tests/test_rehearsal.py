"""Rehearsals: whole calls in virtual time, on scripted models, and (slow) on the real ones."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ROOT
from tests.scripted import ROSKILDE, LoudIsSpeech, Script
from voicebot.asr import Transcript
from voicebot.audio import AudioChunk, write_wav
from voicebot.content import Content
from voicebot.matching import Candidate
from voicebot.rehearsal import Models, rehearse
from voicebot.rehearsal.engines import UNDERSTANDING
from voicebot.replay import CaseResult, Plan, load_cases
from voicebot.replay.conditions import CLEAN, parse_condition
from voicebot.settings import Settings

FIXTURES = ROOT / "audio_fixtures"
CASE = """\
title: Mistet pas
provenance: a tone
licence: MPL-2.0
turns:
  - {say: a.wav, text: mit pas er væk, expect: {answer: pas-mistet}}
  - {say: a.wav, text: mit pas er væk, expect: {answer: pas-mistet}}
  - {silence: true, expect: {decision: smalltalk, ends: silence}}
"""


class Understanding(Script):
    """Hears the same in all it is given."""

    def transcribe(self, sound: AudioChunk) -> Transcript:
        self.hears.append("mit pas er væk")
        return super().transcribe(sound)


@pytest.fixture
def script() -> Understanding:
    script = Understanding()
    script.means["mit pas er væk"] = (Candidate("pas-mistet", 0.97),)
    return script


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    tone = np.sin(np.arange(8000, dtype=np.float32)) * 0.5
    tone[-1600:] *= 0.4  # a voice fades before it gives the word away
    write_wav(tmp_path / "a.wav", AudioChunk(np.pad(tone, (2400, 4000)), 8000))
    (tmp_path / "case.yaml").write_text(CASE, "utf-8")
    return Plan(load_cases([tmp_path]))


def models(script: Script) -> Models:
    return Models(LoudIsSpeech(), script, script, script)  # type: ignore[arg-type]


def content(script: Script) -> Content:
    return Content(ROSKILDE, script)  # type: ignore[arg-type]


def without_sound(results: tuple[CaseResult, ...]) -> list[CaseResult]:
    return [replace(result, recording=None) for result in results]


def test_a_call_goes_its_whole_way(plan: Plan, script: Understanding) -> None:
    told: list[CaseResult] = []
    [result] = rehearse(plan, content(script), models(script), told.append)
    assert result.passed, (result.misses, result.steps)
    assert told == [result]
    assert result.outcome == "silence"
    assert [step.heard for step in result.steps] == ["mit pas er væk", "mit pas er væk", ""]
    first = result.steps[0].answer_sound
    assert first is not None
    assert first > UNDERSTANDING


def test_the_same_plan_has_the_same_result_to_the_last_sample(plan: Plan, script: Understanding) -> None:
    noisy = replace(plan, conditions=(CLEAN, parse_condition("tab-5pct,jitter-40ms,forsinkelse-100ms")), repeat=2)
    first, second = (rehearse(noisy, content(script), models(script)) for _ in range(2))
    assert without_sound(first) == without_sound(second)
    assert [result.recording and result.recording.caller for result in first] == [
        result.recording and result.recording.caller for result in second
    ]
    assert {(result.condition, result.repetition) for result in first} == {
        (condition.name, repetition) for condition in noisy.conditions for repetition in (1, 2)
    }


def test_both_voices_are_kept_from_the_beginning_of_the_call(plan: Plan, script: Understanding) -> None:
    [result] = rehearse(plan, content(script), models(script))
    assert result.recording
    caller, bot = result.recording.voices()
    assert len(caller.samples) == len(bot.samples)
    assert caller.seconds == pytest.approx(result.seconds, abs=0.1)
    said = result.recording.turns[0]
    place = round((said.began - result.recording.began) * 8000)
    assert np.abs(caller.samples[place : place + 160]).max() > 0.1
    assert np.abs(caller.samples[: place - 320]).max() < 0.01
    assert np.abs(bot.samples).max() > 0


def test_others_go_first_between_two_frames_and_may_end_it(plan: Plan, script: Understanding) -> None:
    asked = 0

    def pause() -> None:
        nonlocal asked
        asked += 1
        if asked == 100:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rehearse(plan, content(script), models(script), pause=pause)
    assert asked == 100, "whoever has ended it is not asked any more"


def test_what_is_not_spoken_needs_no_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    from voicebot.app import loading  # noqa: PLC0415 - takes seconds to import, and few tests need it

    for part in ("load_library", "load_matcher", "load_detector", "load_recogniser"):
        monkeypatch.setattr(loading, part, lambda *_: None)
    monkeypatch.setattr(loading, "load_voice", lambda *_: pytest.fail("a voice is loaded"))
    _, models = loading.load_rehearsal(Settings(), lambda _, __: None, spoken=False)
    assert models.speech.get("Hej.")


@pytest.mark.slow
def test_real_callers_are_understood_and_every_time_the_same(models_dir: Path) -> None:
    from voicebot.app import load_rehearsal  # noqa: PLC0415 - takes seconds to import, and few tests need it

    settings = Settings(data_dir=models_dir.parent, voice="joe-us")
    real, parts = load_rehearsal(settings, lambda _, __: None)
    names = ("pas/mistet", "menneske/tast-nul", "samtale/taler-ind-over")
    cases = load_cases([FIXTURES / f"{name}.yaml" for name in names])
    first, second = (rehearse(Plan(cases), real, parts) for _ in range(2))
    assert [result.passed for result in first] == [True] * 3, [result.steps for result in first]
    assert without_sound(first) == without_sound(second)
