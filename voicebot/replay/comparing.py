"""A run held against an earlier one: what turned right, what turned wrong, and whether that is more than chance. Pure.

Cases are paired by name and condition. With repetitions a case is right where every play was; one that was not the same
each time, in either run, is flaky and has not turned.
"""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.stats import binomtest

from voicebot.replay.baseline import Baseline
from voicebot.replay.flaky import Played, together
from voicebot.replay.judging import CaseResult
from voicebot.replay.runs import Run
from voicebot.replay.wording import differences

if TYPE_CHECKING:
    from voicebot.replay.report import Report

FEW = 6
"""Cases that must have turned before chance can be told at all: were all of five to turn one way, chance alone would do
the same in 6 of 100 comparisons (2 · 0.5⁵), over the usual 5."""


@dataclass(frozen=True)
class Turned:
    """A case under one condition, before and now. before, after: the telling play of each; why: what is different."""

    before: CaseResult
    after: CaseResult
    why: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """The case, and the condition."""
        return self.after.key

    @property
    def label(self) -> str:
        """How a report names it."""
        return self.after.label


@dataclass(frozen=True)
class Comparison:
    """A run against `file`.

    became_wrong: the bot now does what it must never do and did not before, whether or not the case has turned; flaky:
    not the same each time, of which turned_right and turned_wrong hold none; only_before, only_now, changed: labels of
    the cases of one run only, and of those whose script or sound is another now; n: cases compared, flaky ones not
    counted; before, now: the plays of what is in both runs, flaky ones too; unlike: how else the runs differ.
    """

    file: str
    turned_right: tuple[Turned, ...]
    turned_wrong: tuple[Turned, ...]
    became_wrong: tuple[Turned, ...]
    flaky: tuple[Turned, ...]
    only_before: tuple[str, ...]
    only_now: tuple[str, ...]
    changed: tuple[str, ...]
    n: int
    before: tuple[CaseResult, ...]
    now: tuple[CaseResult, ...]
    unlike: tuple[str, ...] = ()

    @property
    def turned(self) -> dict[str, tuple[Turned, ...]]:
        """What turned, the worst first, each kind behind the words that all reports have for it."""
        turned = {each.key for each in self.turned_wrong}
        return {
            "turned wrong": self.turned_wrong,
            "became wrong, and was missed or flaky before": tuple(
                each for each in self.became_wrong if each.key not in turned
            ),
            "turned right": self.turned_right,
        }

    @property
    def apart(self) -> dict[str, tuple[str, ...]]:
        """What could not be compared, in the same way."""
        return {
            "not compared, as script or sound is another": self.changed,
            "only now": self.only_now,
            "only before": self.only_before,
        }

    @property
    def p(self) -> float:
        """How often chance alone makes a difference that big or bigger, 0 to 1: exact two-sided McNemar (1947).

        A case counts once, by the way it turned under most conditions, as it would turn under all for one reason.
        """
        return float(binomtest(sum(self._ways), len(self._ways), 0.5).pvalue) if self._ways else 1.0

    @property
    def _ways(self) -> list[bool]:
        """Of each case that turned, whether it turned right; not of those that did as often as they turned wrong."""
        balance = Counter(turned.after.name for turned in self.turned_right)
        balance.subtract(turned.after.name for turned in self.turned_wrong)
        return [count > 0 for count in balance.values() if count]

    def sentence(self) -> str:
        """What turned, and what that says."""
        right, wrong = len(self.turned_right), len(self.turned_wrong)
        if not self.n:
            return f"Nothing to compare: no case is the same in {self.file}."
        if not right + wrong:
            return f"Nothing turned, of {self.n} compared."
        told = f"{right} turned right, {wrong} turned wrong of {self.n} compared"
        if len(self._ways) < FEW:
            return f"{told}; too few cases changed to say anything."
        return f"{told}; a difference that big or bigger comes by chance in {_of_hundred(self.p)} (exact McNemar)."


def compare(baseline: Baseline, report: "Report") -> Comparison:
    """Hold a run against an earlier one."""
    earlier = {each.key: each for each in together(baseline.results)}
    later = {each.key: each for each in together(report.results)}
    both = [(earlier[key], each) for key, each in later.items() if key in earlier]
    same = [(before, now) for before, now in both if _fingerprint(before) == _fingerprint(now)]
    steady = [(before, now) for before, now in same if not (before.flaky or now.flaky)]
    return Comparison(
        baseline.file,
        tuple(_turned(before, now) for before, now in steady if now.passed and not before.passed),
        tuple(_turned(before, now) for before, now in steady if before.passed and not now.passed),
        tuple(_turned(before, now) for before, now in same if now.wrong and not before.wrong),
        tuple(_wavering(before, now) for before, now in same if before.flaky or now.flaky),
        tuple(each.label for key, each in earlier.items() if key not in later),
        tuple(each.label for key, each in later.items() if key not in earlier),
        tuple(now.label for before, now in both if (before, now) not in same),
        len(steady),
        tuple(play for before, _ in same for play in before.plays),
        tuple(play for _, now in same for play in now.plays),
        _unlike(baseline.run, report.run),
    )


def _fingerprint(played: Played) -> str:
    return played.plays[0].fingerprint


def _turned(before: Played, now: Played) -> Turned:
    one, other = before.telling, now.telling
    return Turned(one, other, differences(one, other))


def _wavering(before: Played, now: Played) -> Turned:
    shares = (f"right in {each.right} of {len(each.plays)} {when}" for each, when in ((before, "before"), (now, "now")))
    return Turned(before.telling, now.telling, (", ".join(shares),))


def _unlike(before: Run, now: Run) -> tuple[str, ...]:
    """What else differs between the runs, and may be why cases turned."""
    names = ("mode", "parallel", "repeat", "seed", "municipality", "content", "recogniser", "voice")
    told = [(name, str(getattr(before, name)), str(getattr(now, name))) for name in names]
    return tuple(f"{name} was {old or 'unknown'}, is {new or 'unknown'}" for name, old, new in told if old != new)


def _of_hundred(p: float) -> str:
    share = f"{100 * p:.0f}" if p >= 0.1 else f"{100 * p:.2g}"
    return f"{'fewer than 0.1' if p < 0.001 else share} of 100 comparisons"
