"""The way of a caller's sound to the carrier, frame by frame: what joins it, what is lost, what comes late."""

import itertools

import numpy as np
from numpy.typing import NDArray

from voicebot.audio import TELEPHONE_RATE, AudioChunk, to_mulaw
from voicebot.replay.speech import FRAME, FRAME_SECONDS

Frame = NDArray[np.float32]
"""FRAME samples at 8 kHz, -1 to 1."""
BURST = 2.0
"""Frames that a line loses in a row, on average: 40 ms."""
STALLS = 2.0
"""How often a second a line holds frames back."""
_SILENT = b"\xff" * FRAME


class Losses:
    """Frames lost in bursts: Gilbert's model (1960), a good line and a bad one that loses all.

    share: of all frames, 0 to 0.5.
    """

    def __init__(self, share: float, random: np.random.Generator) -> None:
        self._random = random
        self._begins, self._goes_on = share / (1 - share) / BURST, 1 - 1 / BURST
        self._bad = random.random() < share

    def next(self) -> bool:
        """Whether the next frame is lost."""
        self._bad = self._random.random() < (self._goes_on if self._bad else self._begins)
        return self._bad


class Stalls:
    """Frames held back: now and then the line stands still, then brings all at once what has waited.

    longest: seconds; every stall is between none and that.
    """

    def __init__(self, longest: float, random: np.random.Generator) -> None:
        self._longest, self._random = longest, random
        self._held = 0.0

    def next(self) -> float:
        """Seconds that the next frame is held; it never overtakes the one before."""
        stalls = self._random.random() < STALLS * FRAME_SECONDS
        stall = self._random.uniform(0, self._longest) if stalls else 0.0
        self._held = max(self._held - FRAME_SECONDS, stall)
        return self._held


class Channel:
    """One caller's line.

    noise: what is heard behind the caller, samples at 8 kHz, whole frames, begun again at its end. delay: seconds that
    every frame takes.
    """

    def __init__(self, noise: NDArray[np.float32], losses: Losses, stalls: Stalls, delay: float) -> None:
        self._noise = itertools.cycle(noise.reshape(-1, FRAME))
        self._losses, self._stalls, self._delay = losses, stalls, delay

    def carry(self, frame: Frame) -> bytes:
        """What arrives of the next frame, mu-law: with the noise, or silence where it is lost."""
        noise = next(self._noise)
        return _SILENT if self._losses.next() else to_mulaw(AudioChunk(frame + noise, TELEPHONE_RATE))

    def late(self) -> float:
        """Seconds by which the next frame arrives late."""
        return self._delay + self._stalls.next()
