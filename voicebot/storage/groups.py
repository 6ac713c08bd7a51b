"""Unanswered questions by meaning: how turns come into groups, and what operators do with a group.

The caller commits. Texts are what callers said, with CPR numbers masked before they were stored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, CursorResult, delete, exists, false, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from voicebot.storage.tables import Group, Turn

MOST_CENTRES = 2000
"""Groups a turn is compared with, 6 MB of them: those that have more than one turn, the newest of them, then others."""

Mean = NDArray[np.float32]


class State(StrEnum):
    """What has been done about a group."""

    OPEN = "open"
    ANSWERED = "answered"
    """Given to an answer, which now has some of its texts among its examples."""
    NOT_OURS = "not_ours"


@dataclass(frozen=True)
class Waiting:
    """A turn that no group has been found for yet."""

    id: int
    municipality: str
    text: str


@dataclass(frozen=True)
class Centres:
    """The middles of groups. means: of each group's unit vectors, (groups, d); sizes: how many they were."""

    ids: Sequence[int]
    means: Mean
    sizes: Sequence[int]


async def alone(session: AsyncSession) -> None:
    """Nobody else changes groups until this transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("lock table groups in share row exclusive mode"))
    else:
        await session.execute(delete(Group).where(false()))


def _ungrouped() -> ColumnElement[bool]:
    return Turn.unanswered & Turn.group_id.is_(None) & Turn.text.is_not(None)


async def waiting(session: AsyncSession, most: int) -> Sequence[Waiting]:
    """The turns that have waited longest."""
    found = select(Turn.id, Turn.municipality, Turn.text).where(_ungrouped()).order_by(Turn.id).limit(most)
    return [Waiting(id_, municipality, text or "") for id_, municipality, text in await session.execute(found)]


async def still_waiting(session: AsyncSession, turns: Sequence[int]) -> set[int]:
    """Those of `turns` that are in no group yet."""
    return set(await session.scalars(select(Turn.id).where(Turn.id.in_(turns), _ungrouped())))


async def centres(session: AsyncSession, municipality: str, length: int, most: int = MOST_CENTRES) -> Centres:
    """The middles of a municipality's groups, as far as they are `length` numbers."""
    found = (
        select(Group.id, Group.centre, Group.size)
        .where(Group.municipality == municipality, func.length(Group.centre) == _bytes(length))
        .order_by((Group.size > 1).desc(), Group.id.desc())
        .limit(most)
    )
    rows = (await session.execute(found)).all()
    means = read_mean(b"".join(row.centre for row in rows)).reshape(len(rows), length)
    return Centres([row.id for row in rows], means, [row.size for row in rows])


async def without_centre(session: AsyncSession, length: int, most: int) -> dict[int, str]:
    """Labels, by their ids, of groups whose middle is not known as `length` numbers."""
    bare = (func.length(Group.centre) != _bytes(length)) & (Group.label != "")
    found = (await session.execute(select(Group.id, Group.label).where(bare).limit(most))).all()
    return {row.id: row.label for row in found}


async def give_centre(session: AsyncSession, group: int, mean: Mean) -> None:
    """Set the middle of a group."""
    await session.execute(update(Group).where(Group.id == group).values(centre=bytes_of(mean)))


async def begin(session: AsyncSession, municipality: str, label: str) -> int:
    """The id of a new, open group that has nothing in it."""
    group = Group(
        municipality=municipality, label=label, centre=b"", size=0, state=State.OPEN, created=datetime.now(UTC)
    )
    session.add(group)
    await session.flush()
    return group.id


async def put(session: AsyncSession, group: int, turns: Iterable[int], mean: Mean, size: int) -> None:
    """Put turns into a group, whose middle and size are then these."""
    await session.execute(update(Turn).where(Turn.id.in_(list(turns))).values(group_id=group))
    await session.execute(update(Group).where(Group.id == group).values(centre=bytes_of(mean), size=size))


async def latest_texts(session: AsyncSession, group: int, most: int) -> list[str]:
    """The latest different texts of a group."""
    texts = select(Turn.text).where(Turn.group_id == group, Turn.text.is_not(None)).order_by(Turn.started.desc())
    return list(dict.fromkeys(text for text in await session.scalars(texts.limit(most)) if text))


async def mean_of(session: AsyncSession, group: int) -> Mean | None:
    """The middle of a group."""
    centre = await session.scalar(select(Group.centre).where(Group.id == group))
    return read_mean(centre) if centre else None


async def name(session: AsyncSession, group: int, label: str) -> None:
    """Call a group by a text of one of its turns."""
    await session.execute(update(Group).where(Group.id == group).values(label=label))


async def forget_labels(session: AsyncSession) -> int:
    """Have no group called by words that are deleted: by others of its own, or by none; how many were renamed.

    An open group without words loses its middle, made of them, too: the same question begins a group of its own. What
    was decided about the others is for the same questions to come, until they are deleted themselves.
    """
    mine = (Turn.group_id == Group.id) & Turn.text.is_not(None)
    newest = select(Turn.text).where(mine).order_by(Turn.started.desc()).limit(1).correlate(Group).scalar_subquery()
    gone = (Group.label != "") & ~exists().where(mine, Turn.text == Group.label).correlate(Group)
    result = await session.execute(update(Group).where(gone).values(label=func.coalesce(newest, "")))
    wordless = (Group.label == "") & (Group.state == State.OPEN) & (Group.centre != b"")
    await session.execute(update(Group).where(wordless).values(centre=b""))
    return cast(CursorResult[Any], result).rowcount


def read_mean(centre: bytes) -> Mean:
    """The mean that a group's centre holds."""
    return np.frombuffer(centre, "<f4").astype(np.float32)


def _bytes(length: int) -> int:
    return length * np.dtype(np.float32).itemsize


def bytes_of(mean: NDArray[np.floating[Any]]) -> bytes:
    """A mean as a group's centre holds it."""
    return np.asarray(mean, "<f4").tobytes()
