"""Integration: turns in real sound, through the real detector, recogniser, matcher and dialogue."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.shipped import shipped
from voicebot.asr import Recogniser
from voicebot.audio import AudioChunk, from_mulaw, read_wav, to_mulaw
from voicebot.content import Content
from voicebot.dialogue import Kind, State, decide, expected
from voicebot.endpointing import FRAME_SECONDS, Completeness, Endpointer, Signal, Utterance, completeness, fading
from voicebot.matching import Matcher
from voicebot.vad import FRAME_SAMPLES, SpeechDetector

pytestmark = pytest.mark.slow

CALLERS = Path(__file__).parent.parent / "audio_fixtures" / "callers"
RATE = 8000
WITHIN = 0.3
"""Seconds of speech within which the bot must notice that it is spoken over."""


@pytest.fixture(scope="module")
def detector(models_dir: Path) -> SpeechDetector:
    return SpeechDetector(models_dir / "silero-vad")


@pytest.fixture(scope="module")
def recogniser(models_dir: Path) -> Recogniser:
    return Recogniser(models_dir / "whisper-base")


@pytest.fixture(scope="module")
def content(real_matcher: Matcher) -> Content:
    return Content(shipped(), real_matcher)


def line_noise(seconds: float, seed: int = 7) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0, 0.0008, round(seconds * RATE)).astype(np.float32)


def uh(seconds: float = 0.4) -> NDArray[np.float32]:
    """A drawn-out "øh": harmonics of 130 Hz, strongest at an ø's two formants."""
    time = np.arange(round(seconds * RATE)) / RATE
    pitches = 130 * np.arange(1, 25)
    strength = np.exp(-(((pitches - 420) / 150) ** 2)) + 0.4 * np.exp(-(((pitches - 1500) / 200) ** 2))
    vowel = strength @ np.sin(2 * np.pi * np.outer(pitches, time))
    edges = np.minimum(1, np.minimum(time, seconds - time) / 0.05)
    return np.asarray(0.12 * vowel / np.abs(vowel).max() * edges, np.float32)


def hesitating(name: str, at: float, pause: float, *, with_uh: bool) -> AudioChunk:
    """A clip with `pause` seconds of line at `at` seconds, behind an "øh" or not, and two seconds of line after it."""
    samples = read_wav(CALLERS / f"{name}.wav").samples
    cut = round(at * RATE)
    filler = [line_noise(0.12), uh()] if with_uh else []
    parts = [samples[:cut], *filler, line_noise(pause), samples[cut:], line_noise(2.0)]
    return from_mulaw(to_mulaw(AudioChunk(np.concatenate(parts), RATE)))


class Listener:
    """Hears a line as a call does, its guesses there at once."""

    def __init__(self, detector: SpeechDetector, recogniser: Recogniser, content: Content) -> None:
        self._detector, self._recogniser, self._content = detector, recogniser, content

    def turns(self, line: AudioChunk) -> list[tuple[float, float]]:
        """Where the speech of each turn ended and the silence after which it was over, in seconds."""
        endpointer, ended = Endpointer(), []
        for at, probability in enumerate(self._detector.stream().feed(line), start=1):
            signal = endpointer.hear(probability, bot_speaking=False)
            if signal is Signal.TURN_MAY_HAVE_ENDED:
                start = max(0, round((endpointer.speech_start - 0.3) * RATE))
                endpointer.expect(self._completeness(AudioChunk(line.samples[start : at * FRAME_SAMPLES], RATE)))
            if signal is Signal.TURN_ENDED:
                ended.append((endpointer.speech_end, endpointer.now - endpointer.speech_end))
        return ended

    def _completeness(self, sound: AudioChunk) -> Completeness:
        transcript = self._recogniser.transcribe(sound)
        heard = self._content.heard(transcript.text, transcript.confidence, State())
        _, decision = decide(self._content.library, State(), heard)
        decided = decision.kind not in (Kind.CLARIFY, Kind.REJECT)
        reply, seconds = expected(State(), heard.text), sound.seconds - 0.4
        return completeness(Utterance(heard.text, seconds, decided, reply, fading(sound)))


