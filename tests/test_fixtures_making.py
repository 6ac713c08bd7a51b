"""`voicebot fixtures speak | pack | heard | from-call`: what they write, and what they say when they cannot."""

import asyncio
import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from ruamel.yaml import YAML

from tests.command_line import here, refused
from tests.humming import HummingVoice, humming
from tests.recording import recording, started
from voicebot import app, tts
from voicebot.asr import Transcript
from voicebot.errors import ReplayError
from voicebot.events import CallEnded, Decided, Event, Transcribed
from voicebot.fixtures.speaking import recorded, seeded
from voicebot.fixtures.writing import Written, write_case
from voicebot.replay import load_cases
from voicebot.storage.audit import page_of_audit
from voicebot.storage.queries import reading

QUESTIONS = "question\ttopic\tkind\nhar I åbent\tborgerservice-aabningstider\tin_scope\ntak\t\tsmall_talk\n"


@pytest.fixture(autouse=True)
def hums(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the voices that were loaded; all of them hum."""
    loaded: list[str] = []

    def load(name: str, _: Path) -> HummingVoice:
        loaded.append(name)
        return HummingVoice(name)

    monkeypatch.setattr(tts, "load_voice", load)
    return loaded


def fixtures(folder: Path, *arguments: str) -> CompletedProcess[str]:
    return here("fixtures", *arguments, data_dir=folder, models_dir=folder)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_sentence_is_recorded(tmp_path: Path, hums: list[str]) -> None:
    said = fixtures(tmp_path, "speak", "hvad koster det", "--out", str(tmp_path / "pris.wav"))
    assert (said.returncode, hums) == (0, ["joe-us"])
    assert "1.56 s" in said.stderr
    assert (tmp_path / "pris.wav").is_file()


def test_several_voices_and_lines_have_their_names_in_the_files(tmp_path: Path, hums: list[str]) -> None:
    options = ["--voice", "a", "--voice", "b", "--condition", "tab-2pct", "--condition", "REN"]
    assert fixtures(tmp_path, "speak", "hej", "--case", str(tmp_path / "x" / "hej.yaml"), *options).returncode == 0
    made = [f"hej-{voice}-{line}" for voice in "ab" for line in ("ren", "tab-2pct")]
    assert names(tmp_path / "x") == sorted(f"{name}.{kind}" for name in made for kind in ("wav", "yaml"))
    assert hums == ["a", "b"]
    cases = load_cases([tmp_path / "x"])
    assert len({case.script.title for case in cases}) == 4
    assert {case.script.turns[0].text for case in cases} == {"hej"}


def test_what_speak_cannot_do_is_said(tmp_path: Path) -> None:
    place = str(tmp_path / "a.yaml")
    refused(fixtures(tmp_path, "speak", "hej"), "--out FILE.wav or --case")
    refused(fixtures(tmp_path, "speak", "hej", "--out", "a.wav", "--case", place), "either")
    refused(fixtures(tmp_path, "speak", "hej", "--case", str(tmp_path / "a")), "NAME.yaml")
    refused(fixtures(tmp_path, "speak", "?", "--case", place), "no word")
    refused(fixtures(tmp_path, "speak", "hej", "--case", place, "--condition", "regn"), "regn")
    refused(fixtures(tmp_path, "speak", "hej", "--case", place, "--condition", "jitter-9ms"), "cannot be late")
    (tmp_path / "file").touch()
    refused(fixtures(tmp_path, "speak", "hej", "--case", str(tmp_path / "file" / "a.yaml")), "cannot be written")
    assert fixtures(tmp_path, "speak", "hej", "--case", place).returncode == 0
    refused(fixtures(tmp_path, "speak", "hej", "--case", place), "is there already")
    refused(fixtures(tmp_path, "speak", "hej", "--out", place), "--out FILE.wav")


def test_no_recording_is_written_over(tmp_path: Path) -> None:
    keep(tmp_path, CALL)
    there = [tmp_path / name for name in ("hej-b.wav", "jeg-hedder-kim-jensen-jeg-har-mistet-mit-1.wav", "heard.tsv")]
    for file in there:
        file.write_bytes(b"mine")
    case, sound = str(tmp_path / "hej-b.yaml"), str(tmp_path / "hej-b.wav")
    refused(fixtures(tmp_path, "speak", "hej", "--case", case), "hej-b.wav: is there already")
    refused(fixtures(tmp_path, "speak", "hej", "--out", sound), "hej-b.wav: is there already")
    several = ("--case", str(tmp_path / "hej.yaml"), "--voice", "a", "--voice", "b")
    refused(fixtures(tmp_path, "speak", "hej", *several), "hej-b.wav: is there already")
    refused(fixtures(tmp_path, "from-call", "CA1", "--out", str(tmp_path)), "-1.wav: is there already")
    refused(fixtures(tmp_path, "heard", str(tmp_path), "--out", str(there[2])), "heard.tsv: is there already")
    assert {*tmp_path.glob("*.wav"), *tmp_path.glob("*.yaml"), *tmp_path.glob("*.tsv")} == {*there}
    assert {file.read_bytes() for file in there} == {b"mine"}


def test_a_case_is_written_with_its_recordings_or_not_at_all(tmp_path: Path) -> None:
    sound = recorded(HummingVoice(), "hej", seeded(1))
    head = humming().head("Hej", [], "Made up.")
    (tmp_path / "hej.yaml").mkdir()
    with pytest.raises(ReplayError, match="cannot be written"):
        write_case(tmp_path / "hej.yaml", head, [Written({"say": "hej.wav"})], {"hej.wav": sound})
    assert names(tmp_path) == ["hej.yaml"]


def test_questions_are_packed_and_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Recogniser:
        def transcribe(self, _: object) -> Transcript:
            return Transcript("har i åbent", (), 0.9, 1.0)

    monkeypatch.setattr(app, "load_recogniser", lambda _: Recogniser())
    (tmp_path / "questions.tsv").write_text(QUESTIONS, "utf-8")
    packed = fixtures(tmp_path, "pack", str(tmp_path / "questions.tsv"), "--out", str(tmp_path / "pack"))
    assert "2 recordings of 2 questions" in packed.stderr
    one = fixtures(tmp_path, "pack", str(tmp_path / "questions.tsv"), "--out", str(tmp_path / "one"), "--take", "1")
    assert "1 recordings" in one.stderr

    heard = ("heard", str(tmp_path / "pack" / "ren"), "--out", str(tmp_path / "heard.tsv"))
    assert json.loads(fixtures(tmp_path, *heard, "--json").stdout) == {
        "recordings": 2,
        "word_error": 0.75,
        "nothing_heard": 0,
    }
    again = fixtures(tmp_path, "heard", str(tmp_path / "pack" / "ren"), "--out", str(tmp_path / "again.tsv"))
    assert "word error 75%" in again.stdout
    assert (tmp_path / "heard.tsv").read_text("utf-8").splitlines()[1].startswith("har i åbent\tborgerservice-aab")
    refused(fixtures(tmp_path, "heard", str(tmp_path), "--out", str(tmp_path / "x")), "no manifest")
    refused(fixtures(tmp_path, "pack", str(tmp_path / "none.tsv"), "--out", str(tmp_path / "x")), "cannot be read")


CALL: list[Event] = [
    started(),
    Transcribed("CA1", 4.0, "Jeg hedder Mette Hansen, jeg har mistet mit pas", 0.7, 2.5),
    Decided("CA1", 4.0, "answer", "pas-mistet", 0.9, (), "Meld det til politiet."),
    CallEnded("CA1", 12.5, "goodbye"),
]


def keep(folder: Path, events: list[Event]) -> None:
    async def work() -> None:
        async with recording(f"sqlite+aiosqlite:///{folder / 'voicebot.db'}") as record:
            for event in events:
                record.record(event)

    asyncio.run(work())


def noted(folder: Path) -> list[tuple[str, str, str]]:
    async def look() -> list[tuple[str, str, str]]:
        async with reading(f"sqlite+aiosqlite:///{folder / 'voicebot.db'}") as session:
            return [(entry.who, entry.action, entry.object) for entry in (await page_of_audit(session)).entries]

    return asyncio.run(look())


def test_a_case_is_made_of_a_call(tmp_path: Path) -> None:
    keep(tmp_path, CALL)
    made = fixtures(tmp_path, "from-call", "CA1", "--out", str(tmp_path / "opkald"))
    assert made.returncode == 0
    assert "correct what is expected" in made.stderr
    (case,) = load_cases([tmp_path / "opkald"])
    assert case.script.title == "Jeg hedder Kim Jensen, jeg har mistet mit"
    assert case.script.municipality == "roskilde"
    assert case.script.turns[0].text == "Jeg hedder Kim Jensen, jeg har mistet mit pas"
    assert case.sounds[0].seconds > 2
    text = case.file.read_text("utf-8")
    assert "Mette" not in text
    assert "expect: {offers: pas-mistet, ends: goodbye}  # correct this if it was not right" in text
    assert text.startswith("# Made of a stored call.")
    assert "no caller's sound is kept" in YAML().load(text)["provenance"]
    assert noted(tmp_path) == [("voicebot", "call.exported", "CA1")]
    checked = fixtures(tmp_path, "check", str(tmp_path / "opkald"))
    assert checked.returncode == 0, checked.stderr
    refused(fixtures(tmp_path, "from-call", "CA1", "--out", str(tmp_path / "opkald")), "is there already")


def test_the_schema_over_a_case_is_named_in_it(tmp_path: Path) -> None:
    (tmp_path / "case.schema.json").touch()
    fixtures(tmp_path, "speak", "hej", "--case", str(tmp_path / "samtale" / "hej.yaml"))
    first = (tmp_path / "samtale" / "hej.yaml").read_text("utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../case.schema.json"


def test_what_no_case_can_be_made_of_is_said(tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "opkald"))
    refused(fixtures(tmp_path, "from-call", "CA1", *out), "no record yet")
    keep(tmp_path, [CALL[0], CALL[-1]])
    refused(fixtures(tmp_path, "from-call", "CA2", *out), "no such call")
    refused(fixtures(tmp_path, "from-call", "CA1", *out), "neither said nor pressed")
    assert noted(tmp_path) == [("voicebot", "call.exported", "CA1")], "to look at it is noted whatever comes of it"
    (tmp_path / "voicebot.db").write_bytes(b"no database" * 1000)
    refused(fixtures(tmp_path, "from-call", "CA1", *out), "cannot be read")
    assert not (tmp_path / "opkald").exists()
