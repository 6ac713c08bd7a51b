"""`voicebot fixtures check` and `schema`: what is wrong with recorded callers, and what there is of them."""

import json
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pytest

from tests.command_line import here, refused, two
from tests.scripted_bot import recording
from voicebot.audio import AudioChunk, wav, write_wav
from voicebot.replay.cases import PATHS, case_schema

HEAD = "title: {title}\ntags: [{tags}]\nprovenance: made up\nlicence: MPL-2.0\nturns:\n"
SAID = "  - say: a.wav\n    text: Mit pas er væk\n    expect: {offers: pas-mistet}\n"


def write(folder: Path, turns: str = SAID, name: str = "case", title: str = "En sag", tags: str = "in_scope") -> Path:
    area = folder / "pas"
    area.mkdir(exist_ok=True)
    write_wav(area / "a.wav", recording())
    path = area / f"{name}.yaml"
    path.write_text(HEAD.format(title=title, tags=tags) + turns, "utf-8")
    return path


def check(folder: Path, *arguments: str) -> CompletedProcess[str]:
    data = Path(mkdtemp(dir=folder))
    return here("fixtures", "check", *(arguments or (str(folder / "pas"),)), data_dir=data, **two(folder))


def faults(folder: Path) -> list[tuple[int, str]]:
    """Line and message of each fault in the only case."""
    result = check(folder, str(folder / "pas"), "--json")
    told: dict[str, Any] = json.loads(result.stdout)
    assert result.returncode == (2 if told["faults"] else 0)
    return [(fault["line"], fault["message"]) for fault in told["faults"]]


def test_cases_without_a_fault_are_counted(tmp_path: Path) -> None:
    write(tmp_path)
    write(
        tmp_path, "  - press: 0\n    expect: {decision: transfer}\n", "nul", "Taster 0", "digit, human_request, vital"
    )
    result = check(tmp_path)
    assert result.returncode == 0, result.stderr
    assert "2 cases over 1 topics, 1 s of sound." in result.stdout
    assert "No case yet: out_of_scope, ambiguous, ask_back" in result.stdout
    told = json.loads(check(tmp_path, str(tmp_path / "pas"), "--json").stdout)
    assert (told["cases"], told["topics"], told["seconds"], told["faults"]) == (2, ["pas-mistet"], 0.6, [])
    assert {tag for tag, cases in told["tags"].items() if cases} == {"in_scope", "digit", "human_request", "vital"}
    assert told["lacking"] == [path for path in PATHS if path not in {"in_scope", "digit", "human_request"}]


def test_the_recorded_calls_are_those_of_the_setting(tmp_path: Path) -> None:
    write(tmp_path)
    given = {**two(tmp_path), "recorded_calls": str(tmp_path / "pas")}
    result = here("fixtures", "check", data_dir=tmp_path / "home", **given)
    assert "1 cases over 1 topics" in result.stdout, result.stderr


def test_every_path_may_have_its_case(tmp_path: Path) -> None:
    write(tmp_path, tags=", ".join(PATHS))
    assert "Every path has a case." in check(tmp_path).stdout


def test_faults_are_told_a_line_each(tmp_path: Path) -> None:
    one = write(tmp_path, "  - wait: 0\n", "one", "Den ene")
    two_ = write(tmp_path, SAID.replace("a.wav", "b.wav"), "two", "Den anden")
    three = write(tmp_path, SAID.replace("pas-mistet", "pas-mistede"), "three", "Den tredje")
    result = check(tmp_path)
    assert result.returncode == 2
    lines = result.stdout.splitlines()
    assert [line.split(": ")[0] for line in lines] == [f"{one}:6", f"{three}:8", f"{two_}:6", "3 found."]
    assert "offers: no answer is called “pas-mistede”; did you mean pas-mistet" in lines[1]


@pytest.mark.parametrize(
    ("turns", "line", "said"),
    [
        (SAID.replace("pas-mistet", "xyz"), 8, "no answer is called “xyz”; see `voicebot answers list`"),
        (
            "  - press: 1\n  - choose: pas-barnet\n",
            7,
            "choose: no answer is called “pas-barnet”; did you mean pas-barn",
        ),
        ("  - choose: pas-barn\n", 6, "choose: the bot cannot have asked back yet"),
        ("  - press: 1\n    expect: {option: 1}\n", 7, "option: nothing can have been offered yet"),
        ("  - hang_up: true\n  - press: 1\n", 7, "press: nothing can follow hang_up"),
        (SAID.replace("    text: Mit pas er væk\n", ""), 6, "text: missing; write what a.wav says"),
    ],
)
def test_what_cannot_be_right_is_a_fault(tmp_path: Path, turns: str, line: int, said: str) -> None:
    write(tmp_path, turns)
    [(told_line, told)] = faults(tmp_path)
    assert told_line == line
    assert said in told


