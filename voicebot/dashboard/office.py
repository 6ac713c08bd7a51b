"""What the pages need of the bot they belong to."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from starlette.requests import HTTPConnection

from voicebot.answers import Fault, Library
from voicebot.dashboard.directory import Directory
from voicebot.dashboard.live import Live
from voicebot.dashboard.tryouts import Tryouts
from voicebot.health import Part
from voicebot.settings import Settings

Changed = Mapping[str, str | None]
"""Path within `answers/` → whole new text of that file; None: the file is to be gone."""


class Studio(Protocol):
    """Where changed answers are tried out before callers meet them, and from where they are taken into use."""

    @property
    def version(self) -> str:
        """Of the answers in use."""

    async def texts(self, *paths: str) -> dict[str, str | None]:
        """What each file of `answers/` says now; None: there is no such file."""

    async def path_of(self, id_: str) -> str | None:
        """Path of the file in which an answer that is in use lies; None where there is none."""

    async def faults(self, changed: Changed) -> Sequence[Fault]:
        """What would be wrong with the answers if they were changed so."""

    def parts(self, text: str) -> Sequence[tuple[str, str | None]]:
        """A text as callers would hear it, piece by piece; each piece that is a fact with the fact's name."""

    def spoken(self, text: str) -> str:
        """A text as callers would hear it, facts filled in."""

    async def speech(self, text: str) -> bytes:
        """The same as sound: a WAV file. VoicebotError if the voice fails or is busy."""

    async def ask(self, question: str, changed: Changed) -> Any:  # noqa: ANN401 - see voicebot.studio.Asked
        """What the bot would do with a question; ContentError where the answers would have faults."""

    async def changes(self, changed: Changed, progress: Callable[[int, int], None]) -> Any:  # noqa: ANN401
        """Which test questions turn better or worse, see voicebot.studio.Changes; progress(done, of), in any thread."""

    async def calls(self, changed: Changed, progress: Callable[[int, int], None]) -> Any:  # noqa: ANN401
        """Which recorded calls turn better or worse, see voicebot.studio.Calls; progress(done, of), in any thread."""

    async def publish(self) -> Sequence[str]:
        """Have the bot take the published versions into use; faults that keep it from doing so."""


@dataclass
class Office:
    """One bot's settings, record, calls under way, and where its answers are tried out."""

    settings: Settings
    sessions: async_sessionmaker[AsyncSession]
    live: Live
    studio: Studio
    library: Callable[[], Library]
    """The answers in use now."""
    health: Callable[[], Awaitable[Sequence[Part]]]
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    tryouts: Tryouts = field(default_factory=Tryouts)
    """Changed answers that are tried out just now, or were lately."""

    @cached_property
    def directory(self) -> Directory:
        """The municipality's own, of use only where the settings name one."""
        return Directory(self.settings)

    def titles(self) -> dict[str, str]:
        """The title of each answer, by its id."""
        return {id_: answer.title for id_, answer in self.library().answers.items()}


def office(connection: HTTPConnection) -> Office:
    """The office that a request has come to."""
    found = connection.app.state.office
    assert isinstance(found, Office)
    return found
