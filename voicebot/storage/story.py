"""What a call came to, folded from its events: alike while it goes on and from the record after a crash. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

SLOW_SECONDS = 1.5
"""Longest wait for a reply that is not slow: what a busy bot may take."""
UNSURE = 0.5
"""Lowest confidence of a decision that is not unsure."""
SAME_START = 0.2
"""Seconds between the beginnings of two utterances up to which they are one that went on: the sound of a turn is cut at
what had been heard of the silence after it, which is up to 0.3 s."""


class Result(StrEnum):
    """What a call was for the caller."""

    SETTLED = "settled"
    """An approved answer was heard, and what was said last was not left without one."""
    TRANSFERRED = "transferred"
    """A human took over."""
    NOT_UNDERSTOOD = "not_understood"
    """The caller spoke and was replied to, but what they said, or said last, got no answer."""
    ABANDONED = "abandoned"
    """The caller was gone before they had said a word, or had heard a reply to their first words."""
    FAILED = "failed"
    """The bot failed, and no human took over."""


@dataclass(frozen=True)
class Spoken:
    """Something a caller said, and what was done about it; see `tables.Turn`."""

    at: float
    text: str
    heard: float
    decision: str | None
    answer: str | None
    confidence: float | None
    wait: float | None
    unanswered: bool


@dataclass(frozen=True)
class Summary:
    """All that is worked out of a call's events; see `tables.Call`."""

    municipality: str
    started: datetime
    outcome: str
    seconds: float
    result: Result
    reason: str | None
    topic: str | None
    outside_hours: bool | None
    satisfied: bool | None
    turns: tuple[Spoken, ...]

    @property
    def wait(self) -> float | None:
        """The longest wait for a reply, in seconds."""
        return max((turn.wait for turn in self.turns if turn.wait is not None), default=None)

    @property
    def confidence(self) -> float | None:
        """The lowest of all decisions on words, 0..1."""
        certain = (turn.confidence for turn in self.turns if turn.text and turn.confidence is not None)
        return min(certain, default=None)

    def columns(self) -> dict[str, Any]:
        """Of the row of `calls`, what is known when the call is over."""
        wait, confidence = self.wait, self.confidence
        return {
            "outcome": self.outcome,
            "ended": self.started + timedelta(seconds=self.seconds),
            "seconds": self.seconds,
            "result": self.result.value,
            "reason": self.reason,
            "topic": self.topic,
            "turns_count": len(self.turns),
            "wait": wait,
            "confidence": confidence,
            "slow": wait is not None and wait > SLOW_SECONDS,
            "unsure": confidence is not None and confidence < UNSURE,
            "outside_hours": self.outside_hours,
            "satisfied": self.satisfied,
        }

    def turn_rows(self, call_id: str) -> list[dict[str, Any]]:
        """The rows of `turns`."""
        return [
            vars(turn)
            | {
                "call_id": call_id,
                "number": number,
                "started": self.started + timedelta(seconds=turn.at),
                "municipality": self.municipality,
            }
            for number, turn in enumerate(self.turns, 1)
        ]


@dataclass
class _Step:
    """A decision, and the words it was made on.

    text: what the caller said, '' without a word in it, None where the decision followed from something else; begins,
    ends: of the words, in seconds of the call; kind: None while nothing is decided; told: whether any of it was heard.
    """

    at: float
    text: str | None = None
    heard: float = 0.0
    begins: float = 0.0
    ends: float = 0.0
    kind: str | None = None
    answer: str | None = None
    confidence: float | None = None
    options: Sequence[str] = ()
    wait: float | None = None
    told: bool = False

    @property
    def answers(self) -> bool:
        """Whether it gives an approved answer; that something is nobody's business here may be one."""
        return self.kind in ("answer", "emergency") or (self.kind == "reject" and self.answer is not None)


