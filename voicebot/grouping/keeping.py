"""The work beside the calls that finds a group for every new unanswered turn."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from voicebot.grouping.describing import SIZE, Describe
from voicebot.grouping.placing import Groups
from voicebot.storage import groups
from voicebot.storage.database import reason
from voicebot.storage.groups import Waiting

BATCH = 8
"""Turns described at once: 0.7 s on two busy cores, and between any two texts a call may have the model."""
REST = 5.0
"""Seconds to the next look where nothing waits, or the database does not answer."""
CANDIDATES = 20
"""Texts of a group among which its label is chosen, whenever the group has doubled."""

Vector = NDArray[np.float32]
Sessions = async_sessionmaker[AsyncSession]
Quiet = Callable[[], Awaitable[object]]
"""Waits until no call goes on."""

_log = logging.getLogger(__name__)


async def keep_grouping(sessions: Sessions, describe: Describe, quiet: Quiet, rest: float = REST) -> None:
    """Until cancelled, put new unanswered turns into groups; rest: seconds. Faults are logged and it goes on."""
    down = False
    while True:
        try:
            done = await group_some(sessions, describe, quiet)
            down = False
        except Exception as fault:  # whatever it is, the calls and the pages go on, and a later round may do better
            if not down:
                why = reason(fault) if isinstance(fault, SQLAlchemyError) else type(fault).__name__
                _log.warning("Unanswered questions are not grouped for now (%s); it is tried again.", why)
            done, down = 0, True
        if not done:
            await asyncio.sleep(rest)


async def group_some(sessions: Sessions, describe: Describe, quiet: Quiet) -> int:
    """Find groups for some of the turns that wait; how many they were. Several processes may do it at once."""
    async with sessions() as session:
        bare = await groups.without_centre(session, SIZE, BATCH)
        waiting = await groups.waiting(session, BATCH)
    texts = [*bare.values(), *(turn.text for turn in waiting)]
    if not texts:
        return 0
    await quiet()
    vectors = await asyncio.to_thread(describe, texts)
    async with sessions.begin() as session:
        await groups.alone(session)
        for group, vector in zip(bare, vectors, strict=False):
            await groups.give_centre(session, group, vector)
        grown = await _place(session, waiting, vectors[len(bare) :])
    for group in grown:
        await quiet()
        await _name(sessions, describe, group)
    return len(texts)


async def _place(session: AsyncSession, waiting: Sequence[Waiting], vectors: Vector) -> list[int]:
    """Put turns into groups, but those that another process has put there meanwhile; the groups that have doubled."""
    still = await groups.still_waiting(session, [turn.id for turn in waiting])
    grown: list[int] = []
    for municipality in sorted({turn.municipality for turn in waiting}):
        its = [
            (turn, vector)
            for turn, vector in zip(waiting, vectors, strict=True)
            if turn.municipality == municipality and turn.id in still
        ]
        grown += await _place_in(session, municipality, its)
    return grown


async def _place_in(session: AsyncSession, municipality: str, turns: Sequence[tuple[Waiting, Vector]]) -> list[int]:
    known = await groups.centres(session, municipality, SIZE)
    placed = Groups(known.means, known.sizes)
    into: dict[int, list[Waiting]] = {}
    for turn, vector in turns:
        into.setdefault(placed.place(vector), []).append(turn)
    grown = []
    for number, its in into.items():
        known_one = number < len(known.ids)
        size, old = placed.sizes[number], known.sizes[number] if known_one else 0
        group = known.ids[number] if known_one else await groups.begin(session, municipality, its[0].text)
        await groups.put(session, group, [turn.id for turn in its], placed.means[number], size)
        if size.bit_length() > max(old, 1).bit_length():
            grown.append(group)
    return grown


async def _name(sessions: Sessions, describe: Describe, group: int) -> None:
    """Have a group called by that of its latest texts which lies nearest to its middle."""
    async with sessions() as session:
        texts = await groups.latest_texts(session, group, CANDIDATES)
        mean = await groups.mean_of(session, group)
    if not texts or mean is None:
        return
    vectors = await asyncio.to_thread(describe, texts)
    label = texts[int((vectors @ mean).argmax())]
    async with sessions.begin() as session:
        await groups.name(session, group, label)
