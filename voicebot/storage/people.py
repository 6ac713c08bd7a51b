"""Those who run the bot, and what each of them may do."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from voicebot.errors import StorageError
from voicebot.storage import audit, passwords
from voicebot.storage.operators import Login, Person

LONGEST_NAME = 64


class Role(StrEnum):
    """What somebody may do; each role includes the ones before it."""

    SEE = "se"
    """Figures, calls without words and numbers, the answers."""
    EDIT = "rediger"
    """Also what was said; marks, comments, unanswered questions; edits and publishes answers."""
    ADMINISTER = "administrer"
    """Also people, the audit trail, how long things are kept, whole numbers where they are kept."""

    def may(self, needed: "Role") -> bool:
        """Whether this role includes `needed`."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


async def people(session: AsyncSession) -> Sequence[Person]:
    """All of them, by name."""
    return (await session.scalars(select(Person).order_by(Person.name))).all()


async def named(session: AsyncSession, name: str) -> Person | None:
    """The person of that name, whatever its case."""
    wanted = clean(name).casefold()  # here, for SQLite knows no capitals but A to Z
    return next((person for person in await people(session) if person.name.casefold() == wanted), None)


def clean(name: str) -> str:
    """A name with its spaces in order."""
    return " ".join(name.split())


async def add(session: AsyncSession, name: str, role: Role, password: str, *, must_change: bool = False) -> Person:
    """Let a person in; the caller commits. StorageError: the name is taken or none, the password too weak."""
    await check_name(session, name)
    if weak := passwords.weakness(password, clean(name)):
        raise StorageError("people.password", weak)
    kept = await passwords.hashed(password)
    person = Person(
        name=clean(name), role=role, password=kept, must_change=must_change, active=True, created=datetime.now(UTC)
    )
    session.add(person)
    try:
        await session.flush()
    except IntegrityError:
        raise _taken(person.name) from None
    return person


def _taken(name: str) -> StorageError:
    return StorageError("people.taken", f"Navnet {name} er taget. Vælg et andet.")


async def check_name(session: AsyncSession, name: str) -> None:
    """StorageError where a name cannot be given to somebody new."""
    if not clean(name) or len(clean(name)) > LONGEST_NAME or not clean(name).isprintable():
        raise StorageError("people.name", f"Skriv et navn på 1 til {LONGEST_NAME} tegn.")
    if clean(name).casefold() == audit.SYSTEM or await named(session, name):
        raise _taken(clean(name))


async def set_password(session: AsyncSession, person: Person, password: str, *, must_change: bool = False) -> None:
    """Give a person another password and end their sessions; the caller commits. StorageError: too weak."""
    if weak := passwords.weakness(password, person.name):
        raise StorageError("people.password", weak)
    person.password, person.must_change = await passwords.hashed(password), must_change
    await end_sessions(session, person)


async def set_role(session: AsyncSession, person: Person, role: Role) -> None:
    """Let a person do more or less; the caller commits. StorageError: nobody would be left to administer."""
    if role is not Role.ADMINISTER:
        await _leave_one(session, person)
    person.role = role


async def deactivate(session: AsyncSession, person: Person) -> None:
    """Keep a person out, also where they are in; the caller commits. StorageError: nobody would be left."""
    await _leave_one(session, person)
    person.active = False
    await end_sessions(session, person)


async def remove(session: AsyncSession, person: Person) -> None:
    """Forget a person; the audit trail keeps the name. The caller commits. StorageError: nobody would be left."""
    await _leave_one(session, person)
    await end_sessions(session, person)
    await session.delete(person)


async def end_sessions(session: AsyncSession, person: Person, but: bytes = b"") -> None:
    """Log a person out everywhere, but where the session has the token `but`; the caller commits."""
    await session.execute(delete(Login).where(Login.person_id == person.id, Login.token != but))


async def _leave_one(session: AsyncSession, person: Person) -> None:
    """StorageError where `person` is the last who may administer.

    All administrators are written anew, which keeps the next who takes one away waiting until this is committed.
    """
    locking = update(Person).where(Person.role == Role.ADMINISTER, Person.active).values(active=True)
    administrators = await session.scalars(
        locking.returning(Person.id), execution_options={"synchronize_session": False}
    )
    if set(administrators) == {person.id}:
        raise StorageError("people.last", f"{person.name} er den sidste administrator. Gør først en anden til det.")


async def authenticated(session: AsyncSession, name: str, password: str, now: datetime) -> Person | None:
    """Who it is, if the password is right and they are let in; as slow where it is nobody. The caller commits."""
    person = await named(session, name)
    kept = person.password if person and person.active else None
    if not await passwords.matches(kept, password) or not person or not kept:
        return None
    if passwords.outdated(kept):
        person.password = await passwords.hashed(password)
    person.last_login = now
    return person


async def from_directory(
    session: AsyncSession, subject: str, name: str, role: Role | None, now: datetime
) -> Person | None:
    """Who the municipality's own directory says it is, made at their first log-in; None: they may not come in.

    The directory's role is theirs from now on, and without one they are out everywhere. The caller commits.
    """
    person = await session.scalar(select(Person).where(Person.subject == subject))
    if person and not role:
        await end_sessions(session, person)
    if not role or (person and not person.active):
        return None
    if not person:
        person = Person(
            name=await _free_name(session, name), subject=subject, active=True, must_change=False, created=now
        )
        await audit.note(session, audit.SYSTEM, "person.added", person.name, role=role)
        session.add(person)
    person.role, person.last_login = role, now
    await session.flush()
    return person


async def _free_name(session: AsyncSession, name: str) -> str:
    """`name`, with a number where somebody else has it: the directory's Karen never becomes our Karen."""
    printable = clean("".join(filter(str.isprintable, name)))[: LONGEST_NAME - 4] or "?"
    taken = {person.name.casefold() for person in await people(session)} | {audit.SYSTEM}
    names = (f"{printable} {number}" if number > 1 else printable for number in count(1))
    return next(each for each in names if each.casefold() not in taken)


async def first_administrator(sessions: async_sessionmaker[AsyncSession]) -> str | None:
    """Make the person 'admin' with a random password where nobody is there yet, and tell that password; else None."""
    async with sessions() as session:
        if await session.scalar(select(Person.id).limit(1)):
            return None
        password = passwords.speakable()
        try:
            await add(session, "admin", Role.ADMINISTER, password)
        except StorageError:  # another process was quicker
            return None
        await audit.note(session, audit.SYSTEM, "person.added", "admin", role=Role.ADMINISTER)
        await session.commit()
        return password
