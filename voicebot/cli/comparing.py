"""The command that measures this bot and another side by side."""

from pathlib import Path
from typing import Annotated

import typer

from voicebot.cli.output import AsJson, as_json, as_table, counting, err, group, reading
from voicebot.settings import load_settings

commands = group("")


@commands.command("calls")
def compare(
    callers: Annotated[int, typer.Option(min=0, help="Callers at once at most, more and more; 0: one at a time.")] = 16,
    questions: Annotated[int, typer.Option(min=1, help="How many recorded callers call each bot, one by one.")] = 8,
    json_: AsJson = False,
    html: Annotated[Path | None, typer.Option(help="Write a report.")] = None,
) -> None:
    """Let the same callers call this bot and one made of pipecat's parts; exit 1 when ours is not far enough ahead."""
    import asyncio
    import tempfile

    from voicebot import app, models, rival
    from voicebot.answers import load_library
    from voicebot.loadtest import clear_questions
    from voicebot.rival.report import as_html, check_place

    settings = load_settings()
    library = load_library(settings.answers_dir, settings.municipality)
    asked = list({question.step.say: question for question in clear_questions(settings.recorded_calls)}.values())
    for model in rival.MODELS:
        models.model_path(settings.models_dir, model)
    if html:
        check_place(html)
    with counting() as bar:
        task = bar.add_task("Setting up pipecat", visible=False)
        python = rival.set_up(
            settings.data_dir / "rival", lambda done, all_: bar.update(task, completed=done, total=all_, visible=True)
        )
    with reading() as show:
        index = app.load_index(settings, show)
        with tempfile.TemporaryDirectory(prefix="voicebot-rival-") as folder:
            parts = rival.write_parts(Path(folder), settings.models_dir, library, index)
            some = asked[:: max(1, len(asked) // questions)][:questions]
            comparison = asyncio.run(rival.compare(python, parts, some, callers, err.print))
    if html:
        html.write_text(as_html(comparison), "utf-8")
    if json_:
        as_json(comparison.to_json())
    else:
        columns, rows = comparison.table()
        as_table("The same callers, one bot after the other", columns, rows)
    raise typer.Exit(0 if comparison.met else 1)
