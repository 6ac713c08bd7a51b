"""Sådan tælles der: what the figures mean, what each role may see, how long things are kept."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from voicebot.dashboard.cards import ENOUGH
from voicebot.dashboard.guard import guarded
from voicebot.dashboard.office import office
from voicebot.dashboard.pages import render
from voicebot.storage import choices
from voicebot.storage.people import Role

RIGHTS = (
    ("Tal, listen over opkald, svarene og driften", Role.SEE),
    ("Det, der bliver sagt, og de to sidste cifre af nummeret", Role.EDIT),
    ("Mærke opkald rigtige eller forkerte og skrive kommentarer", Role.EDIT),
    ("Ubesvarede spørgsmål", Role.EDIT),
    ("Rette, prøve og udgive svar", Role.EDIT),
    ("Hele telefonnumre, hvis kommunen har valgt at gemme dem", Role.ADMINISTER),
    ("Brugere, revision og hvor længe noget gemmes", Role.ADMINISTER),
)
"""What somebody may, and the least role that may."""


def routes() -> list[BaseRoute]:
    """The page."""
    return [guarded("/saadan-taelles-der", page)]


async def page(request: Request) -> Response:
    """All definitions and rules."""
    place = office(request)
    async with place.sessions() as session:
        kept = await choices.chosen(session)
    whole = place.settings.caller_numbers == "whole"
    return render(request, "saadan.html", rights=RIGHTS, enough=ENOUGH, kept=kept, whole_numbers=whole)
