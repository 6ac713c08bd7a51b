"""A studio over a folder of two answers, with made vectors and a voice that says "hej": no model, no clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from tests.two_answers import two_answers
from voicebot.answers import Over, load_library
from voicebot.content import Content
from voicebot.matching import Index, Matcher
from voicebot.matching.measure import made_vectors
from voicebot.reloading import Reloader
from voicebot.settings import Settings
from voicebot.storage import versions
from voicebot.studio import Studio

QUESTIONS = """\
question\ttopic\tkind
Mit pas er væk\tpas-mistet\tin_scope
Jeg har tabt passet\tpas-mistet\tin_scope
tre\tpas-barn\tin_scope
Hvad med hunden?\tpas-hund\tin_scope
"""


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
    studio = Studio(settings, reloader, index, engines, published, tell)  # type: ignore[arg-type]
    try:
        yield Workshop(studio, reloader, engines, settings, embedded, told)
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
