"""A case's file: what it may say, and every fault in it with file, line and remedy."""

import json
import os
from pathlib import Path

import jsonschema_rs
import numpy as np
import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from voicebot.audio import AudioChunk, write_wav
from voicebot.errors import ReplayError
from voicebot.replay import load_cases
from voicebot.replay.cases import PATHS, TAGS, Expect, Step, case_schema

FIXTURES = Path(__file__).parent.parent / "audio_fixtures"
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
what: Shows all that a caller can do
tags: [in_scope, vital]
turns:
  - say: a.wav
    text: Mit pas er væk
    expect: {decision: [answer, clarify], offers: pas-mistet, within: 1.5, says: politi, says_not: [kroner, gebyr]}
  - {choose: pas-mistet, expect: {answer: pas-mistet, asks_back: 1}}
  - press: 0
    barge_in: 2
    expect: {decision: transfer, answer: [tal-med-medarbejder, null], transfer_to: 46 31 30 00, interrupts: true}
  - wait: 1.5
  - listen: true
  - {silence: true, expect: {ends: silence}}
  - hang_up: true
"""
    write(folder, HEAD + text)
    [case] = load_cases([folder.parent])
    assert (case.name, case.script.what) == ("pas/case", "Shows all that a caller can do")
    assert case.script.tags == ("in_scope", "vital")
    deeds = ["say", "choose", "press", "wait", "listen", "silence", "hang_up"]
    assert [step.deed for step in case.script.turns] == deeds
    say, choose, press, *_ = case.script.turns
    assert say.expect == Expect(
        decision=("answer", "clarify"),
        offers=("pas-mistet",),
        within=1.5,
        says=("politi",),
        says_not=("kroner", "gebyr"),
    )
    assert press.expect == Expect(
        decision=("transfer",), answer=("tal-med-medarbejder", None), transfer_to="46 31 30 00", interrupts=True
    )
    assert (press.barge_in, say.barge_in) == (2.0, False)
    assert (say.title, choose.title, press.title) == ("Mit pas er væk", "chooses pas-mistet", "presses 0")
    assert case.sounds.keys() == {0}
    assert case.sounds[0].seconds == 0.2


def test_no_answer_at_all_can_be_expected(folder: Path) -> None:
    path = write(folder, HEAD + "turns:\n  - {say: a.wav, expect: {answer: null}}\n")
    assert load_cases([path])[0].script.turns[0].expect == Expect(answer=(None,))


def test_a_date_is_a_text(folder: Path) -> None:
    text = HEAD.replace("En sag", "2020-13-45").replace("made up", "2026-11-22") + "turns:\n  - press: 1\n"
    [case] = load_cases([write(folder, text)])
    assert (case.script.title, case.script.provenance) == ("2020-13-45", "2026-11-22")


def test_the_fingerprint_is_of_what_is_played_and_expected(folder: Path) -> None:
    turns = "turns:\n  - {say: a.wav, expect: {offers: pas-mistet}}\n"
    [case] = load_cases([write(folder, HEAD + turns)])
    [renamed] = load_cases([write(folder, "what: noget\ntags: [gate]\n" + HEAD.replace("En sag", "Nyt navn") + turns)])
    [expecting] = load_cases([write(folder, HEAD + turns.replace("offers", "answer"))])
    write_wav(folder / "a.wav", AudioChunk(np.full(1600, 0.2, np.float32), 8000))
    [quieter] = load_cases([write(folder, HEAD + turns)])
    assert case.fingerprint == renamed.fingerprint
    write_wav(folder / "b.wav", case.sounds[0])
    written_down = turns.replace("a.wav", "b.wav, text: mit pas er væk")
    assert load_cases([write(folder, HEAD + written_down)])[0].fingerprint == case.fingerprint
    assert len({case.fingerprint, expecting.fingerprint, quieter.fingerprint}) == 3


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (HEAD + "turns:\n  - say: b.wav\n", 5, "b.wav: no such file"),
        (HEAD + "turns:\n  - say: case.yaml\n", 5, "not a WAV file"),
        (HEAD + 'turns:\n  - say: "\\0"\n', 5, "no such file; check the path"),
        (HEAD + "turns:\n  - wait: 1\n  - press: x\n", 6, "press: is not one key"),
        (HEAD + "turns:\n  - wait: 100\n", 5, "wait: is too much; give 60 or less"),
        (HEAD + "turns:\n  - wait: 0\n", 5, "wait: is too little; give more than 0"),
        (HEAD + "turns:\n  - wait: long\n", 5, "wait: is no number; give one such as 1.5"),
        (HEAD + "turns:\n  - silence: false\n", 5, "silence: can only be true; write true, or remove it"),
        (HEAD + "turns:\n  - say: 5\n", 5, "say: is no name of a file"),
        (HEAD + "turns:\n  - press: 1\n    expect: {asks_back: -1}\n", 6, "asks_back: is too little; give 0 or more"),
        (HEAD + "turns:\n  - press: 1\n    expect: {asks_back: 1.5}\n", 6, "asks_back: is no whole number; give one"),
        (HEAD + "turns:\n  - press: 1\n    expect: {within: 0}\n", 6, "within: is too little; give more than 0"),
        (HEAD + "turns:\n  - press: 1\n    expect: {interrupts: ja}\n", 6, "interrupts: is neither true nor false"),
        (HEAD + "turns:\n  - press: 1\n    expect:\n", 5, "expect is empty; fill it in, or remove it"),
        (
            HEAD + "turns:\n  - press: 1\n    expect: {not_answer: true, offers: x, option: 1}\n",
            6,
            "not_answer cannot hold beside offers and option; leave one of the two out",
        ),
        (HEAD + "turns:\n  - press: 1\n    expect: {not_answer: true, answer: null}\n", 6, "cannot hold beside answer"),
        (HEAD + "turns:\n  - wait: 1\n  - listen: true\n", 4, "turns: the caller does nothing; add a step with say or"),
        (HEAD + "turns:\n  - {say: a.wav, press: '1'}\n", 5, "exactly one of say, press"),
        (HEAD + "turns:\n  - say:\n", 5, "say is empty; fill it in, or remove it"),
        (HEAD + "turns:\n  - text: hej\n", 5, "exactly one of say, press"),
        (HEAD + "turns:\n  - wait: 1\n    expect: {not_answer: true}\n", 5, "only say, press, choose, silence expect"),
        (HEAD + "turns:\n  - silence: true\n    barge_in: true\n", 5, "only say, press and choose can break in"),
        (HEAD + "turns:\n  - press: 1\n    barge_in: 0\n", 6, "barge_in: is true, or seconds"),
        (HEAD + "turns:\n  - press: 1\n    text: et\n", 5, "text is what a recording says; press has none"),
        (
            HEAD + "turns:\n  - say: a.wav\n    expect:\n      decision: answr\n",
            7,
            "“answr” is not known; did you mean answer",
        ),
        (
            HEAD + "turns:\n  - say: a.wav\n    expect: {}\n",
            6,
            f"nothing is expected; give one or more of {', '.join(Expect.model_fields)}",
        ),
        (HEAD + "turns:\n  - say: a.wav\n    expect: {offers: null}\n", 6, "offers is empty; fill it in"),
        (HEAD + "turns:\n  - say: a.wav\n    expect: {anser: x}\n", 6, "anser: is not known; did you mean answer"),
        (HEAD + "turns:\n  - say: a.wav\n    txt: x\n", 6, "txt: is not known; did you mean text"),
        (HEAD + "turns:\n  - say: a.wav\n    xyz: x\n", 6, "xyz: is not known; known: say, press, choose"),
        (HEAD + "turns: []\n", 4, "turns: is empty; give at least one"),
        (HEAD + "sounds: []\nturns:\n  - press: 1\n", 4, "sounds: is not known"),
        (
            HEAD + "tags:\n  - gate\n  - in_skope\nturns:\n  - press: 1\n",
            6,
            "“in_skope” is not known; did you mean in_scope?",
        ),
        (HEAD + "tags: gate\nturns:\n  - press: 1\n", 4, "tags: is not a list"),
        ("title: x\nlicence: y\nturns:\n  - press: 1\n", 1, "provenance: is missing; add it"),
        ("title: x\nprovenance:\nlicence: y\nturns:\n  - press: 1\n", 2, "provenance: is empty; fill it in"),
        ("provenance: x\nlicence: ' '\ntitle: x\nturns:\n  - press: 1\n", 2, "licence: is empty"),
        ("title: [x]\nprovenance: x\nlicence: y\nturns:\n  - press: 1\n", 1, "put it in quotation marks"),
    ],
)
def test_a_fault_is_named_with_file_line_and_remedy(folder: Path, text: str, line: int, said: str) -> None:
    path = write(folder, text)
    with pytest.raises(ReplayError) as fault:
        load_cases([path])
    [told] = fault.value.message.splitlines()
    assert told.startswith(f"{path}:{line}: ")
    assert said in told


ABSURD = {
    "a list": (b"- a list", 1, "is no group of"),
    "a number": (b"42", 1, "is no group of"),
    "nothing": (b"", 1, "is empty"),
    "a step that is a word": (HEAD.encode() + b"turns:\n  - hello\n", 5, "turns: is no group of"),
    "ten megabytes": (HEAD.encode() + b"#" * 10_000_000, 1, "larger than 64 KB"),
    "an anchors bomb": (b"a: &a [1, 1]\nb: &b [*a, *a]\nc: [*b, *b]\n", 1, "a reference (&name, *name)"),
    "an endless list": (HEAD.encode() + b"turns: &t\n  - *t\n", 4, "a reference (&name, *name)"),
    "deep nesting": (b"turns: " + b"[" * 30_000, 1, "lists within lists"),
    "a key twice": (HEAD.encode() + b"title: To\nturns:\n  - press: 1\n", 4, "duplicate key"),
    "tabs": (HEAD.encode() + b"turns:\n\t- wait: 1\n", 5, "not YAML"),
    "a bracket too few": (HEAD.encode() + b"turns:\n  - [say: a.wav\n", 6, "not YAML"),
    "a NUL": (HEAD.encode() + b"what: a\0b\nturns:\n  - press: 1\n", 4, "not YAML"),
    "Latin-1": (HEAD.encode() + "what: blåt\n".encode("latin-1"), 4, "not UTF-8; save it as UTF-8"),
    "UTF-16": ("title: x\n".encode("utf-16"), 1, "not UTF-8"),
    "two documents": (HEAD.encode() + b"turns:\n  - press: 1\n---\na: 1\n", 6, "not YAML"),
    "a number of 6000 digits": (
        HEAD.encode() + b"turns:\n  - wait: " + b"9" * 6000,
        1,
        "a number in it cannot be read",
    ),
    "a Python object": (
        HEAD.encode() + b"what: !!python/object:os.system x\nturns:\n  - press: 1\n",
        4,
        "a tag (!!python/object:os.system)",
    ),
    "another YAML": (b"%YAML 9.9\n---\ntitle: x\n", 1, "not YAML"),
}


@pytest.mark.parametrize("name", ABSURD)
def test_absurd_files_are_refused_with_a_line(folder: Path, name: str) -> None:
    content, line, said = ABSURD[name]
    path = folder / "case.yaml"
    path.write_bytes(content)
    with pytest.raises(ReplayError) as fault:
        load_cases([path])
    assert fault.value.message.startswith(f"{path}:{line}: ")
    assert said in fault.value.message


def test_a_folder_called_like_a_case_cannot_be_read(folder: Path) -> None:
    (folder / "case.yaml").mkdir()
    with pytest.raises(ReplayError, match=r"case.yaml:1: cannot be read \(IsADirectoryError\)"):
        load_cases([folder])


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "p.wav")
    path = write(folder, HEAD + "turns:\n  - say: p.wav\n")
    with pytest.raises(ReplayError, match=r"case.yaml:5: .*p.wav: no such file"):
        load_cases([path])
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(ReplayError, match=r"case.yaml:1: is no file"):
        load_cases([folder])


def test_a_recording_of_a_few_samples_is_refused(folder: Path) -> None:
    write_wav(folder / "short.wav", AudioChunk(np.zeros(2, np.float32), 48000))
    with pytest.raises(ReplayError, match=r"case.yaml:5: .*short.wav: 0.000 s; record 0.1 s or more"):
        load_cases([write(folder, HEAD + "turns:\n  - say: short.wav\n")])


def test_the_faults_of_all_files_come_together(folder: Path) -> None:
    write(folder, HEAD + "turns: []\n", "one.yaml")
    write(folder, HEAD + "turns:\n  - say: b.wav\n  - say: c.wav\n", "three.yaml")
    write(folder, HEAD, "two.yaml")
    with pytest.raises(ReplayError) as fault:
        load_cases([folder])
    told = [line.split(": ")[0] for line in fault.value.message.splitlines()]
    assert told == [f"{folder}/one.yaml:4", f"{folder}/three.yaml:5", f"{folder}/three.yaml:6", f"{folder}/two.yaml:1"]


def test_a_path_without_cases_is_said_and_one_given_twice_is_read_once(folder: Path) -> None:
    with pytest.raises(ReplayError, match="no case in it"):
        load_cases([folder])
    with pytest.raises(ReplayError, match="no such file or folder"):
        load_cases([folder / "nowhere"])
    path = write(folder, HEAD + "turns:\n  - press: 1\n")
    assert len(load_cases([path, folder])) == 1


def test_the_tags_are_a_closed_set() -> None:
    assert len(PATHS) == 19
    assert {*TAGS} - {*PATHS} == {"unintelligible", "bad_line", "accent", "gate", "vital"}


# The schema


def test_the_schema_that_editors_read_is_the_one_of_the_code() -> None:
    assert json.loads((FIXTURES / "case.schema.json").read_text("utf-8")) == case_schema()
    texts = (FIXTURES / "case.schema.json").read_text("utf-8")
    assert "So many questions back at most in the call" in texts


def test_every_case_names_its_schema_and_keeps_to_it() -> None:
    schema = jsonschema_rs.Draft202012Validator(case_schema())
    for file in FIXTURES.glob("*/*.yaml"):
        text = file.read_text("utf-8")
        assert text.startswith("# yaml-language-server: $schema=../case.schema.json\n"), file
        assert [error.message for error in schema.iter_errors(YAML(typ="safe").load(text))] == [], file


@pytest.mark.parametrize(
    "step",
    [
        {"say": "a.wav", "press": "1"},
        {"say": None},
        {"text": "hej"},
        {"press": "11"},
        {"press": "1", "barge_in": -1},
        {"silence": False},
        {"say": "a.wav", "expect": {"decision": "perhaps"}},
        {"say": "a.wav", "expect": None},
        {"say": "a.wav", "expect": {"asks_back": -1}},
        {"say": "a.wav", "expect": {"ends": None}},
        {"say": "a.wav", "expect": {"offers": []}},
        {"say": "a.wav", "expect": {"says": ""}},
        {"wait": 0},
    ],
    ids=str,
)
def test_the_schema_and_the_code_refuse_the_same(step: dict[str, object]) -> None:
    case = {"title": "x", "provenance": "y", "licence": "z", "turns": [step]}
    assert not jsonschema_rs.Draft202012Validator(case_schema()).is_valid(case)
    with pytest.raises(ValidationError):
        Step.model_validate(step)
