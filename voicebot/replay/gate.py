"""What keeps a change from citizens: calls that went right and do not any more, and what a bot must never do. Pure.

What was not right before is let through, for a gate that is shut from the start is taken away; only a vital call must
never be answered wrongly, whatever was before, and be right where nothing was before. A slower answer shuts no gate.
"""

from dataclasses import dataclass
from enum import StrEnum

from voicebot.replay.comparing import Comparison
from voicebot.replay.flaky import together
from voicebot.replay.judging import CaseResult, Outcome, StepResult
from voicebot.replay.report import Report
from voicebot.replay.runs import Run
from voicebot.replay.wording import in_place

CHOSEN = "gate"
"""Tag of the calls that are held against the gate: few, one of each kind."""
VITAL = "vital"
"""Tag of the calls in which nothing may ever be wrong."""


class Rule(StrEnum):
    """Why a case shuts the gate, the gravest first."""

    VITAL = "vital, and not as it has to be"
    WRONG = "wrong, and it was not before"
    TURNED = "right before, and not any more"


@dataclass(frozen=True)
class Reason:
    """A case that shuts the gate. before: None where the baseline has no such case."""

    rule: Rule
    before: CaseResult | None
    now: CaseResult

    @property
    def steps(self) -> tuple[StepResult | None, StepResult | None]:
        """Where it shows, before and now: the first step that breaks the rule, else the first that is not right."""
        earlier = in_place(self.before.steps) if self.before else {}
        missed = [(earlier.get(place), now) for place, now in in_place(self.now.steps).items() if now.misses]
        return next((pair for pair in missed if self._breaks(*pair)), missed[0] if missed else (None, None))

    def _breaks(self, before: StepResult | None, now: StepResult) -> bool:
        if self.now.wrong and self.rule is not Rule.TURNED:
            return now.outcome is Outcome.WRONG
        return not (before and before.misses)


@dataclass(frozen=True)
class Verdict:
    """Why the gate is shut; without a reason it is open.

    gone: labels of the calls that were there and are not any more, which shuts it too, for they would never be missed;
    more_wrong: of those that were wrong before and are so in more places now, which is told and shuts nothing.
    """

    reasons: tuple[Reason, ...]
    gone: tuple[str, ...] = ()
    more_wrong: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the gate is open."""
        return not (self.reasons or self.gone)


def judged(comparison: Comparison, report: Report, *, whole: bool = False) -> Verdict:
    """Hold a run against an earlier one, as far as `comparison` holds the two together.

    whole: every call of the gate was to be played, so that one that was not is gone.
    """
    earlier = {each.key: each.telling for each in together(comparison.before)}
    pairs = [(earlier.get(each.key), each.telling) for each in report.played]
    reasons = [Reason(rule, before, now) for before, now in pairs if (rule := broken(before, now))]
    return Verdict(
        tuple(sorted(reasons, key=lambda reason: list(Rule).index(reason.rule))),
        comparison.only_before if whole else (),
        tuple(now.label for before, now in pairs if before and before.wrong and _wrongs(before) < _wrongs(now)),
    )


def broken(before: CaseResult | None, now: CaseResult) -> Rule | None:
    """The gravest rule that a call breaks; before: None where it is new, or another than it was."""
    missed_before = before is not None and not before.passed
    if VITAL in now.tags and (now.wrong or not (now.passed or missed_before)):
        return Rule.VITAL
    if now.wrong and not (before and before.wrong):
        return Rule.WRONG
    if before and before.passed and not now.passed:
        return Rule.TURNED
    return None


def unfit(before: Run, now: Run) -> tuple[str, ...]:
    """Why a run cannot be held against an earlier one; other texts are no reason: they are what is tested."""
    names = ("mode", "municipality", "recogniser", "conditions")
    told = ((name, _told(getattr(before, name)), _told(getattr(now, name))) for name in names)
    return tuple(f"{name} was {old}, is {new}" for name, old, new in told if old != new)


def _told(value: str | tuple[str, ...]) -> str:
    return (value if isinstance(value, str) else " and ".join(sorted(value))) or "unknown"


def _wrongs(result: CaseResult) -> int:
    return sum(step.outcome is Outcome.WRONG for step in result.steps)
