"""What commands print: tables for people, JSON for programs, everything else on standard error."""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn, Protocol

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from voicebot.errors import ReplayError

out = Console(highlight=False, width=None if sys.stdout.isatty() else 160)  # a pipe has no width: tables need one
err = Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Where = Annotated[str | None, typer.Option("--municipality", help="Id under answers/municipalities/.")]


def group(help_: str) -> typer.Typer:
    """Make a group of commands; a fault nobody foresaw is shown without the values it met."""
    return typer.Typer(help=help_, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def counting() -> Progress:
    """Make a bar that counts things done, on standard error."""
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=err)


EVERY = 500
"""New texts of the answers between two lines where standard error is no terminal: about half a minute."""


@contextlib.contextmanager
def reading() -> Iterator[Callable[[int, int], None]]:
    """Give what shows on standard error how many of how many new texts of the answers have been read."""
    if not err.is_terminal:
        yield lines("Reading the answers", EVERY)
        return
    bar = counting()
    task = bar.add_task("Reading the answers", total=None)

    def show(done: int, new: int) -> None:
        bar.start()
        bar.update(task, completed=done, total=new)

    try:
        yield show
    finally:
        bar.stop()
        bar.disable = True  # what is read later, beside calls, is not shown


def lines(what: str, every: int) -> Callable[[int, int], None]:
    """Make what tells how many of how many are done where no bar can: a line for `every` so many."""
    told = 0

    def tell(done: int, new: int) -> None:
        nonlocal told
        if done == new or done >= told + every:
            told = done
            err.print(f"{what}: {done} of {new}")

    return tell


class Report(Protocol):
    """What a test comes to: `passed`, and the same in every form."""

    @property
    def passed(self) -> bool:
        """Whether all is as it should be."""

    def table(self) -> Table:
        """For a person."""

    def to_json(self) -> dict[str, Any]:
        """For a program."""

    def html(self) -> str:
        """For a browser."""


def check_place(file: Path | None) -> None:
    """ReplayError where no report can be written to this file; asked before a test that takes minutes."""
    if file and (file.is_dir() or not os.access(file if file.exists() else file.parent, os.W_OK)):
        raise ReplayError("replay.report", f"{file}: no place for a file; choose another, or make the folder.")


def write_file(file: Path, text: str) -> None:
    """Write a report; ReplayError where that fails after all."""
    try:
        file.write_text(text, "utf-8")
    except OSError as fault:
        raise ReplayError("replay.report", f"{file}: cannot be written ({fault.strerror}).") from None


def hand_in(report: Report, json_: bool, html: Path | None) -> NoReturn:
    """Print a report, write it to a file where one is wanted, and end: 0 where all is well, else 1."""
    if html:
        write_file(html, report.html())
    if json_:
        as_json(report.to_json())
    else:
        out.print(report.table())
    raise typer.Exit(0 if report.passed else 1)


def as_table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print rows for a person."""
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, no_wrap=number == 0)
    for row in rows:
        table.add_row(*map(str, row))
    out.print(table)


def as_json(data: object) -> None:
    """Print data for a program."""
    print(json.dumps(data, ensure_ascii=False, indent=2))
