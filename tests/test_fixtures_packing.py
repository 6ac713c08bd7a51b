"""Questions spoken in one go: each is there once, is a case, and is not spoken again."""

from pathlib import Path

import pytest

from tests.humming import humming
from voicebot.audio import AudioChunk
from voicebot.errors import ReplayError
from voicebot.evaluation import Kind, Question
from voicebot.fixtures import hearing
from voicebot.fixtures.packing import COLUMNS, pack, some
from voicebot.replay import load_cases
from voicebot.replay.conditions import parse_condition

QUESTIONS = (
    Question("jeg har mistet mit pas", ("pas-mistet", "pas-fornyelse"), Kind.IN_SCOPE),
    Question("mit kort", ("pas-mistet", "sygesikringskort"), Kind.AMBIGUOUS),
    Question("hvem vandt kampen", (), Kind.OUT_OF_SCOPE),
    Question("et menneske tak", ("tal-med-medarbejder",), Kind.HUMAN_REQUEST),
    Question("det brænder", ("noed-112",), Kind.EMERGENCY),
    Question("tak", ("smalltalk-tak-farvel",), Kind.SMALL_TALK),
)


def packed(folder: Path, *conditions: str, seed: int = 1) -> list[str]:
    speaker = humming()
    lines = [parse_condition(each) for each in conditions or ("ren",)]
    pack(QUESTIONS, [speaker], lines, folder, seed, lambda: None)
    return speaker.voice.spoken  # type: ignore[attr-defined]


def test_every_question_is_a_case_that_says_what_is_right(tmp_path: Path) -> None:
    packed(tmp_path)
    cases = {case.script.turns[0].text: case for case in load_cases([tmp_path])}
    assert list(cases) == sorted(cases, key=lambda text: cases[text].name)
    expected = {
        text: case.script.turns[0].expect.model_dump(exclude_unset=True)  # type: ignore[union-attr]
        for text, case in cases.items()
    }
    assert expected == {
        "jeg har mistet mit pas": {"offers": ("pas-mistet", "pas-fornyelse")},
        "mit kort": {"offers": ("pas-mistet", "sygesikringskort")},
        "hvem vandt kampen": {"not_answer": True},
        "et menneske tak": {"decision": ("transfer",)},
        "det brænder": {"decision": ("emergency",), "answer": ("noed-112",)},
        "tak": {"decision": ("smalltalk",)},
    }
    lost = cases["jeg har mistet mit pas"]
    assert lost.script.tags == ("in_scope", "accent")
    assert lost.sounds[0].seconds == pytest.approx(0.3 + 5 / 4 + 0.5, abs=0.02)


def test_each_line_has_a_folder_with_a_manifest(tmp_path: Path) -> None:
    spoken = packed(tmp_path, "ren", "telefon,tab-2pct")
    assert spoken == [question.text for question in QUESTIONS], "spoken once for both"
    assert sorted(folder.name for folder in tmp_path.iterdir()) == ["ren", "telefon,tab-2pct"]
    for condition in ("ren", "telefon,tab-2pct"):
        rows = hearing.rows(tmp_path / condition)
        assert [row["question"] for row in rows] == spoken
        assert {row["condition"] for row in rows} == {condition}
        assert {row["voice"] for row in rows} == {"hum"}
        assert rows[0]["topic"] == "pas-mistet|pas-fornyelse"
        assert float(rows[0]["seconds"]) == pytest.approx(2.06, abs=0.02)
        assert all((tmp_path / condition / row["file"]).is_file() for row in rows)
    clean, bad = ({row["file"] for row in hearing.rows(tmp_path / each)} for each in ("ren", "telefon,tab-2pct"))
    assert clean.isdisjoint(bad)
    assert len({case.script.title for case in load_cases([tmp_path])}) == 2 * len(QUESTIONS)


def test_what_is_there_is_not_spoken_again(tmp_path: Path) -> None:
    packed(tmp_path)
    assert packed(tmp_path) == []
    gone = next(tmp_path.rglob("noed-112*.yaml"))
    gone.unlink()
    assert packed(tmp_path) == ["det brænder"], "its case tells that a recording is complete"
    assert gone.is_file()
    assert packed(tmp_path, "ren", "telefon,tab-2pct") == [question.text for question in QUESTIONS]
    assert packed(tmp_path, seed=2) == [question.text for question in QUESTIONS]


def test_some_are_drawn_by_chance_in_their_order_each_once() -> None:
    many = tuple(Question(f"spørgsmål {number}", (), Kind.OUT_OF_SCOPE) for number in range(50))
    drawn = some(many + many, 10, 1)
    assert len(set(drawn)) == 10
    assert list(drawn) == sorted(drawn, key=many.index)
    assert drawn == some(many, 10, 1) != some(many, 10, 2)
    assert some(many + many, None, 1) == some(many, 99, 1) == many


def test_what_was_heard_becomes_questions(tmp_path: Path) -> None:
    packed(tmp_path)
    hears = iter(["jeg har mistet et pas", "", "hvem vandt  kampen\n", "et menneske", "det brænder", "tak"])

    def transcribe(_: AudioChunk) -> str:
        return next(hears)

    done: list[None] = []
    heard = list(hearing.hear(tmp_path / "ren", transcribe, lambda: done.append(None)))
    assert len(done) == len(QUESTIONS)
    assert [(each.errors, each.words) for each in heard] == [(1, 5), (2, 2), (0, 3), (1, 3), (0, 2), (0, 1)]
    assert hearing.word_error(heard) == pytest.approx(4 / 16)
    hearing.as_questions(heard, tmp_path / "heard.tsv")
    lines = (tmp_path / "heard.tsv").read_text("utf-8").splitlines()
    assert lines[0].split("\t") == ["question", "topic", "kind", "said", "file"]
    assert lines[1].split("\t")[:4] == [
        "jeg har mistet et pas",
        "pas-mistet|pas-fornyelse",
        "in_scope",
        "jeg har mistet mit pas",
    ]
    assert [line.split("\t")[0] for line in lines[2:4]] == ["…", "hvem vandt kampen"]


@pytest.mark.parametrize(
    "content", [None, b"", b"a\tb\n1\t2\n", b"\xff\xfe\n\xe6"], ids=["none", "empty", "other", "bytes"]
)
def test_what_is_no_pack_is_said(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "manifest.tsv").write_bytes(content)
    with pytest.raises(ReplayError, match=r"manifest\.tsv: .*a pack"):
        hearing.rows(tmp_path)


def test_a_manifest_is_itself_a_file_of_questions() -> None:
    assert {"question", "topic", "kind"} < set(COLUMNS)
