"""Logging in with the municipality's own account."""

import hmac
import logging
from dataclasses import astuple, fields
from urllib.parse import quote, unquote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from voicebot.dashboard.directory import Directory, Known, Question
from voicebot.dashboard.faults import fault_page
from voicebot.dashboard.guard import LOGIN, check_line, cookie, own_path
from voicebot.dashboard.login import address, enter
from voicebot.dashboard.office import office
from voicebot.errors import DirectoryError
from voicebot.storage import people
from voicebot.storage.audit import note

PATH = f"{LOGIN}/kommune"
MINUTES = 10
"""How long somebody may take to log in at the directory."""
AWAY = (
    "Kommunens log-ind svarer ikke lige nu. Prøv igen om lidt, eller log ind med navn og adgangskode, hvis du har en."
)
BUSY = "Mange logger ind med kommunens konto lige nu. Prøv igen om lidt."
UNTRUE = "Log-ind med kommunens konto kunne ikke bekræftes. Gå til log-ind-siden, og prøv igen."
NO_ROLE = "Din konto har ingen rolle her. Bed den, der styrer kommunens konti, om at give dig en."
CLOSED = "Din adgang er lukket. Spørg en administrator, hvis du mener, det er en fejl."

_log = logging.getLogger(__name__)


def routes() -> list[BaseRoute]:
    """The way to the directory and back."""
    return [Route(PATH, _leave, name="directory"), Route(f"{PATH}/svar", _return, name="directory_answer")]


async def _leave(request: Request) -> Response:
    check_line(request)
    directory = _directory(request)
    question = Question(own_path(request.query_params.get("naeste", "/")))
    try:
        there = await directory.address(question, _back(request))
    except DirectoryError as fault:
        return await _failed(request, fault)
    response = RedirectResponse(there, 303)
    kept = "!".join(quote(part, safe="") for part in astuple(question))
    secure = request.url.scheme == "https"
    response.set_cookie(_cookie(request), kept, MINUTES * 60, httponly=True, samesite="lax", secure=secure, path="/")
    return response


async def _return(request: Request) -> Response:
    check_line(request)
    directory = _directory(request)
    try:
        question, code = _answered(request)
        known = await directory.who(code, question, _back(request))
    except DirectoryError as fault:
        response = await _failed(request, fault)
    else:
        response = await _let_in(request, known, question.onward)
    response.delete_cookie(_cookie(request), httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return response


def _answered(request: Request) -> tuple[Question, str]:
    """The question that the directory's answer belongs to, and the answer; DirectoryError where it belongs to none."""
    given, issuer = request.query_params, office(request).settings.oidc_issuer
    question = _question(request)
    if not question or not hmac.compare_digest(question.state.encode(), given.get("state", "").encode()):
        raise DirectoryError("directory.state", "An answer belongs to no question of this browser.")
    if given.get("iss", issuer) != issuer:
        raise DirectoryError("directory.issuer", "An answer comes from another directory (RFC 9207).")
    if "code" not in given:
        raise DirectoryError("directory.broken_off", "Somebody broke off, or the directory let them not in.")
    return question, given["code"]


async def _let_in(request: Request, known: Known, onward: str) -> Response:
    async with office(request).sessions() as session:
        person = await people.from_directory(session, known.subject, known.name, known.role, office(request).now())
        if person:
            return await enter(request, session, person, onward)
        await note(session, known.name[: people.LONGEST_NAME], "login.refused", address(request))
        await session.commit()
    return await fault_page(request, HTTPException(403, CLOSED if known.role else NO_ROLE))


async def _failed(request: Request, fault: DirectoryError) -> Response:
    _log.warning("A log-in with the municipality's account failed: %s (%s)", fault.message, fault.code)
    status, text = {"directory.away": (503, AWAY), "directory.busy": (503, BUSY)}.get(fault.code, (400, UNTRUE))
    return await fault_page(request, HTTPException(status, text))


def _directory(request: Request) -> Directory:
    if not office(request).settings.oidc_issuer:
        raise HTTPException(404)
    return office(request).directory


def _question(request: Request) -> Question | None:
    """What the browser was sent away with; None where it was not, or comes back too late."""
    parts = [unquote(part) for part in request.cookies.get(_cookie(request), "").split("!")]
    if len(parts) != len(fields(Question)):
        return None
    onward, *secrets = parts
    return Question(own_path(onward), *secrets)


def _cookie(request: Request) -> str:
    return f"{cookie(request)}-directory"


def _back(request: Request) -> str:
    return str(request.url_for("directory_answer"))
