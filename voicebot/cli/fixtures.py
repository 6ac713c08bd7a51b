"""Commands that look after the recorded callers."""

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from voicebot.cli.output import AsJson, as_json, as_table, group, out
from voicebot.settings import load_settings

fixtures = group("The recorded callers.")


@fixtures.command("schema")
def fixtures_schema() -> None:
    """Print the JSON schema of a case's file, for editors and other programs."""
    from voicebot.replay.cases import case_schema

    as_json(case_schema())


@fixtures.command("check")
def fixtures_check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Cases, or folders of them; none: the setting recorded_calls.")
    ] = None,
    json_: AsJson = False,
) -> None:
    """Find every fault in recorded callers, with file, line and remedy, and count what there is; exit 2 on a fault."""
    from voicebot.replay.checking import check_cases
    from voicebot.replay.inventory import inventory
    from voicebot.replay.reading import read_cases

    cases, faults = read_cases(paths or [load_settings().recorded_calls])
    faults = sorted([*faults, *check_cases(cases, cache(_known))])
    there = inventory(cases)
    if json_:
        told = [{"file": fault.file, "line": fault.line, "message": fault.message} for fault in faults]
        as_json({"faults": told, **there.to_json()})
    elif faults:
        for fault in faults:
            out.print(str(fault), markup=False, soft_wrap=True)
        out.print(f"{len(faults)} found.")
    else:
        as_table("", ("tag", "cases"), there.tags.items())
        out.print(there.summary)
    raise typer.Exit(2 if faults else 0)


def _known(municipality: str) -> Collection[str]:
    """The ids of the answers of a municipality, of the bot's own where none is named."""
    from voicebot.answers import load_library

    settings = load_settings(municipality=municipality or None)
    return load_library(settings.answers_dir, settings.municipality).answers.keys()
