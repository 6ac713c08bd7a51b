"""Who may use the dashboard: seen and changed by administrators."""

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from voicebot.dashboard.guard import Handler, guarded
from voicebot.dashboard.office import office
from voicebot.dashboard.pages import render
from voicebot.errors import StorageError
from voicebot.storage import logins, passwords, people
from voicebot.storage.audit import note
from voicebot.storage.operators import Person
from voicebot.storage.people import Role

PATH = "/brugere"
ROLES = {
    Role.SEE: ("Kan se", "Ser tal, svar og opkald, men ikke, hvad der blev sagt, og ingen numre."),
    Role.EDIT: ("Kan redigere", "Læser også opkald, mærker dem, og retter og udgiver svar."),
    Role.ADMINISTER: ("Administrator", "Kan alt, også brugere, revision, og hvor længe ting gemmes."),
}

Change = Callable[[AsyncSession, Person, Role | None], Awaitable[None]]
"""What is done to a person; the role is the one that was chosen, where one was. StorageError: it may not be."""


def routes() -> list[BaseRoute]:
    """`/brugere`, and one page for each person."""
    one = f"{PATH}/{{person:int}}"
    changes = {
        "rolle": _changing("person.role", _set_role),
        "log-ud": _changing("person.logged_out", _end_sessions),
        "luk": _changing("person.closed", _close),
        "aabn": _changing("person.opened", _open),
        "adgangskode": _reset_password,
    }
    return [
        guarded(PATH, _list, Role.ADMINISTER, name="people"),
        guarded(PATH, _add, Role.ADMINISTER, ["POST"], name="add_person"),
        guarded(one, _one, Role.ADMINISTER, name="person"),
        *(guarded(f"{one}/{name}", each, Role.ADMINISTER, ["POST"], name) for name, each in changes.items()),
    ]


async def _list(request: Request) -> Response:
    return await _list_page(request)


async def _list_page(request: Request, fault: str = "", name: str = "") -> Response:
    async with office(request).sessions() as session:
        found = await people.people(session)
    return render(
        request, "brugere.html", status=422 if fault else 200, people=found, roles=ROLES, fault=fault, name=name
    )


async def _add(request: Request) -> Response:
    form = await request.form()
    name, role = str(form.get("navn", "")), _role(form.get("rolle"))
    password = passwords.speakable()
    async with office(request).sessions() as session:
        try:
            person = await people.add(session, name, role or Role.SEE, password, must_change=True)
        except StorageError as fault:
            return await _list_page(request, fault.message, name)
        await note(session, _who(request), "person.added", person.name, role=person.role)
        await session.commit()
        return await _page(request, session, person, password=password)


async def _one(request: Request) -> Response:
    async with office(request).sessions() as session:
        return await _page(request, session, await _person(request, session))


async def _page(
    request: Request, session: AsyncSession, person: Person, *, password: str = "", fault: str = ""
) -> Response:
    return render(
        request,
        "bruger.html",
        status=422 if fault else 200,
        whom=person,
        roles=ROLES,
        logins=await logins.of_person(session, person),
        password=password,
        fault=fault,
        saved="gemt" in request.query_params,
    )


async def _reset_password(request: Request) -> Response:
    password = passwords.speakable()
    async with office(request).sessions() as session:
        person = await _person(request, session)
        if person.subject:
            raise HTTPException(422, "Adgangskoden hører til kommunens konto og skiftes dér.")
        await people.set_password(session, person, password, must_change=True)
        await note(session, _who(request), "person.password", person.name)
        await session.commit()
        return await _page(request, session, person, password=password)


def _changing(action: str, change: Change) -> Handler:
    """What carries out a change, notes it under `action` and goes back to the person's page."""

    async def handler(request: Request) -> Response:
        role = _role((await request.form()).get("rolle"))
        async with office(request).sessions() as session:
            person = await _person(request, session)
            try:
                await change(session, person, role)
            except StorageError as fault:
                return await _page(request, session, person, fault=fault.message)
            await note(session, _who(request), action, person.name, **({"role": role} if role else {}))
            await session.commit()
        return RedirectResponse(f"{PATH}/{person.id}?gemt=ja", 303)

    return handler


async def _set_role(session: AsyncSession, person: Person, role: Role | None) -> None:
    if role is None or person.subject:
        raise StorageError("people.role", "Vælg en rolle. Har personen kommunens konto, vælges rollen dér.")
    await people.set_role(session, person, role)


async def _end_sessions(session: AsyncSession, person: Person, _: Role | None) -> None:
    await people.end_sessions(session, person)


async def _close(session: AsyncSession, person: Person, _: Role | None) -> None:
    await people.deactivate(session, person)


async def _open(_: AsyncSession, person: Person, __: Role | None) -> None:
    person.active = True


async def _person(request: Request, session: AsyncSession) -> Person:
    person = await session.get(Person, request.path_params["person"])
    if person is None:
        raise HTTPException(404)
    return person


def _role(given: object) -> Role | None:
    return next((role for role in Role if role == given), None)


def _who(request: Request) -> str:
    return str(request.state.login.person.name)
