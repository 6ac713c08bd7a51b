"""Opkald for programs: the list, one call, and what operators say of it."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from voicebot.dashboard.api.endpoint import Asked, Endpoint, Given
from voicebot.dashboard.call_page import as_seen_by, list_as_seen_by
from voicebot.dashboard.office import office
from voicebot.errors import StorageError
from voicebot.storage import remarks, telling
from voicebot.storage.audit import note
from voicebot.storage.filtering import Cursor, Filter
from voicebot.storage.listing import page_of_calls
from voicebot.storage.people import Role
from voicebot.storage.remarks import COMMENT_LIMIT, Mark
from voicebot.storage.story import Result
from voicebot.storage.tables import Call


class CallsQuery(Asked, Filter):
    """What the list is narrowed to, and from where it goes on."""

    after: str | None = Field(None, alias="efter", description="`newer` or `older` of another page.", max_length=100)


class CallRow(Given):
    """A call. result and what follows from it are null while it goes on."""

    id: str
    channel: str
    municipality: str
    started: datetime
    ended: datetime | None
    outcome: str | None
    result: Result | None
    reason: str | None
    topic: str | None
    seconds: float | None
    wait: float | None
    confidence: float | None
    slow: bool
    unsure: bool
    outside_hours: bool | None
    satisfied: bool | None
    mark: Mark | None


class ListedCall(CallRow):
    """A call in the list. words: what the caller said first."""

    words: str | None = None


class CallList(Given):
    """A page of calls, newest first. count: null for more than a thousand."""

    calls: list[ListedCall]
    newer: str | None
    older: str | None
    count: int | None


class Piece(Given):
    """A piece of a reply that was heard; cut: the caller spoke over it."""

    text: str | None
    begins: float
    ends: float
    cut: bool


class Candidate(Given):
    """An answer that was weighed."""

    answer: str
    confidence: float


class StageFault(Given):
    """A stage that failed."""

    at: float
    stage: str
    code: str


class Turn(Given):
    """What the caller said or pressed, and what the bot did; number: 0 where no words were decided on."""

    number: int
    by: telling.By
    at: float
    ends: float | None
    text: str | None
    heard: float | None
    digit: str
    candidates: list[Candidate]
    decision: str | None
    answer: str | None
    confidence: float | None
    options: list[str]
    pieces: list[Piece]
    faults: list[StageFault]
    wait: float | None


class Transfer(Given):
    """When, where and why the call was handed over to a human."""

    at: float
    number: str
    reason: str


class OneCall(Given):
    """A call and its conversation. whole: false where events are deleted; caller: what of the number may be known."""

    call: CallRow
    caller: str | None
    comment: str | None
    whole: bool
    turns: list[Turn]
    transfer: Transfer | None

    @classmethod
    def of(cls, call: Call, conversation: telling.Conversation, role: Role) -> Self:
        """A call as `role` may know it; the conversation is so already."""
        caller = call.caller_last_two if role.may(Role.EDIT) else None
        if role.may(Role.ADMINISTER) and call.caller_number:
            caller = call.caller_number
        return cls(
            call=CallRow.model_validate(call),
            caller=caller,
            comment=call.comment if role.may(Role.EDIT) else None,
            whole=conversation.whole,
            turns=[_turn(turn) for turn in conversation.turns],
            transfer=conversation.transfer and Transfer.model_validate(conversation.transfer),
        )


def _turn(turn: telling.Turn) -> Turn:
    candidates = [Candidate(answer=answer, confidence=confidence) for answer, confidence in turn.candidates]
    return Turn.model_validate(vars(turn) | {"candidates": candidates})


class MarkBody(Asked):
    """A mark; null takes it away."""

    mark: Mark | None


class CommentBody(Asked):
    """A comment; an empty one takes it away. CPR numbers in it are masked."""

    comment: Annotated[str, Field(max_length=COMMENT_LIMIT)]


class Remarks(Given):
    """What operators say of a call."""

    mark: Mark | None
    comment: str | None


async def calls(request: Request, asked: CallsQuery) -> CallList:
    """The list of calls."""
    cursor = Cursor.read(asked.after) if asked.after else None
    if asked.after and cursor is None:
        raise HTTPException(422, "Kan ikke bruges: efter. Tag værdien fra en anden side af listen.")
    may_read = _role(request).may(Role.EDIT)
    filter_, _ = list_as_seen_by(_role(request), asked.chosen())
    async with office(request).sessions() as session:
        page = await page_of_calls(session, filter_, cursor, words=may_read)
    rows = [ListedCall.model_validate(call) for call in page.calls]
    for row in rows:
        row.words = page.first_words.get(row.id)
    return CallList(calls=rows, newer=page.newer, older=page.older, count=page.count)


async def call(request: Request, _: None) -> OneCall:
    """One call with its conversation."""
    async with office(request).sessions.begin() as session:
        found = _known(await telling.found(session, request.path_params["call"]))
        await note(session, request.state.login.person.name, "call.seen", found.id)  # last: it locks SQLite for others
    return OneCall.of(found, as_seen_by(_role(request), found), _role(request))


async def mark(request: Request, given: MarkBody) -> Remarks:
    """Mark a call as right or wrong."""
    async with office(request).sessions.begin() as session:
        found = _known(await telling.found(session, request.path_params["call"]))
        await remarks.mark(session, found, request.state.login.person.name, given.mark)
    return Remarks.model_validate(found)


async def comment(request: Request, given: CommentBody) -> Remarks:
    """Comment on a call."""
    async with office(request).sessions.begin() as session:
        found = _known(await telling.found(session, request.path_params["call"]))
        try:
            await remarks.comment(session, found, request.state.login.person.name, given.comment)
        except StorageError as fault:
            raise HTTPException(422, fault.message) from None
    return Remarks.model_validate(found)


def _role(request: Request) -> Role:
    return Role(request.state.login.person.role)


def _known(found: Call | None) -> Call:
    if found is None:
        raise HTTPException(404)
    return found


ENDPOINTS = [
    Endpoint("/api/opkald", "Calls, newest first", calls, CallList, CallsQuery),
    Endpoint("/api/opkald/{call}", "One call with its conversation", call, OneCall),
    Endpoint("/api/opkald/{call}/maerke", "Mark a call", mark, Remarks, MarkBody, method="POST", role=Role.EDIT),
    Endpoint(
        "/api/opkald/{call}/kommentar",
        "Comment on a call",
        comment,
        Remarks,
        CommentBody,
        method="POST",
        role=Role.EDIT,
    ),
]
