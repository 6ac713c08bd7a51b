"""How the cases went: for a person, for a program, for a build server, for a browser."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Self

from rich.console import Group

from voicebot.replay.comparing import Comparison, Turned
from voicebot.replay.figures import Spread, by_condition, by_tag, figures
from voicebot.replay.flaky import Played, together
from voicebot.replay.judging import CaseResult
from voicebot.replay.junit import junit
from voicebot.replay.page import page
from voicebot.replay.plan import Plan
from voicebot.replay.runs import FORMAT, KeptCase, Run, Standing
from voicebot.replay.tables import tables
from voicebot.replay.wording import heard_of, percent, spread


@dataclass(frozen=True)
class Report:
    """The results of a run, in their order."""

    results: tuple[CaseResult, ...]
    run: Run

    @classmethod
    def of(cls, plan: Plan, results: Iterable[CaseResult], standing: Standing, took: float, parallel: int = 0) -> Self:
        """Report on a plan as far as it was played; results: in any order; took, parallel: see `Run`."""
        order = {(call.case.name, call.condition.name, call.repetition): place for place, call in enumerate(plan.calls)}
        played = sorted(results, key=lambda result: order[result.name, result.condition, result.repetition])
        municipality = next((result.municipality for result in played if result.municipality), "")
        return cls(tuple(played), Run.of(plan, standing, municipality, parallel, took))

    @property
    def passed(self) -> bool:
        """Whether every case went right, each time it was played."""
        return all(result.passed for result in self.results)

    @property
    def played(self) -> tuple[Played, ...]:
        """Each case under each condition, with its plays."""
        return together(self.results)

    @property
    def summary(self) -> str:
        """How many were right, and how soon sound came after the caller's last word."""
        these = figures(self.results)
        return (
            f"{these.passed.count} of {these.n} right ({percent(these.passed.share)}), {these.settled.count} settled, "
            f"{these.wrong.count} wrong. Answers p50/p95: {spread(these.answer_sound)} s, "
            f"heard {heard_of(these.answer_sound)}."
        )

    def table(self, comparison: Comparison | None = None) -> Group:
        """For a terminal."""
        return tables(self, comparison)

    def to_json(self, comparison: Comparison | None = None) -> dict[str, Any]:
        """For a program, and to compare a later run with."""
        these = figures(self.results)
        return {
            "format": FORMAT,
            "run": asdict(self.run),
            "passed": sum(result.passed for result in self.results),
            "missed": sum(not result.passed for result in self.results),
            "latency": {
                "first_sound": _latency(these.first_sound),
                "first_sound_of_the_answer": _latency(these.answer_sound),
            },
            "figures": {
                "whole": these.to_json(),
                "conditions": {name: each.to_json() for name, each in by_condition(self.results).items()},
                "tags": {name: each.to_json() for name, each in by_tag(self.results).items()},
            },
            "flaky": [
                {"case": each.name, "condition": each.condition, "right": each.right, "of": len(each.plays)}
                for each in self.played
                if each.flaky
            ],
            "comparison": comparison and _comparison(comparison),
            "cases": [KeptCase.of(result).model_dump(mode="json") for result in self.results],
        }

    def junit(self) -> str:
        """For a build server."""
        return junit(self.results)

    def html(self, comparison: Comparison | None = None) -> str:
        """For a browser: one page that needs nothing else."""
        return page(self, comparison)


def _latency(seconds: Spread) -> dict[str, float | int | None]:
    return {"p50": seconds.p50, "p95": seconds.p95, "count": seconds.n, "of": seconds.of}


def _comparison(comparison: Comparison) -> dict[str, Any]:
    lists = ("turned_right", "turned_wrong", "became_wrong", "flaky")
    return {
        "baseline": comparison.file,
        "sentence": comparison.sentence(),
        "n": comparison.n,
        "p": comparison.p,
        **{name: [_turned(each) for each in getattr(comparison, name)] for name in lists},
        **{name: list(getattr(comparison, name)) for name in ("changed", "only_before", "only_now", "unlike")},
        "before": figures(comparison.before).to_json(),
        "now": figures(comparison.now).to_json(),
    }


def _turned(turned: Turned) -> dict[str, Any]:
    return {"case": turned.after.name, "condition": turned.after.condition, "why": list(turned.why)}
