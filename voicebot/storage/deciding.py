"""What operators do about groups of unanswered questions. The caller commits."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from voicebot.errors import StorageError
from voicebot.storage.groups import State, begin, bytes_of, latest_texts, read_mean
from voicebot.storage.tables import Group, Turn


async def decide(session: AsyncSession, group: Group, state: State, now: datetime, answer: str | None = None) -> None:
    """Say what is to be done about a group; answer: the id of the one it is given to."""
    group.state, group.answer, group.decided = state, answer, now if state is not State.OPEN else None


async def merge(session: AsyncSession, group: Group, other: Group) -> None:
    """Put all turns of another group into this one; the other is gone. StorageError where they cannot be one."""
    if group.id == other.id or group.municipality != other.municipality:
        raise StorageError("groups.merge", "De to grupper kan ikke slås sammen. Vælg en anden gruppe.")
    await session.execute(update(Turn).where(Turn.group_id == other.id).values(group_id=group.id))
    means = read_mean(group.centre), read_mean(other.centre)
    size = group.size + other.size
    if len(means[0]) == len(means[1]) and size:
        group.centre = bytes_of((means[0] * group.size + means[1] * other.size) / size)
    group.size, group.label = size, group.label or other.label
    await session.execute(delete(Group).where(Group.id == other.id))


async def take_out(session: AsyncSession, group: Group, turn_id: int) -> int:
    """Give a turn of a group one of its own, whose id is told; its middle is worked out later.

    StorageError where the turn is not in the group, or has no words any more.
    """
    turn = await session.get(Turn, turn_id)
    if not turn or turn.group_id != group.id or not turn.text:
        raise StorageError("groups.turn", "Ytringen er ikke længere i gruppen. Indlæs siden igen.")
    turn.group_id = await begin(session, group.municipality, turn.text)
    await session.execute(update(Group).where(Group.id == turn.group_id).values(size=1))
    group.size -= 1
    await session.flush()
    if turn.text == group.label:
        group.label = next(iter(await latest_texts(session, group.id, 1)), "")
    return turn.group_id
