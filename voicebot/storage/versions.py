"""Texts of `answers/` published in the dashboard: each a version of one file, the newest of each file in use."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, false, func, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from voicebot.errors import StorageError
from voicebot.storage import audit
from voicebot.storage.database import parsed, shown, sqlite_file
from voicebot.storage.operators import Version
from voicebot.storage.queries import reading

Texts = Mapping[str, str | None]
"""Path within `answers/` → whole text of that file; None: there is none."""

FOLDER = "filerne"
"""Who wrote the text that lay in the folder before the first version of its path."""
READ_SECONDS = 5.0
"""How long reading all published texts may take: a call is not waiting, but who publishes is."""
_REMOVED = ""


async def published(session: AsyncSession) -> dict[str, str | None]:
    """The texts that go before the files; None: the file is to count as gone."""
    newest = select(func.max(Version.id)).group_by(Version.path)
    rows = await session.execute(select(Version.path, Version.text).where(Version.id.in_(newest)))
    return {path: text_ or None for path, text_ in rows if text_ is not None}


def published_at(url: str) -> dict[str, str | None]:
    """The same from the record at `url`, none where there is no record yet; not for an event loop's thread.

    StorageError where the database cannot be read, or not within `READ_SECONDS`.
    """
    file = sqlite_file(parsed(url))
    return {} if file and not file.exists() else asyncio.run(_read(url))


async def _read(url: str) -> dict[str, str | None]:
    try:
        async with asyncio.timeout(READ_SECONDS), reading(url) as session:
            connection = await session.connection()
            there = await connection.run_sync(lambda bound: inspect(bound).has_table(Version.__tablename__))
            return await published(session) if there else {}
    except (TimeoutError, OSError) as fault:
        why = "no answer" if isinstance(fault, TimeoutError) else fault.strerror
        raise StorageError(
            "storage.read", f"{shown(parsed(url))}: published texts cannot be read ({why}). Check the database."
        ) from None


def hand_back_at(url: str, written: Texts) -> None:
    """Let files count again that have been written from the record at `url`; not for an event loop's thread."""
    if written:
        asyncio.run(_hand_back(url, written))


async def _hand_back(url: str, written: Texts) -> None:
    async with reading(url) as session:
        paths = await hand_back(session, written, audit.SYSTEM, "Skrevet til filerne")
        await audit.note(session, audit.SYSTEM, "answers.exported", "", files=paths)
        await session.commit()


async def publish(session: AsyncSession, changed: Texts, who: str, note: str, *, before: Texts) -> None:
    """Put new texts in the files' place; the caller commits, and then has the bot read them.

    before: for each path, what was in use when `changed` was made from it. StorageError `versions.conflict` where
    somebody has published another text meanwhile.
    """
    await _alone(session)
    in_use = await published(session)
    now = datetime.now(UTC)
    for path, new in changed.items():
        old = before[path]
        if path in in_use and in_use[path] != old:
            raise StorageError("versions.conflict", f"{path}: en anden har udgivet en ny tekst imens.")
        if path not in in_use and old is not None:  # so that the history begins with what lay in the folder
            session.add(Version(path=path, text=old, at=now, who=FOLDER, note=""))
            await session.flush()
        session.add(Version(path=path, text=new or _REMOVED, at=now, who=who, note=note))
        await session.flush()


async def hand_back(session: AsyncSession, written: Texts, who: str, note: str) -> list[str]:
    """Let the files of the folder count again where the text in use is what was written there; which those are.

    The caller commits, and then has the bot read them.
    """
    await _alone(session)
    in_use, now = await published(session), datetime.now(UTC)
    same = [path for path, text_ in written.items() if path in in_use and in_use[path] == text_]
    session.add_all(Version(path=path, text=None, at=now, who=who, note=note) for path in same)
    return same


async def history(session: AsyncSession, path: str) -> Sequence[Version]:
    """All versions of a file, the newest first."""
    return (await session.scalars(select(Version).where(Version.path == path).order_by(Version.id.desc()))).all()


async def version(session: AsyncSession, id_: int) -> Version | None:
    """One version."""
    return await session.get(Version, id_)


async def _alone(session: AsyncSession) -> None:
    """Nobody else publishes until this transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("lock table versions in share row exclusive mode"))
    else:
        await session.execute(delete(Version).where(false()))
