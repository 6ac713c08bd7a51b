"""Where the speech lies in a recording of the telephone, and how loud it is."""

import numpy as np
from numpy.typing import NDArray

from voicebot.audio import TELEPHONE_RATE, AudioChunk

FRAME_SECONDS = 0.02
FRAME = round(FRAME_SECONDS * TELEPHONE_RATE)
"""Samples in one message: 20 ms, as carriers send them."""


def speech_start(sound: AudioChunk) -> float:
    """Seconds from the start of telephone sound to the sending of the frame that begins its first word."""
    return float(_speech(sound)[0]) * FRAME_SECONDS


def speech_end(sound: AudioChunk) -> float:
    """Seconds from the start of telephone sound to the sending of the frame that ends its last word."""
    return float(_speech(sound)[-1]) * FRAME_SECONDS


def speech_level(sound: AudioChunk) -> float:
    """How loud the speech in telephone sound is, its pauses left out: dBFS RMS, -100 for none at all."""
    return float(10 * np.log10(_power(sound)[_speech(sound)].mean() + 1e-10))


def _power(sound: AudioChunk) -> NDArray[np.float32]:
    """The mean square of every frame."""
    frames = max(1, len(sound.samples) // FRAME)
    samples = np.resize(sound.samples, frames * FRAME).reshape(frames, FRAME)
    return np.asarray(np.square(samples).mean(axis=1))


def _speech(sound: AudioChunk) -> NDArray[np.intp]:
    """The frames of speech: within 25 dB of the loudest and 6 dB over the noise, which is the quietest tenth."""
    level = 10 * np.log10(_power(sound) + 1e-10)
    threshold = max(level.max() - 25, min(np.percentile(level, 10) + 6, level.max() - 6))
    return np.flatnonzero(level >= threshold)
