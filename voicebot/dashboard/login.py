"""Logging in with a name and a password, and out again."""

import math

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from voicebot.dashboard.guard import (
    LOGIN,
    LOGOUT,
    READING,
    check_line,
    check_origin,
    cookie,
    current,
    guarded,
    own_path,
)
from voicebot.dashboard.office import office
from voicebot.dashboard.pages import render
from voicebot.storage import attempts, audit, logins, people
from voicebot.storage.operators import Person

WRONG = "Navnet eller adgangskoden er forkert."
"""For a wrong password, a name nobody has and a person who is kept out alike."""
UNKNOWN = "ukendt"
"""What the audit trail calls a name nobody has: it may be a password in the wrong field."""


def routes() -> list[BaseRoute]:
    """Log-in, for everybody, and log-out."""
    return [
        Route(LOGIN, login, methods=["GET", "POST"], name="login"),
        guarded(LOGOUT, logout, methods=["POST"]),
    ]


async def login(request: Request) -> Response:
    """The page to log in at, and what is sent from it."""
    check_line(request)
    onward = own_path(request.query_params.get("naeste", "/"))
    if request.method not in READING:
        check_origin(request)
        return await _try(request)
    if await current(request):
        return RedirectResponse(onward, 303)
    return _page(request, onward, out="ude" in request.query_params)


async def _try(request: Request) -> Response:
    form = await request.form(max_files=0)
    name, password = str(form.get("navn", "")), str(form.get("adgangskode", ""))
    onward = own_path(str(form.get("naeste", "/")))
    place, whence = office(request), address(request)
    now = place.now()
    async with place.sessions() as session:
        seconds = await attempts.try_once(session, name, whence, now)
        if seconds > 0:
            return _page(request, onward, 429, name=name, wait=math.ceil(seconds))
        person = await people.authenticated(session, name, password, now)
        if not person:
            known = await people.named(session, name)
            await audit.note(session, known.name if known else UNKNOWN, "login.failed", whence)
            await session.commit()
            return _page(request, onward, 401, name=name, wrong=WRONG)
        await attempts.succeeded(session, name, whence, now)
        return await enter(request, session, person, onward)


async def enter(request: Request, session: AsyncSession, person: Person, onward: str) -> Response:
    """Log a person in under a new token, whatever the browser had before; commits."""
    await logins.end(session, logins.fingerprint(request.cookies.get(cookie(request), "")))
    token = await logins.begin(session, person, office(request).now())
    await audit.note(session, person.name, "login.done", address(request))
    await session.commit()
    response = RedirectResponse(onward, 303)
    secure = request.url.scheme == "https"
    response.set_cookie(cookie(request), token, httponly=True, samesite="lax", secure=secure, path="/")
    return response


def address(request: Request) -> str:
    """Where a request came from, '' where that is not known."""
    return request.client.host if request.client else ""


async def logout(request: Request) -> Response:
    """End this session."""
    async with office(request).sessions() as session:
        await logins.end(session, request.state.login.token)
        await audit.note(session, request.state.login.person.name, "login.ended", "")
        await session.commit()
    response = RedirectResponse(f"{LOGIN}?ude=ja", 303)
    response.delete_cookie(cookie(request), httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return response


def _page(request: Request, onward: str, status: int = 200, **shown: object) -> Response:
    values = {"name": "", "wrong": "", "wait": 0, "out": False} | shown
    directory = bool(office(request).settings.oidc_issuer)
    page = render(request, "login.html", status=status, onward=onward, directory=directory, **values)
    if values["wait"]:
        page.headers["Retry-After"] = str(values["wait"])
    return page
