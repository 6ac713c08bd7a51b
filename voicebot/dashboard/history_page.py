"""The versions of an answer: who published what, when and why, what it changed, and back to it with one press."""

import asyncio
import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from voicebot.answers.editing import read_draft
from voicebot.answers.files import Files
from voicebot.dashboard import tryouts, wording
from voicebot.dashboard.editing import fingerprint, matters
from voicebot.dashboard.editor import VERDICTS
from voicebot.dashboard.guard import guarded
from voicebot.dashboard.office import office
from voicebot.dashboard.pages import exactly, render
from voicebot.dashboard.publishing import CONFLICT, publish, told
from voicebot.errors import StorageError
from voicebot.storage import versions
from voicebot.storage.operators import Version
from voicebot.storage.people import Role

Piece = tuple[str, str]
"""'same', 'del' or 'ins', and a text."""
CONTEXT = 2
"""Lines shown around a change."""
TOGETHER = 4
"""Words that must be the same in a row to be shown as such between two changes."""
CHANGED = ("En anden har udgivet en ny version imens. Se på den først.",)
_WORD = re.compile(r"\n|[^\S\n]*(?:\{\{[^}\n]*\}\}\S*|\S+)")


@dataclass(frozen=True)
class Step:
    """A version, and the lines it changed against the one before; a line is its pieces, an empty one a gap."""

    version: Version
    lines: Sequence[Sequence[Piece]]
    current: bool


def difference(old: str, new: str) -> Iterator[list[Piece]]:
    """The lines that differ, word by word, with some around them; pure."""
    before, after = old.splitlines(), new.splitlines()
    groups = difflib.SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(CONTEXT)
    for number, group in enumerate(groups):
        if number:
            yield []
        for kind, a, b, c, d in group:
            if kind == "replace":
                yield from _words("\n".join(before[a:b]), "\n".join(after[c:d]))
            elif kind == "equal":
                yield from ([("same", line)] for line in before[a:b])
            else:
                yield from ([("del", line)] for line in before[a:b])
                yield from ([("ins", line)] for line in after[c:d])


def _words(old: str, new: str) -> Iterator[list[Piece]]:
    """Changed lines as one text in which the words that went and came are marked, cut into lines again."""
    line: list[Piece] = []
    for pieces in _changes(_WORD.findall(old), _WORD.findall(new)):
        for what, text in pieces:
            first, *others = text.split("\n")
            line += [(what, first)] if first else []
            for other in others:
                yield line
                line = [(what, other)] if other else []
    yield line


def _changes(before: list[str], after: list[str]) -> Iterator[list[Piece]]:
    """What is the same and what is not, in turn; a few words that are the same by chance do not count."""
    gone, come = "", ""
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal" and (b - a >= TOGETHER or 0 in (a, c) or b == len(before) or d == len(after)):
            yield [piece for piece in (("del", gone), ("ins", come)) if piece[1]]
            gone, come = "", ""
            yield [("same", "".join(before[a:b]))]
        else:
            gone, come = gone + "".join(before[a:b]), come + "".join(after[c:d])
    yield [piece for piece in (("del", gone), ("ins", come)) if piece[1]]


def steps(history: Sequence[Version], in_folder: str | None) -> list[Step]:
    """The versions, the newest first, each against the one before it. in_folder: what the file says there."""
    texts = [in_folder if version.text is None else version.text for version in history]
    from_folder = bool(history) and history[-1].who == versions.FOLDER  # shown as it is, not as all new
    before = [*texts[1:], texts[-1] if from_folder else ""]
    return [
        Step(version, list(difference(old or "", new or "")), current=place == 0)
        for place, (version, new, old) in enumerate(zip(history, texts, before, strict=bool(history)))
    ]


async def history_page(request: Request) -> Response:
    """All versions of an answer, also of one that was removed."""
    return await _page(request, ())


async def _page(request: Request, faults: Sequence[str], tried: tryouts.Tryout | None = None) -> Response:
    """The versions; tried: what it changes to go back to the one that the address names, as far as that is known."""
    place, id_ = office(request), request.path_params["id"]
    path = await _path(request, id_)
    in_use = (await place.studio.texts(path))[path]  # before the versions: what is seen is never older than `seen`
    async with place.sessions() as session:
        history = await versions.history(session, path)
    in_folder = _in_folder(request, path)
    return render(
        request,
        "historik.html",
        status=422 if faults or tried else 200,
        id=id_,
        path=path,
        title=place.titles().get(id_, id_),
        there=id_ in place.titles(),
        steps=await asyncio.to_thread(steps, history, in_folder),
        seen=fingerprint(in_use),
        rolled="rullet" in request.query_params,
        faults=faults,
        tried=tried,
        chosen=request.path_params.get("version"),
        verdicts=VERDICTS,
        wording=wording,
        titles=place.titles(),
    )


async def roll_back(request: Request) -> Response:
    """Publish an older version again."""
    place, id_ = office(request), request.path_params["id"]
    path = await _path(request, id_)
    async with place.sessions() as session:
        old = await versions.version(session, request.path_params["version"])
    if old is None or old.path != path:
        raise HTTPException(404, "Den version findes ikke.")
    before = await place.studio.texts(path)
    form = await request.form()
    if form.get("seen") != fingerprint(before[path]):
        return await _page(request, CHANGED)
    changed = {path: (_in_folder(request, path) if old.text is None else old.text) or None}
    faults = told(await place.studio.faults(changed), path, place.titles())
    if not faults and changed != before:
        if not form.get("anyway") and await _matters(before[path], changed[path]):
            trial = tryouts.begin(place, changed)
            if not trial.harmless:
                return await _page(request, (), trial)
        note = f"Rullet tilbage til {exactly(old.at)}"
        try:
            faults = await publish(request, changed, before, note, action="answer.rolled_back", object_=id_)
        except StorageError as fault:
            if fault.code != CONFLICT:
                raise
            faults = CHANGED
    if faults:
        return await _page(request, faults)
    return RedirectResponse(f"/svar/{id_}/historik?rullet", 303)


async def _matters(before: str | None, after: str | None) -> bool:
    """Whether callers may be understood otherwise by another text; where one is none, they are."""
    if not (before and after):
        return True
    was, now = await asyncio.to_thread(read_draft, before), await asyncio.to_thread(read_draft, after)
    return not (was and now) or matters(was, now)


def _in_folder(request: Request, path: str) -> str | None:
    """What the file says, which counts where a version has no text."""
    folder = office(request).settings.answers_dir
    return Files(folder).text(folder / path, [])


async def _path(request: Request, id_: str) -> str:
    place = office(request)
    path = await place.studio.path_of(id_)
    if path:
        return path
    async with place.sessions() as session:
        removed = [path for path in await versions.published(session) if path.endswith(f"/{id_}.yaml")]
    if not removed:
        raise HTTPException(404, "Det svar har aldrig været her.")
    return removed[0]


def routes() -> list[BaseRoute]:
    """The versions of an answer."""
    return [
        guarded("/svar/{id}/historik", history_page),
        guarded("/svar/{id}/historik/{version:int}", roll_back, Role.EDIT, ["POST"]),
    ]
