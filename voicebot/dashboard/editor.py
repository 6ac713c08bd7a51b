"""One answer: seen, edited, heard, asked, tried out and published."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from voicebot.answers.editing import Draft, write_draft
from voicebot.answers.rules import FEWEST_EXAMPLES, LONGEST_ANSWER, spoken_seconds
from voicebot.dashboard import tryouts, wording
from voicebot.dashboard.answer_form import WAYS, area_title, draft_of, id_of, line, lines, reviewed_on
from voicebot.dashboard.editing import NEW, Edited, Subject, subject_of
from voicebot.dashboard.group_page import number, settle
from voicebot.dashboard.guard import guarded
from voicebot.dashboard.library_page import DAYS, OLD
from voicebot.dashboard.office import office
from voicebot.dashboard.pages import render
from voicebot.dashboard.publishing import CONFLICT, publish, told
from voicebot.errors import StorageError, VoicebotError
from voicebot.masking import mask_cpr
from voicebot.storage import versions
from voicebot.storage.people import Role
from voicebot.storage.period import Period, danish
from voicebot.storage.unanswered import texts_of
from voicebot.storage.use import Use, use_of_answers

VERDICTS = {
    "right": "svarer rigtigt",
    "offered": "spørger, og det rigtige er med",
    "asked": "spørger om noget andet",
    "rejected": "svarer ikke",
    "wrong": "svarer forkert",
}
"""What `voicebot.evaluation.Verdict` says of what the bot does."""


async def answer_page(request: Request) -> Response:
    """An answer as it is, and for those who may, the form to change it."""
    subject = await subject_of(request)
    draft = await _begun(request, subject.draft) if subject.new else subject.draft
    return await _page(request, subject, draft, published="udgivet" in request.query_params)


def _group(request: Request) -> int:
    """The group of unanswered questions that a new answer is written for, 0 for none."""
    return number(request.query_params.get("gruppe"))


async def _begun(request: Request, draft: Draft) -> Draft:
    """A new answer with what its address brings along: a title, examples, the words of a group that has no answer."""
    asked = request.query_params
    examples = asked.getlist("eksempler")
    if group := _group(request):
        async with office(request).sessions() as session:
            examples += await texts_of(session, group, FEWEST_EXAMPLES)
    return replace(draft, title=line(asked.get("titel")), examples=lines("\n".join(examples)))


async def _page(
    request: Request,
    subject: Subject,
    draft: Draft,
    *,
    status: int = 200,
    published: bool = False,
    **said: Any,  # noqa: ANN401 - what the template shows
) -> Response:
    place = office(request)
    today = danish(place.now()).date()
    library = place.library()
    async with place.sessions() as session:
        used = await use_of_answers(session, library.municipality.id, Period.of_days(DAYS, today))
        newest = (await versions.history(session, subject.path))[:1] if subject.path else ()
    answer = library.answers.get(subject.id)
    return render(
        request,
        "svar.html",
        status=status,
        subject=subject,
        draft=draft,
        answer=answer,
        use=used.get(subject.id, Use()),
        newest=newest[0] if newest and newest[0].text is not None else None,  # None: the files count again
        old=answer is not None and today - answer.reviewed > OLD,
        parts=place.studio.parts(draft.answer),
        follow_up=place.studio.parts(draft.follow_up.ask) if draft.follow_up else (),
        ways=range(WAYS),
        areas=sorted({(a.area, area_title(a.area)) for a in library.answers.values()}, key=lambda pair: pair[1]),
        area_title=area_title,
        titles=place.titles(),
        days=DAYS,
        published=published,
        group=_group(request),
        **{
            "faults": (),
            "conflict": "",
            "tried": None,
            "removing": False,
            "worse": (),
            "note": "",
            "verdicts": VERDICTS,
            **said,
        },
        wording=wording,
    )


async def preview(request: Request) -> Response:
    """The answer as it would be heard, and what is wrong with it."""
    edited = await _edited(request)
    place = office(request)
    text = edited.draft.answer
    return render(
        request,
        "_svar_vis.html",
        parts=place.studio.parts(text),
        seconds=spoken_seconds(place.studio.spoken(text)),
        longest=LONGEST_ANSWER,
        faults=await _faults(request, edited),
    )


async def speech(request: Request) -> Response:
    """The answer as sound."""
    text = line((await request.form()).get("answer"))[: 20 * int(LONGEST_ANSWER)]
    if not text:
        raise HTTPException(422, "Der er ingen tekst at sige.")
    try:
        sound = await office(request).studio.speech(text)
    except VoicebotError:
        raise HTTPException(503, "Stemmen har for travlt med opkald lige nu. Prøv igen om lidt.") from None
    return Response(sound, media_type="audio/wav", headers={"Cache-Control": "no-store"})


async def ask(request: Request) -> Response:
    """What the bot would do with a question if the answer were changed so."""
    edited, question = await _edited(request), line((await request.form()).get("question"))[:500]
    asked, fault = None, "" if question else "Skriv et spørgsmål, som en borger ville stille det."
    if question:
        try:
            asked = await office(request).studio.ask(question, edited.changed)
        except VoicebotError as wrong:
            fault = "Svaret har fejl, så botten kan ikke prøve det. Ret fejlene først."
            if not wrong.code.startswith("content."):
                fault = "Modellerne svarer ikke lige nu. Prøv igen om lidt, eller se på Drift."
    titles = office(request).titles() | {edited.draft.id: edited.draft.title}
    return render(request, "_svar_spurgt.html", asked=asked, fault=fault, titles=titles, question=question)


async def try_out(request: Request) -> Response:
    """Begin to work out what the change would change."""
    edited = await _edited(request)
    return _tried(request, tryouts.begin(office(request), edited.changed))


async def tried(request: Request) -> Response:
    """How far that is, or what came of it."""
    found = office(request).tryouts.get(request.path_params["key"])
    if found is None:
        raise HTTPException(404, "Afprøvningen er glemt. Prøv den af igen.")
    found.looked_at()
    return _tried(request, found, "_opkald_proevet.html" if "opkald" in request.query_params else "_svar_proevet.html")


def _tried(request: Request, found: tryouts.Tryout, template: str = "_svar_proevet.html") -> Response:
    titles = office(request).titles()
    return render(request, template, tried=found, verdicts=VERDICTS, wording=wording, titles=titles)


async def publish_answer(request: Request) -> Response:
    """Publish the answer as it was filled in, if nothing speaks against it; nothing typed is lost where it does."""
    edited = await _edited(request)
    form, place = await request.form(), office(request)
    note = mask_cpr(line(form.get("note")))[:500]
    subject = edited.subject
    faults = await _faults(request, edited)
    if edited.changed == edited.before:
        faults = ("Intet er ændret, så der er intet at udgive.",)
    if faults:
        return await _page(request, subject, edited.draft, status=422, faults=faults, note=note)
    if form.get("seen") != subject.fingerprint:
        return await _page(request, subject, edited.draft, status=409, conflict=await _who(request, subject), note=note)
    if edited.matters and not form.get("anyway"):
        trial = tryouts.begin(place, edited.changed)
        if not trial.harmless:
            return await _page(request, subject, edited.draft, status=422, tried=trial, note=note)
    return await _publish(request, edited, note)


async def _publish(request: Request, edited: Edited, note: str) -> Response:
    subject, before = edited.subject, edited.before
    action = "answer.removed" if edited.changed.get(edited.path) is None else "answer.published"
    try:
        kept = await publish(request, edited.changed, before, note, action=action, object_=edited.draft.id)
    except StorageError as fault:
        if fault.code != CONFLICT:
            raise
        subject = await subject_of(request)
        return await _page(request, subject, edited.draft, status=409, conflict=await _who(request, subject), note=note)
    if kept:
        return await _page(request, subject, edited.draft, status=422, faults=kept, note=note)
    if group := _group(request):
        await settle(request, group, edited.draft.id)
        return RedirectResponse(f"/ubesvarede/{group}?gjort=answered", 303)
    there = "/svar?fjernet" if action == "answer.removed" else f"/svar/{edited.draft.id}?udgivet"
    return RedirectResponse(there, 303)


async def remove(request: Request) -> Response:
    """Take an answer out of the library, if no other leads to it."""
    subject = await subject_of(request)
    if subject.new:
        raise HTTPException(404)
    form = await request.form()
    if form.get("seen") != subject.fingerprint:
        fault = f"{await _who(request, subject)} har udgivet en ny tekst imens. Se på den, før du fjerner svaret."
        return await _page(request, subject, subject.draft, status=409, faults=[fault])
    edited = Edited.removed(subject)
    faults = await _faults(request, edited)
    if faults:
        return await _page(request, subject, subject.draft, status=422, faults=faults)
    note = line(form.get("note"))[:500]
    trial = None if form.get("anyway") else tryouts.begin(office(request), edited.changed)
    if trial and not trial.harmless:
        return await _page(request, subject, subject.draft, status=422, tried=trial, removing=True, note=note)
    return await _publish(request, edited, note)


async def _edited(request: Request) -> Edited:
    """The answer as it is filled in."""
    subject, form = await subject_of(request), await request.form()
    today = danish(office(request).now()).date()
    id_ = id_of(str(form.get("title", ""))) if subject.new else subject.id
    draft = draft_of(form, id_, reviewed_on(form, None if subject.new else subject.draft, today))
    return await _with_text(request, subject, draft, form)


async def _faults(request: Request, edited: Edited) -> tuple[str, ...]:
    place = office(request)
    return told(await place.studio.faults(edited.changed), edited.path, place.titles()) + edited.faults


async def _with_text(request: Request, subject: Subject, draft: Draft, form: FormData) -> Edited:
    if not subject.new:
        return Edited.of(subject, draft, await asyncio.to_thread(write_draft, draft, subject.before))
    library = office(request).library()
    area = str(form.get("area", ""))
    area = area if area in {answer.area for answer in library.answers.values()} else ""
    topics = await office(request).studio.texts("topics.tsv")
    return await asyncio.to_thread(Edited.new, subject, draft, area, library, topics["topics.tsv"] or "")


async def _who(request: Request, subject: Subject) -> str:
    """Who has published the text that is in use now."""
    async with office(request).sessions() as session:
        newest = (await versions.history(session, subject.path))[:1]
    return newest[0].who if newest else "En anden"


def routes() -> list[BaseRoute]:
    """The page of an answer, and what its form does."""
    ways: list[tuple[str, Callable[[Request], Awaitable[Response]]]] = [
        ("vis", preview), ("tale", speech), ("spoerg", ask), ("proev", try_out), ("fjern", remove),
    ]  # fmt: skip
    return [
        guarded("/svar/proevet/{key}", tried, Role.EDIT),
        guarded(f"/svar/{NEW}", answer_page, Role.EDIT, name="new_answer"),
        guarded("/svar/{id}", answer_page),
        guarded("/svar/{id}", publish_answer, Role.EDIT, ["POST"]),
        *(guarded(f"/svar/{{id}}/{name}", handler, Role.EDIT, ["POST"]) for name, handler in ways),
    ]
