"""How much each answer is used, and how often it was all that a caller needed."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from voicebot.storage.period import Period
from voicebot.storage.tables import Tally


@dataclass(frozen=True)
class Use:
    """Of one answer: how often it was given, calls that were first about it, and those of them that were settled."""

    given: int = 0
    calls: int = 0
    settled: int = 0

    @property
    def success(self) -> float | None:
        """Share of the calls that were settled, 0..1; None without calls."""
        return self.settled / self.calls if self.calls else None


async def use_of_answers(session: AsyncSession, municipality: str, period: Period) -> dict[str, Use]:
    """The use of each answer that was used in the period, by its id."""
    query = (
        select(Tally.what, Tally.of, func.sum(Tally.n))
        .where(Tally.what.in_(["answers", "topic", "topic_settled"]), Tally.municipality == municipality)
        .where(Tally.day.between(period.first, period.last))
        .group_by(Tally.what, Tally.of)
    )
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for what, of, n in await session.execute(query):
        counts[of][what] = int(n)
    return {
        id_: Use(each.get("answers", 0), each.get("topic", 0), each.get("topic_settled", 0))
        for id_, each in counts.items()
    }
