"""Unit: which of two or three choices is meant."""

import pytest

from voicebot.answers import Choice
from voicebot.dialogue.choosing import likeliest, named, only_named, place
from voicebot.matching import Candidate


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [
        ("den første", 2, 0),
        ("det første", 2, 0),
        ("den ene", 2, 0),
        ("nummer et", 2, 0),
        ("et", 2, 0),
        ("1", 2, 0),
        ("etteren", 3, 0),
        ("Førstnævnte.", 2, 0),
        ("den anden", 2, 1),
        ("Den anden, tak", 2, 1),
        ("jeg vil gerne have nummer to", 3, 1),
        ("toeren", 3, 1),
        ("den midterste", 3, 1),
        ("den tredje", 3, 2),
        ("nr. 3", 3, 2),
        ("3'eren", 3, 2),
        ("den sidste", 3, 2),
        ("den sidste", 2, 1),
        ("det er den sidste du sagde", 2, 1),
        ("Den armen!", 2, 1),
        ("den forste", 2, 0),
        ("den tredje", 2, None),
        ("nummer tre", 2, None),
        ("jeg har to børn", 2, None),
        ("en anden adresse", 2, None),
        ("den første eller den anden", 2, None),
        ("ja", 2, None),
        ("", 2, None),
        ("passet", 2, None),
    ],
)
def test_place(text: str, count: int, expected: int | None) -> None:
    assert place(text, count) == expected


LOST = (
    Choice("at dit pas er mistet eller stjålet", ("pas mistet",), "pas-mistet"),
    Choice("at dit kørekort er væk", ("kørekort mistet",), "koerekort-mistet"),
)
WHOSE = (
    Choice("pas til dig selv", ("voksen", "det er til en voksen"), "pas-fornyelse"),
    Choice("pas til et barn", ("min søn",), "pas-barn"),
)


@pytest.mark.parametrize(
    ("text", "choices", "expected"),
    [
        ("pas", LOST, 0),
        ("det er passet", LOST, 0),
        ("mit pas", LOST, 0),
        ("kørekortet", LOST, 1),
        ("kørkort", LOST, 1),
        ("det er blevet stjolet", LOST, 0),
        ("kørekort mistet", LOST, 1),
        ("pas og kørekort", LOST, None),
        ("jeg ved det ikke", LOST, None),
        ("nej", LOST, None),
        ("rotter", LOST, None),
        ("til mig selv", WHOSE, 0),
        ("Det er til mig", WHOSE, 0),
        ("til mit barn", WHOSE, 1),
        ("voksen", WHOSE, 0),
        ("Min søn!", WHOSE, 1),
        ("nej det er til min søn", WHOSE, 1),
        ("pas", WHOSE, None),
    ],
)
def test_named(text: str, choices: tuple[Choice, ...], expected: int | None) -> None:
    assert named(text, choices) == expected


def test_words_that_were_too_vague_before_tell_nothing_again() -> None:
    assert named("jeg har mistet det", LOST) == 0
    assert named("jeg har mistet det", LOST, "jeg har mistet mit kort") is None


def test_likeliest_option_must_stand_out() -> None:
    options = ("a", "b")
    assert likeliest((Candidate("x", 0.6), Candidate("b", 0.3), Candidate("a", 0.1)), options) == 1
    assert likeliest((Candidate("b", 0.3), Candidate("a", 0.2)), options) is None
    assert likeliest((Candidate("b", 0.1),), options) is None
    assert likeliest((Candidate("x", 0.9),), options) is None
    assert likeliest((), options) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("De er blevet stjolet", 0),
        ("det er mit kørekort", 1),
        ("mit kørekort er ikke væk", None),
        ("væk i Spanien", None),
    ],
)
def test_named_and_nothing_besides(text: str, expected: int | None) -> None:
    assert only_named(text, LOST) == expected
