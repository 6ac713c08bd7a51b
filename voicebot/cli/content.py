"""Commands that look after the answer texts and the model files."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from voicebot.cli.output import AsJson, Where, as_json, as_table, err, group, out
from voicebot.errors import ContentError
from voicebot.settings import load_settings

answers = group("The approved answer texts.")
models = group("The model files.")


@answers.command("check")
def answers_check(
    folder: Annotated[Path | None, typer.Argument(help="The answers' folder.")] = None, json_: AsJson = False
) -> None:
    """Find every fault in the answer texts, with file, line and remedy; exit 1 if there is one."""
    from voicebot.answers import check_library

    folder = folder or load_settings().answers_dir
    if not folder.is_dir():
        raise ContentError("answers.folder", f"{folder}: no such folder; name the one that holds the answer texts.")
    faults = check_library(folder)
    if json_:
        as_json([{"file": str(f.file), "line": f.line, "message": f.message} for f in faults])
    else:
        for fault in faults:
            out.print(str(fault), markup=False)
        out.print(f"{len(faults)} found." if faults else "No faults.")
    raise typer.Exit(1 if faults else 0)


@answers.command("list")
def answers_list(municipality: Where = None, json_: AsJson = False) -> None:
    """List the answers of a municipality."""
    from voicebot.answers import load_library

    settings = load_settings(municipality=municipality)
    library = load_library(settings.answers_dir, settings.municipality)
    keys = ("id", "area", "title", "examples", "reviewed")
    rows = [(a.id, a.area, a.title, len(a.examples), a.reviewed.isoformat()) for a in library.answers.values()]
    if json_:
        return as_json([dict(zip(keys, row, strict=True)) for row in rows])
    as_table(library.municipality.name, keys, rows)


@answers.command("export")
def answers_export(
    folder: Annotated[Path | None, typer.Argument(help="A copy of the answers' folder; none: the bot's own.")] = None,
    json_: AsJson = False,
) -> None:
    """Write the texts published in the dashboard over the files; those of the bot's own folder count again then."""
    from voicebot.answers.files import write_over
    from voicebot.storage.versions import hand_back_at, published_at

    settings = load_settings()
    home = folder or settings.answers_dir
    if not home.is_dir():
        raise ContentError("answers.folder", f"{home}: no such folder; name the one that holds the answer texts.")
    published = published_at(settings.record_url)
    done = write_over(home, published)
    if home.resolve() == settings.answers_dir.resolve():
        hand_back_at(settings.record_url, published)
    if json_:
        return as_json([{"file": file, "what": what} for file, what in done.items()])
    for file, what in done.items():
        out.print(f"{what:8} {home / file}", markup=False)
    out.print(f"{len(done)} published." if done else "Nothing is published in the dashboard.")


@models.command("list")
def models_list(json_: AsJson = False) -> None:
    """List the models: what each is for, its size and licence, and whether it is in place."""
    from voicebot import models as room

    rows = room.listing(load_settings().models_dir)
    if json_:
        return as_json([asdict(row) for row in rows])
    sizes = [f"{row.bytes / 1e6:.0f} MB" if row.bytes else "" for row in rows]
    as_table(
        "Models",
        ("name", "use", "set", "size", "licence", "state"),
        ((r.name, r.use, r.set, size, r.licence, r.state.value) for r, size in zip(rows, sizes, strict=True)),
    )


@models.command("pull")
def models_pull(
    names: Annotated[list[str] | None, typer.Argument(help="Models, or sets: default, test, better.")] = None,
) -> None:
    """Fetch models (the default set, if none is named), check their sha256 and put them in place."""
    from voicebot import models as room

    with room.progress_bars(err) as progress:
        pulled = room.pull(load_settings().models_dir, names or ["default"], progress)
    err.print(f"Put in place: {', '.join(pulled)}" if pulled else "All models are in place.")


@models.command("verify")
def models_verify(
    names: Annotated[list[str] | None, typer.Argument(help="Models, or sets; none: all in place.")] = None,
    json_: AsJson = False,
) -> None:
    """Read models from end to end and compare their sha256; exit 1 if one is not what it should be."""
    from voicebot import models as room

    rows = room.verify(load_settings().models_dir, names or ())
    if json_:
        as_json([row._asdict() for row in rows])
    else:
        as_table("Models", ("name", "state", "note"), ((row.name, row.state.value, row.note) for row in rows))
    raise typer.Exit(0 if all(row.state is room.State.IN_PLACE for row in rows) else 1)
