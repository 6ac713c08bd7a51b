"""The command that says whether a change may reach citizens."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicebot.cli.output import AsJson, as_json, check_place, err, group, out, write_file
from voicebot.cli.replaying import INTERRUPTED, Conditions, Html, Junit, planned, rehearsed, write_reports
from voicebot.errors import ReplayError
from voicebot.settings import load_settings

if TYPE_CHECKING:
    from voicebot.replay import CaseResult, Report
    from voicebot.replay.baseline import Baseline
    from voicebot.replay.comparing import Comparison
    from voicebot.replay.gate import Reason, Verdict
    from voicebot.replay.judging import StepResult

commands = group("")

MOST = 4
"""Reasons shown: what fits on one screen."""


@commands.command()
def gate(  # noqa: PLR0913, PLR0917 - one each for the options
    baseline: Annotated[Path, typer.Option(help="The run to hold this one against, as --accept wrote it.")],
    paths: Annotated[list[Path] | None, typer.Argument(help="Cases, or folders; none: all recorded.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only cases with one of these tags; none: gate.")] = None,
    condition: Conditions = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Take how the bot is now as right: write this run to the baseline's file.")
    ] = False,
    json_: AsJson = False,
    junit: Junit = None,
    html: Html = None,
) -> None:
    """Play the chosen recorded callers in virtual time; exit 1 when anything important turned wrong.

    That is: a call that was right is not any more; the bot answers as certain what nobody asked for, and did not
    before; a vital call (an emergency, a human asked for) is answered so, whatever was before, or is new and not right;
    or a call is gone. The bot's speech is a tone as long, which needs no voice: voicebot replay lets one be heard. With
    paths or --tag, --accept leaves the other calls of the file as they are.
    """
    from voicebot.replay.baseline import Baseline
    from voicebot.replay.comparing import compare
    from voicebot.replay.gate import CHOSEN, judged

    for file in (junit, html, baseline if accept else None):
        check_place(file)
    whole = not (paths or tag)
    earlier = None if accept and (whole or not baseline.exists()) else _read(baseline)
    cases = paths or [load_settings().recorded_calls]
    plan = replace(planned(cases, tag or [CHOSEN], condition), recorded=html is not None)
    report = rehearsed(plan, spoken=False)
    if len(report.results) < len(plan.calls):
        err.print(f"Interrupted: {len(report.results)} of {len(plan.calls)} calls were played, so nothing is judged.")
        raise typer.Exit(INTERRUPTED)
    if earlier:
        _check(earlier, report)
    if accept:
        _accept(baseline, earlier, report)
        earlier = None
    comparison = compare(earlier or Baseline(str(baseline), report.run, report.results), report)
    if not comparison.now:
        raise ReplayError("gate.apart", f"{baseline}: none of these calls stands in it. {_remedy(baseline)}")
    verdict = judged(comparison, report, whole=whole)
    write_reports(report, comparison, junit, html)
    files = {case.name: str(case.file) for case in plan.cases}
    if json_:
        as_json(_as_json(verdict, report, comparison, files))
    else:
        _show(verdict, report, comparison, files)
    raise typer.Exit(0 if verdict.passed else 1)


def _read(baseline: Path) -> "Baseline":
    from voicebot.replay.baseline import read_baseline

    if not baseline.exists():
        raise ReplayError("gate.baseline", f"{baseline}: no such file. {_remedy(baseline)}")
    return read_baseline(baseline)


def _check(earlier: "Baseline", report: "Report") -> None:
    """ReplayError where the two cannot be held together."""
    from voicebot.replay.gate import unfit

    if why := unfit(earlier.run, report.run):
        raise ReplayError(
            "gate.unfit",
            f"{earlier.file}: not a run to hold this one against: {'; '.join(why)}. Give another --baseline, or the "
            "same settings and --condition.",
        )


def _accept(baseline: Path, earlier: "Baseline | None", report: "Report") -> None:
    """Take how the bot is now as right; the calls of `earlier` that were not played stay as they were."""
    from voicebot.replay import Report

    played = {result.key for result in report.results}
    stay = tuple(result for result in earlier.results if result.key not in played) if earlier else ()
    whole = Report(stay + report.results, report.run)
    part = baseline.with_name(f".{baseline.name}.part")
    write_file(part, json.dumps(whole.to_json(), ensure_ascii=False, indent=1) + "\n")
    part.replace(baseline)
    err.print(f"{baseline}: how the bot is now is taken as right.", markup=False)


def _remedy(baseline: object) -> str:
    return f"To take how the bot is now as right: voicebot gate --baseline {baseline} --accept (and the same options)"


def _show(verdict: "Verdict", report: "Report", comparison: "Comparison", files: dict[str, str]) -> None:
    """A screen of text: why the gate is shut, or that it is open."""
    from voicebot.replay.figures import figures
    from voicebot.replay.wording import spread

    say = partial(out.print, markup=False, soft_wrap=True)
    if verdict.passed:
        say("The gate is open.", style="bold green")
    else:
        gone = f", and {len(verdict.gone)} gone" if verdict.gone else ""
        say(f"The gate is shut: {len(verdict.reasons)} of {len(report.played)} calls{gone}.", style="bold red")
    for reason in verdict.reasons[:MOST]:
        say("\n".join(("", *_lines(reason, files))))
    if more := verdict.reasons[MOST:]:
        say(f"\n… and {len(more)} more: {', '.join(reason.now.name for reason in more)}")
    before, now = figures(comparison.before).answer_sound, figures(comparison.now).answer_sound
    say(f"\n{report.summary}\n{comparison.sentence()}")
    say(f"Answers of those compared, p50 / p95: {spread(before)} s before, {spread(now)} s now; that shuts no gate.")
    if new := (*comparison.only_now, *comparison.changed):
        say(f"New, or other than in the baseline, so held to be never wrong, and right if vital: {', '.join(new)}")
    if verdict.more_wrong:
        say(f"Wrong before, and in more places now, which shuts no gate: {', '.join(verdict.more_wrong)}")
    if verdict.gone:
        say(f"Gone, and in the baseline: {', '.join(verdict.gone)}", style="red")
    elif comparison.only_before:
        say(f"In the baseline, and not played: {', '.join(comparison.only_before)}")
    for what in comparison.unlike:
        say(f"Not alike: {what}", style="yellow")
    if not verdict.passed:
        say(f"To see the calls: --html FILE. {_remedy(comparison.file)}")


def _lines(reason: "Reason", files: dict[str, str]) -> Iterator[str]:
    before, now = reason.steps
    yield f"✗ {reason.now.label}, {reason.now.title}: {reason.rule}"
    if now:
        yield f"    the caller   {now.title}"
        yield f"    heard        {now.heard or '–'}"
    yield f"    before       {_did(reason.before, before)}"
    yield f"    now          {_did(reason.now, now)}"
    yield f"    look at      {files[reason.now.name]}"


def _did(result: "CaseResult | None", step: "StepResult | None") -> str:
    """What the bot did in a call, at this step, and what was not as it should be."""
    from voicebot.replay.wording import decision_of

    if result is None:
        return "no such call, or another"
    if step is None:
        return f"the call ended as {result.outcome or 'nothing'}; {'; '.join(result.misses) or 'nothing missed'}"
    return f"{decision_of(step)}; {'; '.join(step.misses) or 'right'}"


def _as_json(verdict: "Verdict", report: "Report", comparison: "Comparison", files: dict[str, str]) -> dict[str, Any]:
    reasons = []
    for reason in verdict.reasons:
        before, now = reason.steps
        reasons.append(
            {
                "case": reason.now.name,
                "condition": reason.now.condition,
                "rule": reason.rule.name.lower(),
                "step": now and now.title,
                "heard": now and now.heard,
                "before": _did(reason.before, before),
                "now": _did(reason.now, now),
                "file": files[reason.now.name],
            }
        )
    told = {"gone": list(verdict.gone), "more_wrong": list(verdict.more_wrong)}
    return {"open": verdict.passed, "reasons": reasons, **told, "replay": report.to_json(comparison)}
