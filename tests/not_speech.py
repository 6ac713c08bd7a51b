"""Sounds on a telephone line that are not speech, made from numbers: the same every time."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from voicebot.audio import AudioChunk

RATE = 8000
Sound = NDArray[np.float64]


def level(sound: Sound, decibels: float) -> Sound:
    """The sound at a root mean square of so many dB below full scale, its peaks cut."""
    return np.clip(sound * 10 ** (decibels / 20) / np.sqrt(np.mean(sound**2)), -1, 1)


def times(seconds: float) -> Sound:
    return np.arange(round(RATE * seconds)) / RATE


def noise(seconds: float, colour: float = 0.0, low: float = 20, high: float = 3900, seed: int = 7) -> Sound:
    """Noise whose power falls with frequency to the power of colour (0 white, 1 pink, 2 brown), between two Hz."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=round(RATE * seconds)))
    hertz = np.fft.rfftfreq(round(RATE * seconds), 1 / RATE)
    spectrum[(hertz < low) | (hertz > high)] = 0
    return np.fft.irfft(spectrum / np.maximum(hertz, 1) ** (colour / 2), round(RATE * seconds))


def tone(seconds: float, *hertz: float) -> Sound:
    return sum((np.sin(2 * np.pi * each * times(seconds)) for each in hertz), np.zeros(round(RATE * seconds)))


def voiced(pitch: Sound, partials: int = 8, fall: float = 1.0) -> Sound:
    """A sound with partials over a pitch in Hz for each sample, the nth at 1 / n to the power of fall."""
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    return sum((np.sin(n * phase) / n**fall * (n * pitch < 3800) for n in range(1, partials + 1)), np.zeros(len(pitch)))


def decaying(sound: Sound, seconds: float, rise: float = 0.005) -> Sound:
    time = np.arange(len(sound)) / RATE
    return sound * np.minimum(time / rise, 1) * np.exp(-time / seconds)


def placed(seconds: float, *at: tuple[float, Sound]) -> Sound:
    """Sounds begun at their times on a line of so many seconds."""
    line = np.zeros(round(RATE * seconds))
    for start, sound in at:
        first = round(RATE * start)
        line[first : first + len(sound)] += sound[: len(line) - first]
    return line


def repeated(every: float, seconds: float, make: Callable[[int], Sound]) -> Sound:
    return placed(seconds, *((n * every, make(n)) for n in range(int(seconds / every))))


def band(sound: Sound, low: float, high: float) -> Sound:
    return sosfilt(butter(2, (low, high), "bandpass", fs=RATE, output="sos"), sound)


def melody(notes: Sequence[float], each: float, partials: int = 6, vibrato: float = 0.0, held: float = 0.4) -> Sound:
    """Notes in half tones over 220 Hz, one after the other; vibrato: share of the pitch, six times a second."""
    time = times(each)
    wave = 1 + vibrato * np.sin(2 * np.pi * 6 * time)
    return np.concatenate([decaying(voiced(220 * 2 ** (n / 12) * wave, partials), held, 0.02) for n in notes])


def chords(each: float, *roots: float) -> Sound:
    return np.concatenate([sum(melody([root + step], each, 5, held=0.8) for step in (0, 4, 7, 12)) for root in roots])


