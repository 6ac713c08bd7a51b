"""Silero VAD on real sound: speech is found, noise is not, whatever the chunks."""

from pathlib import Path

import numpy as np
import pytest

from voicebot.audio import AudioChunk, from_mulaw, joined, read_wav, silence, to_mulaw
from voicebot.endpointing import FRAME_SECONDS, Endpointer, Signal
from voicebot.errors import AudioError, ModelError
from voicebot.vad import FRAME_SAMPLES, SpeechDetector

FIXTURES = Path(__file__).parent.parent / "audio_fixtures"
CLIPS = sorted(FIXTURES.glob("human/nst-*.wav")) + [
    FIXTURES / "callers" / f"{name}.wav"
    for name in (
        "koerekort-fornyelse-alex-01",
        "pas-mistet-nico-01",
        "flytning-anmeld-dora-01",
        "adressebeskyttelse-alfa-01",
    )
]


@pytest.fixture(scope="module")
def detector(models_dir: Path) -> SpeechDetector:
    return SpeechDetector(models_dir / "silero-vad")


def noise(seconds: float, level: float) -> AudioChunk:
    """White noise; level: root mean square, 0 to 1."""
    samples = np.random.default_rng(7).normal(0, level, round(8000 * seconds))
    return AudioChunk(samples.astype(np.float32), 8000)


def test_a_frame_is_as_long_as_endpointing_counts_it() -> None:
    assert FRAME_SAMPLES / 8000 == FRAME_SECONDS


@pytest.mark.slow
@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.stem)
def test_a_fluent_sentence_is_one_turn(detector: SpeechDetector, clip: Path) -> None:
    assert clip.is_file()
    line = from_mulaw(to_mulaw(joined([read_wav(clip), noise(1.5, 0.0008)])))
    endpointer = Endpointer()
    signals = [endpointer.hear(p, bot_speaking=False) for p in detector.stream().feed(line)]
    assert signals.count(Signal.TURN_STARTED) == signals.count(Signal.TURN_ENDED) == 1
    assert endpointer.speech_end - endpointer.speech_start > 1.0


@pytest.mark.slow
def test_an_interruption_is_noticed_in_real_speech(detector: SpeechDetector) -> None:
    endpointer = Endpointer()
    chunk = read_wav(FIXTURES / "callers" / "pas-mistet-nico-01.wav")
    signals = [endpointer.hear(p, bot_speaking=True) for p in detector.stream().feed(chunk)]
    assert signals.count(Signal.INTERRUPTED) == 1
    assert endpointer.speech_start < 0.6


@pytest.mark.slow
@pytest.mark.parametrize(
    "sound",
    [
        silence(5.0),
        noise(5.0, 0.001),
        noise(5.0, 0.1),
        AudioChunk((0.3 * np.sin(2 * np.pi * 425 * np.arange(40000) / 8000)).astype(np.float32), 8000),
        AudioChunk((np.arange(40000) % 4000 == 0).astype(np.float32), 8000),
    ],
    ids=["silence", "line noise", "loud noise", "dial tone", "clicks"],
)
def test_what_is_no_speech_starts_no_turn(detector: SpeechDetector, sound: AudioChunk) -> None:
    endpointer = Endpointer()
    assert all(endpointer.hear(p, bot_speaking=False) is None for p in detector.stream().feed(sound))


@pytest.mark.slow
def test_chunks_of_any_size_give_the_same_probabilities(detector: SpeechDetector) -> None:
    sound = read_wav(CLIPS[0])
    whole = detector.stream().feed(sound)
    assert len(whole) == len(sound.samples) // FRAME_SAMPLES
    for size in (100, 160, 1000):
        stream = detector.stream()
        parts = [sound.samples[at : at + size] for at in range(0, len(sound.samples), size)]
        assert [p for part in parts for p in stream.feed(AudioChunk(part, 8000))] == whole


@pytest.mark.slow
def test_streams_do_not_hear_each_other(detector: SpeechDetector) -> None:
    sound = read_wav(CLIPS[0])
    alone = detector.stream().feed(sound)
    one, other = detector.stream(), detector.stream()
    mixed = []
    for at in range(0, len(sound.samples), 160):
        mixed += one.feed(AudioChunk(sound.samples[at : at + 160], 8000))
        other.feed(noise(0.02, 0.2))
    assert mixed == alone


@pytest.mark.slow
def test_another_rate_is_refused(detector: SpeechDetector) -> None:
    with pytest.raises(AudioError, match="8000 Hz, not 16000"):
        detector.stream().feed(silence(0.1, rate=16000))


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="voicebot models pull silero-vad"):
        SpeechDetector(tmp_path)


def test_a_broken_model_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "silero_vad.onnx").write_bytes(b"cut short")
    with pytest.raises(ModelError, match="cannot be loaded; delete it"):
        SpeechDetector(tmp_path)
