"""Whether a caller who pauses has said what they have to say: judged by what has been heard so far."""

from dataclasses import dataclass
from enum import Enum


class Completeness(Enum):
    """How a turn stands when its caller falls silent."""

    UNKNOWN = "unknown"
    """Nothing is known yet: the utterance is still being recognised."""
    COMPLETE = "complete"
    """Said in full: the turn ends early."""
    OPEN = "open"
    """It may be all, and more may come."""
    HANGING = "hanging"
    """More must come: the sentence is not at its end."""


@dataclass(frozen=True)
class Utterance:
    """What is known of a turn so far.

    text: as recognised; confidence: the recogniser's, 0..1; seconds: of speech; sureness: the best candidate's
    confidence, 0..1; decided: the dialogue would answer, hand over or chat, not ask back or refuse; expected: a short
    reply to the question just asked.
    """

    text: str
    confidence: float
    seconds: float
    sureness: float
    decided: bool
    expected: bool


def completeness(utterance: Utterance) -> Completeness:
    """How complete an utterance is."""
    if utterance.expected:
        return Completeness.COMPLETE
    return Completeness.COMPLETE if utterance.decided else Completeness.OPEN
