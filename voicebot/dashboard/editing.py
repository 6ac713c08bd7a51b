"""What is edited, and what it was edited into."""

import asyncio
import hashlib
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request

from voicebot.answers import Library
from voicebot.answers.editing import Draft, read_draft, write_draft
from voicebot.dashboard.office import Changed, office

NEW = "ny"
"""Stands in addresses for an answer that there is not yet."""
TOPICS = "topics.tsv"


@dataclass(frozen=True)
class Subject:
    """An answer to be edited: the file it lies in, and what that says now; "" and None for a new one."""

    id: str
    path: str
    before: str | None
    draft: Draft

    @property
    def new(self) -> bool:
        """Whether there is no such answer yet."""
        return self.before is None

    @property
    def fingerprint(self) -> str:
        """Of the text that it is edited from."""
        return fingerprint(self.before)


def matters(was: Draft, now: Draft) -> bool:
    """Whether callers may be understood otherwise: by its examples, its title or its name."""
    return (was.examples, was.title, was.offer) != (now.examples, now.title, now.offer)


def fingerprint(text: str | None) -> str:
    """Changes with every text: what a form was made from is what it may be published over."""
    return hashlib.sha256((text or "").encode()).hexdigest()[:20]


async def subject_of(request: Request) -> Subject:
    """The answer that an address names; HTTPException where there is none."""
    id_ = request.path_params.get("id", NEW)
    if id_ == NEW:
        return Subject(NEW, "", None, Draft(""))
    studio = office(request).studio
    path = await studio.path_of(id_)
    text = (await studio.texts(path))[path] if path else None
    draft = await asyncio.to_thread(read_draft, text) if text else None  # YAML with its comments takes long
    if not path or draft is None:
        raise HTTPException(404, "Det svar findes ikke, eller det er fjernet.")
    return Subject(id_, path, text, draft)


@dataclass(frozen=True)
class Edited:
    """An answer as somebody has filled it in. before: what each file in `changed` says now; faults: of the form."""

    subject: Subject
    draft: Draft
    path: str
    changed: Changed
    before: Changed
    faults: tuple[str, ...] = ()

    @classmethod
    def of(cls, subject: Subject, draft: Draft, text: str) -> "Edited":
        """An answer that there was before."""
        return cls(subject, draft, subject.path, {subject.path: text}, {subject.path: subject.before})

    @classmethod
    def removed(cls, subject: Subject) -> "Edited":
        """An answer that is not to be there any more."""
        return cls(subject, subject.draft, subject.path, {subject.path: None}, {subject.path: subject.before})

    @classmethod
    def new(cls, subject: Subject, draft: Draft, area: str, library: Library, topics: str) -> "Edited":
        """An answer that there was not; it is the municipality's own. topics: the file in which its id must stand."""
        path = f"municipalities/{library.municipality.id}/{area or 'ukendt'}/{draft.id or 'uden-titel'}.yaml"
        faults = [] if area else ["Vælg et område."]
        if draft.id in library.answers or draft.id in {NEW, "proevet"}:
            faults.append(f"Der er allerede et svar med id “{draft.id}”: giv det nye en anden titel.")
        changed: dict[str, str | None] = {path: write_draft(draft)}
        before: dict[str, str | None] = {path: None}
        if draft.id not in {line.split("\t")[1] for line in topics.splitlines() if line.count("\t") == 2}:
            ended = topics if topics.endswith("\n") else f"{topics}\n"
            changed[TOPICS], before[TOPICS] = f"{ended}{area}\t{draft.id}\t{draft.title}\n", topics
        return cls(subject, draft, path, changed, before, tuple(faults))

    @property
    def matters(self) -> bool:
        """Whether callers may be understood otherwise."""
        return self.changed.get(self.path) is None or matters(self.subject.draft, self.draft)
