"""A year of invented calls, for trying out the dashboard."""

import asyncio
from contextlib import ExitStack
from typing import Annotated

import typer

from voicebot.cli.output import counting, err, group
from voicebot.settings import Settings, load_settings

commands = group("Invented calls.")


@commands.command("demo-data")
def demo_data(
    calls: Annotated[int, typer.Option(min=1, help="How many calls the year has.")] = 20_000,
    seed: Annotated[int, typer.Option(min=0, help="What chance begins with.")] = 1,
) -> None:
    """Fill an empty database with a believable year of invented calls, for trying out the dashboard."""
    settings = load_settings()
    asyncio.run(_fill(settings, calls, seed))
    err.print("Invented calls are in the database. Start the bot to look at them: make run.")


async def _fill(settings: Settings, calls: int, seed: int) -> None:
    from datetime import UTC, datetime

    from voicebot.answers import load_library
    from voicebot.demo import Town, Year, fill
    from voicebot.storage.database import FileLock, connect, migrate, parsed, sqlite_file

    url = parsed(settings.record_url)
    others = sorted(folder.name for folder in (settings.answers_dir / "municipalities").iterdir() if folder.is_dir())
    names = [settings.municipality, *(name for name in others if name != settings.municipality)]
    towns = [Town.of(load_library(settings.answers_dir, name), seed) for name in names]
    with ExitStack() as held, counting() as bar:
        if file := sqlite_file(url):
            held.callback(FileLock(file).release)
        engine = connect(url)
        try:
            await migrate(engine)
            task = bar.add_task("Calls", total=calls)
            await fill(engine, Year(towns, calls, datetime.now(UTC), seed), lambda more: bar.advance(task, more))
        finally:
            await engine.dispose()
