"""What a change of the answers does to recorded calls, each replayed whole. Pure, but for the cases' files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voicebot.replay import Case, CaseResult, load_cases
from voicebot.replay.gate import CHOSEN, broken
from voicebot.replay.judging import StepResult
from voicebot.replay.wording import in_place


@dataclass(frozen=True)
class Did:
    """What the bot did at a step. decision: its kind, "" for none; answer: an id; options: the ids it offered.

    ended: how the call did, see `events.CallEnded`; "" where nobody knows.
    """

    decision: str
    answer: str | None
    options: tuple[str, ...]
    ended: str


@dataclass(frozen=True)
class TurnedCall:
    """A recorded call that goes right now and did not before, or the other way round, where that is first seen.

    said, heard: what the caller says there, and what the recogniser makes of it.
    """

    title: str
    said: str
    heard: str
    before: Did
    after: Did


@dataclass(frozen=True)
class Calls:
    """What turns better and what turns worse, of how many calls, and how many are right."""

    better: tuple[TurnedCall, ...] = ()
    worse: tuple[TurnedCall, ...] = ()
    calls: int = 0
    right_before: int = 0
    right_after: int = 0


def calls_in(folder: Path, municipality: str) -> tuple[Case, ...]:
    """The recorded calls that a change for this municipality is tried on; ReplayError where a case is wrong.

    None where there is no such folder: a bot may be installed without them.
    """
    if not folder.is_dir():
        return ()
    cases = load_cases([folder])
    return tuple(
        case for case in cases if CHOSEN in case.script.tags and case.script.municipality in {"", municipality}
    )


def compared(before: Sequence[CaseResult], after: Sequence[CaseResult]) -> Calls:
    """The same calls replayed before and after: worse is what shuts the gate, better what would the other way round."""
    pairs = list(zip(before, after, strict=True))
    return Calls(
        tuple(_turned(was, now) for was, now in pairs if broken(now, was) and not broken(was, now)),
        tuple(_turned(was, now) for was, now in pairs if broken(was, now)),
        len(pairs),
        sum(was.passed for was in before),
        sum(now.passed for now in after),
    )


def _turned(was: CaseResult, now: CaseResult) -> TurnedCall:
    earlier = in_place(was.steps)
    both = ((earlier[place], step) for place, step in in_place(now.steps).items() if place in earlier)
    before, after = next((pair for pair in both if _differ(*pair)), (None, None))
    return TurnedCall(
        now.title,
        after.text if after else "",
        after.heard if after else "",
        _did(before, was.outcome),
        _did(after, now.outcome),
    )


def _differ(was: StepResult, now: StepResult) -> bool:
    return (was.misses, was.outcome) != (now.misses, now.outcome)


def _did(step: StepResult | None, ended: str) -> Did:
    its = step.decision if step else {}
    return Did(its.get("decision", ""), its.get("answer"), tuple(its.get("options", ())), ended)
