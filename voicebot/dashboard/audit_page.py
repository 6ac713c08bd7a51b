"""The audit trail: who looked at what, and who changed what."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from voicebot.dashboard import wording
from voicebot.dashboard.definitions import DEFINITIONS
from voicebot.dashboard.guard import LARGEST_ID, guarded
from voicebot.dashboard.office import office
from voicebot.dashboard.pages import render
from voicebot.storage import people
from voicebot.storage.audit import SYSTEM, page_of_audit
from voicebot.storage.people import Role
from voicebot.storage.period import danish
from voicebot.storage.story import Result

PATH = "/revision"
ACTIONS = {
    "answer.published": "Udgav et svar",
    "answer.removed": "Fjernede et svar",
    "answer.rolled_back": "Rullede et svar tilbage",
    "answers.exported": "Skrev udgivne svar til filerne",
    "call.exported": "Lavede et testopkald ud fra et opkald",
    "call.seen": "Så et opkald",
    "call.listened": "Læste med i et opkald",
    "call.marked": "Mærkede et opkald",
    "call.commented": "Kommenterede et opkald",
    "calls.watched": "Så på opkald, der var i gang",
    "calls.searched": "Søgte i det, der blev sagt",
    "calls.exported": "Hentede opkald som CSV",
    "group.answered": "Gav spørgsmål et svar",
    "group.merged": "Slog grupper af spørgsmål sammen",
    "group.not_ours": "Lagde spørgsmål til side som ikke for os",
    "group.opened": "Tog spørgsmål frem igen",
    "group.seen": "Så en gruppe af spørgsmål",
    "group.split": "Tog et spørgsmål ud af en gruppe",
    "login.done": "Loggede ind",
    "login.failed": "Mislykket log-ind",
    "login.ended": "Loggede ud",
    "login.refused": "Afvist fra kommunens konto",
    "password.changed": "Skiftede sin adgangskode",
    "person.added": "Oprettede en bruger",
    "person.closed": "Lukkede en brugers adgang",
    "person.logged_out": "Loggede en bruger ud",
    "person.opened": "Åbnede en brugers adgang",
    "person.password": "Nulstillede en adgangskode",
    "person.removed": "Fjernede en bruger",
    "person.role": "Ændrede en brugers rolle",
    "retention.done": "Slettede det, der var for gammelt",
    "retention.chosen": "Ændrede, hvor længe noget gemmes",
}
"""Every action that is noted, as people say it."""

WORDS = {
    "aabent": "i åbningstiden",
    "aarsag": "stillet om, fordi",
    "answer": "svar",
    "audit": "linjer i revisionen",
    "before": "før",
    "calls": "hele opkald",
    "calls_days": "opkaldet slettes efter dage",
    "characters": "tegn",
    "days": "dage",
    "files": "filer",
    "fra": "fra",
    "gruppe": "gruppe",
    "groups": "grupper",
    "langsom": "langsomme",
    "maerke": "mærke",
    "mark": "mærke",
    "note": "besked",
    "other": "den anden",
    "own": "den nye",
    "right": "rigtigt",
    "resultat": "resultat",
    "role": "rolle",
    "tilfreds": "fik hjælp",
    "usikker": "usikre",
    "words_days": "ordene slettes efter dage",
    "words": "opkald, hvis ord blev slettet",
    "wrong": "forkert",
}
"""What is noted with an action, as people say it."""
VALUES = {**{each.value: DEFINITIONS[each].title.lower() for each in Result}, **wording.REASONS}
"""What calls were narrowed down to, as people say it."""


def routes() -> list[BaseRoute]:
    """`/revision`."""
    return [guarded(PATH, _page, Role.ADMINISTER, name="audit")]


async def _page(request: Request) -> Response:
    asked = {name: request.query_params.get(name, "").strip() for name in ("hvem", "handling", "om")}
    before = request.query_params.get("foer", "")
    last = int(before) if before.isdecimal() and int(before) <= LARGEST_ID else None
    async with office(request).sessions() as session:
        found = await page_of_audit(session, asked["hvem"], asked["handling"], asked["om"], last)
        names = [SYSTEM, *(person.name for person in await people.people(session))]
    kept = {name: value for name, value in asked.items() if value}
    return render(
        request,
        "revision.html",
        days=[(day, list(its)) for day, its in groupby(found.entries, lambda entry: danish(entry.at).date())],
        actions=ACTIONS,
        names=names,
        asked=asked,
        newest=f"{PATH}?{urlencode(kept)}" if last else None,
        older=f"{PATH}?{urlencode(kept | {'foer': found.older})}" if found.older else None,
        link=link,
        described=described,
    )


def link(action: str, about: str) -> str | None:
    """Where the page of what an action was done to lies; None: it has none."""
    kind = action.split(".", maxsplit=1)[0]
    return f"{HOMES[kind]}/{about}" if about and kind in HOMES else None


def described(details: Mapping[str, Any]) -> str:
    """What is noted with an action: 'rolle: se · før: rediger'; texts that were left empty are left out."""

    def text(value: object) -> str:
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return "intet" if value is None else VALUES.get(str(value)) or WORDS.get(str(value), str(value))

    return " · ".join(f"{WORDS.get(name, name)}: {text(value)}" for name, value in details.items() if value != "")


HOMES = {"call": "/opkald", "answer": "/svar", "group": "/ubesvarede"}
"""Where pages about things of one kind lie, by the first part of their actions."""
