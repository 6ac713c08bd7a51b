"""The recorded cases themselves: they can be read, and they speak of answers that there are."""

from pathlib import Path

import pytest

from tests.shipped import shipped
from voicebot.replay import Case, load_cases

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "audio_fixtures"
CASES = load_cases([FIXTURES])
SPEECH = {"in_scope", "human_request", "out_of_scope", "ambiguous", "ask_back"}
KINDS = SPEECH | {"digit", "silence", "hang_up", "barge_in"}


def test_there_is_a_case_of_every_kind() -> None:
    assert len(CASES) >= 24
    assert {tag for case in CASES for tag in case.script.tags} >= KINDS


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_expects_only_answers_that_there_are(case: Case) -> None:
    expected = [step.expect for step in case.script.turns if step.expect]
    named = {id_ for e in expected for id_ in (*e.answer, *(e.offers or ()), *(e.options_include or ())) if id_}
    assert named <= shipped().answers.keys()


def test_every_recording_is_played_and_has_its_provenance() -> None:
    used = {(case.file.parent / step.say).resolve() for case in CASES for step in case.script.turns if step.say}
    recordings = {path.resolve() for path in (FIXTURES / "callers").glob("*.wav")}
    assert used == recordings
    told = (FIXTURES / "callers" / "README.md").read_text("utf-8")
    assert all(path.name in told for path in recordings)
