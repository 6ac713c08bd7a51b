"""The page of one call: the conversation as it was heard, what it looked like in time, and what operators say of it."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from voicebot.dashboard import wording
from voicebot.dashboard.guard import guarded
from voicebot.dashboard.office import office
from voicebot.dashboard.pages import render
from voicebot.dashboard.timeline import anchors, timeline
from voicebot.errors import StorageError
from voicebot.storage import remarks
from voicebot.storage.audit import note
from voicebot.storage.filtering import Filter
from voicebot.storage.people import Role
from voicebot.storage.remarks import Mark
from voicebot.storage.tables import Call
from voicebot.storage.telling import Conversation, beside, found, others, tell


def routes() -> list[BaseRoute]:
    """`/opkald/{id}`, and the forms on it."""
    return [
        guarded("/opkald/{call}", _page, name="call"),
        guarded("/opkald/{call}/maerke", _mark, Role.EDIT, ["POST"]),
        guarded("/opkald/{call}/kommentar", _comment, Role.EDIT, ["POST"]),
    ]


async def _page(request: Request) -> Response:
    person = request.state.login.person
    role = Role(person.role)
    async with office(request).sessions.begin() as session:
        call = _known(await found(session, request.path_params["call"]))
        same = await others(session, call) if role.may(Role.EDIT) else []
        newer, older = await beside(session, call, list_as_seen_by(role, request.query_params)[0])
        await note(session, person.name, "call.seen", call.id)  # last: what is noted locks SQLite for others
    conversation = as_seen_by(role, call)
    query = _query(request, role)
    return render(
        request,
        "opkald.html",
        conversation=conversation,
        turns=list(zip(anchors(conversation.turns), conversation.turns, strict=True)),
        timeline=timeline(conversation),
        newer=newer and f"/opkald/{newer}{query}",
        older=older and f"/opkald/{older}{query}",
        others=same,
        titles=office(request).titles(),
        wording=wording,
        **_remarks(request, call),
    )


def as_seen_by(role: Role, call: Call) -> Conversation:
    """The conversation of a call, as far as `role` may know it."""
    conversation = tell(call)
    return conversation if role.may(Role.EDIT) else conversation.without_words()


def list_as_seen_by(role: Role, query: Mapping[str, str]) -> tuple[Filter, list[str]]:
    """The list of calls of a query string, as far as `role` may narrow it, and what of it could not be understood."""
    filter_, faults = Filter.read(query)
    return (filter_ if role.may(Role.EDIT) else filter_.model_copy(update={"words": None})), faults


def _known(call: Call | None) -> Call:
    if call is None:
        raise HTTPException(404)
    return call


def _remarks(request: Request, call: Call, **more: str | None) -> dict[str, Any]:
    """What the forms on the page need; undo: the mark before, where it was just changed ('' for none)."""
    return {
        "call": call,
        "query": _query(request, Role(request.state.login.person.role)),
        "longest": remarks.COMMENT_LIMIT,
        "undo": None,
        "saved": None,
        "fault": None,
        "text": call.comment or "",
    } | more


def _query(request: Request, role: Role) -> str:
    """What the list is narrowed to that the call was opened from, to be put after a path."""
    chosen = list_as_seen_by(role, request.query_params)[0].query()
    return f"?{chosen}" if chosen else ""


async def _mark(request: Request) -> Response:
    form = await request.form()
    given = form.get("mark", "")
    if given not in {"", *Mark}:
        raise HTTPException(422)
    async with office(request).sessions.begin() as session:
        call = _known(await found(session, request.path_params["call"]))
        before = call.mark or ""
        await remarks.mark(session, call, request.state.login.person.name, Mark(str(given)) if given else None)
    return _answer(request, "_maerke.html", _remarks(request, call, undo=before))


async def _comment(request: Request) -> Response:
    form = await request.form()
    text, fault = str(form.get("comment", "")), None
    async with office(request).sessions.begin() as session:
        call = _known(await found(session, request.path_params["call"]))
        try:
            await remarks.comment(session, call, request.state.login.person.name, text)
        except StorageError as too_long:
            fault = too_long.message
    if fault is not None:
        return render(request, "_kommentar.html", status=422, **_remarks(request, call, fault=fault, text=text))
    saved = "Kommentaren er gemt." if call.comment else "Kommentaren er fjernet."
    if call.comment and call.comment != remarks.tidy(text):
        saved = "Kommentaren er gemt. Et CPR-nummer i den er skjult."
    return _answer(request, "_kommentar.html", _remarks(request, call, saved=saved))


def _answer(request: Request, fragment: str, values: dict[str, Any]) -> Response:
    """The changed part of the page for htmx, the page again for a browser without it."""
    if "HX-Request" in request.headers:
        return render(request, fragment, **values)
    return RedirectResponse(f"/opkald/{request.path_params['call']}{values['query']}", 303)
