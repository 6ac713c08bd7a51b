"""What has failed in calls lately."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from voicebot.storage.tables import FAILED, Call, CallEvent

MOST = 1000
"""Faults looked at."""


@dataclass(frozen=True)
class Fault:
    """A kind of fault: in which stage of a call, its code, how often, and in which call it was seen last."""

    stage: str
    code: str
    times: int
    last: datetime
    call: str


def _newest(since: datetime) -> Select[str, str, datetime, str]:
    data = CallEvent.data
    return (
        select(data["stage"].as_string(), data["code"].as_string(), Call.started, Call.id)
        .join(Call, Call.id == CallEvent.call_id)
        .where(Call.started >= since, FAILED)
        .order_by(Call.started.desc())
        .limit(MOST)
    )


async def recent_faults(session: AsyncSession, since: datetime) -> Sequence[Fault]:
    """The faults of calls that began after `since`, the most frequent first; of very many, the newest `MOST`."""
    found = await session.execute(_newest(since))
    kinds: dict[tuple[str, str], Fault] = {}
    for stage, code, started, call in found:
        seen = kinds.setdefault((stage, code), Fault(stage, code, 0, started, call))
        kinds[stage, code] = replace(seen, times=seen.times + 1)
    return sorted(kinds.values(), key=lambda fault: -fault.times)
