"""Sound of the telephone: its frames, how loud it is, and where the speech lies in it."""

import numpy as np
from numpy.typing import NDArray

from voicebot.audio import TELEPHONE_RATE, AudioChunk

FRAME_SECONDS = 0.02
FRAME = round(FRAME_SECONDS * TELEPHONE_RATE)
"""Samples in one message: 20 ms, as carriers send them."""
LINE_NOISE = -62.0
"""dBFS RMS of a line on which nobody speaks, as in the recorded callers: a real one is never digitally silent."""
AUDIBLE = -50.0
"""dBFS from which sound is heard, as the RMS of speech or as one sample; the noise of a line lies below."""
USUAL_LEVEL = -24.0
"""dBFS RMS of a caller's speech, pauses left out: of the 107 recorded callers eight in ten lie from -27 to -22 by
`speech_level`, on average at -24.7."""


def amplitude(decibels: float) -> float:
    """The sample, 1 being full scale, at so many dBFS."""
    return float(10 ** (decibels / 20))


def in_frames(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Samples frame by frame, shape (n, FRAME), the last one filled up with nothing."""
    return np.pad(samples, (0, -len(samples) % FRAME)).reshape(-1, FRAME)


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
