"""One's own way in: the password, and where one is logged in."""

import math
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from voicebot.dashboard.guard import ACCOUNT, guarded
from voicebot.dashboard.login import address, enter
from voicebot.dashboard.office import office
from voicebot.dashboard.pages import render
from voicebot.dashboard.people_pages import ROLES
from voicebot.errors import StorageError
from voicebot.storage import attempts, logins, passwords, people
from voicebot.storage.audit import note
from voicebot.storage.operators import Person

DONE = {
    "adgangskode": "Adgangskoden er skiftet, og du er logget ud alle andre steder.",
    "ude": "Du er logget ud alle andre steder.",
}


def routes() -> list[BaseRoute]:
    """`/min-adgang`."""
    return [
        guarded(ACCOUNT, _show, name="account"),
        guarded(ACCOUNT, _change_password, methods=["POST"], name="change_password"),
        guarded(f"{ACCOUNT}/log-ud", _leave_elsewhere, methods=["POST"]),
    ]


async def _show(request: Request) -> Response:
    async with office(request).sessions() as session:
        return await _page(request, session)


async def _page(request: Request, session: AsyncSession, status: int = 200, fault: str = "") -> Response:
    person = request.state.login.person
    return render(
        request,
        "min-adgang.html",
        status=status,
        roles=ROLES,
        logins=await logins.of_person(session, person),
        token=request.state.login.token,
        fault=fault,
        done=DONE.get(request.query_params.get("gjort", ""), ""),
        shortest=passwords.SHORTEST,
        idle_hours=logins.IDLE // timedelta(hours=1),
        longest_hours=logins.LONGEST // timedelta(hours=1),
    )


async def _change_password(request: Request) -> Response:
    form = await request.form()
    old, new, again = (str(form.get(name, "")) for name in ("nuvaerende", "ny", "gentaget"))
    place = office(request)
    now = place.now()
    async with place.sessions() as session:
        person = await session.get_one(Person, request.state.login.person_id)
        name = person.name
        seconds = await attempts.try_once(session, name, address(request), now)
        if seconds > 0:
            return await _page(request, session, 429, f"For mange forsøg. Vent {math.ceil(seconds)} s, og prøv igen.")
        if not await people.authenticated(session, name, old, now):
            return await _page(request, session, 422, "Den nuværende adgangskode er forkert.")
        await attempts.succeeded(session, name, address(request), now)
        fault = _fault(old, new, again)
        try:
            if not fault:
                await people.set_password(session, person, new)
        except StorageError as weak:
            fault = weak.message
        if fault:
            return await _page(request, session, 422, fault)
        await note(session, name, "password.changed", name)
        return await enter(request, session, person, f"{ACCOUNT}?gjort=adgangskode")


def _fault(old: str, new: str, again: str) -> str:
    if new != again:
        return "De to nye adgangskoder er ikke ens."
    return "Den nye adgangskode er den samme som den gamle." if new == old else ""


async def _leave_elsewhere(request: Request) -> Response:
    login = request.state.login
    async with office(request).sessions() as session:
        await people.end_sessions(session, login.person, but=login.token)
        await note(session, login.person.name, "person.logged_out", login.person.name)
        await session.commit()
    return RedirectResponse(f"{ACCOUNT}?gjort=ude", 303)
