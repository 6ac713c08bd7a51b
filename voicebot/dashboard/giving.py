"""A group of unanswered questions given to an answer: examples chosen, what they change seen, published."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from voicebot.answers.editing import write_draft
from voicebot.dashboard import tryouts, wording
from voicebot.dashboard.answer_form import line
from voicebot.dashboard.editing import Edited, Subject, subject_of
from voicebot.dashboard.editor import VERDICTS
from voicebot.dashboard.group_page import PATH, group_of, settle
from voicebot.dashboard.guard import guarded
from voicebot.dashboard.office import office
from voicebot.dashboard.pages import render
from voicebot.dashboard.publishing import CONFLICT, publish, told
from voicebot.errors import StorageError
from voicebot.masking import mask_cpr
from voicebot.storage import unanswered
from voicebot.storage.groups import State
from voicebot.storage.people import Role

OFFERED = 12
"""Texts of the group that may be chosen."""
OWN = 3
"""Empty lines for words of one's own."""
CHOSEN = 3
"""Texts that are chosen from the start, those that came most often."""
MOST = 10
"""Examples that may be added at once: more would outweigh those that were thought out."""
LONGEST = 200
"""Characters of an example."""
_NAMES = tuple(f"tekst-{number}" for number in range(OFFERED))
CHANGED = "En anden har rettet svaret imens. Se på det igen, og udgiv så."


@dataclass(frozen=True)
class Line:
    """A line of the form: a text that may become an example, and whether it is to; own: not of the group."""

    text: str
    chosen: bool
    own: bool = False


def routes() -> list[BaseRoute]:
    """The page on which a group is given to an answer, and its form."""
    way = f"{PATH}/til/{{id}}"
    return [
        guarded(way, _page, Role.EDIT, name="give"),
        guarded(way, _give, Role.EDIT, ["POST"], name="give_group"),
        guarded(f"{way}/proev", _try_out, Role.EDIT, ["POST"], name="give_try_out"),
    ]


async def _page(request: Request) -> Response:
    subject = await subject_of(request)
    async with office(request).sessions() as session:
        texts = await unanswered.texts_of(session, (await group_of(request, session)).id, OFFERED)
    known = {example.casefold() for example in subject.draft.examples}
    new = [text for text in texts if text.casefold() not in known]
    lines = [Line(text, number < CHOSEN) for number, text in enumerate(new)]
    return await _form(request, subject, [*lines, *[Line("", False, own=True)] * OWN])


async def _form(
    request: Request,
    subject: Subject,
    lines: Sequence[Line],
    status: int = 200,
    **said: Any,  # noqa: ANN401 - what the page has to say
) -> Response:
    """The page; said: `faults` of what was chosen, or what comes of it, as far as it is `tried`."""
    async with office(request).sessions() as session:
        group = await group_of(request, session)
    return render(
        request,
        "gruppe-svar.html",
        status=status,
        group=group,
        subject=subject,
        parts=office(request).studio.parts(subject.draft.answer),
        lines=lines,
        most=MOST,
        longest=LONGEST,
        verdicts=VERDICTS,
        wording=wording,
        titles=office(request).titles(),
        **{"faults": (), "tried": None, **said},
    )


async def _try_out(request: Request) -> Response:
    """What the chosen examples change, as a fragment: what is wrong with them, or how far the try is."""
    subject = await subject_of(request)
    edited, faults = await _edited(request, subject, _lines(await request.form()))
    if not faults and edited is None:
        faults = ["Vælg mindst én linje at prøve."]
    tried = tryouts.begin(office(request), edited.changed) if edited and not faults else None
    return render(
        request,
        "_gruppe_proevet.html",
        faults=faults,
        tried=tried,
        verdicts=VERDICTS,
        wording=wording,
        titles=office(request).titles(),
    )


async def _give(request: Request) -> Response:
    """Publish the answer with the chosen examples, if nothing speaks against it, and have it stand for the group."""
    place, form = office(request), await request.form()
    subject, lines = await subject_of(request), _lines(form)
    edited, faults = await _edited(request, subject, lines)
    if form.get("seen") != subject.fingerprint:
        return await _form(request, subject, lines, 409, faults=[CHANGED])
    if faults:
        return await _form(request, subject, lines, 422, faults=faults)
    if edited and not form.get("anyway"):
        tried = tryouts.begin(place, edited.changed)
        if not tried.harmless:
            return await _form(request, subject, lines, 422, tried=tried)
    try:
        kept = await _publish(request, edited) if edited else ()
    except StorageError as fault:
        if fault.code != CONFLICT:
            raise
        return await _form(request, await subject_of(request), lines, 409, faults=[CHANGED])
    if kept:
        return await _form(request, subject, lines, 422, faults=kept)
    await settle(request, request.path_params["group"], subject.id)
    return RedirectResponse(f"/ubesvarede/{request.path_params['group']}?gjort={State.ANSWERED}", 303)


async def _publish(request: Request, edited: Edited) -> Sequence[str]:
    why = "Eksempler fra ubesvarede spørgsmål"
    return await publish(
        request, edited.changed, edited.before, why, action="answer.published", object_=edited.draft.id
    )


def _lines(form: FormData) -> list[Line]:
    """The lines as they were filled in, on one line each, without CPR numbers; words of one's own count as chosen."""
    chosen = form.getlist("valgt")
    texts = {name: mask_cpr(line(form[name])) for name in _NAMES if name in form}
    own = [mask_cpr(line(form.get(f"egne-{number}"))) for number in range(OWN)]
    return [
        *(Line(text, name in chosen) for name, text in texts.items()),
        *(Line(text, bool(text), own=True) for text in own),
    ]


async def _edited(request: Request, subject: Subject, lines: Sequence[Line]) -> tuple[Edited | None, Sequence[str]]:
    """The answer with the chosen examples, None without any; and what is wrong with them, in words."""
    new = tuple(dict.fromkeys(each.text for each in lines if each.chosen and each.text))
    if not new:
        return None, ()
    draft = replace(subject.draft, examples=(*subject.draft.examples, *new))
    edited = Edited.of(subject, draft, await asyncio.to_thread(write_draft, draft, subject.before))
    faults = [
        f"“{text[:60]} …” er for lang: højst {LONGEST} tegn i et eksempel." for text in new if len(text) > LONGEST
    ]
    if len(new) > MOST:
        faults.append(f"Vælg højst {MOST} ad gangen, så de gennemtænkte eksempler stadig vejer tungest.")
    place = office(request)
    return edited, faults or told(await place.studio.faults(edited.changed), edited.path, place.titles())
