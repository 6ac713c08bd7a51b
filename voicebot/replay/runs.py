"""A run as it is kept in a file: the same keys are written and read."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from voicebot.replay.judging import CaseResult, Outcome, StepResult

FORMAT: Literal[1] = 1
"""Of the file; another number where what stands in it means something else."""


@dataclass(frozen=True)
class Run:
    """What was run.

    mode: in real time, or in virtual time; conditions: their names; repeat: plays of each case under each; municipality
    and content: whose bot, and the version of its texts, '' where it did not tell; took: seconds on the wall.
    """

    mode: Literal["real", "virtual"]
    seed: int
    conditions: tuple[str, ...]
    repeat: int
    municipality: str
    content: str
    took: float


class _Strict(BaseModel):
    """What is used must be there and of its type; other keys are not looked at."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)


class _Candidate(_Strict):
    answer: str
    confidence: float


class KeptStep(_Strict):
    """A `StepResult`, with the fields of its decision beside the others."""

    step: str
    text: str
    heard: str
    decision: str | None
    answer: str | None
    confidence: float | None
    options: tuple[str, ...] | None
    reply: str | None
    candidates: tuple[_Candidate, ...]
    outcome: Outcome | None
    begins: float | None
    ends: float | None
    first_sound: float | None
    answer_sound: float | None
    misses: tuple[str, ...]

    @classmethod
    def of(cls, step: StepResult) -> Self:
        """To be kept."""
        told = {key: step.decision.get(key) for key in _DECISION}
        options = told.pop("options")
        return cls(
            step=step.title,
            text=step.text,
            heard=step.heard,
            **told,
            options=None if options is None else tuple(options),
            candidates=tuple(_Candidate(answer=name, confidence=sure) for name, sure in step.candidates),
            outcome=step.outcome,
            begins=step.begins,
            ends=step.ends,
            first_sound=step.first_sound,
            answer_sound=step.answer_sound,
            misses=step.misses,
        )

    def result(self) -> StepResult:
        """As it was."""
        told: dict[str, Any] = {key: getattr(self, key) for key in _DECISION}
        return StepResult(
            title=self.step,
            text=self.text,
            heard=self.heard,
            decision=told | {"options": list(self.options or ())} if self.decision else {},
            candidates=tuple((each.answer, each.confidence) for each in self.candidates),
            outcome=self.outcome,
            begins=self.begins,
            ends=self.ends,
            first_sound=self.first_sound,
            answer_sound=self.answer_sound,
            misses=self.misses,
        )


_DECISION = ("decision", "answer", "confidence", "options", "reply")
"""Fields of `events.Decided`."""


class KeptCase(_Strict):
    """A `CaseResult`, without its recording."""

    case: str
    title: str
    passed: bool
    settled: bool
    wrong: bool
    tags: tuple[str, ...]
    fingerprint: str
    condition: str
    repetition: int
    outcome: str
    seconds: float
    misses: tuple[str, ...]
    steps: tuple[KeptStep, ...]

    @classmethod
    def of(cls, result: CaseResult) -> Self:
        """To be kept."""
        return cls(
            case=result.name,
            title=result.title,
            passed=result.passed,
            settled=result.settled,
            wrong=result.wrong,
            tags=result.tags,
            fingerprint=result.fingerprint,
            condition=result.condition,
            repetition=result.repetition,
            outcome=result.outcome,
            seconds=round(result.seconds, 1),
            misses=result.misses,
            steps=tuple(KeptStep.of(step) for step in result.steps),
        )

    def result(self) -> CaseResult:
        """As it was."""
        return CaseResult(
            name=self.case,
            title=self.title,
            tags=self.tags,
            fingerprint=self.fingerprint,
            condition=self.condition,
            repetition=self.repetition,
            outcome=self.outcome,
            seconds=self.seconds,
            steps=tuple(step.result() for step in self.steps),
            misses=self.misses,
            recording=None,
            settled=self.settled,
        )


class KeptRun(_Strict):
    """The file, as far as it is read again."""

    format: Literal[1]
    run: Run
    cases: Annotated[tuple[KeptCase, ...], Field(min_length=1)]
