"""Unit: whether the caller got an answer, asked before the farewell where the municipality wants to know."""

from dataclasses import replace

import pytest

from tests.made_library import PHRASES, answer, library
from voicebot.dialogue import Decision, Heard, Pressed, Question, Silent, State, decide, opening
from voicebot.matching import Candidate

RATE = "Fik du svar på det, du ville vide?"
PASSPORT = answer("pas", "pas", "Bestil en tid.")
ASKING = library(PASSPORT, answer("affald", "affald", "Det hentes."), phrases=replace(PHRASES, rate=RATE))
QUIET = library(PASSPORT)
Said = str | Pressed | Silent


def talk(*said: Said, of=ASKING) -> tuple[State, Decision]:
    state, decision = opening(of)
    for each in said:
        heard: Heard | Pressed | Silent = each if not isinstance(each, str) else understood(each)
        state, decision = decide(of, state, heard)
    return state, decision


def understood(text: str) -> Heard:
    found = tuple(Candidate(id_, 0.95) for id_ in ("pas", "affald") if id_ in text)
    return Heard(text, 0.9, found, found)


def test_nobody_is_asked_where_the_municipality_does_not_want_to_know() -> None:
    _, decision = talk("nyt pas tak", "nej farvel", of=QUIET)
    assert (decision.reply, decision.then, decision.satisfied) == ("Farvel.", "hang_up", None)


def test_who_got_an_answer_is_asked_before_the_farewell() -> None:
    state, decision = talk("nyt pas tak", "nej farvel")
    assert (decision.reply, decision.then, state.question) == (RATE, "listen", Question.RATE)


def test_who_got_no_answer_is_not_asked() -> None:
    _, decision = talk("farvel")
    assert (decision.reply, decision.then) == ("Farvel.", "hang_up")


@pytest.mark.parametrize(
    ("said", "satisfied"),
    [
        ("ja tak", True),
        ("nej det gjorde jeg ikke", False),
        (Pressed("1"), True),
        (Pressed("2"), False),
        (Pressed("7"), None),
        ("bla bla bla", None),
        ("farvel", None),
        (Silent(), None),
    ],
)
def test_what_the_caller_says_of_the_call_ends_it(said: Said, satisfied: bool | None) -> None:
    _, decision = talk("nyt pas tak", "nej farvel", said)
    assert (decision.reply, decision.then, decision.satisfied) == ("Farvel.", "hang_up", satisfied)


def test_a_new_question_instead_is_answered_and_nobody_is_asked_twice() -> None:
    _, decision = talk("nyt pas tak", "nej farvel", "hvornår hentes mit affald")
    assert decision.answer == "affald"
    _, decision = talk("nyt pas tak", "nej farvel", "hvornår hentes mit affald", "nej farvel")
    assert (decision.reply, decision.then) == ("Farvel.", "hang_up")


def test_a_human_is_within_reach_of_who_is_asked() -> None:
    assert talk("nyt pas tak", "nej farvel", Pressed("0"))[1].then == "transfer"
    assert talk("nyt pas tak", "nej farvel", "jeg vil tale med et menneske")[1].then == "transfer"
