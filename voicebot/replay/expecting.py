"""What is expected of a turn, held against what came of it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from voicebot.replay.cases import Expect


class Outcome(StrEnum):
    """What a decision was to a caller of whom something is expected."""

    RIGHT = "right"
    OFFERED = "offered"
    """Asked back, with the right one among the choices."""
    ASKED = "asked"
    """Asked back without it."""
    REJECTED = "rejected"
    """Not understood, or handed over unasked, or to somebody else."""
    WRONG = "wrong"
    """Something was answered as certain that nobody had asked for, or to one who had asked for a human."""
    SILENT = "silent"
    """Nothing was decided."""


@dataclass(frozen=True)
class Happened:
    """What came of a turn.

    decision: fields of `events.Decided`, {} if there was none; again: answers given besides, to no question; offered:
    answers that could be chosen before it; asked: questions back in the call so far; transfers: numbers and reasons;
    fell_silent: the bot did; answer_sound: seconds from the last word to the reply; ending: of the call, '' if untold;
    fault: what kept the caller from saying or pressing it at all.
    """

    decision: dict[str, Any]
    again: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    asked: int = 0
    transfers: tuple[tuple[str, str], ...] = ()
    fell_silent: bool = False
    answer_sound: float | None = None
    ending: str = ""
    fault: str = ""

    @property
    def kind(self) -> str:
        """Of the decision."""
        return str(self.decision.get("decision", ""))

    @property
    def answer(self) -> str | None:
        """That was given."""
        return self.decision.get("answer")

    @property
    def options(self) -> tuple[str, ...]:
        """Answers that were offered."""
        return tuple(self.decision.get("options", ()))


def wanted(expect: Expect, offered: tuple[str, ...] = ()) -> set[str]:
    """The answers any of which is what the caller came for; offered: what could be chosen before."""
    chosen = offered[expect.option - 1 : expect.option] if expect.option else ()
    return {id_ for id_ in (*expect.answer, *(expect.offers or ()), *chosen) if id_}


def needs_decision(expect: Expect) -> bool:
    """Whether this cannot hold where the bot does not take what it heard for anything said to it."""
    return bool(
        expect.decision or wanted(expect) or expect.option or expect.options_include or expect.says or expect.within
    )


def outcome_of(expect: Expect, happened: Happened) -> Outcome | None:
    """What the decision was to the caller; None where none is expected."""
    ids = (expect.answer, expect.offers, expect.options_include, expect.option)
    if not any((expect.decision, expect.not_answer, expect.transfer_to, expect.ends == "transferred", *ids)):
        return None
    if not happened.decision:
        lacking = happened.fault or needs_decision(expect) or _handover_misses(expect, happened)
        return Outcome.SILENT if lacking else Outcome.RIGHT
    right = wanted(expect, happened.offered)
    asked_back = Outcome.OFFERED if right & {*happened.options} else Outcome.ASKED
    if {*happened.again} - right:
        return Outcome.WRONG
    if not [*decision_misses(expect, happened), *_handover_misses(expect, happened)]:
        hoped_for = expect.offers and (not expect.decision or "answer" in expect.decision)
        return asked_back if happened.kind == "clarify" and hoped_for else Outcome.RIGHT
    if happened.kind == "answer" or (happened.kind == "emergency" and happened.answer):
        return Outcome.WRONG
    return asked_back if happened.kind == "clarify" else Outcome.REJECTED


def settled(expect: Expect, since: Sequence[Happened]) -> bool:
    """Whether what the caller wanted came in the end; since: what came of this turn, and of those after it."""
    now = since[0]
    if expect.ends not in {None, now.ending}:
        return False
    if expect.transfer_to and not any(_reaches(expect.transfer_to, what) for what in since):
        return False
    if not now.fault and outcome_of(expect, now) in {None, Outcome.RIGHT}:
        return True
    right, kinds = wanted(expect, now.offered), {*(expect.decision or ())} & {"transfer", "emergency"}
    return any(what.answer in right or what.kind in kinds for what in since)


def misses_of(expect: Expect, happened: Happened) -> list[str]:
    """Whatever is not as expected, each in a few words."""
    misses = decision_misses(expect, happened) if happened.decision else []
    misses += _reply_misses(expect, happened) if happened.decision else []
    misses += _handover_misses(expect, happened)
    if expect.asks_back is not None and happened.asked > expect.asks_back:
        misses.append(f"asked back {happened.asked} times instead of {expect.asks_back} at most")
    if expect.interrupts is not None and happened.fell_silent != expect.interrupts:
        misses.append("the bot went on speaking" if expect.interrupts else "the bot fell silent")
    if expect.ends not in {None, "transferred", happened.ending}:
        misses.append(_ended(expect, happened))
    return misses


def decision_misses(expect: Expect, happened: Happened) -> list[str]:
    """What is not as expected of the decision itself."""
    kind, answer, options = happened.kind, happened.answer, happened.options
    misses = []
    if expect.decision and kind not in expect.decision:
        misses.append(f"{kind} instead of {either(expect.decision)}")
    if expect.answer and answer not in expect.answer:
        misses.append(f"answered {answer or 'nothing'} instead of {either(expect.answer)}")
    if expect.offers and answer not in expect.offers and (kind == "answer" or not {*options} & {*expect.offers}):
        did = f"answered {answer}" if answer else f"offered {', '.join(options) or 'nothing'}"
        misses.append(f"{did} instead of {either(expect.offers)}")
    if missing := {*(expect.options_include or ())} - {*options}:
        misses.append(f"{either(tuple(sorted(missing)))} not offered")
    if expect.option and not (answer and answer in wanted(expect, happened.offered)):
        names = ", ".join(happened.offered) or "none"
        misses.append(f"answered {answer or 'nothing'} instead of number {expect.option} of {names}")
    alarm = kind == "emergency" and kind not in (expect.decision or ())
    if expect.not_answer and (kind == "answer" or alarm):
        misses.append(f"answered {answer or kind}, which nobody asked for")
    return misses


def _reply_misses(expect: Expect, happened: Happened) -> list[str]:
    reply = str(happened.decision.get("reply", ""))
    misses = [f"the reply does not say “{words}”" for words in expect.says or () if not holds(reply, words)]
    misses += [f"the reply says “{words}”" for words in expect.says_not or () if holds(reply, words)]
    if expect.within and happened.answer_sound is None:
        misses.append(f"no reply was heard, within {expect.within:g} s or later")
    elif expect.within and happened.answer_sound is not None and happened.answer_sound > expect.within:
        misses.append(f"the reply came after {happened.answer_sound:.2f} s instead of {expect.within:g} s at most")
    return misses


def _handover_misses(expect: Expect, happened: Happened) -> list[str]:
    misses = []
    if expect.transfer_to and not _reaches(expect.transfer_to, happened):
        reached = ", ".join(f"{number} ({reason})" for number, reason in happened.transfers) or "nobody"
        misses.append(f"put through to {reached} instead of {expect.transfer_to}")
    if expect.ends == "transferred" != happened.ending:
        misses.append(_ended(expect, happened))
    return misses


def _reaches(whom: str, happened: Happened) -> bool:
    return any(whom.replace(" ", "") in {number.replace(" ", ""), reason} for number, reason in happened.transfers)


def _ended(expect: Expect, happened: Happened) -> str:
    return f"the call ended as {happened.ending or 'nothing'} instead of {expect.ends}"


def holds(reply: str, words: str) -> bool:
    """Whether words stand in a reply, in any letter case, from the beginning of a word on, whatever its ending."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    return re.search(rf"(?<!\w){pattern}", reply, re.IGNORECASE) is not None


def either(names: tuple[str | None, ...]) -> str:
    """Names as they may stand for one another."""
    return " or ".join(name or "nothing" for name in names)