class Story:
    """One call's events, as far as they have come."""

    def __init__(self) -> None:
        self._steps: list[_Step] = []
        self._speech_end = self._last = 0.0
        self._weighed = self._failed = False
        self._outcome: str | None = None
        self._reason: str | None = None
        self._satisfied: bool | None = None

    def hear(self, type: str, at: float, data: Mapping[str, Any]) -> None:
        """The next event: the name of its class, its time in seconds, its other fields as they are stored."""
        self._last = max(self._last, at)
        match type:
            case "SpeechEnded":
                self._speech_end = data["speech_end"]
            case "Transcribed":
                self._words(at, data["text"], data["confidence"], data["seconds"])
            case "Matched":
                self._weigh(at)
            case "Decided":
                self._decide(at, data)
            case "TurnTimed":
                self._time(data["speech_end"], data["sounded"])
            case "Said" if not data.get("filler"):
                self._tell()
            case "Failed":
                self._failed = True
            case "Transferred":
                self._reason = data["reason"]
            case "Rated":
                self._satisfied = data["satisfied"]
            case "CallEnded":
                self._outcome = data["outcome"]

    def _words(self, at: float, text: str, heard: float, seconds: float) -> None:
        begins, before = (
            self._speech_end - seconds,
            next((s for s in reversed(self._steps) if s.text is not None), None),
        )
        if before is not None and not before.told and abs(before.begins - begins) <= SAME_START:
            del self._steps[self._steps.index(before) :]  # it went on: what was decided on half of it is taken back
        self._steps.append(_Step(at, text, heard, begins, self._speech_end))
        self._weighed = False

    def _weigh(self, at: float) -> None:
        if not (self._steps and self._steps[-1].text and self._steps[-1].kind is None):  # a turn without a word
            self._steps.append(_Step(at, "", begins=at, ends=self._speech_end))
        self._weighed = True

    def _decide(self, at: float, data: Mapping[str, Any]) -> None:
        if not self._weighed:  # on a key, on silence, or the greeting
            self._steps.append(_Step(at))
        self._weighed, step = False, self._steps[-1]
        step.kind, step.answer, step.confidence = data["decision"], data["answer"], data["confidence"]
        step.options = data["options"]

    def _time(self, speech_end: float, seconds: float) -> None:
        for step in self._steps:
            if step.text is not None and step.kind and step.ends == speech_end:
                step.wait = seconds

    def _tell(self) -> None:
        decided = next((step for step in reversed(self._steps) if step.kind), None)
        if decided:
            decided.told = True

    def summary(self, started: datetime, municipality: str, outside_hours: bool | None = None) -> Summary:
        """What it came to; a call without an end was cut off by a crash, which is the outcome 'fault'."""
        return Summary(
            municipality=municipality,
            started=started,
            outcome=self._outcome or "fault",
            seconds=self._last,
            result=self._result(),
            reason=self._reason,
            topic=next((step.answer for step in self._steps if step.answers and step.answer), None),
            outside_hours=outside_hours,
            satisfied=self._satisfied,
            turns=tuple(self._spoken(place, step) for place, step in enumerate(self._steps) if step.text is not None),
        )

    def _result(self) -> Result:
        outcome = self._outcome or "fault"
        if outcome == "transferred":
            return Result.TRANSFERRED
        if self._failed or outcome in ("fault", "shutdown"):
            return Result.FAILED
        worded = [place for place, step in enumerate(self._steps) if step.text and step.kind]
        left = bool(worded) and self._unanswered(worded[-1])
        if any(step.answers and step.told for step in self._steps) and not left:
            return Result.SETTLED
        replied = bool(worded) and any(step.told for step in self._steps[worded[0] :])
        return Result.NOT_UNDERSTOOD if replied else Result.ABANDONED

    def _spoken(self, place: int, step: _Step) -> Spoken:
        unanswered = bool(step.text) and self._unanswered(place)
        return Spoken(
            step.at, step.text or "", step.heard, step.kind, step.answer, step.confidence, step.wait, unanswered
        )

    def _unanswered(self, place: int) -> bool:
        """Not understood, or asked back in vain: no answer among the options came of it, by whatever questions."""
        step = self._steps[place]
        if step.kind != "clarify":
            return step.kind == "reject" and not step.answers
        for later in range(place + 1, len(self._steps)):
            if self._steps[later].answers:
                return bool(step.options) and self._steps[later].answer not in step.options
            if self._steps[later].kind == "clarify":
                return self._unanswered(later)
        return True
