"""The carrier's buffer: what the bot sends is played in order, in its own time. Pure, with the time as data."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from voicebot.audio import TELEPHONE_RATE, from_mulaw
from voicebot.replay.speech import AUDIBLE, amplitude

GAP = 0.3
"""Seconds without sound after which more of it is another piece, for bots that set no marks."""


@dataclass
class Piece:
    """What was sent between two marks, or without a gap.

    arrived: when its first byte came; heard: when its first sound is played.
    """

    arrived: float
    heard: float | None = None


class Playback:
    """Times are seconds of any one clock, never going back.

    delay: seconds from the carrier to the caller's ear. cleared: when the bot dropped what was waiting. sounds: all
    that was heard, mu-law at 8 kHz, each with when it began in the caller's ear.
    """

    def __init__(self, delay: float = 0.0) -> None:
        self._delay = delay
        self.pieces: list[Piece] = []
        self.sounds: list[tuple[float, bytes]] = []
        self.cleared: list[float] = []
        self._marks: deque[tuple[float, str]] = deque()
        self._ends = 0.0
        self._under_way = False

    def play(self, now: float, mulaw: bytes) -> None:
        """Queue sound behind what is waiting."""
        if not self._under_way or now > self._ends + GAP:
            self.pieces.append(Piece(now))
            self._under_way = True
        begin, piece = max(now, self._ends), self.pieces[-1]
        if piece.heard is None:
            loud = np.flatnonzero(np.abs(from_mulaw(mulaw).samples) > amplitude(AUDIBLE))
            piece.heard = begin + self._delay + float(loud[0]) / TELEPHONE_RATE if len(loud) else None
        self.sounds.append((begin + self._delay, mulaw))
        self._ends = begin + len(mulaw) / TELEPHONE_RATE

    def mark(self, now: float, name: str) -> None:
        """Put a mark behind what is waiting."""
        self._under_way = False
        self._marks.append((max(now, self._ends), name))

    def clear(self, now: float) -> None:
        """Drop what is waiting; its marks come back at once, and what was not played is never heard."""
        self._under_way, self._ends = False, now
        self.cleared.append(now)
        self._marks = deque((min(due, now), name) for due, name in self._marks)
        for piece in self.pieces:
            if piece.heard is not None and piece.heard > now + self._delay:
                piece.heard = None
        self._cut(now + self._delay)

    def _cut(self, now: float) -> None:
        """Forget what would have been heard from `now` on."""
        while self.sounds and self.sounds[-1][0] >= now:
            self.sounds.pop()
        if self.sounds:
            begin, mulaw = self.sounds[-1]
            self.sounds[-1] = begin, mulaw[: round((now - begin) * TELEPHONE_RATE)]

    def played(self, now: float) -> list[str]:
        """The marks that have come up since the last time."""
        names = []
        while self._marks and self._marks[0][0] <= now:
            names.append(self._marks.popleft()[1])
        return names

    def ahead(self, now: float) -> float:
        """Seconds of sound that wait to be played."""
        return max(0.0, self._ends - now)

    def quiet(self, now: float) -> bool:
        """Whether all has been heard and every mark has been told."""
        return now >= self._ends + self._delay and not self._marks
