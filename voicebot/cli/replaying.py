"""The command that plays recorded callers against the bot."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from voicebot.cli.output import AsJson, as_json, check_place, counting, err, group, lines, out, reading, write_file
from voicebot.errors import ReplayError
from voicebot.settings import load_settings

if TYPE_CHECKING:
    from voicebot.replay import CaseResult, Plan, Report
    from voicebot.replay.comparing import Comparison
    from voicebot.replay.conditions import Condition

commands = group("")

TOLD = 10
"""Calls between two lines where standard error is no terminal."""
INTERRUPTED = 130
"""Exit code of what was ended by Ctrl-C, as a shell has it: 128 and the number of SIGINT."""

PARALLEL = 4
"""Calls at a time in real time: what two cores carry in time."""

Conditions = Annotated[
    list[str] | None,
    typer.Option("--condition", help="The line: ren, or parts like telefon,stoej-10db,tab-2pct; several: each."),
]
Seed = Annotated[int, typer.Option(min=0, help="What all chance follows from: noise, what is lost, what is drawn.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="Only cases with this tag; several: with any of them.")]
Junit = Annotated[Path | None, typer.Option(help="Write a JUnit file.")]
Html = Annotated[Path | None, typer.Option(help="Write a report with pictures and the sound of every call.")]


@commands.command()
def replay(  # noqa: PLR0913, PLR0917 - one each for the options
    paths: Annotated[list[Path], typer.Argument(help="Case files, or folders of them.")],
    url: Annotated[str | None, typer.Option(help="ws:// address of a running bot; none: one is started.")] = None,
    virtual: Annotated[
        bool, typer.Option("--virtual", help="Without waiting, to a bot in this process whose models take fixed times.")
    ] = False,
    condition: Conditions = None,
    seed: Seed = 1,
    repeat: Annotated[int, typer.Option(min=1, help="Times each case is played; one that differs is flaky.")] = 1,
    parallel: Annotated[
        int | None, typer.Option(min=1, help=f"Calls at a time in real time; {PARALLEL} without, what two cores carry.")
    ] = None,
    tag: Tags = None,
    baseline: Annotated[
        Path | None, typer.Option(help="An earlier run, as --json wrote it: what turned since, right or wrong.")
    ] = None,
    json_: AsJson = False,
    junit: Junit = None,
    html: Html = None,
) -> None:
    """Play recorded callers against the bot; exit 1 when one got what they should not.

    Ctrl-C ends it, with a report of what was played.
    """
    from voicebot.replay.baseline import read_baseline
    from voicebot.replay.comparing import compare

    if virtual and url:
        raise ReplayError("replay.url", "--virtual plays to a bot in this process; leave out --virtual or --url.")
    if virtual and parallel:
        raise ReplayError("replay.parallel", "--virtual plays one call at a time; leave out --virtual or --parallel.")
    check_place(junit)
    check_place(html)
    earlier = read_baseline(baseline) if baseline else None
    plan = replace(planned(paths, tag, condition, repeat, seed), recorded=html is not None)
    report = rehearsed(plan) if virtual else _called(plan, url, parallel or PARALLEL)
    comparison = compare(earlier, report) if earlier else None
    write_reports(report, comparison, junit, html)
    if json_:
        as_json(report.to_json(comparison))
    else:
        out.print(report.table(comparison))
    if (played := len(report.results)) < len(plan.calls):
        err.print(f"Interrupted: {played} of {len(plan.calls)} calls were played.")
        raise typer.Exit(INTERRUPTED)
    raise typer.Exit(0 if report.passed else 1)


def planned(
    paths: list[Path], tags: list[str] | None, conditions: list[str] | None, repeat: int = 1, seed: int = 1
) -> "Plan":
    """Plan the cases in `paths` with any of `tags`, or all; ReplayError where one is wrong, or there are none."""
    from voicebot.replay import Plan, load_cases
    from voicebot.replay.cases import TAGS
    from voicebot.replay.checking import check_names

    for unknown in {*(tags or ())} - {*TAGS}:
        raise ReplayError("replay.tag", f"--tag {unknown}: no such tag; there are {', '.join(TAGS)}.")
    cases = [case for case in load_cases(paths) if not tags or {*tags} & {*case.script.tags}]
    if not cases:
        raise ReplayError("replay.empty", f"No case is tagged {' or '.join(tags or ())}; choose another --tag.")
    check_names(cases)
    return Plan(tuple(cases), conditions_named(conditions), repeat, seed)


def conditions_named(texts: list[str] | None) -> "tuple[Condition, ...]":
    """Read the conditions of a line as they were given, each once; a clean one where none was; ReplayError."""
    from voicebot.replay.conditions import CLEAN, parse_condition

    return tuple(dict.fromkeys(map(parse_condition, texts))) if texts else (CLEAN,)


def rehearsed(plan: "Plan", *, spoken: bool = True) -> "Report":
    """Play `plan` in virtual time; as far as it was played where Ctrl-C ends it.

    spoken: else the bot's speech is a tone as long, which is the same on every machine and takes no voice's time.
    """
    from voicebot.app import load_rehearsal
    from voicebot.rehearsal import rehearse
    from voicebot.replay import Report
    from voicebot.replay.runs import Standing

    settings = load_settings()
    with reading() as show:
        content, models = load_rehearsal(settings, show, spoken=spoken)
    standing = Standing(content.version, settings.recogniser, models.voice.title if spoken else "")
    results: list[CaseResult] = []
    began = monotonic()
    with _playing(plan, results) as add:
        rehearse(plan, content, models, add)
    return Report.of(plan, results, standing, monotonic() - began)


def _called(plan: "Plan", url: str | None, parallel: int) -> "Report":
    """The same in real time, with the bot at `url`, or one of its own."""
    from voicebot.replay import Report
    from voicebot.replay import replay as play
    from voicebot.replay.own_bot import own_bot, standing_of
    from voicebot.replay.runs import Standing
    from voicebot.replay.sockets import over_the_web

    results: list[CaseResult] = []
    began, standing = monotonic(), Standing()

    async def calls(add: "Callable[[CaseResult], None]") -> None:
        nonlocal began, standing
        async with AsyncExitStack() as bot:
            address = url or (await bot.enter_async_context(own_bot())).url
            dial, standing, began = over_the_web(address), await standing_of(address), monotonic()
            await play(plan, dial, add, parallel)

    with _playing(plan, results) as add:
        asyncio.run(calls(add))
    return Report.of(plan, results, standing, monotonic() - began, parallel)


@contextmanager
def _playing(plan: "Plan", results: "list[CaseResult]") -> "Iterator[Callable[[CaseResult], None]]":
    """Give what takes up each result and shows how many there are; Ctrl-C is no more than an early end."""
    bar, tell, total = counting(), lines("Calls", TOLD), len(plan.calls)
    task = bar.add_task("Starting the bot", total=total)

    def add(result: "CaseResult") -> None:
        results.append(result)
        missed = sum(not each.passed for each in results)
        bar.update(task, completed=len(results), description=f"Calls, {missed} missed")
        if not err.is_terminal:
            tell(len(results), total)

    with suppress(KeyboardInterrupt), bar if err.is_terminal else nullcontext():
        yield add


def write_reports(report: "Report", comparison: "Comparison | None", junit: Path | None, html: Path | None) -> None:
    """Write a report to the files in which it is wanted; ReplayError."""
    if junit:
        write_file(junit, report.junit())
    if html:
        write_file(html, report.html(comparison))
