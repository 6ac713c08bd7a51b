"""Pages for what cannot be had: in Danish, and without a word of the inside."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from voicebot.dashboard.guard import current
from voicebot.dashboard.pages import render

TITLES = {
    400: ("Det kunne ikke læses", "Anmodningen var ikke, som den skulle være. Gå tilbage, og prøv igen."),
    401: ("Du er ikke logget ind", "Log ind, og prøv igen."),
    403: ("Ingen adgang", "Det har du ikke adgang til."),
    404: ("Siden findes ikke", "Adressen er forkert, eller det, den viste, er slettet."),
    405: ("Det kan ikke gøres her", "Siden kan ikke bruges på den måde."),
    413: ("For stort", "Det, der blev sendt, er for stort."),
    429: ("For mange forsøg", "Vent lidt, og prøv igen."),
    500: ("Noget gik galt", "Fejlen ligger hos os og er skrevet i loggen. Prøv igen, eller gå til en anden side."),
    503: ("Databasen svarer ikke", "Opkald besvares stadig. Prøv igen om lidt; bliver det ved, så se i loggen."),
}


async def fault_page(request: Request, fault: Exception) -> Response:
    """The answer to a request that failed: a page for people, JSON for programs, plain text for the carrier."""
    assert isinstance(fault, HTTPException)
    title, text = TITLES.get(fault.status_code, TITLES[400 if fault.status_code < 500 else 500])
    own_words = fault.detail if fault.detail and fault.detail != _standard(fault.status_code) else None
    status, headers = fault.status_code, dict(fault.headers or {})
    if request.url.path.startswith("/api/"):
        code = HTTPStatus(status).phrase.lower().replace(" ", "_")
        return JSONResponse({"code": code, "message": own_words or text}, status, headers)
    if "text/html" not in request.headers.get("accept", "") and "hx-request" not in request.headers:
        return PlainTextResponse(own_words or title, status, headers)
    if status in {404, 405} and not hasattr(request.state, "login"):
        request.state.login = await current(request)
    page = render(request, "fejl.html", status=status, title=title, text=own_words or text)
    page.headers.update(headers)
    return page


def _standard(status: int) -> str:
    return HTTPException(status).detail
