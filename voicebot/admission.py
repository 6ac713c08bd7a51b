"""Whether one more call is taken: above what the machine can hold, a caller is put through to a human at once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

CALLS_PER_CORE = 6
"""Calls that a core holds with an answer within 1.5 s for 19 callers of 20: on two cores 12 callers who asked again and
again were answered after 0.87 s (median), 1.29 s (p95 of 38); more were not tried."""
LONGEST_WAIT = 1.0
"""Seconds of a caller's wait for recognition from which on the machine takes no more calls, however few it has."""


def admits(under_way: int, limit: int, longest_wait: float) -> bool:
    """Whether a call is taken beside the `under_way`; longest_wait: seconds that a caller now waits for the models."""
    return under_way < limit and longest_wait < LONGEST_WAIT


class Admission:
    """Counts the calls that were taken. limit: calls at once; 0: what this machine's cores can hold."""

    def __init__(self, limit: int) -> None:
        self.limit = limit or CALLS_PER_CORE * len(os.sched_getaffinity(0))
        self.under_way = 0

    @contextmanager
    def call(self, longest_wait: float) -> Iterator[bool]:
        """A call, for as long as the context is open: whether it is taken. Those turned away do not count."""
        admitted = admits(self.under_way, self.limit, longest_wait)
        self.under_way += admitted
        try:
            yield admitted
        finally:
            self.under_way -= admitted
