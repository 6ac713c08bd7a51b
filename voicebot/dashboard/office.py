"""What the pages need of the bot they belong to."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from starlette.requests import HTTPConnection

from voicebot.answers import Fault, Library
from voicebot.dashboard.live import Live
from voicebot.health import Part
from voicebot.settings import Settings

Changed = Mapping[str, str | None]
"""Path within `answers/` → whole new text of that file; None: the file is to be gone."""


class Studio(Protocol):
    """Where changed answers are tried out before callers meet them, and from where they are taken into use."""

    async def faults(self, changed: Changed) -> Sequence[Fault]:
        """What is wrong with the answers if they were changed so."""

    def spoken(self, text: str) -> str:
        """A text as callers would hear it, facts filled in."""

    async def speech(self, text: str) -> bytes:
        """The same as sound: a WAV file."""

    async def ask(self, question: str, changed: Changed) -> Any:  # noqa: ANN401 - see voicebot.studio
        """What the bot would do with a question."""

    async def changes(self, changed: Changed, progress: Callable[[int, int], None]) -> Any:  # noqa: ANN401
        """Which test questions turn right or wrong; progress(done, of)."""

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

    def titles(self) -> dict[str, str]:
        """The title of each answer, by its id."""
        return {id_: answer.title for id_, answer in self.library().answers.items()}


def office(connection: HTTPConnection) -> Office:
    """The office that a request has come to."""
    found = connection.app.state.office
    assert isinstance(found, Office)
    return found
