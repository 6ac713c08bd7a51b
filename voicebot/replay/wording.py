"""Results in a few words, the same in every form of a report. Pure."""

from collections import Counter
from collections.abc import Iterable

from voicebot.replay.figures import Share, Spread
from voicebot.replay.judging import CaseResult, Outcome, StepResult


def shown(seconds: float | None) -> str:
    """Seconds with two decimals, or a dash."""
    return "–" if seconds is None else f"{seconds:.2f}"


def spread(seconds: Spread) -> str:
    """Half within, 95 of 100 within."""
    return f"{shown(seconds.p50)}/{shown(seconds.p95)}"


def heard_of(seconds: Spread) -> str:
    """How many were heard of those that should have been."""
    return f"{seconds.n} of {seconds.of}"


def percent(share: float | None) -> str:
    """A share in whole percent, or a dash; all and none only where it is all and none."""
    if share is None:
        return "–"
    whole = f"{share:.0%}"
    return "<1%" if whole == "0%" and share > 0 else ">99%" if whole == "100%" and share < 1 else whole


def with_interval(share: Share) -> str:
    """A share in percent, and where it may lie."""
    if share.interval is None:
        return percent(share.share)
    low, high = (round(100 * end) for end in share.interval)
    return f"{percent(share.share)} ({low}–{high})"


def named(step: StepResult) -> str:
    """The step by what is said in it, or else done."""
    return f"“{step.text}”" if step.text else step.title


def decision_of(step: StepResult) -> str:
    """The decision in a few words."""
    named = step.decision.get("answer") or ", ".join(step.decision.get("options") or ())
    return " ".join(filter(None, (step.decision.get("decision", "–"), named)))


def all_misses(result: CaseResult) -> list[str]:
    """What was wrong anywhere in the call, each with its step."""
    return [*result.misses, *(f"{step.title}: {miss}" for step in result.steps for miss in step.misses)]


def differences(before: CaseResult, after: CaseResult) -> tuple[str, ...]:
    """What is not as it was: of the call itself, then of each step that is judged otherwise, a sentence each."""
    told = []
    if before.outcome != after.outcome:
        told.append(f"the call ended as {before.outcome or 'nothing'} before, as {after.outcome or 'nothing'} now")
    told += _misses(before.misses, after.misses)
    earlier, later = in_place(before.steps), in_place(after.steps)
    for key in {**later, **earlier}:
        was, step = earlier.get(key), later.get(key)
        if was is None or step is None:
            told.append(f"{key[0]}: not played {'before' if was is None else 'now'}")
        elif (was.misses, was.outcome) != (step.misses, step.outcome):
            told.append(f"{key[0]}: {'; '.join(_changes(was, step))}")
    return tuple(told)


def in_place(steps: Iterable[StepResult]) -> dict[tuple[str, int], StepResult]:
    """Steps by name and how often it came before: a step that is passed over must not move the others."""
    seen: Counter[str] = Counter()
    placed = {}
    for step in steps:
        name = named(step)
        placed[name, seen[name]] = step
        seen[name] += 1
    return placed


def _changes(was: StepResult, step: StepResult) -> Iterable[str]:
    if was.heard != step.heard:
        yield f"heard “{was.heard}” before, “{step.heard}” now"
    elif step.heard:
        yield f"heard “{step.heard}” both times"
    if decision_of(was) != decision_of(step):
        yield f"{decision_of(was)} before, {decision_of(step)} now"
    yield from _misses(was.misses, step.misses)
    if step.outcome is Outcome.WRONG and was.outcome is not Outcome.WRONG:
        yield "WRONG now, which it was not before"


def _misses(before: Iterable[str], after: Iterable[str]) -> Iterable[str]:
    before, after = tuple(before), tuple(after)
    yield from (f"missed before: {miss}" for miss in before if miss not in after)
    yield from (f"missed now: {miss}" for miss in after)
