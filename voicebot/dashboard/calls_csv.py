"""The list of calls as a file that Danish spreadsheets open: UTF-8 with a mark, semicolons, decimal commas."""

import csv
from collections.abc import AsyncIterator, Callable, Mapping
from io import StringIO

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from voicebot.dashboard import wording
from voicebot.dashboard.call_page import list_as_seen_by
from voicebot.dashboard.definitions import DEFINITIONS
from voicebot.dashboard.office import office
from voicebot.storage.audit import note
from voicebot.storage.listing import Filter, every_call
from voicebot.storage.people import Role
from voicebot.storage.period import danish
from voicebot.storage.tables import Call

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP: CSV Injection)."""
_YES_NO = {True: "ja", False: "nej", None: ""}
_SOME = 500
"""Rows sent at once."""


async def export(request: Request) -> Response:
    """Send all calls of the list, little by little; noted before the first is read."""
    role = Role(request.state.login.person.role)
    filter_, _ = list_as_seen_by(role, request.query_params)
    async with office(request).sessions.begin() as session:
        await note(session, request.state.login.person.name, "calls.exported", "", **filter_.chosen())
    name = f"opkald-{danish(office(request).now()):%Y-%m-%d}.csv"
    return StreamingResponse(
        _lines(request, filter_, words=role.may(Role.EDIT)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _lines(request: Request, filter_: Filter, *, words: bool) -> AsyncIterator[str]:
    titles, paper = office(request).titles(), StringIO("\ufeff")
    paper.seek(0, 2)
    sheet = csv.writer(paper, delimiter=";")
    sheet.writerow([*_COLUMNS, *(["Sagt" if filter_.words else "Først sagt"] if words else [])])
    number = 0
    async for call, said in every_call(office(request).sessions, filter_, words=words):
        cells = [*(cell(call, titles) for cell in _COLUMNS.values()), *([said] if words else [])]
        sheet.writerow(map(harmless, cells))
        number += 1
        if number % _SOME == 0:
            yield _taken(paper)
    yield _taken(paper)


def _taken(paper: StringIO) -> str:
    text = paper.getvalue()
    paper.seek(0)
    paper.truncate()
    return text


def _decimal(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".replace(".", ",")


def harmless(value: object) -> str:
    """A cell no spreadsheet takes for a formula, on one line; '' for None."""
    text = "" if value is None else " ".join(str(value).replace("\0", "").splitlines())
    return f"'{text}" if text.startswith(_FORMULA) else text


_COLUMNS: dict[str, Callable[[Call, Mapping[str, str]], object]] = {
    "Opkald": lambda call, _: call.id,
    "Dato": lambda call, _: f"{danish(call.started):%Y-%m-%d}",
    "Tid": lambda call, _: f"{danish(call.started):%H:%M:%S}",
    "Kommune": lambda call, _: call.municipality,
    "Resultat": lambda call, _: DEFINITIONS[call.result].title if call.result else "I gang",
    "Stillet om, fordi": lambda call, _: call.reason and wording.REASONS.get(call.reason, call.reason),
    "Emne": lambda call, titles: call.topic and titles.get(call.topic, call.topic),
    "Længde (s)": lambda call, _: _decimal(call.seconds),
    "Længste svartid (s)": lambda call, _: _decimal(call.wait),
    "Laveste sikkerhed": lambda call, _: _decimal(call.confidence),
    "Antal ytringer": lambda call, _: call.turns_count,
    "Uden for åbningstid": lambda call, _: _YES_NO[call.outside_hours],
    "Fik hjælp": lambda call, _: _YES_NO[call.satisfied],
    "Mærke": lambda call, _: call.mark and wording.MARKS.get(call.mark, call.mark),
}
"""What is told of a call to everybody who may see it."""
