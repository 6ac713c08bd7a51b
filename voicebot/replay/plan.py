"""What is to be played: cases, in which conditions of the line, how often."""

import itertools
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from voicebot.replay.cases import Case
from voicebot.replay.conditions import CLEAN, Condition


@dataclass(frozen=True)
class Planned:
    """One call to be made; repetition: from 1."""

    case: Case
    condition: Condition
    repetition: int
    seed: int

    def chance(self) -> np.random.Generator:
        """All chance on this call's line: the same for the same call of the same plan."""
        return np.random.default_rng([self.seed, crc32(self.case.name.encode()), self.repetition])


@dataclass(frozen=True)
class Plan:
    """Every case in every condition, so many times.

    seed: of all chance on the lines; recorded: whether the results keep what was heard, some MB for every minute of
    call, which only a page of the run needs.
    """

    cases: tuple[Case, ...]
    conditions: tuple[Condition, ...] = (CLEAN,)
    repeat: int = 1
    seed: int = 1
    recorded: bool = True

    @property
    def calls(self) -> tuple[Planned, ...]:
        """The calls, in order."""
        times = range(1, self.repeat + 1)
        every = itertools.product(self.cases, self.conditions, times)
        return tuple(Planned(case, condition, repetition, self.seed) for case, condition, repetition in every)
