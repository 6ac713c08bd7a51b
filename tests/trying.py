"""A studio over a folder of two answers, with made vectors, a voice that says "hej", and callers who are heard without
a mistake: no model, no clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from tests.two_answers import two_answers
from voicebot import dialogue
from voicebot.answers import Over, load_library
from voicebot.audio import AudioChunk, wav
from voicebot.content import Content
from voicebot.matching import Index, Matcher
from voicebot.matching.measure import made_vectors
from voicebot.reloading import Reloader
from voicebot.replay import Case, CaseResult
from voicebot.replay.judging import Outcome, StepResult
from voicebot.settings import Settings
from voicebot.storage import versions
from voicebot.studio import Pace, Studio

QUESTIONS = """\
question\ttopic\tkind
Mit pas er væk\tpas-mistet\tin_scope
Jeg har tabt passet\tpas-mistet\tin_scope
tre\tpas-barn\tin_scope
Hvad med hunden?\tpas-hund\tin_scope
"""


CALL = """\
title: {title}
tags: [in_scope, gate]
provenance: made up
licence: CC0-1.0
turns:
  - say: stille.wav
    text: {said}
    expect: {{answer: {answer}}}
"""


def record_call(home: Path, title: str, said: str, answer: str) -> None:
    """A recorded call in which somebody says something, and has a right to that answer."""
    folder = home / "calls" / "pas"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stille.wav").write_bytes(wav(AudioChunk(np.zeros(8000, np.float32), 8000)))
    (folder / f"{title}.yaml").write_text(CALL.format(title=title, said=said, answer=answer), "utf-8")


def by_heart(case: Case, content: Content, pace: Pace) -> CaseResult:
    """The call, its words heard as they stand in the case."""
    (turn,) = case.script.turns
    assert turn.expect
    pace.calm()
    pace.breathe()
    state, _ = dialogue.opening(content.library)
    _, decision = dialogue.decide(content.library, state, content.heard(turn.text, 1.0, state))
    right, wrong = decision.answer in turn.expect.answer, decision.kind is dialogue.Kind.ANSWER
    step = StepResult(
        title=turn.text,
        text=turn.text,
        heard=turn.text.lower(),
        decision={"decision": decision.kind.value, "answer": decision.answer, "options": list(decision.options)},
        candidates=(),
        outcome=Outcome.RIGHT if right else Outcome.WRONG if wrong else Outcome.REJECTED,
        begins=0.0,
        ends=1.0,
        first_sound=0.5,
        answer_sound=0.5,
        misses=() if right else ("not that",),
    )
    return CaseResult(
        name=case.name,
        title=case.script.title,
        tags=case.script.tags,
        fingerprint=case.fingerprint,
        condition="ren",
        repetition=1,
        outcome="caller_hung_up",
        seconds=2.0,
        steps=(step,),
        misses=(),
        recording=None,
    )


class QuickEngines:
    """A voice that is ready at once, and no calls."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.quiet = True

    async def say(self, text: str, _: object) -> bytes:
        self.said.append(text)
        return b"\xff" * 800


@dataclass
class Workshop:
    """A studio with all it stands on."""

    studio: Studio
    reloader: Reloader
    engines: QuickEngines
    settings: Settings
    embedded: list[str]
    told: list[str]


@asynccontextmanager
async def workshop(home: Path, sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[Workshop]:
    """A studio that publishes into `sessions`, and a reloader that keeps looking."""
    folder = home / "answers"
    folder.mkdir()
    (home / "questions.tsv").write_text(QUESTIONS, "utf-8")
    settings = Settings(
        answers_dir=two_answers(folder),
        municipality="lilleby",
        data_dir=home,
        questions=[home / "questions.tsv", home / "missing.tsv"],
        recorded_calls=home / "calls",
    )
    embedded: list[str] = []
    vectors = made_vectors(64)

    def embed(texts):
        embedded.extend(texts)
        return vectors(texts)

    index = Index(embed, home / "embeddings" / "e5.npz")
    in_record: dict[str, str | None] = {}

    async def published() -> Over:
        async with sessions() as session:
            in_record.clear()
            in_record.update(await versions.published(session))
            return dict(in_record)

    def load() -> Content:
        library = load_library(folder, "lilleby", dict(in_record))
        return Content(library, Matcher(library, index))

    told: list[str] = []

    async def tell() -> None:
        told.append("published")
        await published()  # stands for the loader's own look into the record

    reloader, engines = Reloader(folder, load), QuickEngines()

    async def keep() -> None:
        while True:
            await reloader.renewed()

    keeping = asyncio.create_task(keep())
    studio = Studio(settings, reloader, index, engines, published, tell, by_heart)  # type: ignore[arg-type]
    try:
        yield Workshop(studio, reloader, engines, settings, embedded, told)
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
