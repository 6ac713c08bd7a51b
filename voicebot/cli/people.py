"""Commands that say who may use the dashboard."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from voicebot.cli.output import AsJson, as_json, as_table, err, group, out
from voicebot.errors import StorageError
from voicebot.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from voicebot.storage.operators import Person

users = group("Those who may use the dashboard.")

Name = Annotated[str, typer.Argument(help="What the person logs in as.")]


@users.command()
def add(
    name: Name,
    role: Annotated[
        Literal["se", "rediger", "administrer"], typer.Option(help="What they may do; each includes the one before.")
    ] = "se",
    json_: AsJson = False,
) -> None:
    """Let a person in, with a password made here; it is shown this once."""

    async def work(session: "AsyncSession") -> None:
        from voicebot.storage import audit, passwords, people

        password = passwords.speakable()
        person = await people.add(session, name, people.Role(role), password)
        await audit.note(session, audit.SYSTEM, "person.added", person.name, role=role)
        await session.commit()
        _tell(person, password, json_)

    _do(work)


@users.command("list")
def list_(json_: AsJson = False) -> None:
    """List those who may log in, and those who no longer may."""

    async def work(session: "AsyncSession") -> None:
        from voicebot.storage import people

        rows = [_facts(person) for person in await people.people(session)]
        if json_:
            return as_json(rows)
        as_table("Users", ("name", "role", "active", "directory", "last log-in"), (row.values() for row in rows))

    _do(work)


@users.command()
def remove(name: Name) -> None:
    """Take a person's access away and log them out; the audit trail keeps their name."""

    async def work(session: "AsyncSession") -> None:
        from voicebot.storage import audit, people

        person = await _known(session, name)
        await people.remove(session, person)
        await audit.note(session, audit.SYSTEM, "person.removed", person.name)
        await session.commit()
        err.print(f"{person.name} is removed.", markup=False)

    _do(work)


@users.command()
def password(name: Name, json_: AsJson = False) -> None:
    """Give a person a new password, log them out, and open their access if it was closed."""

    async def work(session: "AsyncSession") -> None:
        from voicebot.storage import audit, passwords, people

        person, made = await _known(session, name), passwords.speakable()
        await people.set_password(session, person, made)
        person.active = True
        await audit.note(session, audit.SYSTEM, "person.password", person.name)
        await session.commit()
        _tell(person, made, json_)

    _do(work)


def _do(work: Callable[["AsyncSession"], Awaitable[None]]) -> None:
    from voicebot.storage.queries import changing

    async def run() -> None:
        async with changing(load_settings().record_url) as sessions, sessions() as session:
            await work(session)

    asyncio.run(run())


async def _known(session: "AsyncSession", name: str) -> "Person":
    from voicebot.storage import people

    person = await people.named(session, name)
    if person is None:
        raise StorageError("people.unknown", f"{name}: nobody is called that; see `voicebot users list`.")
    if person.subject:
        raise StorageError("people.directory", f"{name} logs in with the municipality's own account; change it there.")
    return person


def _facts(person: "Person") -> dict[str, Any]:
    return {
        "name": person.name,
        "role": person.role,
        "active": person.active,
        "directory": person.subject is not None,
        "last_login": person.last_login.isoformat(timespec="minutes") if person.last_login else None,
    }


def _tell(person: "Person", password: str, json_: bool) -> None:
    if json_:
        return as_json({"name": person.name, "role": person.role, "password": password})
    out.print(f"{person.name} ({person.role}) logs in with the password  {password}", markup=False)
    err.print("It is not shown again. They change it under 'Min adgang'.")
