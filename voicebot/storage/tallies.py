"""Figures without persons, counted call by call, which outlive the calls.

what        of                                          n              hour
calls       'all'                                       calls          of Danish time
result      how the call ended for the caller           calls          -1, as in all the following
seconds     the same                                    seconds
reason      why it was put through                      calls
topic       its first answer                            calls
topic_settled  the same, of settled calls               calls
outside     'yes' or 'no': outside opening hours        calls
satisfied   'yes' or 'no'                               calls
turns       what was decided                            turns
answers     the answer that was given                   turns
wait        a wait for a reply, see `wait_bucket`       turns
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from voicebot.storage.period import danish
from voicebot.storage.story import Result, Summary
from voicebot.storage.tables import Tally

BUCKET = 5
"""Hundredths of a second in one bucket of waits."""
LONGEST = 9999
"""The bucket of all longer waits."""
WHOLE_DAY = -1
"""The hour of what is counted by days only."""
ROWS = 500
"""Rows upserted at once: SQLite and PostgreSQL take at most 32,766 values in a statement."""

Key = tuple[str, date, int, str]
"""what, day and hour of Danish time, of."""


def wait_bucket(seconds: float) -> str:
    """The upper bound of the bucket that holds a wait, in hundredths of a second: '0055' is 0.50 up to 0.55 s."""
    hundredths = round(seconds * 100, 6)
    return f"{min(int(hundredths // BUCKET + 1) * BUCKET, LONGEST):04d}"


def of_call(summary: Summary) -> Counter[Key]:
    """All that one call adds to the figures."""
    began, counts = danish(summary.started), Counter[Key]()
    day, result = began.date(), summary.result.value

    def add(what: str, of: str, n: int = 1, hour: int = WHOLE_DAY) -> None:
        counts[what, day, hour, of] += n

    add("calls", "all", hour=began.hour)
    add("result", result)
    add("seconds", result, round(summary.seconds))
    if summary.reason:
        add("reason", summary.reason)
    if summary.topic:
        add("topic", summary.topic)
        if summary.result is Result.SETTLED:
            add("topic_settled", summary.topic)
    for what, holds in (("outside", summary.outside_hours), ("satisfied", summary.satisfied)):
        if holds is not None:
            add(what, "yes" if holds else "no")
    for turn in summary.turns:
        if turn.decision:
            add("turns", turn.decision)
        if turn.answer and turn.decision in ("answer", "emergency", "reject"):
            add("answers", turn.answer)
        if turn.wait is not None:
            add("wait", wait_bucket(turn.wait))
    return counts


async def add(session: AsyncSession, municipality: str, counts: Mapping[Key, int]) -> None:
    """Add to the figures of a municipality; the caller commits.

    Rows are taken in one order, so that two processes that count at once wait for each other and never in a ring.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [
        {"municipality": municipality, "what": what, "day": day, "hour": hour, "of": of, "n": n}
        for (what, day, hour, of), n in sorted(counts.items())
    ]
    for first in range(0, len(rows), ROWS):
        upsert = insert(Tally).values(rows[first : first + ROWS])
        more = {"n": Tally.n + upsert.excluded.n}
        await session.execute(upsert.on_conflict_do_update(index_elements=Tally.__table__.primary_key, set_=more))
