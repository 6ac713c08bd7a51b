"""Unit: the short replies that an open question asks for."""

import pytest

from voicebot.answers import Choice
from voicebot.dialogue import Question, State, expected

CHOICES = (
    Choice("dit kørekort", (), "koerekort-mistet"),
    Choice("dit sundhedskort", (), "sundhedskort-mistet"),
    Choice("et legitimationskort", ("mit id-kort",), "legitimationskort"),
)
WHICH = State(Question.WHICH, CHOICES)
IS_IT = State(Question.IS_IT, CHOICES[:1])
HUMAN, MORE, NOTHING = State(Question.HUMAN), State(Question.MORE), State()


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (WHICH, "Den første."),
        (WHICH, "Nummer to"),
        (WHICH, "Den sidste, tak."),
        (WHICH, "Sundhedskortet"),
        (WHICH, "Det er mit kørekort."),
        (WHICH, "Mit id-kort"),
        (WHICH, "Nej."),
        (WHICH, "Det ved jeg ikke."),
        (IS_IT, "Ja."),
        (IS_IT, "Ja tak"),
        (IS_IT, "Nej"),
        (HUMAN, "Ja, gerne."),
        (HUMAN, "Nej tak"),
        (MORE, "Nej tak, det var det hele."),
        (MORE, "Nej."),
        (MORE, "Tusind tak."),
        (MORE, "Farvel"),
    ],
)
def test_a_reply_to_the_open_question_is_expected(state: State, text: str) -> None:
    assert expected(state, text)


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (NOTHING, "Ja."),
        (NOTHING, "Tak."),
        (NOTHING, "Den første"),
        (WHICH, "Ja."),
        (MORE, "Ja."),
        (MORE, "Ja, jeg har også et spørgsmål om"),
        (IS_IT, "Nej, jeg skal have et nyt pas"),
        (WHICH, "Jeg har glemt min kode"),
        (WHICH, "Det er fordi jeg har fået stjålet mit kørekort og"),
        (WHICH, ""),
        (HUMAN, "Hvad koster et pas?"),
    ],
)
def test_anything_else_is_not(state: State, text: str) -> None:
    assert not expected(state, text)
