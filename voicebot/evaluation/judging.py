"""Whether what the bot did with a question was right. Pure."""

from enum import StrEnum

from voicebot.dialogue import Decision
from voicebot.dialogue import Kind as Did
from voicebot.evaluation.questions import Kind, Question

WITHOUT_ID = frozenset({"smalltalk-tak-farvel", "smalltalk-gentag"})
"""Small talk that the dialogue does itself, by saying goodbye or saying the last thing again, and gives no id for."""


class Verdict(StrEnum):
    """What became of a question."""

    RIGHT = "right"
    """The right thing was done outright."""
    OFFERED = "offered"
    """The right answer was not given, but is among those asked about."""
    ASKED = "asked"
    """Asked back, without the right answer."""
    WRONG = "wrong"
    """Something else was done outright."""
    REJECTED = "rejected"
    """Said that it does not know, or asked to hear it again: the thing to do where a question is out of scope."""


def verdict(question: Question, decision: Decision) -> Verdict:
    """Judge a decision.

    Right outright is an answer, emergency, refusal or small talk with one of the question's topics as its id; where it
    has none, any emergency, transfer or small talk to the kind of that name; always a transfer to who asks for a human.
    An ambiguous question is to be asked back about: there, a question with a right one in it is RIGHT, and a right
    answer given outright only OFFERED. Out of scope is to be REJECTED, which small talk in reply counts as, since it
    claims nothing.
    """
    asked_back = decision.kind is Did.CLARIFY
    if asked_back and not set(decision.options) & set(question.topics):
        return Verdict.ASKED
    if asked_back or _fits(question, decision):
        return Verdict.RIGHT if asked_back is (question.kind is Kind.AMBIGUOUS) else Verdict.OFFERED
    if decision.kind is Did.REJECT:
        return Verdict.REJECTED
    if decision.kind is Did.SMALLTALK and question.kind is Kind.OUT_OF_SCOPE:
        return Verdict.REJECTED
    return Verdict.WRONG


def _fits(question: Question, decision: Decision) -> bool:
    """Whether what was done without asking back is right for a caller with this question."""
    if decision.answer in question.topics:
        return True
    match question.kind, decision.kind:
        case Kind.HUMAN_REQUEST, Did.TRANSFER:
            return True
        case Kind.EMERGENCY, Did.EMERGENCY:
            return not question.topics
        case Kind.SMALL_TALK, Did.SMALLTALK:
            return not question.topics or (decision.answer is None and not WITHOUT_ID.isdisjoint(question.topics))
    return False
