"""What can be heard in a conversation, what can be decided, and what is remembered between the two."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Literal

from voicebot.answers import Choice
from voicebot.matching import Candidate


class Kind(StrEnum):
    """What a decision does."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    TRANSFER = "transfer"
    REJECT = "reject"
    SMALLTALK = "smalltalk"
    EMERGENCY = "emergency"


@dataclass(frozen=True)
class Heard:
    """An utterance.

    confidence: the recogniser's, 0..1; candidates: what it may mean by itself, best first; in_light: what it may mean
    in the light of what was said before, empty where it stands alone.
    """

    text: str
    confidence: float
    candidates: tuple[Candidate, ...]
    in_light: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Pressed:
    """A key: one of 0-9, * and #."""

    digit: str


@dataclass(frozen=True)
class Silent:
    """The caller has said nothing for as long as the bot listens."""


@dataclass(frozen=True)
class Decision:
    """What the bot does now.

    answer: the answer's id, or None; confidence: 0..1 that it is the right one (of the best candidate where there is
    no answer); options: answer ids the caller may choose between; pieces: what is spoken, each a unit of ready-made
    speech; reason: why the call leaves the bot ('asked', 'failures', 'emergency', 'goodbye', 'silence'), else '';
    slow: with longer pauses between the pieces; satisfied: what the caller has just said of the call, None: nothing.
    """

    kind: Kind
    answer: str | None
    confidence: float
    options: tuple[str, ...]
    pieces: tuple[str, ...]
    then: Literal["listen", "transfer", "hang_up"] = "listen"
    reason: str = ""
    slow: bool = False
    satisfied: bool | None = None

    @property
    def reply(self) -> str:
        """All that is spoken, as one text."""
        return " ".join(self.pieces)


class Question(Enum):
    """The question the caller has been asked and may now answer."""

    NONE = "none"
    WHICH = "which"
    """Which of two or three answers is meant."""
    IS_IT = "is it"
    """Whether the one likely answer is meant."""
    FOLLOW_UP = "follow-up"
    """What an answer itself asks at its end."""
    HUMAN = "human"
    """Whether a human shall take over."""
    MORE = "more"
    """Whether there is anything else."""
    RATE = "rate"
    """Whether the caller got an answer, asked before the farewell."""

    @property
    def clarifies(self) -> bool:
        """Whether it asks what the caller means."""
        return self in (Question.WHICH, Question.IS_IT)


@dataclass(frozen=True)
class State:
    """What is remembered of a conversation.

    choices: what may be chosen now; asking: the pieces of the open question; said: the utterance that led to it;
    refused: ids the caller has said no to since the last answer; misses: turns not understood since then; last: the
    text of the last answer, for whoever asks to hear it again; asked: what has been asked in this call; silent: whether
    the caller has just said nothing; closing: whether they have been asked, since the last answer, if there is more;
    topic: id of the last answer; repeats: how often it has been said again; slow: whether the caller wants it slower.
    """

    question: Question = Question.NONE
    choices: tuple[Choice, ...] = ()
    asking: tuple[str, ...] = ()
    said: str = ""
    refused: frozenset[str] = frozenset()
    misses: int = 0
    last: tuple[str, ...] = ()
    asked: tuple[tuple[str, ...], ...] = ()
    silent: bool = False
    closing: bool = False
    topic: str | None = None
    repeats: int = 0
    slow: bool = False

    @property
    def options(self) -> tuple[str, ...]:
        """Ids of the answers that may be chosen now, in the order of their digits."""
        return tuple(choice.to for choice in self.choices)


def as_json(decision: Decision, candidates: tuple[Candidate, ...]) -> dict[str, object]:
    """A decision with the keys that `voicebot ask --json` prints."""
    return {
        "decision": decision.kind.value,
        "answer": decision.answer,
        "confidence": round(decision.confidence, 3),
        "options": list(decision.options),
        "candidates": [{"answer": c.answer, "confidence": round(c.confidence, 3)} for c in candidates],
        "reply": decision.reply,
    }
