"""What keeps a change from citizens: calls that went right and do not any more, and what a bot must never do. Pure.

What was not right before is let through, for a gate that is shut from the start is taken away; only a vital call must
never be answered wrongly, whatever was before. A slower answer shuts no gate.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from voicebot.replay.comparing import Comparison
from voicebot.replay.flaky import Played, together
from voicebot.replay.judging import CaseResult, Outcome, StepResult
from voicebot.replay.report import Report

VITAL = "vital"
"""Tag of the calls in which nothing may ever be wrong."""


class Rule(StrEnum):
    """Why a case shuts the gate, the gravest first."""

    VITAL = "vital, and never to be wrong"
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
        earlier = self.before.steps if self.before else ()
        missed = [(before, now) for before, now in zip_longest(earlier, self.now.steps) if now and now.misses]
        return next((pair for pair in missed if self._breaks(*pair)), missed[0] if missed else (None, None))

    def _breaks(self, before: StepResult | None, now: StepResult) -> bool:
        if self.rule is Rule.TURNED:
            return not (before and before.misses)
        return now.outcome is Outcome.WRONG


@dataclass(frozen=True)
class Verdict:
    """Why the gate is shut; without a reason it is open."""

    reasons: tuple[Reason, ...]

    @property
    def passed(self) -> bool:
        """Whether the gate is open."""
        return not self.reasons


def judged(comparison: Comparison, report: Report) -> Verdict:
    """Hold a run against an earlier one, as far as `comparison` holds the two together."""
    earlier = {(each.name, each.condition): each for each in together(comparison.before)}
    reasons = []
    for now in report.played:
        before = earlier.get((now.name, now.condition))
        if rule := broken(before, now):
            reasons.append(Reason(rule, before.telling if before else None, now.telling))
    return Verdict(tuple(sorted(reasons, key=lambda reason: list(Rule).index(reason.rule))))


def broken(before: Played | None, now: Played) -> Rule | None:
    """The gravest rule that the plays of a case break; before: None where it is new, or another than it was.

    Where plays differ among each other chance has part in it, which shuts the gate for a vital call only.
    """
    vital = VITAL in now.telling.tags
    if now.wrong and vital:
        return Rule.VITAL
    if now.wrong and not (before and before.wrong):
        return Rule.WRONG
    if before and before.passed and not now.passed and (vital or not now.flaky):
        return Rule.TURNED
    return None
