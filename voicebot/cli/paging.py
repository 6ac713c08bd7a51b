"""How quick the dashboard's pages are."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from voicebot.cli.output import AsJson, as_json, as_table, counting, group, out
from voicebot.settings import load_settings

if TYPE_CHECKING:
    from voicebot.storage.measure import Timed

commands = group("Pages.")


@commands.command("pages")
def bench_pages(
    times: Annotated[int, typer.Option(min=1, help="How often each page is asked for.")] = 20,
    plan: Annotated[bool, typer.Option("--plan", help="Show how the database goes about each list of calls.")] = False,
    json_: AsJson = False,
) -> None:
    """Time the queries behind every page on the record of the settings, as in a database of voicebot demo-data."""
    with counting() as bar:
        task = bar.add_task("Pages", total=None)
        pages = asyncio.run(_measure(load_settings().record_url, times, lambda: bar.advance(task)))
    if json_:
        return as_json([asdict(page) for page in pages])
    rows = [(page.page, f"{page.p50_ms:.1f} ms", f"{page.p95_ms:.1f} ms") for page in pages]
    as_table(f"{times} times each", ("page", "half of them", "95 of 100"), rows)
    for page in pages if plan else ():
        if page.plan:
            out.print(f"\n{page.page}", *page.plan, sep="\n  ", markup=False)


async def _measure(url: str, times: int, done: Callable[[], None]) -> "list[Timed]":
    from datetime import UTC, datetime

    from voicebot.storage.database import connect, migrate, parsed
    from voicebot.storage.measure import measured

    engine, pages = connect(parsed(url)), []
    try:
        await migrate(engine)
        async for page in measured(engine, datetime.now(UTC), times):
            pages.append(page)
            done()
    finally:
        await engine.dispose()
    return pages