@pytest.fixture(scope="module")
def listener(detector: SpeechDetector, recogniser: Recogniser, content: Content) -> Listener:
    return Listener(detector, recogniser, content)


@pytest.mark.parametrize(
    ("name", "at", "pause", "with_uh"),
    [
        ("hjaelpemidler-siwi-01", 1.28, 0.9, False),  # Jeg har brug for en | rollator
        ("flytning-barn-siwi-01", 1.55, 1.0, True),  # Mit barn skal have en, øh | anden adresse
        ("hjemmehjaelp-nico-01", 1.64, 0.8, False),  # Kan jeg få hjælp til at | tage et bad?
        ("pas-mistet-nico-01", 1.09, 1.1, False),  # Jeg har mistet mit | pas. Hvad gør jeg?
        ("tal-med-medarbejder-alex-01", 1.83, 0.7, False),  # Jeg vil gerne tale med en | medarbejder
        ("mitid-glemt-kode-dora-01", 0.98, 1.0, True),  # Jeg har glemt, øh | min kode til MitID
        ("uklar-kort-kumo-01", 1.26, 1.0, True),  # Jeg har mistet mit, øh | kort
        ("digital-post-fritagelse-alfa-01", 0.69, 1.1, False),  # Kan jeg | blive fritaget for digital post?
    ],
)
def test_who_hesitates_is_heard_to_the_end(
    listener: Listener, name: str, at: float, pause: float, with_uh: bool
) -> None:
    line = hesitating(name, at, pause, with_uh=with_uh)
    [(end, _)] = listener.turns(line)
    assert end > line.seconds - 3.0


@pytest.mark.parametrize(
    "name", ["adressebeskyttelse-alfa-01", "pas-mistet-nico-01", "laegeskift-alex-01", "hjaelpemidler-siwi-01"]
)
def test_who_has_said_it_all_waits_little(listener: Listener, name: str) -> None:
    [(_, silence)] = listener.turns(hesitating(name, 0.0, 0.1, with_uh=False))
    assert silence <= 0.45


def interrupted(detector: SpeechDetector, line: AudioChunk) -> float | None:
    """Seconds of sound after which the bot knows that it is spoken over, if ever."""
    endpointer = Endpointer()
    for probability in detector.stream().feed(from_mulaw(to_mulaw(line))):
        if endpointer.hear(probability, bot_speaking=True) is Signal.INTERRUPTED:
            return endpointer.now
    return None


def onset(samples: NDArray[np.float32]) -> float:
    """Where speech begins, in seconds: the first 10 ms within 30 dB of the loudest."""
    loudness = np.sqrt(np.mean(np.square(samples[: len(samples) // 80 * 80].reshape(-1, 80)), axis=1))
    return float(np.flatnonzero(loudness > loudness.max() / 10**1.5)[0]) / 100


def test_speech_over_the_bot_is_noticed_at_once(detector: SpeechDetector) -> None:
    clips = sorted(path for path in CALLERS.glob("*.wav") if ".noise" not in path.name)
    late = []
    for path in clips:
        clip = read_wav(path)
        at = interrupted(detector, clip)
        assert at is not None, path.name
        late.append(at - onset(clip.samples))
    assert np.median(late) <= 0.2
    assert np.quantile(late, 0.95) <= WITHIN - FRAME_SECONDS


def test_a_click_or_a_blip_is_no_speech(detector: SpeechDetector) -> None:
    random = np.random.default_rng(5)
    time = np.arange(round(0.06 * RATE)) / RATE
    blips = [0.4 * np.sin(2 * np.pi * hertz * time) for hertz in (200, 440, 1000, 1500)]
    blips += [random.normal(0, 0.3, round(seconds * RATE)) for seconds in (0.005, 0.02, 0.06)]
    blips += [0.8 * np.exp(-np.arange(160) / decay) for decay in (5, 20, 60)]
    for blip in blips:
        samples = np.concatenate([line_noise(1.0), blip.astype(np.float32), line_noise(1.0)])
        assert interrupted(detector, AudioChunk(samples, RATE)) is None
