"""Sessions of those who have logged in: kept here, so that they can be ended here."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from voicebot.storage.operators import Login, Person

IDLE = timedelta(hours=2)
"""A session unused for so long is over: a form left for a meeting is not lost. NIST SP 800-63B-4, section 2.2.3,
advises 1 h at its second level and asks for nothing at the first, which a password alone is."""
LONGEST = timedelta(hours=24)
"""After this everybody logs in again (the same section; OWASP ASVS 5.0, 7.3.1 and 7.3.2 want both told)."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly is kept when a session was used, so that not every page is written for."""
_BYTES = 32
"""256 bits of chance (ASVS 5.0, 7.2.3 asks for 128)."""


def fingerprint(token: str) -> bytes:
    """What is kept of a cookie's token: who reads the database cannot log in with it."""
    return hashlib.sha256(token.encode()).digest()


async def begin(session: AsyncSession, person: Person, now: datetime) -> str:
    """Open a new session, forget those that are over, and give the token for the cookie; the caller commits."""
    await session.execute(delete(Login).where(or_(Login.seen < now - IDLE, Login.created < now - LONGEST)))
    token = secrets.token_urlsafe(_BYTES)
    csrf = secrets.token_urlsafe(_BYTES)
    session.add(Login(token=fingerprint(token), person_id=person.id, csrf=csrf, created=now, seen=now))
    return token


async def valid(session: AsyncSession, token: str, now: datetime) -> Login | None:
    """The session of a token, if it is not over and its person is let in."""
    login = await session.get(Login, fingerprint(token))
    over = not login or now - login.seen > IDLE or now - login.created > LONGEST
    return login if login and not over and login.person.active else None


async def find(session: AsyncSession, token: str, now: datetime) -> Login | None:
    """The same; notes and commits that it was used."""
    login = await valid(session, token, now)
    if login and now - login.seen > SEEN_EVERY:
        await session.execute(update(Login).where(Login.token == login.token).values(seen=now))
        await session.commit()
    return login


async def end(session: AsyncSession, token: bytes) -> None:
    """Close the session of that fingerprint, if there is one; the caller commits."""
    await session.execute(delete(Login).where(Login.token == token))


async def of_person(session: AsyncSession, person: Person) -> Sequence[Login]:
    """Where a person is logged in, the one used last first."""
    return (await session.scalars(select(Login).where(Login.person_id == person.id).order_by(Login.seen.desc()))).all()
