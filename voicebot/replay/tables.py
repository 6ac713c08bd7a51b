"""A report for a terminal of 100 columns: every case, what was missed, the figures, and what turned."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from voicebot.replay.comparing import Comparison, Turned
from voicebot.replay.figures import Figures, by_condition, figures
from voicebot.replay.flaky import Played
from voicebot.replay.judging import CaseResult, Outcome
from voicebot.replay.wording import decision_of, named, percent, shown, spread, with_interval

if TYPE_CHECKING:
    from voicebot.replay.report import Report

NAMED = 6
"""Cases named of those that are in one run only: whoever plays a few knows that the others are missing."""
_FOLDED = {"case": 22, "condition": 16}
"""Columns that may go over several lines, and the signs that each has room for at least."""
_NOTE = (
    "right: in percent, and where it may lie (95 %). asked: back, of the steps that expect something. words: misheard, "
    "per word said. sound, answer: seconds from the caller's last word, of half and of 95 in 100 of those "
    "heard; heard: answers, of those that should have been."
)


def tables(report: "Report", comparison: Comparison | None) -> Group:
    """The whole report."""
    parts: list[RenderableType] = [_cases(report.played), *_missed(report.played), _figures(report.results)]
    if comparison:
        parts += _compared(comparison)
    parts += _flaky(report.played, comparison)
    return Group(*parts, Text(report.summary, "bold"))


def _cases(played: Iterable[Played]) -> Table:
    table = _table("", "case", "condition", "right", "call s", "answer s")
    for each in played:
        result = each.telling
        slowest = max((step.answer_sound for step in result.steps if step.answer_sound is not None), default=None)
        table.add_row(
            _mark(each),
            *map(Text, (each.name, each.condition, f"{each.right} of {len(each.plays)}")),
            *map(Text, (f"{result.seconds:.0f}", shown(slowest))),
        )
    return table


def _mark(played: Played) -> Text:
    if played.passed:
        return Text("✓", "green")
    return Text("~", "yellow") if played.flaky else Text("✗", "red")


def _missed(played: Iterable[Played]) -> Iterator[RenderableType]:
    """A paragraph for each case that missed anything: the steps with a miss."""
    for each in played:
        if each.passed:
            continue
        often = f", right in {each.right} of {len(each.plays)}" if each.flaky else ""
        yield Text.assemble(_mark(each), f" {each.label}{often}: {each.telling.title}")
        for line in _steps(each.telling):
            yield Padding(Text(line), (0, 0, 0, 4))


def _steps(result: CaseResult) -> Iterator[str]:
    yield from result.misses
    for step in result.steps:
        if step.misses:
            heard = f", heard “{step.heard}”" if step.heard else ""
            wrong = "WRONG: " if step.outcome is Outcome.WRONG else ""
            yield f"{named(step)}{heard}: {decision_of(step)}. {wrong}{'; '.join(step.misses)}"


def _figures(results: tuple[CaseResult, ...]) -> Table:
    counted = ("cases", "right", "settled", "wrong", "asked", "words")
    table = _table("condition", *counted, "sound s", "answer s", "heard", caption=_NOTE)
    for name, these in _with_all(results).items():
        table.add_row(
            *map(Text, (name, str(these.n), with_interval(these.passed), percent(these.settled.share))),
            *map(Text, (str(these.wrong.count), percent(these.asked_back.share), percent(these.word_error))),
            *map(
                Text,
                (
                    spread(these.first_sound),
                    spread(these.answer_sound),
                    f"{these.answer_sound.n}/{these.answer_sound.of}",
                ),
            ),
        )
    return table


def _with_all(results: tuple[CaseResult, ...]) -> dict[str, Figures]:
    """The figures of each condition, and of all where there are several."""
    each = by_condition(results)
    return each if len(each) == 1 else each | {"all": figures(results)}


def _compared(comparison: Comparison) -> Iterator[RenderableType]:
    yield Text(f"Against {comparison.file}", "bold")
    if comparison.n:
        yield _before_and_now(comparison)
    for what, cases in comparison.turned.items():
        better = cases is comparison.turned_right
        yield from _turned(f"{'▲' if better else '▼'} {what}", "green" if better else "red", cases)
    for what, labels in comparison.apart.items():
        if labels:
            more = " …" if len(labels) > NAMED else ""
            yield Text(f"{len(labels)} {what}: {', '.join(labels[:NAMED])}{more}")
    for what in comparison.unlike:
        yield Text(f"Not alike: {what}", "yellow")
    yield Text(comparison.sentence(), "bold")


def _before_and_now(comparison: Comparison) -> Table:
    table = _table("condition", "cases", "right", "settled", "wrong", "answer s: half", "95 of 100")
    before, now = _with_all(comparison.before), _with_all(comparison.now)
    for name, was in before.items():
        these = now[name]
        pairs = [(was.passed.count, these.passed.count), (was.settled.count, these.settled.count)]
        pairs += [(was.wrong.count, these.wrong.count)]
        sounds = [(was.answer_sound.p50, these.answer_sound.p50), (was.answer_sound.p95, these.answer_sound.p95)]
        table.add_row(
            *map(Text, (name, str(these.n))),
            *(Text(f"{old} → {new}") for old, new in pairs),
            *(Text(f"{shown(old)} → {shown(new)}") for old, new in sounds),
        )
    return table


def _turned(what: str, colour: str, cases: Iterable[Turned]) -> Iterator[RenderableType]:
    for each in cases:
        yield Text(f"{what}: {each.label}: {each.after.title}", colour)
        for line in each.why:
            yield Padding(Text(line), (0, 0, 0, 4))


def _flaky(played: Iterable[Played], comparison: Comparison | None) -> Iterator[RenderableType]:
    found = {each.label: f"right in {each.right} of {len(each.plays)}" for each in played if each.flaky}
    if comparison:
        found |= {each.label: "; ".join(each.why) for each in comparison.flaky}
    for label, how in found.items():
        yield Text(f"~ flaky: {label}: {how}", "yellow")


def _table(*columns: str, caption: str | None = None) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), caption=caption, caption_justify="left")
    for column in columns:
        if column in _FOLDED:
            table.add_column(column, overflow="fold", min_width=_FOLDED[column])
        else:
            table.add_column(column, no_wrap=True)
    return table