def drums(seconds: float) -> Sound:
    def kick(_: int) -> Sound:
        return decaying(tone(0.2, 60) + tone(0.2, 85), 0.06)

    def snare(n: int) -> Sound:
        return decaying(noise(0.2, seed=n), 0.04)

    quiet = np.zeros(RATE // 2)
    beat = repeated(0.5, seconds, kick) / 2
    return level(beat, -20) + level(np.concatenate([quiet, repeated(1.0, seconds - 0.5, snare)]), -20)


def cough(seed: int, seconds: float = 0.35) -> Sound:
    """A burst of breath, then a hoarse rest that falls."""
    burst = decaying(band(noise(seconds, seed=seed), 300, 2500), 0.07, 0.003)
    hoarse = decaying(voiced(np.linspace(190, 120, round(RATE * seconds)), 12, 0.7), 0.09, 0.03)
    return level(burst, -18) + level(hoarse, -30)


def breath(seed: int, seconds: float = 1.0) -> Sound:
    return band(noise(seconds, 1, seed=seed), 400, 1800) * np.sin(np.pi * times(seconds) / seconds) ** 2


def knock(seed: int, hertz: float, seconds: float) -> Sound:
    return decaying(tone(0.4, hertz, hertz * 1.6) + 2 * noise(0.4, 1, seed=seed), seconds, 0.001)


def key_tones(*keys: tuple[float, float], each: float = 0.2) -> Sound:
    return np.concatenate([np.concatenate([tone(each, *key), np.zeros(RATE // 10)]) for key in keys])


def swelling(sound: Sound, per_second: float, depth: float = 0.8) -> Sound:
    return sound * (1 + depth * np.sin(2 * np.pi * per_second * np.arange(len(sound)) / RATE))


def crackle(seconds: float, per_second: float, seed: int) -> Sound:
    dice = np.random.default_rng(seed)
    hits = dice.random(round(RATE * seconds)) < per_second / RATE
    return hits * dice.normal(size=len(hits)) + 1e-3 * dice.normal(size=len(hits))


def sweep(low: float, high: float, per_second: float, seconds: float) -> Sound:
    return (low + high) / 2 + (high - low) / 2 * np.sin(2 * np.pi * per_second * times(seconds))


def on_and_off(sound: Sound, on: float, off: float) -> Sound:
    return sound * ((np.arange(len(sound)) / RATE) % (on + off) < on)


def _clips() -> dict[str, tuple[Sound, float]]:
    """Every sound with its level in dB."""
    low, high = (697, 770, 852, 941), (1209, 1336, 1477)
    digits = [(a, b) for a in low for b in high]
    calls = {
        "ringing tone": (on_and_off(tone(6, 425), 1, 4), -20),
        "ringing tone abroad": (on_and_off(tone(6, 440, 480), 2, 4), -20),
        "engaged tone": (on_and_off(tone(4, 425), 0.25, 0.25), -20),
        "dial tone": (tone(4, 425), -20),
        "number unknown": (np.concatenate([tone(0.33, 950), tone(0.33, 1400), tone(0.33, 1800)] * 3), -20),
        "fax calls": (on_and_off(tone(5, 1100), 0.5, 3), -20),
        "fax answers": (tone(4, 2100), -20),
        "all keys": (key_tones(*digits), -15),
        "one key for long": (tone(1.5, *digits[4]), -15),
        "keys fast": (key_tones(*digits, each=0.07), -25),
        "beep": (tone(0.6, 1400), -15),
        "digital silence": (np.zeros(RATE * 4), 0),
    }
    steady = {
        f"{name} noise at {db} dB": (noise(4, colour), db)
        for colour, name in enumerate(("white", "pink", "brown"))
        for db in (-60, -40, -20)
    }
    machines = {
        "hum": (tone(4, 50, 100, 150, 250), -25),
        "hoover": (level(voiced(np.full(RATE * 4, 210.0), 15, 0.5), -20) + level(noise(4, 1), -20), -18),
        "hair dryer": (swelling(noise(4, 1, 200), 9, 0.2), -18),
        "drill": (swelling(voiced(np.full(RATE * 3, 95.0), 30, 0.3), 30), -18),
        "whistling kettle": (voiced(sweep(1900, 2000, 3, 3), 1), -18),
        "siren": (voiced(sweep(450, 1300, 0.4, 5), 3), -20),
        "vibrating telephone": (on_and_off(voiced(np.full(RATE * 4, 160.0), 10), 0.5, 0.5), -25),
        "crackling line": (crackle(4, 60, 3), -25),
        "packets lost": (on_and_off(noise(4, 1), 0.06, 0.02), -35),
    }
    tune = (0, 4, 7, 12, 7, 4, 5, 9, 12, 9, 5, 2)
    music = {
        "piano": (melody(tune, 0.35), -20),
        "flute with vibrato": (melody(tune[:8], 0.5, 3, 0.01, 2.0), -20),
        "violin with vibrato": (melody(tune[:6], 0.7, 14, 0.015, 2.0), -20),
        "bass": (melody([n - 24 for n in tune], 0.35), -20),
        "chords": (chords(0.8, 0, 5, 7, 0, 5, 7), -20),
        "organ": (chords(2.0, -5, 0), -18),
        "drums": (drums(4), -20),
        "band": (level(drums(4.8), -22) + level(chords(0.8, 0, -3, 5, 7, 0, 7), -24), -18),
        "hold music": (melody([n + m for m in (0, 5, 7) for n in (0, 4, 7, 12)], 0.2, 4, held=0.3), -25),
        "telephone's tune": (melody([19, 17, 9, 11, 16, 14, 5, 7] * 2, 0.15, 2, held=0.5), -20),
    }
    body = {
        "cough": (placed(3, (1, cough(1))), -25),
        "three coughs": (placed(4, (0.5, cough(2)), (1.0, cough(3)), (1.4, cough(4, 0.5))), -22),
        "loud coughs": (repeated(0.6, 4, lambda n: cough(n + 5)), -15),
        "sneeze": (placed(3, (0.5, 0.3 * breath(1, 0.6)), (1.2, decaying(noise(0.5, seed=4), 0.1))), -20),
        "clearing the throat": (placed(2, (0.5, band(swelling(noise(0.6, 1), 28), 200, 1500))), -22),
        "breathing": (repeated(1.6, 6, breath), -30),
        "blowing into the telephone": (repeated(1.2, 4, lambda n: noise(0.7, 2, seed=n)), -15),
        "snoring": (repeated(2.0, 6, lambda n: swelling(breath(n, 1.4), 35)), -20),
    }
    room = {
        "door": (placed(3, (1, knock(1, 70, 0.12))), -20),
        "knocks": (repeated(0.3, 3, lambda n: knock(n, 210, 0.03)), -22),
        "steps": (repeated(0.55, 5, lambda n: knock(n, 110, 0.05)), -28),
        "typing": (repeated(0.13, 4, lambda n: decaying(noise(0.05, seed=n), 0.006, 0.001)), -30),
        "paper": (swelling(noise(3, low=1500), 7) * (np.abs(noise(3, 2, high=30, seed=3)) * 9 + 0.1), -28),
        "wind": (noise(5, 2, high=600) * (1 + 3 * np.abs(noise(5, 2, high=3, seed=9))), -18),
        "rain": (crackle(4, 900, 8), -30),
        "cars": (swelling(noise(5, 2), 0.4), -20),
        "applause": (crackle(4, 300, 5) + 0.02 * noise(4, seed=5), -20),
        "glass": (repeated(0.7, 3, lambda n: decaying(tone(0.5, 1870 + 90 * n, 3110), 0.1, 0.001)), -20),
        "barking": (repeated(0.6, 3, lambda n: decaying(voiced(np.linspace(520, 330, 1600), 9, 0.4), 0.07, 0.02)), -18),
    }
    return calls | steady | machines | music | body | room


def clips() -> dict[str, AudioChunk]:
    """What is not speech, by name: 3 to 6 s each at 8 kHz."""
    return {
        name: AudioChunk((level(sound, db) if sound.any() else sound).astype(np.float32), RATE)
        for name, (sound, db) in _clips().items()
    }
