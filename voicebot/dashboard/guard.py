"""Who may come in: every page but log-in lies behind `guarded`."""

import hmac
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from starlette.datastructures import URL
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from voicebot.dashboard.office import office
from voicebot.storage import logins
from voicebot.storage.operators import Login
from voicebot.storage.people import Role

LOGIN, ACCOUNT, LOGOUT = "/log-ind", "/min-adgang", "/log-ud"
READING = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing."""
LARGEST_ID = 2**31 - 1
"""PostgreSQL's INTEGER."""

Handler = Callable[[Request], Awaitable[Response]]

INSECURE = (
    "Siden kan kun bruges over en krypteret forbindelse: adressen skal begynde med https://. Står der en server foran, "
    "som tager imod https, skal den sende X-Forwarded-Proto og det oprindelige Host videre."
)
FOREIGN = "Din side er blevet for gammel, eller anmodningen kom fra et andet websted. Gå tilbage, og prøv igen."
TOO_LITTLE = "Det har din rolle ikke adgang til. Spørg en administrator, hvis du har brug for det."
NOT_YET = f"Vælg først din egen adgangskode på {ACCOUNT}."
OUT = "Du er ikke logget ind."


class GuardedRoute(Route):
    """A route for those who are logged in with at least `role`."""

    role: Role


def guarded(
    path: str, handler: Handler, role: Role = Role.SEE, methods: Sequence[str] = ("GET",), name: str | None = None
) -> GuardedRoute:
    """A route for those who are logged in with at least `role`; `request.state.login` says who it is."""

    async def admit(request: Request) -> Response:
        check_line(request)
        login = await current(request)
        if not login:
            return _to_login(request)
        request.state.login = login
        if not Role(login.person.role).may(role):
            raise HTTPException(403, TOO_LITTLE)
        _check_values(request)
        if login.person.must_change and path not in {ACCOUNT, LOGOUT}:
            if path.startswith("/api/"):
                raise HTTPException(403, NOT_YET)
            return RedirectResponse(ACCOUNT, 303)
        if request.method not in READING:
            await _check_token(request, login)
        return await handler(request)

    route = GuardedRoute(path, admit, methods=list(methods), name=name or handler.__name__)
    route.role = role
    return route


async def current(connection: HTTPConnection) -> Login | None:
    """The session of who asks, if they are logged in; notes that it was used."""
    place = office(connection)
    async with place.sessions() as session:
        return await logins.find(session, connection.cookies.get(cookie(connection), ""), place.now())


async def still_in(request: Request, role: Role) -> bool:
    """Whether who asked for an answer that goes on for long (a stream) is still logged in with at least `role`.

    `request.state.login` is then what they may do now.
    """
    place = office(request)
    async with place.sessions() as session:
        login = await logins.valid(session, request.cookies.get(cookie(request), ""), place.now())
    if login:
        request.state.login = login
    return login is not None and Role(login.person.role).may(role)


def cookie(connection: HTTPConnection) -> str:
    """The session cookie's name; over https one that no other host can set (RFC 6265bis, section 4.1.3.2)."""
    return "__Host-voicebot" if connection.url.scheme == "https" else "voicebot"


def check_line(request: Request) -> None:
    """HTTPException where a password could be read on its way: neither https nor an address of this very machine."""
    host = request.url.hostname or ""
    if request.url.scheme != "https" and host != "localhost" and not _is_loopback(host):
        raise HTTPException(403, INSECURE)


def check_origin(request: Request) -> None:
    """HTTPException where another website has the browser post to us (as Go's http.CrossOriginProtection does).

    Browsers tell by Sec-Fetch-Site, older ones and those on plain http by Origin; who sends neither is no browser.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site:
        own = site in {"same-origin", "none"}
    else:
        own = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not own:
        raise HTTPException(403, FOREIGN)


def own_path(text: str) -> str:
    """A path of ours to go on to; '/' for anything a browser might take for another website's."""
    safe = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    return text if safe else "/"


def _check_values(request: Request) -> None:
    """HTTPException for what no table can hold, and PostgreSQL would call a fault."""
    if any(isinstance(value, int) and value > LARGEST_ID for value in request.path_params.values()):
        raise HTTPException(404)
    if "%00" in f"{request.scope.get('raw_path', b'')!r}{request.url.query}":
        raise HTTPException(400)


async def _check_token(request: Request, login: Login) -> None:
    check_origin(request)
    form = await request.form()
    if any("\0" in value for value in form.values() if isinstance(value, str)):
        raise HTTPException(400)
    given = request.headers.get("x-csrf-token") or str(form.get("csrf", ""))
    if not hmac.compare_digest(given.encode(), login.csrf.encode()):
        raise HTTPException(403, FOREIGN)


def _to_login(request: Request) -> Response:
    if request.url.path.startswith("/api/") or "text/event-stream" in request.headers.get("accept", ""):
        raise HTTPException(401, OUT)
    here = request.url
    by_htmx = "hx-request" in request.headers
    if by_htmx:
        here = URL(request.headers.get("hx-current-url", ""))
    if (request.method in READING or by_htmx) and here.path not in {"", "/", LOGOUT}:
        onward = f"{LOGIN}?naeste={quote(here.path + (f'?{here.query}' if here.query else ''), safe='/')}"
    else:
        onward = LOGIN
    return Response(status_code=401, headers={"HX-Redirect": onward}) if by_htmx else RedirectResponse(onward, 303)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
