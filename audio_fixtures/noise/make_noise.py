"""Make the sounds of this folder: what a line carries beside speech. Run here; the same files come out each time."""

import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from voicebot.audio import TELEPHONE_RATE as RATE
from voicebot.audio import AudioChunk, write_wav

Sound = NDArray[np.float64]
LINE = -62.0
"""dBFS RMS of the line itself, under everything."""


def band(random: np.random.Generator, seconds: float, low: float, high: float) -> Sound:
    """Noise between two frequencies, of RMS 1."""
    sound = sosfilt(butter(2, (low, high), "bandpass", fs=RATE, output="sos"), random.standard_normal(count(seconds)))
    return np.asarray(sound / np.sqrt(np.mean(sound**2)))


def count(seconds: float) -> int:
    """Samples in so many seconds, whole frames of 20 ms."""
    return round(seconds * 50) * (RATE // 50)


def swelling(random: np.random.Generator, seconds: float, steps: int) -> Sound:
    """A loudness that goes up and down between a third and all, by so many steps."""
    return np.interp(np.linspace(0, steps, count(seconds)), range(steps + 1), random.uniform(0.33, 1, steps + 1))


def burst(random: np.random.Generator, seconds: float, low: float, high: float, fade: float) -> Sound:
    """Noise that begins at once and fades to a third every `fade` seconds."""
    return band(random, seconds, low, high) * np.exp(-np.arange(count(seconds)) / (fade * RATE))


def street(random: np.random.Generator) -> Sound:
    """Cars that go by."""
    return 0.04 * band(random, 5, 60, 900) * swelling(random, 5, 4)


def wind(random: np.random.Generator) -> Sound:
    """Puffs of wind into the microphone."""
    return 0.08 * band(random, 4, 20, 250) * swelling(random, 4, 12)


def cough(random: np.random.Generator) -> Sound:
    """Two coughs: air at once, then the throat."""
    one = burst(random, 0.3, 300, 3000, 0.05) + 0.6 * burst(random, 0.3, 150, 700, 0.12)
    return 0.25 * np.concatenate([one, np.zeros(count(0.12)), 0.8 * one])


def door(random: np.random.Generator) -> Sound:
    """A door that slams."""
    return 0.5 * burst(random, 0.6, 50, 1200, 0.06)


def fax(random: np.random.Generator) -> Sound:
    """A fax machine that calls: 1100 Hz for 0.5 s every 3 s (ITU-T T.30), twice."""
    tone = 0.1 * np.sin(2 * np.pi * 1100 / RATE * np.arange(count(0.5)))
    return np.concatenate([tone, np.zeros(count(3)), tone])


def main() -> None:
    """Write every sound, with 0.3 s of line before and 0.5 s after it."""
    for make in (street, wind, cough, door, fax):
        random = np.random.default_rng(zlib.crc32(make.__name__.encode()))
        sound = np.pad(make(random), (count(0.3), count(0.5)))
        sound += 10 ** (LINE / 20) * random.standard_normal(len(sound))
        write_wav(
            Path(__file__).parent / f"{make.__name__}.wav", AudioChunk(sound.clip(-1, 1).astype(np.float32), RATE)
        )


if __name__ == "__main__":
    main()