@pytest.mark.parametrize(
    "turns",
    [
        "  - press: 1\n  - choose: pas-barn\n    expect: {answer: pas-barn}\n",
        "  - silence: true\n  - press: 1\n    expect: {option: 1, answer: null}\n",
        SAID + "  - listen: true\n  - hang_up: true\n",
    ],
)
def test_what_can_be_right_is_none(tmp_path: Path, turns: str) -> None:
    write(tmp_path, turns)
    assert faults(tmp_path) == []


def test_sound_without_words_needs_no_text_where_the_case_is_about_noise(tmp_path: Path) -> None:
    write(tmp_path, SAID.replace("    text: Mit pas er væk\n", ""), tags="noise")
    assert faults(tmp_path) == []


def test_a_municipality_that_there_is_not_is_a_fault_of_the_case(tmp_path: Path) -> None:
    write(tmp_path, SAID, title="En sag\nmunicipality: storby")
    assert faults(tmp_path) == [(2, "municipality: there is no “storby”; see `answers/municipalities/`")]
    write(tmp_path, SAID, title="En sag\nmunicipality: lilleby")
    assert faults(tmp_path) == []


def _samples(*, loud: float = 0.3, seconds: float = 0.5) -> AudioChunk:
    return AudioChunk(np.random.default_rng(1).normal(0, loud, round(8000 * seconds)).astype(np.float32), 8000)


def _header(**fields: int) -> bytes:
    """A WAV file whose header says something else than its sound is. width: bytes of a sample; rate: Hz."""
    whole = bytearray(wav(_samples()))
    whole[22:24] = fields.get("channels", 1).to_bytes(2, "little")
    whole[24:28] = fields.get("rate", 8000).to_bytes(4, "little")
    whole[34:36] = (8 * fields.get("width", 2)).to_bytes(2, "little")
    return bytes(whole)


BAD_SOUNDS = {
    "gone": (None, "no such file"),
    "no WAV": (b"RIFF", "not a WAV file"),
    "a text": (b"hej", "not a WAV file"),
    "cut short": (wav(_samples())[:3000], "cut short"),
    "empty": (wav(_samples(seconds=0)), "no sound in it"),
    "4 kHz": (_header(rate=4000), "4000 Hz; resample it"),
    "96 kHz": (_header(rate=96000), "96000 Hz; resample it"),
    "8 bit": (_header(width=1), "8-bit sound; save it as 16-bit"),
    "two channels": (_header(channels=2), "2 channels; keep the caller's only"),
    "too long": (wav(_samples(seconds=121)), "121 s; cut it to 120 s"),
    "digital silence": (wav(AudioChunk(np.zeros(8000, np.float32), 8000)), "nobody can be heard in it"),
    "only the line": (wav(_samples(loud=10 ** (-62 / 20))), "nobody can be heard in it"),
}


@pytest.mark.parametrize("name", BAD_SOUNDS)
def test_a_recording_that_cannot_be_played_is_a_fault(tmp_path: Path, name: str) -> None:
    content, said = BAD_SOUNDS[name]
    write(tmp_path)
    recorded = tmp_path / "pas" / "a.wav"
    recorded.unlink() if content is None else recorded.write_bytes(content)
    [(line, told)] = faults(tmp_path)
    assert line == 6
    assert said in told


def test_two_cases_of_one_title_or_name_cannot_be_told_apart(tmp_path: Path) -> None:
    first = write(tmp_path, name="first")
    write(tmp_path, name="second", title="en SAG")
    assert faults(tmp_path) == [(1, f"title: {first} is called so too; choose another")]
    other = tmp_path / "other"
    other.mkdir()
    again = write(other, name="first", title="En anden sag")
    result = check(tmp_path, str(first), str(again))
    assert f"{again}:1: {first} has the same area and name; rename one of the files" in result.stdout


def test_paths_without_cases_and_faulty_answers_are_said(tmp_path: Path) -> None:
    write(tmp_path)
    refused(check(tmp_path, str(tmp_path / "nowhere")), "nowhere: no such file or folder")
    (tmp_path / "empty").mkdir()
    refused(check(tmp_path, str(tmp_path / "empty")), "no case in it")
    given = two(tmp_path)
    (tmp_path / "answers/common/pas/pas-barn.yaml").write_text("- intet", "utf-8")
    refused(here("fixtures", "check", str(tmp_path / "pas"), data_dir=tmp_path, **given), "pas-barn.yaml:1")
    write(tmp_path, SAID, title="En sag\nmunicipality: lilleby")
    nowhere = {**given, "answers_dir": str(tmp_path / "empty")}
    home = tmp_path / "empty"
    refused(here("fixtures", "check", str(tmp_path / "pas"), data_dir=home, **nowhere), "empty: ingen kommune")


def test_the_schema_is_printed(tmp_path: Path) -> None:
    result = here("fixtures", "schema", data_dir=tmp_path)
    assert result.returncode == 0
    assert json.loads(result.stdout) == case_schema()
