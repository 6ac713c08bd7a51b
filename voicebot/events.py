"""What happens in a call, as frozen facts for those who watch: record, captions, metrics, reports.

Every event carries the id of its call and `at`: seconds of audio time since the call began.
Text in events is masked already: no CPR number ever stands in one.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """Something that happened in a call."""

    call: str
    at: float


@dataclass(frozen=True)
class CallStarted(Event):
    """The line is open. channel: 'twilio' or 'web'; caller: the number as the carrier gave it, or ''."""

    channel: str
    municipality: str
    caller: str
    started: str
    """UTC, ISO 8601."""


@dataclass(frozen=True)
class SpeechStarted(Event):
    """The caller began to speak."""


@dataclass(frozen=True)
class SpeechEnded(Event):
    """The caller's turn is over. speech_end: seconds when the last word ended."""

    speech_end: float


@dataclass(frozen=True)
class Transcribed(Event):
    """What the recogniser heard. confidence 0..1; seconds: length of the utterance."""

    text: str
    confidence: float
    seconds: float


@dataclass(frozen=True)
class Matched(Event):
    """The answers weighed, best first, as (answer id, confidence 0..1)."""

    candidates: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Decided(Event):
    """What the dialogue chose to do. decision: see `dialogue.Kind`."""

    decision: str
    answer: str | None
    confidence: float
    options: tuple[str, ...]
    reply: str


@dataclass(frozen=True)
class TurnTimed(Event):
    """How long the caller waited for a reply: seconds after their last word, at `speech_end` seconds of the call.

    ended: when the turn was taken for over; transcribed: when its words were known, which may be earlier; decided: when
    the reply was settled; sounded: when its first sound was sent.
    """

    speech_end: float
    ended: float
    transcribed: float
    decided: float
    sounded: float


@dataclass(frozen=True)
class Saying(Event):
    """A piece of the reply was sent down the line."""

    text: str


@dataclass(frozen=True)
class Said(Event):
    """The caller has heard this piece of the reply to its end."""

    text: str


@dataclass(frozen=True)
class Interrupted(Event):
    """The caller spoke over the bot, which fell silent. text: the piece that was cut; heard: seconds heard of it."""

    text: str
    heard: float


@dataclass(frozen=True)
class DigitPressed(Event):
    """A key was pressed; '•' stands for one that no question had asked for."""

    digit: str


@dataclass(frozen=True)
class StateChanged(Event):
    """What the bot is doing now: 'listening', 'thinking' or 'speaking'."""

    state: str


@dataclass(frozen=True)
class Failed(Event):
    """A stage failed or took too long. stage: module name; code: the error's code."""

    stage: str
    code: str


@dataclass(frozen=True)
class Transferred(Event):
    """The caller is handed over to a human at `number`. reason: 'asked', 'failures', 'emergency', 'busy', 'fault'."""

    number: str
    reason: str


@dataclass(frozen=True)
class Rated(Event):
    """The caller was asked whether they got an answer, and said so."""

    satisfied: bool


@dataclass(frozen=True)
class CallEnded(Event):
    """The call is over. outcome: 'caller_hung_up', 'goodbye', 'transferred', 'silence', 'fault', 'shutdown'."""

    outcome: str
