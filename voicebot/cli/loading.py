"""The command that lets many simulated callers call at once."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.live import Live

from voicebot.cli.output import AsJson, check_place, err, group, hand_in
from voicebot.settings import load_settings

if TYPE_CHECKING:
    from voicebot.loadtest import Report

commands = group("")

FEW, MOST = 4, 64
"""Callers at once where none are given: all the time, and at the end of a ramp."""


@commands.command()
def loadtest(  # noqa: PLR0913, PLR0917 - one each for the options
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Cases, folders of them, or WAV files; none: the clear questions of the recorded calls."),
    ] = None,
    calls: Annotated[int | None, typer.Option(min=1, help="Callers at once: 4; with --ramp at most, 64.")] = None,
    arrivals: Annotated[
        Literal["steady", "burst", "poisson"],
        typer.Option(help="When callers ring up: evenly spread, all at once, or as chance has it."),
    ] = "steady",
    minutes: Annotated[float, typer.Option(min=0.05, help="How long each number of callers goes on.")] = 1.0,
    turns: Annotated[int | None, typer.Option(min=1, help="Questions of each caller, instead of minutes.")] = None,
    ramp: Annotated[bool, typer.Option("--ramp", help="More and more callers, until they are too many.")] = False,
    limit: Annotated[float, typer.Option(min=0.1, help="Seconds within which 95 of 100 replies must be heard.")] = 1.5,
    url: Annotated[str | None, typer.Option(help="ws:// address of a running bot; none: one is started.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Which questions are asked, and when.")] = 1,
    json_: AsJson = False,
    html: Annotated[Path | None, typer.Option(help="Write a report with pictures.")] = None,
) -> None:
    """Let simulated callers call the bot at once, in real time; exit 1 when it cannot serve them within the limit."""
    from voicebot import loadtest as room

    questions = room.load_questions(paths) if paths else room.clear_questions(load_settings().recorded_calls)
    plan = room.Plan(questions, room.Arrivals(arrivals), minutes, turns, seed)
    most = calls or (MOST if ramp else FEW)
    callers = [*(fewer for fewer in room.RAMP if ramp and fewer < most), most]
    check_place(html)
    err.print(
        "Starting the bot; every question is asked once, so that speech is ready …"
        if url is None
        else f"Calling {url} …"
    )
    with _showing() as show:
        report = asyncio.run(room.loadtest(plan, callers, limit, url, show))
    hand_in(report, json_, html)


@contextmanager
def _showing() -> Iterator[Callable[["Report"], None]]:
    """Give what shows the table so far on standard error, or a line for each number of callers where it is a file."""
    if err.is_terminal:
        with Live(console=err, transient=True) as live:
            yield lambda report: live.update(report.table())
        return
    told = 0

    def tell(report: "Report") -> None:
        nonlocal told
        if len(report.levels) > told:
            told = len(report.levels)
            err.print(f"Callers at once: {report.levels[-1].callers}")

    yield tell
