"""What is heard behind a caller: a street, or others talking. Made from chance alone, and loops without a seam."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

from voicebot.audio import TELEPHONE_RATE

Noise = NDArray[np.float64]

LENGTH = 16 * TELEPHONE_RATE
"""Samples after which the noise begins again: 16 s."""
TALKERS = 5
"""So many talk at once: with fewer one stands out, with more it becomes a hiss."""
_BAND = butter(4, (300, 3400), "bandpass", fs=TELEPHONE_RATE, output="sos")
_VOWELS = ((280, 2200, 2900), (400, 2100, 2700), (600, 1800, 2600), (750, 1300, 2500), (450, 800, 2500))
"""Hz of the first three formants of something like i, e, æ, a and å, in round figures."""


def _mouth(*formants: float) -> Noise:
    """The filter of a mouth, all poles: resonances 80 Hz wide, and a voice's fall of 6 dB an octave."""
    poles = np.exp((-np.pi * 80 + 2j * np.pi * np.array(formants)) / TELEPHONE_RATE)
    return np.real(np.poly([0.9, *poles, *poles.conj()]))


_MOUTHS = [_mouth(*formants) for formants in _VOWELS]


def in_telephone_band(sound: Noise) -> Noise:
    """What a telephone carries of sound at 8 kHz: 300 to 3400 Hz (ITU-T G.712), 3 dB down at both."""
    return np.asarray(sosfilt(_BAND, sound))


def street(random: np.random.Generator) -> Noise:
    """Traffic, LENGTH samples at 8 kHz and RMS 1: a rumble with the hiss of tyres, swelling as cars pass."""
    hertz = np.fft.rfftfreq(LENGTH, 1 / TELEPHONE_RATE)
    rumble = np.fft.irfft(np.fft.rfft(random.standard_normal(LENGTH)) / np.maximum(hertz, 60) ** 0.8, LENGTH)
    turn = 2 * np.pi * np.arange(LENGTH) / LENGTH
    cars, gusts = random.integers(5, 8), random.integers(17, 27)
    swell = 1 + 0.5 * np.sin(cars * turn + random.uniform(0, 6)) + 0.25 * np.sin(gusts * turn + random.uniform(0, 6))
    return _finished(rumble * swell)


def babble(random: np.random.Generator) -> Noise:
    """TALKERS who all talk at once, LENGTH samples at 8 kHz and RMS 1: syllables in words, with no word in them."""
    return _finished(np.sum([_talker(random) for _ in range(TALKERS)], axis=0))


def _finished(sound: Noise) -> Noise:
    """In the telephone's band, begun before its own beginning, so that the filter has no start; RMS 1."""
    sound = in_telephone_band(np.concatenate([sound[-TELEPHONE_RATE:], sound]))[TELEPHONE_RATE:]
    return np.asarray(sound / np.sqrt(np.mean(sound**2)))


def _talker(random: np.random.Generator) -> Noise:
    """Somebody who says five syllables a second, with a breath now and then."""
    said, pitch, at = np.zeros(LENGTH), random.uniform(90, 220), 0
    while at < LENGTH:
        syllable = _syllable(pitch * random.uniform(0.85, 1.25), random.uniform(0.12, 0.28), random)
        said[(at + np.arange(len(syllable))) % LENGTH] += syllable * random.uniform(0.4, 1)
        at += round(len(syllable) * 0.9)
        if random.random() < 0.15:
            at += round(random.uniform(0.15, 0.6) * TELEPHONE_RATE)
    return said


def _syllable(pitch: float, seconds: float, random: np.random.Generator) -> Noise:
    """A vowel with a hiss at its start: the pulses of a voice whose pitch, in Hz, falls, through a mouth."""
    size = round(seconds * TELEPHONE_RATE)
    turns = np.cumsum(np.linspace(1.05 * pitch, 0.9 * pitch, size)) / TELEPHONE_RATE
    vowel = lfilter([1], _MOUTHS[random.integers(len(_MOUTHS))], np.diff(np.floor(turns), prepend=0))
    hiss = random.normal(0, 0.3, size // 4)
    vowel /= vowel.std()
    vowel[: len(hiss)] += hiss
    return np.asarray(vowel * np.hanning(size))
