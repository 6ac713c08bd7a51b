"""A year of invented calls into a database."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Table, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from voicebot.demo.year import Row, Subject, Year, tally_rows
from voicebot.errors import StorageError
from voicebot.storage.tables import Base, Group

_BATCH = 2000
_CALLS, _EVENTS, _TURNS, _TALLIES = (Base.metadata.tables[name] for name in ("calls", "events", "turns", "tallies"))


async def fill(engine: AsyncEngine, year: Year, done: Callable[[int], None]) -> None:
    """Put a year into migrated tables, all of it or nothing; done(calls) is told how many more there are.

    StorageError for a database that has calls already: real and invented ones could never be told apart again.
    """
    async with engine.begin() as connection:
        for table in (_CALLS, _TALLIES):
            if (await connection.execute(select(table).limit(1))).first():
                raise StorageError(
                    "storage.not_empty",
                    "This database has calls already. Give the invented ones a database of their own (database_url).",
                )
        groups = await _open_groups(connection, year)
        sizes: Counter[int] = Counter()
        calls = year.calls(groups)
        while batch := list(islice(calls, _BATCH)):
            turns = [turn for told in batch for turn in told.turns]
            await _insert(connection, _CALLS, [told.call for told in batch])
            await _insert(connection, _TURNS, turns)
            await _insert(connection, _EVENTS, [event for told in batch for event in told.events])
            sizes.update(turn["group_id"] for turn in turns if turn["group_id"])
            done(len(batch))
        await _close_groups(connection, sizes)
        await _insert(connection, _TALLIES, tally_rows(year.counts))
    await _tidy(engine)


async def _open_groups(connection: AsyncConnection, year: Year) -> dict[Subject, int]:
    groups = {}
    for subject, row in year.groups():
        new = await connection.execute(insert(Group).values(row).returning(Group.id))
        groups[subject] = new.scalar_one()
    return groups


async def _close_groups(connection: AsyncConnection, sizes: Mapping[int, int]) -> None:
    for group, size in sizes.items():
        await connection.execute(update(Group).where(Group.id == group).values(size=size))
    await connection.execute(delete(Group).where(Group.size == 0))


async def _insert(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Many rows at once, as quickly as each database takes them."""
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        await connection.execute(insert(table), rows)
        return
    records = [[json.dumps(v, ensure_ascii=False) if isinstance(v, dict) else v for v in row.values()] for row in rows]
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.copy_records_to_table(table.name, records=records, columns=list(rows[0]))


async def _tidy(engine: AsyncEngine) -> None:
    """Let the database know what it has now, or it would search as if it were empty."""
    command = "VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"
    async with engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text(command))
