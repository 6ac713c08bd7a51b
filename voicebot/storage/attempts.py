"""Log-ins that failed, and how long the next one has to wait."""

import hashlib
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
    await session.execute(delete(Attempt).where(Attempt.at < now - REMEMBERED))
    tries = [Attempt(key=key, at=now) for key in (name_key(name), address_key(address))]
    session.add_all(tries)
    await session.commit()
    left = [
        await _left(session, each, free, now) for each, free in zip(tries, (FREE_BY_NAME, FREE_BY_ADDRESS), strict=True)
    ]
    if max(left) > 0:
        for each in tries:
            await session.delete(each)
        await session.commit()
    return max(left)


async def _left(session: AsyncSession, mine: Attempt, free: int, now: datetime) -> float:
    others = select(func.count(), func.max(Attempt.at)).where(Attempt.key == mine.key, Attempt.id < mine.id)
    failures, last = (await session.execute(others)).one()
    if not failures:
        return 0.0
    return wait(failures, free) - (now - last).total_seconds()


async def succeeded(session: AsyncSession, name: str, address: str, now: datetime) -> None:
    """Forget the failures of a name, and of its address the try of `now`; the caller commits."""
    mine = and_(Attempt.key == address_key(address), Attempt.at == now)
    await session.execute(delete(Attempt).where(or_(Attempt.key == name_key(name), mine)))
