"""What people looked at and changed, for those who answer for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from voicebot.storage.operators import AuditEntry

SYSTEM = "voicebot"
"""Who it was where nobody is logged in: the bot itself, or its command line."""
PAGE = 100
"""Entries on one page."""


async def note(session: AsyncSession, who: str, action: str, object: str, **details: object) -> None:
    """Note that somebody did something to something; the caller commits. details: never what a caller said."""
    session.add(AuditEntry(at=datetime.now(UTC), who=who, action=action, object=object[:128], details=details))


@dataclass(frozen=True)
class AuditPage:
    """Entries, the newest first; older: from where the next page goes on, None at the end."""

    entries: Sequence[AuditEntry]
    older: int | None


async def page_of_audit(
    session: AsyncSession,
    who: str = "",
    action: str = "",
    object: str = "",
    before: int | None = None,
) -> AuditPage:
    """The newest entries of a person, of an action or about a thing ('': any), older than the entry `before`."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(PAGE + 1)
    for column, value in ((AuditEntry.who, who), (AuditEntry.action, action), (AuditEntry.object, object)):
        if value:
            query = query.where(column == value)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    found = (await session.scalars(query)).all()
    return AuditPage(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)
