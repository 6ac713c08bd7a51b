"""The command that plays recorded callers against the bot."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from voicebot.cli.output import AsJson, as_json, check_place, counting, err, group, lines, out, reading, write_file
from voicebot.errors import ReplayError
from voicebot.settings import load_settings

if TYPE_CHECKING:
    from voicebot.replay import Case, CaseResult, Plan, Report
    from voicebot.replay.comparing import Comparison

commands = group("")

TOLD = 10
"""Calls between two lines where standard error is no terminal."""
INTERRUPTED = 130
"""Exit code of what was ended by Ctrl-C, as a shell has it: 128 and the number of SIGINT."""

Conditions = Annotated[
    list[str] | None,
    typer.Option("--condition", help="The line: ren, or parts like telefon,stoej-10db,tab-2pct; several: each."),
]
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
    seed: Annotated[int, typer.Option(help="What chance makes of the lines: noise, what is lost.")] = 1,
    repeat: Annotated[int, typer.Option(min=1, help="Times each case is played; one that differs is flaky.")] = 1,
    parallel: Annotated[
        int, typer.Option(min=1, help="Calls at a time in real time; four are what two cores carry in time.")
    ] = 4,
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
    check_place(junit)
    check_place(html)
    earlier = read_baseline(baseline) if baseline else None
    plan = planned(paths, tag, condition, repeat, seed)
    report = rehearsed(plan) if virtual else _called(plan, url, parallel)
    hand_in(report, compare(earlier, report) if earlier else None, json_, junit, html)
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
    from voicebot.replay.conditions import parse_condition

    for unknown in {*(tags or ())} - {*TAGS}:
        raise ReplayError("replay.tag", f"--tag {unknown}: no such tag; there are {', '.join(TAGS)}.")
    cases = [case for case in load_cases(paths) if not tags or {*tags} & {*case.script.tags}]
    if not cases:
        raise ReplayError("replay.empty", f"No case is tagged {' or '.join(tags or ())}; choose another --tag.")
    _check_names(cases)
    return Plan(tuple(cases), tuple(dict.fromkeys(map(parse_condition, conditions or ["ren"]))), repeat, seed)


def _check_names(cases: "list[Case]") -> None:
    """ReplayError where two cases have one name: nobody could tell them apart in a report."""
    files: dict[str, Path] = {}
    for case in cases:
        if (other := files.setdefault(case.name, case.file)) is not case.file:
            raise ReplayError("replay.twice", f"{case.file}: called {case.name}, as is {other}; leave one of them out.")


def rehearsed(plan: "Plan", *, spoken: bool = True) -> "Report":
    """Play `plan` in virtual time; as far as it was played where Ctrl-C ends it.

    spoken: else the bot's speech is a tone as long, which is the same on every machine and takes no voice's time.
    """
    from voicebot.app import load_rehearsal
    from voicebot.rehearsal import Unspoken, rehearse

    settings = load_settings()
    with reading() as show:
        content, models = load_rehearsal(settings, show)
    if not spoken:
        models = replace(models, speech=Unspoken(settings.speech_dir, models.voice))
    results: list[CaseResult] = []
    began = monotonic()
    with _playing(plan, results) as add:
        rehearse(plan, content, models, add)
    return _report(plan, results, "virtual", content.version, monotonic() - began)


def _called(plan: "Plan", url: str | None, parallel: int) -> "Report":
    """The same in real time, with the bot at `url`, or one of its own."""
    from voicebot.replay import replay as play
    from voicebot.replay.own_bot import content_version, own_bot
    from voicebot.replay.sockets import over_the_web

    results: list[CaseResult] = []
    began, version = monotonic(), ""

    async def calls(add: "Callable[[CaseResult], None]") -> None:
        nonlocal began, version
        async with AsyncExitStack() as bot:
            address = url or (await bot.enter_async_context(own_bot())).url
            dial, version, began = over_the_web(address), await content_version(address), monotonic()
            await play(plan, dial, add, parallel)

    with _playing(plan, results) as add:
        asyncio.run(calls(add))
    return _report(plan, results, "real", version, monotonic() - began)


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


def _report(
    plan: "Plan", results: "list[CaseResult]", mode: Literal["real", "virtual"], content: str, took: float
) -> "Report":
    from voicebot.replay import Report
    from voicebot.replay.runs import Run

    order = {(call.case.name, call.condition.name, call.repetition): at for at, call in enumerate(plan.calls)}
    results.sort(key=lambda result: order[result.name, result.condition, result.repetition])
    told = [caption for result in results if result.recording for caption in result.recording.captions]
    municipality = next((caption.data["municipality"] for caption in told if caption.type == "CallStarted"), "")
    conditions = tuple(condition.name for condition in plan.conditions)
    run = Run(mode, plan.seed, conditions, plan.repeat, municipality, content, round(took, 1))
    return Report(tuple(results), run)


def hand_in(
    report: "Report", comparison: "Comparison | None", json_: bool, junit: Path | None, html: Path | None
) -> None:
    """Print a report, and write it to the files where it is wanted."""
    if junit:
        write_file(junit, report.junit())
    if html:
        write_file(html, report.html(comparison))
    if json_:
        as_json(report.to_json(comparison))
    else:
        out.print(report.table(comparison))
