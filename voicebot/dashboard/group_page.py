"""One group of unanswered questions: what was said, what it may be about, and what is to be done with it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from voicebot.answers import Answer, Library
from voicebot.dashboard import wording
from voicebot.dashboard.guard import LARGEST_ID, guarded
from voicebot.dashboard.office import office
from voicebot.dashboard.pages import render
from voicebot.errors import StorageError, VoicebotError
from voicebot.storage import groups, unanswered
from voicebot.storage.audit import note
from voicebot.storage.deciding import decide, merge, take_out
from voicebot.storage.groups import State
from voicebot.storage.people import Role
from voicebot.storage.period import danish
from voicebot.storage.tables import Group

PATH = "/ubesvarede/{group:int}"
LAST_PAGE = 10_000
FOUND = 6
"""Answers suggested at once."""
ACTIONS = {State.OPEN: "group.opened", State.NOT_OURS: "group.not_ours"}
"""What the audit trail calls a change to each state; to become answered takes an answer."""


def routes() -> list[BaseRoute]:
    """The page of a group, and its forms but the one that gives it to an answer."""
    return [
        guarded(PATH, _page, Role.EDIT, name="group"),
        guarded(f"{PATH}/forslag", _suggested, Role.EDIT, name="group_suggested"),
        guarded(f"{PATH}/status", _decide, Role.EDIT, ["POST"], name="group_decide"),
        guarded(f"{PATH}/saml", _merge, Role.EDIT, ["POST"], name="group_merge"),
        guarded(f"{PATH}/ud", _take_out, Role.EDIT, ["POST"], name="group_take_out"),
    ]


async def group_of(request: Request, session: AsyncSession) -> Group:
    """The group that an address names; HTTPException where there is none."""
    return await known(session, request.path_params["group"])


async def known(session: AsyncSession, id_: int) -> Group:
    """A group by its id; HTTPException where there is none."""
    found = await session.get(Group, id_)
    if found is None:
        raise HTTPException(404, "Den gruppe findes ikke. Måske er den slået sammen med en anden.")
    return found


def number(given: object) -> int:
    """What was sent as a number, 0 where it is none that a table can hold."""
    text = str(given)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= LARGEST_ID else 0


async def _page(request: Request) -> Response:
    return await _shown(request)


async def _shown(request: Request, status: int = 200, fault: str = "") -> Response:
    place, asked = office(request), request.query_params
    page = min(number(asked.get("side")) or 1, LAST_PAGE)
    async with place.sessions.begin() as session:
        group = await group_of(request, session)
        turns, more = await unanswered.turns_of(session, group.id, page)
        values: dict[str, Any] = {
            "span": await unanswered.span(session, group.id),
            "since": await unanswered.since(session, group),
            "similar": await unanswered.similar(session, group),
        }
        # last: what is noted locks SQLite for others
        await note(session, request.state.login.person.name, "group.seen", str(group.id))
    here = request.url.path
    return render(
        request,
        "gruppe.html",
        status=status,
        group=group,
        today=danish(place.now()).date(),
        State=State,
        turns=turns,
        newer=f"{here}?side={page - 1}" if page > 1 else None,
        older=f"{here}?side={page + 1}" if more else None,
        fault=fault,
        done=asked.get("gjort", ""),
        titles=place.titles(),
        wording=wording,
        **values,
    )


async def _suggested(request: Request) -> Response:
    """Answers that the group may belong to: those that lie nearest, or those in which some words stand."""
    place, words = office(request), request.query_params.get("q", "").strip()[:100]
    async with place.sessions() as session:
        group = await group_of(request, session)
    library, found, fault = place.library(), list[tuple[Answer, float | None]](), ""
    if words:
        found = [(answer, None) for answer in answers_with(library, words)[:FOUND]]
    elif group.label:
        try:
            asked = await place.studio.ask(group.label, {})
            near = asked.candidates[:FOUND]
            found = [(library.answers[c.answer], c.confidence) for c in near if c.answer in library.answers]
        except VoicebotError:
            fault = "Forslagene kan ikke findes lige nu. Søg efter svaret i stedet."
    return render(request, "_gruppe_forslag.html", group=group, found=found, fault=fault, words=words)


def answers_with(library: Library, words: str) -> Sequence[Answer]:
    """The answers in whose title, name or examples every word stands, those first that have them in the title."""
    wanted = words.casefold().split()

    def has_all(*told: str) -> bool:
        text = "\n".join(told).casefold()
        return all(word in text for word in wanted)

    found = [its for its in library.answers.values() if has_all(its.title, its.offer, its.id, *its.examples)]
    return sorted(found, key=lambda answer: (not has_all(answer.title), answer.title))


async def _decide(request: Request) -> Response:
    form, who = await request.form(), request.state.login.person.name
    state = form.get("state")
    if state not in {*ACTIONS}:
        raise HTTPException(422)
    async with office(request).sessions.begin() as session:
        group = await group_of(request, session)
        await decide(session, group, State(str(state)), office(request).now())
        await note(session, who, ACTIONS[State(str(state))], str(group.id))
    return _back(group.id, str(state))


async def settle(request: Request, id_: int, answer: str) -> None:
    """Have an answer stand for a group; HTTPException where there is no such group."""
    async with office(request).sessions.begin() as session:
        group = await known(session, id_)
        await decide(session, group, State.ANSWERED, office(request).now(), answer)
        await note(session, request.state.login.person.name, "group.answered", str(group.id), answer=answer)


async def _merge(request: Request) -> Response:
    form, who = await request.form(), request.state.login.person.name
    other = number(form.get("other"))
    try:
        async with office(request).sessions.begin() as session:
            await groups.alone(session)
            group = await group_of(request, session)
            await merge(session, group, await known(session, other))
            await note(session, who, "group.merged", str(group.id), other=other)
    except StorageError as fault:
        return await _shown(request, 422, fault.message)
    return _back(group.id, "merged")


async def _take_out(request: Request) -> Response:
    form, who = await request.form(), request.state.login.person.name
    turn = number(form.get("turn"))
    try:
        async with office(request).sessions.begin() as session:
            await groups.alone(session)
            group = await group_of(request, session)
            own = await take_out(session, group, turn)
            await note(session, who, "group.split", str(group.id), own=own)
    except StorageError as fault:
        return await _shown(request, 422, fault.message)
    return _back(group.id, str(own))


def _back(group: int, done: str) -> Response:
    return RedirectResponse(f"/ubesvarede/{group}?gjort={done}", 303)
