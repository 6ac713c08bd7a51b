from pathlib import Path

import numpy as np
import pytest

from voicebot.audio import AudioChunk, write_wav
from voicebot.errors import ReplayError
from voicebot.replay import load_cases

HEAD = "title: En sag\nprovenance: made up\nlicence: MPL-2.0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    area = tmp_path / "pas"
    area.mkdir()
    write_wav(area / "a.wav", AudioChunk(np.full(1600, 0.3, np.float32), 8000))
    return area


def write(folder: Path, text: str, name: str = "case.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_case_is_read_with_its_sounds(folder: Path) -> None:
    text = """\
turns:
  - say: a.wav
    text: Mit pas er væk
    expect: {decision: [answer, clarify], offers: pas-mistet}
  - press: 0
    expect: {decision: transfer, answer: [tal-med-medarbejder, null], ends: transferred}
  - wait: 1.5
  - silence: true
  - hang_up: true
"""
    write(folder, HEAD + text)
    [case] = load_cases([folder.parent])
    assert case.name == "pas/case"
    say, press, wait, silence, hang_up = case.script.turns
    assert say.expect
    assert (say.title, say.expect.decision, say.expect.offers) == (
        "Mit pas er væk",
        ("answer", "clarify"),
        ("pas-mistet",),
    )
    assert press.expect
    assert (press.press, press.expect.answer, press.expect.ends) == (
        "0",
        ("tal-med-medarbejder", None),
        "transferred",
    )
    assert (wait.wait, silence.silence, hang_up.hang_up) == (1.5, True, True)
    assert case.sounds.keys() == {0}
    assert case.sounds[0].seconds == 0.2


def test_no_answer_at_all_can_be_expected(folder: Path) -> None:
    path = write(folder, HEAD + "turns:\n  - {say: a.wav, expect: {answer: null}}\n")
    expect = load_cases([path])[0].script.turns[0].expect
    assert expect
    assert expect.answer == (None,)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (HEAD + "turns:\n  - say: b.wav\n", 5, "b.wav: no such file"),
        (HEAD + "turns:\n  - say: case.yaml\n", 5, "not a WAV file"),
        (HEAD + "turns:\n  - wait: 1\n  - press: x\n", 6, "press: "),
        (HEAD + "turns:\n  - wait: 100\n", 5, "wait: "),
        (HEAD + "turns:\n  - {say: a.wav, press: '1'}\n", 5, "one of say, press"),
        (HEAD + "turns:\n  - wait: 1\n    expect: {not_answer: true}\n", 5, "only say, press and silence"),
        (HEAD + "turns:\n  - say: a.wav\n    expect:\n      decision: perhaps\n", 7, "decision: "),
        (HEAD + "turns:\n  - say: a.wav\n    expect: {}\n", 6, "nothing is expected"),
        (HEAD + "turns:\n  - say: a.wav\n    expect: {anser: x}\n", 6, "anser: "),
        (HEAD + "turns: []\n", 4, "turns: "),
        (HEAD + "sounds: []\nturns:\n  - wait: 1\n", 4, "sounds: "),
        ("title: x\nturns:\n  - wait: 1\n", 1, "provenance: "),
        (HEAD + "turns:\n  - [say: a.wav\n", 6, "not YAML"),
        ("", 1, "Input should be"),
        ("- a list", 1, "Input should be"),
    ],
)
def test_a_fault_is_named_with_file_and_line(folder: Path, text: str, line: int, said: str) -> None:
    path = write(folder, text)
    with pytest.raises(ReplayError) as fault:
        load_cases([path])
    assert fault.value.message.startswith(f"{path}:{line}: ")
    assert said in fault.value.message


def test_the_faults_of_all_files_come_together(folder: Path) -> None:
    write(folder, HEAD + "turns: []\n", "one.yaml")
    write(folder, HEAD, "two.yaml")
    with pytest.raises(ReplayError) as fault:
        load_cases([folder])
    assert [Path(line.split(":")[0]).name for line in fault.value.message.splitlines()] == ["one.yaml", "two.yaml"]


def test_a_path_without_cases_is_said(folder: Path) -> None:
    with pytest.raises(ReplayError, match="no case in it"):
        load_cases([folder])
    with pytest.raises(ReplayError, match="no such file or folder"):
        load_cases([folder / "nowhere"])
