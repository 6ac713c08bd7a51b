"""Test files read, questions judged and counted."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.made_library import LIBRARY
from voicebot.dialogue import Decision
from voicebot.dialogue import Kind as Did
from voicebot.errors import EvaluationError
from voicebot.evaluation import Kind, Question, Verdict, evaluate, read_questions, verdict
from voicebot.matching import Index, Matcher


def letters(texts: list[str]) -> NDArray[np.float32]:
    """Stands in for the embedding model: counts of the letters."""
    return np.array([[text.count(chr(97 + at)) for at in range(26)] for text in texts], np.float32)


# Files

HEADER = "question\ttopic\tkind"


def read(folder: Path, text: str | bytes) -> tuple[Question, ...]:
    file = folder / "questions.tsv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_questions([file], LIBRARY)


def test_columns_may_stand_in_any_order_with_others_between(tmp_path: Path) -> None:
    text = "\ufeffkind\tnote\ttopic\tquestion\r\n"
    text += 'in_scope\tx\tpas-barn|pas-pris\t"pas" til ham?\r\n\r\nout_of_scope\t\t\tpizza\r\n'
    assert read(tmp_path, text) == (
        Question('"pas" til ham?', ("pas-barn", "pas-pris"), Kind.IN_SCOPE),
        Question("pizza", (), Kind.OUT_OF_SCOPE),
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("question\tkind\npas\tin_scope\n", 1, "no column topic"),
        (f"{HEADER}\npas\tpas-barn\tin_scope\npas\tpas-barn\tgreeting\n", 3, "unknown kind “greeting”"),
        (f"{HEADER}\n\npas\tpas-bran\tin_scope\n", 3, "no answer pas-bran"),
        (f"{HEADER}\n \tpas-barn\tin_scope\n", 2, "empty question"),
        (f"{HEADER}\npas\tpas-barn\n", 2, "2 cells under 3 columns"),
        (f"{HEADER}\npas\tpas-barn\tin_scope\tx\n", 2, "4 cells under 3 columns"),
        (f"{HEADER}\npas\t\tin_scope\n", 2, "no topic"),
        (f"{HEADER}\npas\t\tambiguous\n", 2, "no topic"),
        (f"{HEADER}\n\n", 2, "no questions"),
        ("\n", 1, "empty"),
        (f"{HEADER}\npas\tpas-barn\tin_scope\nkørekort\tpas-barn\tin_scope\n".encode("latin-1"), 3, "not UTF-8"),
    ],
)
def test_a_fault_is_named_with_its_line_and_a_remedy(tmp_path: Path, text: str | bytes, line: int, words: str) -> None:
    with pytest.raises(EvaluationError) as fault:
        read(tmp_path, text)
    assert fault.value.message.startswith(f"{tmp_path / 'questions.tsv'}:{line}: ")
    assert words in fault.value.message
    assert ";" in fault.value.message


def test_every_fault_of_every_file_is_named(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.tsv", tmp_path / "bad.tsv"
    good.write_text(f"{HEADER}\npas\tpas-barn\tin_scope\n", "utf-8")
    bad.write_text(f"{HEADER}\npas\tx\tin_scope\npas\ty\tin_scope\n", "utf-8")
    with pytest.raises(EvaluationError) as fault:
        read_questions([good, bad, tmp_path / "none.tsv"], LIBRARY)
    assert [line.split(": ")[0].removeprefix(f"{tmp_path}/") for line in fault.value.message.splitlines()] == [
        "bad.tsv:2",
        "bad.tsv:3",
        "none.tsv",
    ]


# Verdicts


def answer(id_: str) -> Decision:
    return Decision(Did.ANSWER, id_, 0.9, (), ())


def clarify(*ids: str) -> Decision:
    return Decision(Did.CLARIFY, None, 0.4, ids, ())


def small_talk(id_: str | None) -> Decision:
    return Decision(Did.SMALLTALK, id_, 0.9, (), ())


REJECT = Decision(Did.REJECT, None, 0.0, (), ())
TRANSFER = Decision(Did.TRANSFER, None, 1.0, (), ())
TO_HUMAN = Decision(Did.TRANSFER, "tal-med-medarbejder", 1.0, (), ())
CALL_112 = Decision(Did.EMERGENCY, "noed-112", 1.0, (), ())
NO_DATA = Decision(Did.REJECT, "udenfor-persondata", 1.0, (), ())
RIGHT, OFFERED, ASKED, WRONG, REJECTED = Verdict

JUDGED: list[tuple[Kind, str, Decision, Verdict]] = [
    (Kind.IN_SCOPE, "pas-barn|pas-pris", answer("pas-pris"), RIGHT),
    (Kind.IN_SCOPE, "pas-barn", answer("pas-pris"), WRONG),
    (Kind.IN_SCOPE, "pas-barn", clarify("pas-pris", "pas-barn"), OFFERED),
    (Kind.IN_SCOPE, "pas-barn", clarify("pas-pris"), ASKED),
    (Kind.IN_SCOPE, "pas-barn", clarify(), ASKED),
    (Kind.IN_SCOPE, "pas-barn", REJECT, REJECTED),
    (Kind.IN_SCOPE, "pas-barn", NO_DATA, REJECTED),
    (Kind.IN_SCOPE, "udenfor-persondata", NO_DATA, RIGHT),
    (Kind.IN_SCOPE, "pas-barn", TO_HUMAN, WRONG),
    (Kind.IN_SCOPE, "pas-barn", CALL_112, WRONG),
    (Kind.IN_SCOPE, "pas-barn", small_talk(None), WRONG),
    (Kind.OUT_OF_SCOPE, "", REJECT, REJECTED),
    (Kind.OUT_OF_SCOPE, "", NO_DATA, REJECTED),
    (Kind.OUT_OF_SCOPE, "udenfor-persondata", NO_DATA, RIGHT),
    (Kind.OUT_OF_SCOPE, "", small_talk("smalltalk-hilsen"), REJECTED),
    (Kind.OUT_OF_SCOPE, "", clarify("pas-barn"), ASKED),
    (Kind.OUT_OF_SCOPE, "", answer("pas-barn"), WRONG),
    (Kind.OUT_OF_SCOPE, "", TRANSFER, WRONG),
    (Kind.OUT_OF_SCOPE, "", CALL_112, WRONG),
    (Kind.AMBIGUOUS, "pas-barn|pas-pris", clarify("rotter", "pas-pris"), RIGHT),
    (Kind.AMBIGUOUS, "pas-barn|pas-pris", answer("pas-pris"), OFFERED),
    (Kind.AMBIGUOUS, "pas-barn|pas-pris", answer("rotter"), WRONG),
    (Kind.AMBIGUOUS, "pas-barn|pas-pris", clarify("rotter"), ASKED),
    (Kind.AMBIGUOUS, "pas-barn|pas-pris", REJECT, REJECTED),
    (Kind.SMALL_TALK, "smalltalk-hilsen", small_talk("smalltalk-hilsen"), RIGHT),
    (Kind.SMALL_TALK, "", small_talk("smalltalk-hilsen"), RIGHT),
    (Kind.SMALL_TALK, "smalltalk-hilsen", small_talk("smalltalk-vent"), WRONG),
    (Kind.SMALL_TALK, "smalltalk-hilsen", small_talk(None), WRONG),
    (Kind.SMALL_TALK, "smalltalk-tak-farvel", small_talk(None), RIGHT),
    (Kind.SMALL_TALK, "smalltalk-gentag", small_talk(None), RIGHT),
    (Kind.SMALL_TALK, "smalltalk-gentag", answer("pas-barn"), WRONG),
    (Kind.SMALL_TALK, "smalltalk-gentag", REJECT, REJECTED),
    (Kind.HUMAN_REQUEST, "tal-med-medarbejder", TO_HUMAN, RIGHT),
    (Kind.HUMAN_REQUEST, "", TRANSFER, RIGHT),
    (Kind.HUMAN_REQUEST, "tal-med-medarbejder", clarify("tal-med-medarbejder"), OFFERED),
    (Kind.HUMAN_REQUEST, "tal-med-medarbejder", answer("pas-barn"), WRONG),
    (Kind.HUMAN_REQUEST, "tal-med-medarbejder", REJECT, REJECTED),
    (Kind.EMERGENCY, "noed-112", CALL_112, RIGHT),
    (Kind.EMERGENCY, "", CALL_112, RIGHT),
    (Kind.EMERGENCY, "noed-livskrise", CALL_112, WRONG),
    (Kind.EMERGENCY, "noed-112", TRANSFER, WRONG),
    (Kind.EMERGENCY, "noed-112", clarify("pas-barn"), ASKED),
    (Kind.EMERGENCY, "noed-112", REJECT, REJECTED),
]


@pytest.mark.parametrize(("kind", "topic", "decision", "expected"), JUDGED)
def test_a_decision_is_judged_by_the_kind_of_question(
    kind: Kind, topic: str, decision: Decision, expected: Verdict
) -> None:
    topics = tuple(filter(None, topic.split("|")))
    assert verdict(Question("?", topics, kind), decision) is expected


# Counts

QUESTIONS = (
    Question("noget med at forny dit pas", ("pas-fornyelse",), Kind.IN_SCOPE),
    Question("noget med rotter", ("pas-barn",), Kind.IN_SCOPE),
    Question("jeg vil tale med en medarbejder", (), Kind.HUMAN_REQUEST),
)


def test_questions_are_asked_and_counted() -> None:
    told = []
    result = evaluate(Matcher(LIBRARY, Index(letters)), LIBRARY, QUESTIONS, done=told.append)
    assert told == list(result.outcomes)
    assert [outcome.heard for outcome in result.outcomes] == [question.text for question in QUESTIONS]
    data = result.to_json()
    assert list(data) == ["noise", "seed", "kinds", "latency_ms", "questions"]
    assert list(data["kinds"]) == list(Kind)
    assert data["kinds"]["human_request"] == {
        "n": 1, "right": 1, "offered": 0, "asked": 0, "wrong": 0, "rejected": 0
    }  # fmt: skip
    assert data["kinds"]["in_scope"]["n"] == 2
    for kind in data["kinds"].values():
        assert kind["n"] == sum(count for name, count in kind.items() if name != "n")
    assert set(data["latency_ms"]) == {"p50", "p95"}
    assert 0 < data["latency_ms"]["p50"] <= data["latency_ms"]["p95"]
    first = data["questions"][0]
    assert list(first) == [
        "question", "topic", "kind", "heard", "decision", "answer", "confidence", "options", "verdict", "candidates"
    ]  # fmt: skip
    assert first["candidates"][0]["answer"] == "pas-fornyelse"


def test_noise_reaches_the_matching() -> None:
    result = evaluate(Matcher(LIBRARY, Index(letters)), LIBRARY, QUESTIONS, noise=1.0, seed=3)
    assert all(outcome.heard != outcome.question.text for outcome in result.outcomes)
    assert (result.noise, result.seed) == (1.0, 3)


def test_questions_about_answers_that_are_not_there_may_be_left_out(tmp_path: Path) -> None:
    file = tmp_path / "q.tsv"
    file.write_text("question\ttopic\tkind\nNyt pas?\tpas-fornyelse\tin_scope\nHund?\thundetegn|pas-barn\tin_scope\n")
    assert [q.text for q in read_questions([file], LIBRARY, only_known=True)] == ["Nyt pas?"]
    with pytest.raises(EvaluationError, match="hundetegn"):
        read_questions([file], LIBRARY)
