"""What a line does to calls: the conditions of a run, such as `telefon,stoej-10db,tab-2pct`."""

import re
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

import av
import numpy as np

from voicebot.audio import TELEPHONE_RATE, AudioChunk, from_mulaw, to_mulaw
from voicebot.errors import ReplayError
from voicebot.replay.channel import Channel, Losses, Stalls
from voicebot.replay.noise import LENGTH, babble, in_telephone_band, street
from voicebot.replay.speech import LINE_NOISE, amplitude, speech_start


@dataclass(frozen=True)
class _Amount:
    """How much of a part there may be: `least` to `most`, written with its unit, as in `example`."""

    least: float
    most: float
    unit: str
    example: str


_AMOUNTS = {
    "tempo": _Amount(0.9, 1.2, "", "tempo-1.1"),
    "klip": _Amount(0, 2000, "ms", "klip-200ms"),
    "stoej": _Amount(0, 40, "db", "stoej-10db"),
    "stemmer": _Amount(0, 40, "db", "stemmer-15db"),
    "tab": _Amount(0, 50, "pct", "tab-2pct"),
    "jitter": _Amount(0, 1000, "ms", "jitter-40ms"),
    "forsinkelse": _Amount(0, 2000, "ms", "forsinkelse-300ms"),
}
_NOTHING = "ren"
_PLAIN = (_NOTHING, "telefon")
_EXAMPLES = {part: part for part in _PLAIN} | {part: amount.example for part, amount in _AMOUNTS.items()}


@dataclass(frozen=True)
class Condition:
    """A line as callers have it, its parts named as they are written; by default one that does nothing.

    telefon: it carries 300 to 3400 Hz, in mu-law. tempo: times as fast as was spoken, the pitch kept. klip: ms gone of
    the beginning of all that is said. stoej, stemmer: a street, others talking behind the caller, dB under the speech.
    tab: per cent of the frames, lost. jitter: ms that frames are held at most. forsinkelse: ms, one way.
    """

    telefon: bool = False
    tempo: float = 1.0
    klip: float = 0.0
    stoej: float | None = None
    stemmer: float | None = None
    tab: float = 0.0
    jitter: float = 0.0
    forsinkelse: float = 0.0

    @property
    def name(self) -> str:
        """The one way to write it."""
        parts = [_written(part, value) for part, value in vars(self).items() if value != getattr(CLEAN, part)]
        return ",".join(parts) or _NOTHING

    @property
    def delay(self) -> float:
        """Seconds that sound takes, one way."""
        return self.forsinkelse / 1000

    def speak(self, sound: AudioChunk, random: np.random.Generator) -> AudioChunk:
        """What the line takes up of an utterance, at 8 kHz."""
        said = _sped(sound, self.tempo).resampled(TELEPHONE_RATE)
        if self.telefon:
            carried = in_telephone_band(said.samples.astype(np.float64)).astype(np.float32)
            said = from_mulaw(to_mulaw(AudioChunk(carried, TELEPHONE_RATE)))
        return _without_start(said, self.klip / 1000, random)

    def channel(self, level_db: float, random: np.random.Generator) -> Channel:
        """A line for one call. level_db: of the caller's speech, dBFS RMS (`speech_level`)."""
        for_noise, for_losses, for_stalls = random.spawn(3)  # the same frames are lost with noise and without
        noise = np.zeros(LENGTH, np.float32)
        for under, made in ((self.stoej, street), (self.stemmer, babble)):
            if under is not None:
                noise += made(for_noise).astype(np.float32) * np.float32(amplitude(level_db - under))
        return Channel(noise, Losses(self.tab / 100, for_losses), Stalls(self.jitter / 1000, for_stalls), self.delay)


CLEAN = Condition()


def parse_condition(text: str) -> Condition:
    """The condition that `text` names by its parts, in any order, between commas; ReplayError for what is none."""
    values: dict[str, Any] = {}
    for written in text.lower().split(","):
        part, value = _read(written.strip())
        if part in values:
            raise _refused(written, f"{part} stands there twice; name it once")
        values[part] = value
    return Condition(**{part: value for part, value in values.items() if part != _NOTHING})


def _read(written: str) -> tuple[str, float]:
    """A part and how much of it; of `telefon` and `ren` simply that it is there."""
    part, _, amount = written.partition("-")
    if written in _PLAIN:
        return written, True
    if part not in _AMOUNTS:
        near = "".join(f"the nearest is {_EXAMPLES[name]}, of " for name in get_close_matches(part, _EXAMPLES, 1))
        raise _refused(written, f"no such condition; {near or 'there are '}{', '.join(_EXAMPLES.values())}")
    may = _AMOUNTS[part]
    number = re.fullmatch(rf"([0-9]+(?:\.[0-9]{{1,2}})?){may.unit}", amount)
    if number is None or not may.least <= float(number[1]) <= may.most:
        raise _refused(written, f"write {may.example}, with a number from {may.least:g} to {may.most:g}")
    return part, float(number[1])


def _written(part: str, value: float) -> str:
    return f"{part}-{value:g}{_AMOUNTS[part].unit}" if part in _AMOUNTS else part


def _refused(written: str, why: str) -> ReplayError:
    return ReplayError("replay.condition", f"{written!r}: {why}.")


def _sped(sound: AudioChunk, tempo: float) -> AudioChunk:
    """The sound spoken `tempo` times as fast at the same pitch, by ffmpeg's `atempo`, which needs to look ahead."""
    if tempo == 1:
        return sound
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=sound.rate, format="flt", layout="mono", time_base=Fraction(1, sound.rate))
    graph.link_nodes(source, graph.add("atempo", str(tempo)), graph.add("abuffersink")).configure()
    frame = av.AudioFrame.from_ndarray(np.pad(sound.samples, (0, sound.rate))[np.newaxis], "flt", "mono")
    frame.sample_rate = sound.rate
    graph.push(frame)
    graph.push(None)
    pieces = []
    with suppress(av.EOFError):
        while True:
            pieces.append(graph.pull().to_ndarray()[0])
    return AudioChunk(np.concatenate(pieces)[: round(len(sound.samples) / tempo)], sound.rate)


def _without_start(sound: AudioChunk, seconds: float, random: np.random.Generator) -> AudioChunk:
    """The sound with so much of its first speech gone, and the line's own hiss in its place (G.711, appendix II)."""
    samples = sound.samples.copy()
    begin = round(speech_start(sound) * sound.rate)
    gone = samples[begin : begin + round(seconds * sound.rate)]
    gone[:] = random.normal(0, amplitude(LINE_NOISE), len(gone))
    return AudioChunk(samples, sound.rate)
