"""How the cases went: for a person, for a program, for a build server."""

from dataclasses import dataclass
from importlib.resources import files
from xml.etree import ElementTree

import numpy as np
from jinja2 import Environment, StrictUndefined
from rich.table import Table
from rich.text import Text

from voicebot.replay.judging import CaseResult, StepResult


@dataclass(frozen=True)
class Report:
    """The results of cases, in their order."""

    results: tuple[CaseResult, ...]

    @property
    def passed(self) -> bool:
        """Whether every case went right."""
        return all(result.passed for result in self.results)

    @property
    def summary(self) -> str:
        """How many were right, and how soon sound came after the caller's last word."""
        right = sum(result.passed for result in self.results)
        return f"{right} of {len(self.results)} right. After the caller's last word: " + "; ".join(
            f"{name} p50 {shown(middle)} s, p95 {shown(slow)} s ({count})"
            for name, (middle, slow, count) in self._latencies().items()
        )

    def _latencies(self) -> dict[str, tuple[float | None, float | None, int]]:
        """Of the steps with speech in them: median, 95th percentile and count."""
        steps = [step for result in self.results for step in result.steps if step.heard]
        return {
            "first sound": _spread([step.first_sound for step in steps]),
            "first sound of the answer": _spread([step.answer_sound for step in steps]),
        }

    def table(self) -> Table:
        """A table for a terminal, a row for each step."""
        table = Table("", "case", "step", "heard", "decision", "sound s", "answer s", "missed", caption=self.summary)
        for result in self.results:
            for number, step in enumerate(result.steps):
                wrong = "; ".join((*step.misses, *(result.misses if number == 0 else ())))
                table.add_row(
                    Text("✗", "red") if wrong else Text("✓", "green"),
                    *map(Text, (result.name if number == 0 else "", step.title, step.heard, decision_of(step))),
                    *map(Text, (shown(step.first_sound), shown(step.answer_sound), wrong)),
                )
            if not result.steps:
                mark = Text("✓", "green") if result.passed else Text("✗", "red")
                table.add_row(mark, *map(Text, (result.name, "", "", result.outcome, "", "", "; ".join(result.misses))))
        return table

    def to_json(self) -> dict[str, object]:
        """The same for a program."""
        latencies = self._latencies()
        return {
            "passed": sum(result.passed for result in self.results),
            "missed": sum(not result.passed for result in self.results),
            "latency": {
                name.replace(" ", "_"): {"p50": middle, "p95": slow, "count": count}
                for name, (middle, slow, count) in latencies.items()
            },
            "cases": [_case(result) for result in self.results],
        }

    def junit(self) -> str:
        """JUnit XML, a test case for each case."""
        missed = sum(not result.passed for result in self.results)
        seconds = sum(result.seconds for result in self.results)
        suite = ElementTree.Element(
            "testsuite", name="replay", tests=str(len(self.results)), failures=str(missed), time=f"{seconds:.3f}"
        )
        for result in self.results:
            area, _, name = result.name.rpartition("/")
            case = ElementTree.SubElement(suite, "testcase", classname=area, name=name, time=f"{result.seconds:.3f}")
            if not result.passed:
                wrong = "; ".join(all_misses(result))
                ElementTree.SubElement(case, "failure", message=wrong).text = wrong
        return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)

    def html(self) -> str:
        """One page that needs nothing else."""
        page = (files("voicebot.replay") / "report.html").read_text("utf-8")
        environment = Environment(autoescape=True, undefined=StrictUndefined)
        environment.filters.update(seconds=shown, decision=decision_of, misses=all_misses)
        return environment.from_string(page).render(report=self)


def _spread(values: list[float | None]) -> tuple[float | None, float | None, int]:
    known = [value for value in values if value is not None]
    if not known:
        return None, None, 0
    middle, slow = np.percentile(known, [50, 95])
    return round(float(middle), 3), round(float(slow), 3), len(known)


def _case(result: CaseResult) -> dict[str, object]:
    return {
        "case": result.name,
        "title": result.title,
        "passed": result.passed,
        "outcome": result.outcome,
        "seconds": round(result.seconds, 1),
        "misses": list(result.misses),
        "steps": [
            {
                "step": step.title,
                "heard": step.heard,
                **{key: step.decision.get(key) for key in ("decision", "answer", "confidence", "options", "reply")},
                "first_sound": step.first_sound,
                "answer_sound": step.answer_sound,
                "misses": list(step.misses),
            }
            for step in result.steps
        ],
    }


def all_misses(result: CaseResult) -> list[str]:
    """What was wrong anywhere in the call, each with its step."""
    return [*result.misses, *(f"{step.title}: {miss}" for step in result.steps for miss in step.misses)]


def decision_of(step: StepResult) -> str:
    """The decision in a few words."""
    named = step.decision.get("answer") or ", ".join(step.decision.get("options", ()))
    return " ".join(filter(None, (step.decision.get("decision", "–"), named)))


def shown(seconds: float | None) -> str:
    """Seconds with two decimals, or a dash."""
    return "–" if seconds is None else f"{seconds:.2f}"
