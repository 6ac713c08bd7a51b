"""The questions that are shipped: readable for every municipality, and none of them an example."""

import csv
import re

import pytest

from tests.conftest import ROOT
from tests.shipped import shipped
from voicebot.answers import Library
from voicebot.evaluation import Kind, read_questions

DATA = ROOT / "tests" / "data"
FILES = ("development.tsv", "held_out.tsv", "callers.tsv")
OF_NEED = {Kind.EMERGENCY, Kind.HUMAN_REQUEST}
"""Kinds that single words are enough for: those words have to stand among the examples, and among the questions."""


@pytest.fixture(params=["roskilde", "havnsoe"])
def its(request: pytest.FixtureRequest) -> Library:
    return shipped(request.param)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize("name", FILES)
def test_every_row_is_a_question_to_every_municipality(its: Library, name: str) -> None:
    assert len(read_questions([DATA / name], its)) == len(rows(name))


@pytest.mark.parametrize("name", FILES)
def test_no_question_is_an_example(its: Library, name: str) -> None:
    examples = {plain(text): answer.id for answer in its.answers.values() for text in answer.examples}
    said = [row.get("said", row["question"]) for row in rows(name) if row["kind"] not in OF_NEED]
    found = {text: examples[plain(text)] for text in said if plain(text) in examples}
    assert not found, "take these examples out of their answers"


def test_no_held_out_question_was_tuned_on() -> None:
    tuned_on = {plain(row["question"]) for row in rows("development.tsv")}
    kinds = {row["question"]: row["kind"] for row in rows("held_out.tsv")}
    assert not [text for text, kind in kinds.items() if plain(text) in tuned_on and kind not in OF_NEED]


def test_there_are_as_many_questions_as_a_judgement_needs() -> None:
    kinds = [row["kind"] for row in rows("development.tsv")]
    least = {Kind.IN_SCOPE: 600, Kind.OUT_OF_SCOPE: 150, Kind.AMBIGUOUS: 100}
    assert all(kinds.count(kind) >= number for kind, number in least.items())
    assert {row["kind"] for row in rows("held_out.tsv")} == set(Kind)
