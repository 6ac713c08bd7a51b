"""What administrators choose in the dashboard, over the defaults."""

from dataclasses import asdict, dataclass, fields, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from voicebot.errors import StorageError
from voicebot.storage.operators import Choice

FEWEST_DAYS, MOST_DAYS = 1, 3650


@dataclass(frozen=True)
class Choices:
    """All choices, with their defaults.

    keep_words_days: after how many days what was said, and the events of a call, are deleted; keep_calls_days: after
    how many days the rest of a call is.
    """

    keep_words_days: int = 90
    keep_calls_days: int = 730


DEFAULTS = Choices()
_NAMES = {field.name for field in fields(Choices)}
_TITLES = {"keep_words_days": "ordene", "keep_calls_days": "opkaldet"}


async def chosen(session: AsyncSession) -> Choices:
    """What has been chosen, the defaults where nothing has."""
    rows = (await session.scalars(select(Choice).where(Choice.name.in_(_NAMES)))).all()
    return replace(DEFAULTS, **{row.name: row.value for row in rows})


async def choose(session: AsyncSession, choices: Choices) -> None:
    """Choose all of it; the caller commits. StorageError, in Danish: not so many days."""
    for name, title in _TITLES.items():
        if not FEWEST_DAYS <= getattr(choices, name) <= MOST_DAYS:
            raise StorageError("choices.days", f"Skriv, hvor mange dage {title} skal gemmes: et tal fra 1 til 3650.")
    if choices.keep_words_days > choices.keep_calls_days:
        raise StorageError("choices.order", "Ordene kan ikke gemmes længere end opkaldet. Ret det ene af tallene.")
    for name, value in asdict(choices).items():
        await session.merge(Choice(name=name, value=value))
