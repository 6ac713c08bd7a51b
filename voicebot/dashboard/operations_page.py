"""Drift: how the machine is, what has failed lately, and how long things are kept."""

from datetime import timedelta

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from voicebot.dashboard.guard import guarded
from voicebot.dashboard.office import Office, office
from voicebot.dashboard.pages import render
from voicebot.errors import StorageError
from voicebot.health import State
from voicebot.storage import audit, choices
from voicebot.storage.faults import recent_faults
from voicebot.storage.operators import AuditEntry
from voicebot.storage.people import Role

LATELY = timedelta(days=7)
STAGES = {
    "asr": "Genkendelse af tale",
    "engines": "Modeller",
    "call": "Samtalen",
    "telephony": "Telefonforbindelsen",
    "tts": "Stemmen",
    "speech": "Stemmen",
    "matching": "Valg af svar",
    "recognition": "Genkendelse af tale",
}
"""Stages of a call as operators know them."""
CODES = {
    "asr.failed": "Genkendelsen af tale svigtede; den, der ringede, blev stillet om",
    "call.fault": "Samtalen gik i stykker; den, der ringede, blev stillet om",
    "call.timeout": "Noget tog for lang tid; den, der ringede, blev stillet om",
    "engines.busy": "For mange ringede på én gang; den, der ringede, blev stillet om",
    "engines.hung": "En model hang og blev forladt; den, der ringede, blev stillet om",
    "speech.failed": "Stemmen svigtede; den, der ringede, blev stillet om",
}


def routes() -> list[BaseRoute]:
    """The page, its live part and its form."""
    return [
        guarded("/drift", page),
        guarded("/drift/nu", now),
        guarded("/drift/opbevaring", keep, Role.ADMINISTER, ["POST"]),
    ]


async def page(request: Request) -> Response:
    """The whole page."""
    return await _page(request, office(request))


async def _page(request: Request, its: Office, wrong: str = "") -> Response:
    async with its.sessions() as session:
        kept = await choices.chosen(session)
        faults = await recent_faults(session, its.now() - LATELY)
        last = await session.scalar(
            select(AuditEntry).where(AuditEntry.action == "retention.done").order_by(AuditEntry.id.desc()).limit(1)
        )
    parts = await its.health()
    values = {
        "parts": parts,
        "worst": max((part.state for part in parts), key=list(State).index, default=State.GOOD),
        "kept": kept,
        "faults": faults,
        "stages": STAGES,
        "codes": CODES,
        "last": last,
        "wrong": wrong,
        "whole_numbers": its.settings.caller_numbers == "whole",
        "saved": request.query_params.get("gemt") == "ja",
    }
    return render(request, "drift.html", status=422 if wrong else 200, **values)


async def now(request: Request) -> Response:
    """How the parts are now, as a fragment."""
    return render(request, "_drift_nu.html", parts=await office(request).health())


async def keep(request: Request) -> Response:
    """Change how long things are kept."""
    its, form = office(request), await request.form()
    who = request.state.login.person.name
    try:
        async with its.sessions.begin() as session:
            words, calls = _days(form.get("keep_words_days")), _days(form.get("keep_calls_days"))
            await choices.choose(session, choices.Choices(words, calls))
            await audit.note(session, who, "retention.chosen", "", words_days=words, calls_days=calls)
    except StorageError as fault:
        return await _page(request, its, fault.message)
    return RedirectResponse("/drift?gemt=ja#opbevaring", 303)


def _days(given: object) -> int:
    text = str(given or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
