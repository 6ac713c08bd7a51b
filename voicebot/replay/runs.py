"""A run as it is kept in a file: the same keys are written and read."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from voicebot.replay.judging import CaseResult, Outcome, StepResult
from voicebot.replay.plan import Plan

FORMAT: Literal[2] = 2
"""Of the file; another number where what stands in it means something else."""


@dataclass(frozen=True)
class Standing:
    """What a bot tells of itself, '' where it does not: the version of its texts, the model that hears, its voice."""

    content: str = ""
    recogniser: str = ""
    voice: str = ""


@dataclass(frozen=True)
class Run:
    """What was run.

    mode: in real time, or in virtual time; conditions: their names; repeat: plays of each case under each; parallel:
    calls at a time, 0 in virtual time; municipality, content, recogniser and voice: whose bot, the version of its
    texts, its models, '' where it did not tell, and no voice where its speech was a tone; took: seconds on the wall.
    """

    mode: Literal["real", "virtual"]
    seed: int
    conditions: tuple[str, ...]
    repeat: int
    parallel: int
    municipality: str
    content: str
    recogniser: str
    voice: str
    took: float

    @classmethod
    def of(cls, plan: Plan, standing: Standing, municipality: str, parallel: int, took: float) -> Self:
        """The run of a plan; parallel: 0 in virtual time; took: seconds on the wall."""
        return cls(
            mode="real" if parallel else "virtual",
            seed=plan.seed,
            conditions=tuple(condition.name for condition in plan.conditions),
            repeat=plan.repeat,
            parallel=parallel,
            municipality=municipality,
            took=round(took, 1),
            **asdict(standing),
        )


_DECISION = ("decision", "answer", "confidence", "options", "reply")
"""Fields of `events.Decided`."""
_STEP = ("text", "heard", "outcome", "begins", "ends", "first_sound", "answer_sound", "misses")
_CASE = ("title", "tags", "fingerprint", "condition", "repetition", "outcome", "misses", "settled")
"""Fields that have one name in a result and in the file."""


def _alike(its: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(its, name) for name in names}


_Rounded = Annotated[float, AfterValidator(lambda value: round(value, 3))]
"""Seconds, or shares of 1, as exact as they are worth."""


class _Strict(BaseModel):
    """What is used must be there and of its type; other keys are not looked at."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)


class _Candidate(_Strict):
    answer: str
    confidence: _Rounded


class KeptStep(_Strict):
    """A `StepResult`, with the fields of its decision beside the others."""

    step: str
    text: str
    heard: str
    decision: str | None
    answer: str | None
    confidence: _Rounded | None
    options: tuple[str, ...] | None
    reply: str | None
    candidates: tuple[_Candidate, ...]
    outcome: Outcome | None
    begins: _Rounded | None
    ends: _Rounded | None
    first_sound: _Rounded | None
    answer_sound: _Rounded | None
    misses: tuple[str, ...]

    @classmethod
    def of(cls, step: StepResult) -> Self:
        """To be kept."""
        decision: dict[str, Any] = {key: step.decision.get(key) for key in _DECISION}
        options = decision.pop("options")
        return cls(
            step=step.title,
            **decision,
            options=None if options is None else tuple(options),
            candidates=tuple(_Candidate(answer=name, confidence=sure) for name, sure in step.candidates),
            **_alike(step, _STEP),
        )

    def result(self) -> StepResult:
        """As it was."""
        decision = _alike(self, _DECISION) | {"options": list(self.options or ())}
        return StepResult(
            self.step,
            decision=decision if self.decision else {},
            candidates=tuple((each.answer, each.confidence) for each in self.candidates),
            **_alike(self, _STEP),
        )


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
            passed=result.passed,
            wrong=result.wrong,
            seconds=round(result.seconds, 1),
            steps=tuple(KeptStep.of(step) for step in result.steps),
            **_alike(result, _CASE),
        )

    def result(self) -> CaseResult:
        """As it was."""
        steps = tuple(step.result() for step in self.steps)
        return CaseResult(self.case, seconds=self.seconds, steps=steps, recording=None, **_alike(self, _CASE))


class KeptRun(_Strict):
    """The file, as far as it is read again."""

    format: Literal[2]
    run: Run
    cases: Annotated[tuple[KeptCase, ...], Field(min_length=1)]
