"""Commands that delete what has been kept long enough."""

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from voicebot.cli.output import AsJson, as_json, as_table, group
from voicebot.settings import load_settings

if TYPE_CHECKING:
    from voicebot.storage.choices import Choices
    from voicebot.storage.retention import Forgotten

retention = group("How long calls are kept; administrators choose it in the dashboard, under Drift.")

_NAMES = {
    "words": "calls whose words and events go",
    "calls": "whole calls",
    "groups": "groups of questions left empty",
    "audit": "entries of the audit trail",
}


@retention.command()
def show(json_: AsJson = False) -> None:
    """Show how long things are kept, and what is old enough to be deleted now; nothing is."""

    async def look() -> "tuple[Choices, Forgotten]":
        from voicebot.storage import reading
        from voicebot.storage.choices import chosen
        from voicebot.storage.retention import due_to_go

        async with reading(load_settings().record_url) as session:
            kept = await chosen(session)
            return kept, await due_to_go(session, kept, datetime.now(UTC))

    kept, forgotten = asyncio.run(look())
    if json_:
        return as_json(asdict(kept) | {"due": asdict(forgotten)})
    title = f"Words are kept {kept.keep_words_days} days, calls {kept.keep_calls_days}"
    as_table(title, ("old enough to be deleted", "number"), _rows(forgotten))


@retention.command()
def run(json_: AsJson = False) -> None:
    """Delete now what is old enough; a bot does so itself every night."""

    async def work() -> "Forgotten":
        from voicebot.storage.choices import chosen
        from voicebot.storage.queries import changing
        from voicebot.storage.retention import forget

        async with changing(load_settings().record_url) as sessions:
            async with sessions() as session:
                kept = await chosen(session)
            return await forget(sessions, kept, datetime.now(UTC))

    forgotten = asyncio.run(work())
    if json_:
        return as_json(asdict(forgotten))
    as_table("Deleted", ("what", "number"), _rows(forgotten))


def _rows(forgotten: "Forgotten") -> list[tuple[str, int]]:
    return [(_NAMES[name], number) for name, number in asdict(forgotten).items()]
