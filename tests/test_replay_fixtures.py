"""The recorded cases themselves: every way a call can take, over many topics, with sound that may be passed on."""

import re
from pathlib import Path

import numpy as np
import pytest

from tests.shipped import shipped
from voicebot.audio import read_wav
from voicebot.replay import Case, load_cases
from voicebot.replay.checking import check_cases
from voicebot.replay.inventory import inventory
from voicebot.replay.speech import USUAL_LEVEL, speech_level

FIXTURES = Path(__file__).parent.parent / "audio_fixtures"
CASES = load_cases([FIXTURES])
THERE = inventory(CASES)
RECORDINGS = sorted(FIXTURES.glob("*/*.wav"))


def test_there_are_many_cases_over_many_topics_and_every_path() -> None:
    assert THERE.cases >= 80
    assert len(THERE.topics) >= 40
    assert THERE.lacking == ()


def test_no_case_has_a_fault() -> None:
    assert check_cases(CASES, lambda municipality: shipped(municipality or "roskilde").answers) == []


def test_every_case_says_what_it_is_there_to_show() -> None:
    assert [case.name for case in CASES if not case.script.what] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_names_the_provenance_of_what_it_plays_and_its_licence(case: Case) -> None:
    folders = {step.say.parent.name for step in case.script.turns if step.say}
    assert {*re.findall(r"\.\./(\w+)/README\.md", case.script.provenance)} == folders
    assert case.script.licence == " AND ".join(
        sorted({_licence(s.say) for s in case.script.turns if s.say} or {"MPL-2.0"})
    )


def _licence(recording: Path) -> str:
    if recording.parent.name != "human":
        return "MPL-2.0"
    return "CC0-1.0" if recording.name.startswith("nst-") else "GPL-2.0-or-later"


def test_every_recording_is_played_and_listed_with_its_licence() -> None:
    played = {(case.file.parent / step.say).resolve() for case in CASES for step in case.script.turns if step.say}
    assert played == {recording.resolve() for recording in RECORDINGS}
    for recording in RECORDINGS:
        told = (recording.parent / "README.md").read_text("utf-8")
        assert f"| {recording.name} |" in told, recording
        assert _licence(recording) in told, recording
    assert "GNU GENERAL PUBLIC LICENSE" in (FIXTURES / "human" / "GPL-2.txt").read_text("utf-8")


def test_what_is_said_is_the_same_in_every_case_that_plays_it() -> None:
    said = {(step.say.name, step.text) for case in CASES for step in case.script.turns if step.say}
    assert len(said) == len({name for name, _ in said})


def test_the_fast_subset_has_every_path_and_few_cases() -> None:
    gate = [case for case in CASES if "gate" in case.script.tags]
    assert inventory(gate).lacking == ()
    assert 25 <= len(gate) <= 35


@pytest.mark.parametrize("tag", ["emergency", "human_request", "human_speech", "noise"])
def test_what_never_may_be_wrong_is_marked_so(tag: str) -> None:
    marked = [case for case in CASES if tag in case.script.tags]
    assert [case.name for case in marked if "vital" not in case.script.tags] == []


@pytest.mark.parametrize("tag", ["human_speech", "noise"])
def test_what_is_no_question_is_expected_to_be_answered_by_nothing(tag: str) -> None:
    steps = [step for case in CASES if tag in case.script.tags for step in case.script.turns]
    heard = [step for step in steps if step.say and step.say.parent.name in {"human", "noise"}]
    assert heard
    assert all(step.expect and (step.expect.not_answer or step.expect.ends == "transferred") for step in heard)


def test_the_usual_level_is_that_of_the_recorded_callers() -> None:
    levels = [speech_level(read_wav(file).resampled(8000)) for file in sorted((FIXTURES / "callers").glob("*.wav"))]
    assert np.mean(levels) == pytest.approx(USUAL_LEVEL, abs=1)
    assert np.percentile(levels, [10, 90]) == pytest.approx([-27, -22], abs=0.5)
