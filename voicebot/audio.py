"""Sound with its rate: mu-law, resampling and WAV files."""

import io
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from voicebot.errors import AudioError

TELEPHONE_RATE = 8000
"""Samples per second on a telephone line (ITU-T G.711), in Hz."""


@dataclass(frozen=True)
class AudioChunk:
    """A stretch of mono sound; it never travels without its rate.

    samples: shape (n,), float32, -1 to 1. rate: Hz.
    """

    samples: NDArray[np.float32]
    rate: int

    @property
    def seconds(self) -> float:
        """How long the sound lasts, in seconds."""
        return len(self.samples) / self.rate

    def resampled(self, rate: int) -> "AudioChunk":
        """The same sound at `rate` Hz (soxr HQ: whole utterances, not a live path)."""
        if rate == self.rate:
            return self
        return AudioChunk(soxr.resample(self.samples, self.rate, rate).astype(np.float32), rate)


def silence(seconds: float, rate: int = TELEPHONE_RATE) -> AudioChunk:
    """`seconds` of nothing at `rate` Hz."""
    return AudioChunk(np.zeros(round(seconds * rate), np.float32), rate)


def joined(chunks: list[AudioChunk]) -> AudioChunk:
    """Chunks of one rate, one after the other; AudioError if rates differ or there is none."""
    rates = {chunk.rate for chunk in chunks}
    if len(rates) != 1:
        raise AudioError("audio.rates", f"Only sound of one rate can be joined, not {sorted(rates)}.")
    return AudioChunk(np.concatenate([chunk.samples for chunk in chunks]), rates.pop())


class Tape:
    """The last stretch of a call's sound at 8 kHz, cut by call time.

    longest: seconds kept; what is older is forgotten.
    """

    def __init__(self, longest: float = 40.0) -> None:
        self._longest = round(longest * TELEPHONE_RATE)
        self._band = np.zeros(2 * self._longest, np.float32)
        self._filled = 0
        self._forgotten = 0

    @property
    def now(self) -> float:
        """Seconds of sound since the call began."""
        return (self._forgotten + self._filled) / TELEPHONE_RATE

    def append(self, chunk: AudioChunk) -> None:
        """Record a chunk at 8 kHz, at most `longest` seconds of it, behind what is there."""
        samples = chunk.samples[-self._longest :]
        if self._filled + len(samples) > len(self._band):
            gone = self._filled - self._longest
            self._band[: self._longest] = self._band[gone : self._filled]
            self._filled, self._forgotten = self._longest, self._forgotten + gone
        self._band[self._filled : self._filled + len(samples)] = samples
        self._filled += len(samples)
        self._forgotten += len(chunk.samples) - len(samples)

    def cut(self, start: float, end: float) -> AudioChunk:
        """The sound from `start` to `end` in seconds of call time, as far as it is still kept."""
        begin, stop = (max(0, round(t * TELEPHONE_RATE) - self._forgotten) for t in (start, end))
        return AudioChunk(self._band[begin : min(stop, self._filled)].copy(), TELEPHONE_RATE)


def _decode_table() -> NDArray[np.float32]:
    code = ~np.arange(256, dtype=np.int64) & 0xFF
    value = ((((code & 15) << 3) + 132) << ((code >> 4) & 7)) - 132
    return (np.where(code & 0x80, -value, value) / 32768).astype(np.float32)


def _encode_table() -> NDArray[np.uint8]:
    """One code for each 16-bit value from -32768 up (ITU-T G.711, as the `audioop` module did it)."""
    linear = np.arange(-32768, 32768, dtype=np.int64) >> 2
    magnitude = np.minimum(np.abs(linear), 8158) + 33  # 8158: the last value of the last segment
    segment = np.floor(np.log2(magnitude)).astype(np.int64) - 5
    code = (segment << 4) | ((magnitude >> (segment + 1)) & 15)
    return np.asarray(code ^ np.where(linear < 0, 0x7F, 0xFF), np.uint8)


_DECODE, _ENCODE = _decode_table(), _encode_table()


def from_mulaw(data: bytes) -> AudioChunk:
    """G.711 mu-law bytes, one per sample at 8 kHz, as sound."""
    return AudioChunk(_DECODE[np.frombuffer(data, np.uint8)], TELEPHONE_RATE)


def to_mulaw(chunk: AudioChunk) -> bytes:
    """Sound of any rate as G.711 mu-law at 8 kHz, one byte per sample."""
    samples = chunk.resampled(TELEPHONE_RATE).samples
    linear = np.clip(np.round(samples * 32768), -32768, 32767).astype(np.int64)
    return _ENCODE[linear + 32768].tobytes()


def read_wav(path: Path, longest: float = 1200.0) -> AudioChunk:
    """A 16-bit PCM WAV file as mono sound at its own rate, channels averaged.

    AudioError: not there, no WAV, not 16-bit, a rate outside 8 to 48 kHz, empty, or over `longest` seconds.
    """
    try:
        with wave.open(str(path), "rb") as file:
            rate, width, channels, frames = (
                file.getframerate(),
                file.getsampwidth(),
                file.getnchannels(),
                file.getnframes(),
            )
            if width != 2:
                raise AudioError("audio.format", f"{path}: {8 * width}-bit sound; save it as 16-bit PCM WAV.")
            if not 8000 <= rate <= 48000:
                raise AudioError("audio.rate", f"{path}: {rate} Hz; resample it to between 8000 and 48000 Hz.")
            if frames / rate > longest:
                raise AudioError("audio.long", f"{path}: {frames / rate:.0f} s; cut it to {longest:.0f} s or less.")
            data = file.readframes(frames)
    except FileNotFoundError:
        raise AudioError("audio.missing", f"{path}: no such file; check the path.") from None
    except (wave.Error, EOFError, OSError) as fault:
        raise AudioError(
            "audio.wav",
            f"{path}: not a WAV file that can be read ({str(fault) or type(fault).__name__}); save it as PCM WAV.",
        ) from None
    if len(data) < frames * 2 * channels:
        raise AudioError("audio.cut", f"{path}: cut short, or still being written; save it again.")
    whole = len(data) // (2 * channels) * channels
    if whole == 0:
        raise AudioError("audio.empty", f"{path}: no sound in it.")
    samples = np.frombuffer(data, "<i2", whole).reshape(-1, channels).mean(axis=1) / 32768
    return AudioChunk(samples.astype(np.float32), rate)


def wav(chunk: AudioChunk) -> bytes:
    """Sound as the bytes of a mono 16-bit PCM WAV file."""
    whole = io.BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(chunk.rate)
        file.writeframes(np.clip(np.round(chunk.samples * 32767), -32768, 32767).astype("<i2").tobytes())
    return whole.getvalue()


def write_wav(path: Path, chunk: AudioChunk) -> None:
    """Write sound as a mono 16-bit PCM WAV file; AudioError where the file cannot be written."""
    try:
        path.write_bytes(wav(chunk))
    except OSError as fault:
        raise AudioError(
            "audio.write", f"{path}: cannot be written ({fault.strerror}); choose another place."
        ) from None
