"""What operators say of a call: right or wrong, and a comment."""

import re
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from voicebot.errors import StorageError
from voicebot.masking import mask_cpr
from voicebot.storage.audit import note
from voicebot.storage.tables import Call

COMMENT_LIMIT = 2000
"""Characters of a comment."""
_UNSEEN = re.compile(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What has no place in a comment: control characters, which PostgreSQL refuses, and marks that turn text about."""


class Mark(StrEnum):
    """Whether the bot did right."""

    RIGHT = "right"
    WRONG = "wrong"


async def mark(session: AsyncSession, call: Call, who: str, given: Mark | None) -> None:
    """Mark a call, or take its mark away, and note it; the caller commits."""
    await note(session, who, "call.marked", call.id, mark=given, before=call.mark)
    call.mark = given


async def comment(session: AsyncSession, call: Call, who: str, text: str) -> None:
    """Keep a comment without CPR numbers, '' for none, and note that there is one; the caller commits.

    StorageError: longer than COMMENT_LIMIT.
    """
    kept = mask_cpr(tidy(text))
    if len(kept) > COMMENT_LIMIT:
        raise StorageError(
            "storage.comment",
            f"Kommentaren må højst fylde {COMMENT_LIMIT} tegn; den her er på {len(kept)}. Kort den af.",
        )
    await note(session, who, "call.commented", call.id, characters=len(kept))
    call.comment = kept or None


def tidy(text: str) -> str:
    """`text` with plain line ends and nothing that cannot be seen."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    return _UNSEEN.sub(" ", lines).strip()
