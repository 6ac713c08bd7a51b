"""What went wrong between the carrier and us lately, for those who look after the line."""

from collections import Counter, deque
from collections.abc import Callable
from datetime import UTC, datetime

KEPT = 1000
"""Faults remembered; a line with more of them needs no exact count."""


class Trouble:
    """The faults since the start, by the moment and their code."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._seen: deque[tuple[datetime, str]] = deque(maxlen=KEPT)

    def note(self, code: str) -> None:
        """Remember a fault; returns at once."""
        self._seen.append((self._now(), code))

    def since(self, moment: datetime) -> Counter[str]:
        """How often each fault was seen after `moment`."""
        return Counter(code for at, code in self._seen if at > moment)
