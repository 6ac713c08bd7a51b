"""What goes on now, pushed to the browser: the list of calls on Overblik, and the captions of one call."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from urllib.parse import quote

from sqlalchemy.exc import SQLAlchemyError
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from voicebot.dashboard.guard import guarded, still_in
from voicebot.dashboard.live import LiveCall
from voicebot.dashboard.office import office
from voicebot.dashboard.pages import render
from voicebot.dashboard.wording import DECISIONS, REASONS
from voicebot.storage import audit
from voicebot.storage.people import Role

STATES = {"listening": "Botten lytter", "thinking": "Botten tænker", "speaking": "Botten taler"}
"""Of `events.StateChanged`."""
CHECK_SECONDS = 10.0
"""How often is asked whether who watches is still logged in."""
SEND_SECONDS = 20.0
"""How long a browser may take to read what is sent to it before it is left."""
OVER = "slut"
"""The event after which the browser closes the stream."""

Fresh = Callable[[], Iterator[ServerSentEvent]]
"""What has changed since it was called last."""


def routes() -> list[BaseRoute]:
    """The streams, and the page for listening along."""
    return [
        guarded("/live", live),
        guarded("/opkald/{id}/lyt", listen, Role.EDIT),
        guarded("/opkald/{id}/lyt/live", captions, Role.EDIT),
    ]


def live_values(request: Request) -> dict[str, Any]:
    """What the template of the list needs."""
    place = office(request)
    return {"calls": place.live.calls(), "titles": place.titles(), "states": STATES, "moment_now": place.now()}


async def live(request: Request) -> Response:
    """The list of calls that go on, whenever it has changed. Roles that may not see words are not sent any."""
    if _role(request).may(Role.EDIT):
        await _note(request, "calls.watched", "")
    sent = ""

    def fresh() -> Iterator[ServerSentEvent]:
        nonlocal sent
        html = _text(request, "_nu.html", **live_values(request))
        if html != sent:
            yield ServerSentEvent(html, event="nu")
        sent = html

    return _stream(request, Role.SEE, fresh, lambda: False)


async def listen(request: Request) -> Response:
    """The page on which one call's captions appear as they are said."""
    call = office(request).live.call(request.path_params["id"])
    if call is None:
        return _to_record(request)
    return render(request, "lyt.html", call=call, **live_values(request))


async def captions(request: Request) -> Response:
    """One call's captions: all there are, then each as it comes, and a word when the call is over."""
    call = office(request).live.call(request.path_params["id"])
    if call is None:
        return _to_record(request)
    await _note(request, "call.listened", call.id)
    return _stream(request, Role.EDIT, _captions(request, call), lambda: call.over)


def _captions(request: Request, call: LiveCall) -> Fresh:
    values = {"call": call, "decisions": DECISIONS, "reasons": REASONS}
    last, head = -1, ""

    def fresh() -> Iterator[ServerSentEvent]:
        nonlocal last, head
        lines = [line for line in call.lines if line.number > last]
        if lines:
            html = _text(request, "_linjer.html", lines=lines, **values, **live_values(request))
            yield ServerSentEvent(html, event="linjer" if last < 0 else "linje")
            last = lines[-1].number
        html = _text(request, "_lyt_hoved.html", **values, **live_values(request))
        if html != head:
            yield ServerSentEvent(html, event="hoved")
        head = html

    return fresh


def _stream(request: Request, role: Role, fresh: Fresh, over: Callable[[], bool]) -> Response:
    return EventSourceResponse(_watch(request, role, fresh, over), send_timeout=SEND_SECONDS)


async def _watch(
    request: Request, role: Role, fresh: Fresh, over: Callable[[], bool]
) -> AsyncIterator[ServerSentEvent]:
    """What is new at each look, until the call is over, or who watches may no longer."""
    clock = asyncio.get_running_loop().time
    checked = clock()
    with office(request).live.watching(request.state.login.person.name) as looks:
        async for _ in looks:
            if clock() >= checked + CHECK_SECONDS:
                checked = clock()
                if not await _may_still(request, role):
                    break
            for event in fresh():
                yield event
            if over():
                break
    yield ServerSentEvent(" ", event=OVER)  # browsers drop an event without data


async def _may_still(request: Request, role: Role) -> bool:
    try:
        return await still_in(request, role)
    except (SQLAlchemyError, OSError):  # nobody can say
        return False


async def _note(request: Request, action: str, what: str) -> None:
    async with office(request).sessions.begin() as session:
        await audit.note(session, request.state.login.person.name, action, what)


def _role(request: Request) -> Role:
    return Role(request.state.login.person.role)


def _to_record(request: Request) -> Response:
    return RedirectResponse(f"/opkald/{quote(request.path_params['id'], safe='')}", 303)


def _text(request: Request, template: str, **values: Any) -> str:  # noqa: ANN401 - see pages.render
    return bytes(render(request, template, **values).body).decode()
