"""Log-ins that failed, and how long the next one has to wait."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from voicebot.storage.operators import Attempt

REMEMBERED = timedelta(hours=1)
"""How long a failure counts."""
FREE_BY_NAME, FREE_BY_ADDRESS = 5, 20
"""Failures without a wait; a town hall's people come from one address."""
LONGEST_WAIT = 60.0
"""Seconds. At one guess a minute a password of 12 characters is safe, and nobody can shut others out for long."""


def name_key(name: str) -> bytes:
    """What a name's failures are kept under."""
    return hashlib.sha256(f"name:{name.casefold()}".encode()).digest()


def address_key(address: str) -> bytes:
    """What an address's failures are kept under."""
    return hashlib.sha256(f"address:{address}".encode()).digest()


def wait(failures: int, free: int) -> float:
    """Seconds from the last of so many failures until the next try: 1, 2, 4 … after the free ones."""
    return 0.0 if failures < free else min(LONGEST_WAIT, 2.0 ** min(failures - free, 10))


async def try_once(session: AsyncSession, name: str, address: str, now: datetime) -> float:
    """Count a try as failed until `succeeded` says otherwise, and commit; or say how many seconds it has to wait.

    It counts before the password is compared, so that many at once are not all let through.
    """
    keys = {name_key(name): FREE_BY_NAME, address_key(address): FREE_BY_ADDRESS}
    if (seconds := await _left(session, keys, now)) > 0:  # who hammers on the door writes nothing
        return seconds
    await session.execute(delete(Attempt).where(Attempt.at < now - REMEMBERED))
    tries = [Attempt(key=key, at=now) for key in keys]
    session.add_all(tries)
    await session.commit()
    seconds = await _left(session, keys, now, before=min(each.id for each in tries))
    if seconds > 0:
        await session.execute(delete(Attempt).where(Attempt.id.in_(each.id for each in tries)))
        await session.commit()
    return seconds


async def _left(session: AsyncSession, keys: Mapping[bytes, int], now: datetime, before: int | None = None) -> float:
    """Seconds left to wait for failures under `keys` (each with how many are free), of those `before` a try."""
    longest = 0.0
    for key, free in keys.items():
        mine = select(func.count(), func.max(Attempt.at)).where(Attempt.key == key, Attempt.at >= now - REMEMBERED)
        if before is not None:
            mine = mine.where(Attempt.id < before)
        failures, last = (await session.execute(mine)).one()
        if failures:
            longest = max(longest, wait(failures, free) - (now - last).total_seconds())
    return longest


async def succeeded(session: AsyncSession, name: str, address: str, now: datetime) -> None:
    """Forget the failures of a name, and of its address the try of `now`; the caller commits."""
    mine = and_(Attempt.key == address_key(address), Attempt.at == now)
    await session.execute(delete(Attempt).where(or_(Attempt.key == name_key(name), mine)))
