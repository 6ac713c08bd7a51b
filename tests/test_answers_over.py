"""Texts that go before the files of `answers/`: read, checked and missed as if they lay there."""

from datetime import date
from pathlib import Path

import pytest

from tests.two_answers import ANSWER, OTHER, TODAY, two_answers
from voicebot.answers import check_library, load_library, read_library
from voicebot.errors import ContentError

LOST, CHILD, NEW = "common/pas/pas-mistet.yaml", "common/pas/pas-barn.yaml", "common/pas/pas-hund.yaml"
TOPICS = "area\tid\tabout\npas\tpas-mistet\tx\npas\tpas-barn\tx\npas\tpas-hund\tx\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return two_answers(tmp_path)


def test_a_text_goes_before_the_file_and_the_file_stays(folder):
    before = (folder / LOST).read_bytes()
    over = {LOST: ANSWER.replace("Det er vi kede af.", "Øv.")}
    assert load_library(folder, "lilleby", over).answers["pas-mistet"].text.startswith("Øv.")
    assert load_library(folder, "lilleby").answers["pas-mistet"].text.startswith("Det er vi kede af.")
    assert (folder / LOST).read_bytes() == before


def test_an_answer_may_be_added_and_taken_away(folder):
    new = OTHER.replace("pas-barn", "pas-hund").replace("et, to", "vov, vuf").replace("tre, fire, fem", "a, b, c")
    new = new.replace("seks, syv, otte", "d, e, f")
    library = load_library(folder, "lilleby", {NEW: new, "topics.tsv": TOPICS})
    assert library.answers.keys() == {"pas-mistet", "pas-barn", "pas-hund"}
    own = "municipalities/lilleby/pas/pas-barn.yaml"
    library = load_library(folder, "lilleby", {own: OTHER.replace("skal med", "skal ikke med")})
    assert library.answers["pas-barn"].text == "Barnet skal ikke med."
    without = ANSWER[: ANSWER.index("follow_up")] + ANSWER[ANSWER.index("sms") :]
    assert load_library(folder, "lilleby", {LOST: without, CHILD: None}).answers.keys() == {"pas-mistet"}


def test_a_fault_is_told_with_the_place_the_text_would_have(folder):
    over = {LOST: ANSWER.replace("kede af.", "kede af. Se www.x.dk."), "municipalities/lilleby/andet.yaml": "x: y"}
    faults = check_library(folder, TODAY, over)
    assert [(Path(fault.file).relative_to(folder).as_posix(), fault.line) for fault in faults] == [
        (LOST, 13),
        ("municipalities/lilleby/andet.yaml", 1),
    ]
    with pytest.raises(ContentError, match=r"pas-mistet\.yaml:13: "):
        load_library(folder, "lilleby", over)


def test_what_is_missing_or_too_long_is_a_fault(folder):
    assert [fault.line for fault in check_library(folder, TODAY, {CHILD: None})] == [21], "a choice leads there"
    assert check_library(folder, TODAY, {"common/phrases.yaml": None})
    (fault,) = check_library(folder, TODAY, {LOST: "#" * 70_000})
    assert "64 KB" in fault.message


def test_a_library_with_faults_can_still_be_looked_at(folder):
    over = {LOST: ANSWER.replace("reviewed: 2026-11-20", "reviewed: 2026-11-21")}
    library, faults = read_library(folder, "lilleby", date(2026, 11, 20), over)
    assert library
    assert library.answers["pas-mistet"].title == "Mistet pas"
    assert len(faults) == 1
