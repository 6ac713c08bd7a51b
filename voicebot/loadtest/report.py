"""How the callers were served: for a person, for a program."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from rich.table import Table
from rich.text import Text

from voicebot.loadtest.figures import PERCENTILES, SHARES, SILENT, STAGES, Figures, figures, most_held
from voicebot.loadtest.measuring import Level
from voicebot.loadtest.pictures import Picture, pictures


@dataclass(frozen=True)
class Report:
    """The levels of a test, in their order. limit: seconds within which 95 of 100 replies must be heard."""

    levels: tuple[Level, ...]
    limit: float

    @cached_property
    def figures(self) -> tuple[Figures, ...]:
        """Of each level."""
        return tuple(figures(level) for level in self.levels)

    @property
    def held(self) -> int:
        """How many callers at once were served; 0: not even the fewest that were tried."""
        return most_held(self.figures, self.limit)

    @property
    def passed(self) -> bool:
        """Whether so many callers were served as were tried first."""
        return self.held > 0

    @property
    def verdict(self) -> str:
        """The outcome in a sentence or two."""
        served = f"{_callers(self.held)} at once served within {self.limit:.1f} s." if self.held else ""
        missed = [_missed(level, self.limit) for level in self.figures if not level.held(self.limit)]
        return " ".join(filter(None, (served, *missed)))

    @property
    def doubt(self) -> str:
        """Why the times are not to be trusted; '' where they are."""
        late = max(level.late for level in self.figures)
        if all(level.trusted for level in self.figures):
            return ""
        return (
            f"The tester itself was late, by over {late * 1000:.0f} ms 1 time in 100: do not trust these times. "
            "Run it on another machine (--url), or with fewer callers."
        )

    @property
    def losses(self) -> dict[str, int]:
        """Why calls were lost, the most frequent first, and how many."""
        reasons = Counter(called.lost for level in self.levels for called in level.calls if called.lost)
        return dict(reasons.most_common())

    def rows(self) -> list[tuple[str, list[str]]]:
        """What a table tells: the name of a figure, and its value at each level."""
        rows = [(name, [show(level) for level in self.figures]) for name, show in ROWS.items()]
        return [(name, values) for name, values in rows if any(value != _NONE for value in values)]

    def table(self) -> Table:
        """A table for a terminal, a column for each level."""
        table = Table("callers at once", caption="\n".join(filter(None, (self.verdict, *self._notes()))))
        for level in self.figures:
            held = level.held(self.limit)
            table.add_column(
                Text(f"{level.callers} {'✓' if held else '✗'}", "green" if held else "red"), justify="right"
            )
        for name, values in self.rows():
            table.add_row(name, *values)
        return table

    def _notes(self) -> list[str]:
        return [*(f"{count} × {reason}" for reason, count in self.losses.items()), self.doubt]

    def to_json(self) -> dict[str, object]:
        """The same for a program."""
        return {
            "passed": self.passed,
            "limit": self.limit,
            "held": self.held,
            "trusted": not self.doubt,
            "losses": self.losses,
            "levels": [asdict(level) | {"held": level.held(self.limit)} for level in self.figures],
        }

    def html(self) -> str:
        """One page that needs nothing else."""
        page = (files("voicebot.loadtest") / "report.html").read_text("utf-8")
        environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        drawn: tuple[Picture, ...] = pictures(self.levels, self.figures, self.limit)
        return environment.from_string(page).render(report=self, pictures=drawn)


_NONE = "–"


def _callers(count: int) -> str:
    return f"{count} caller{'s' if count > 1 else ''}"


def _missed(level: Figures, limit: float) -> str:
    """Why a level was not held."""
    p95 = "more than 5 of 100 replies never came" if level.reply.p95 is None else f"p95 {level.reply.p95:.2f} s"
    reasons = {
        p95: not level.reply.within(limit),
        f"{level.busy} turned away": level.busy,
        f"{level.lost} of {level.calls} calls lost": level.lost,
    }
    why = ", ".join(reason for reason, is_so in reasons.items() if is_so)
    return f"{_callers(level.callers)} {'was' if level.callers == 1 else 'were'} not served: {why}."


def _rows() -> dict[str, Callable[[Figures], str]]:
    counts = {"calls": "calls", "turned away": "busy", "lost": "lost"}
    times = {"reply heard": "reply", "any sound": "first", "greeting": "greeting"}
    shares = {f"silent over {SILENT:.0f} s" if name == "silent" else name: name for name in SHARES}
    return {
        **{name: partial(_count, field) for name, field in counts.items()},
        "questions": lambda level: str(level.reply.count),
        **{f"{name} {p}, s": partial(_percentile, field, p) for name, field in times.items() for p in PERCENTILES},
        **{f"bot: {stage} p50, s": partial(_stage, stage) for stage in STAGES},
        **{name: partial(_share, field) for name, field in shares.items()},
        "bot's processor, cores": lambda level: _seconds(level.cpu),
        "bot's memory, MB": lambda level: _NONE if level.memory is None else f"{level.memory:.0f}",
        "tester late, ms": lambda level: f"{level.late * 1000:.1f}",
        "tester's processor, cores": lambda level: _seconds(level.own_cpu),
    }


def _count(field: str, level: Figures) -> str:
    return str(getattr(level, field))


def _percentile(field: str, percentile: str, level: Figures) -> str:
    return _seconds(getattr(getattr(level, field), percentile))


def _stage(stage: str, level: Figures) -> str:
    return _seconds(level.stages.get(stage))


def _share(field: str, level: Figures) -> str:
    return f"{level.shares[field] * 100:.0f} %"


def _seconds(value: float | None) -> str:
    return _NONE if value is None else f"{value:.2f}"


ROWS = _rows()
"""The rows of the table: what each tells of a level."""
