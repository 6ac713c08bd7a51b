"""Real Whisper on real sound, and a model that is not in place."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voicebot.asr import Recogniser
from voicebot.asr.whisper import windowed
from voicebot.audio import AudioChunk, from_mulaw, read_wav, to_mulaw
from voicebot.errors import ModelError, RecognitionError

FIXTURES = Path(__file__).parent.parent / "audio_fixtures"


@pytest.mark.parametrize("name", ["config.json", "model.bin", "tokenizer.json"])
def test_a_missing_file_says_what_to_do(tmp_path: Path, name: str) -> None:
    for other in {"config.json", "model.bin", "tokenizer.json"} - {name}:
        (tmp_path / other).touch()
    with pytest.raises(ModelError, match=f"{name}: no such file; run `voicebot models pull"):
        Recogniser(tmp_path)


@pytest.fixture(scope="module")
def ears(models_dir: Path) -> Recogniser:
    return Recogniser(models_dir / "whisper-base")


class Spy:
    """Stands before a CTranslate2 model and keeps the shapes and bounds of what it is asked."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.asked: list[tuple[list[int], int]] = []

    def generate(self, features: Any, prompts: Any, **options: Any) -> Any:
        self.asked.append((features.shape, options["max_length"]))
        return self._model.generate(features, prompts, **options)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "key_word"),
    [
        ("koerekort-fornyelse-alex-01", "lægen|legen"),
        ("pas-mistet-nico-01", "mistet"),
        ("flytning-anmeld-dora-01", "flyt"),
        ("adressebeskyttelse-alfa-01", "adresse"),
    ],
)
def test_a_key_word_of_a_caller_is_heard(ears: Recogniser, name: str, key_word: str) -> None:
    sound = read_wav(FIXTURES / "callers" / f"{name}.wav")
    transcript = ears.transcribe(from_mulaw(to_mulaw(sound)))
    assert any(word in transcript.text.lower() for word in key_word.split("|"))
    assert 0.3 < transcript.confidence <= 1
    assert transcript.seconds == sound.seconds


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "likely"),
    [
        ("nst-u0042009", {"han", "det", "lille", "sige", "tak", "kaffe", "ikke", "til", "se"}),
        ("nst-u0042011", {"jeg", "er", "ikke", "særlig", "de", "sidder", "og"}),
        ("nst-u0042012", {"men", "man", "kan", "køre", "hvis", "højere", "højre", "i", "krydset"}),
        ("nst-u0042016", {"mange", "blev", "med", "penge"}),
        ("nst-u0042017", {"det", "er", "lang", "langt", "alt", "men", "der"}),
    ],
)
def test_a_dane_is_heard(ears: Recogniser, name: str, likely: set[str]) -> None:
    heard = ears.transcribe(read_wav(FIXTURES / "human" / f"{name}.wav"))
    assert 6 <= len(heard.words) <= 30
    assert len(likely & set(heard.words)) >= 3


@pytest.mark.slow
def test_the_encoder_sees_the_short_window(ears: Recogniser, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = ears._whisper._parts
    spy = Spy(parts.model)
    monkeypatch.setattr(parts, "model", spy)
    ears.transcribe(read_wav(FIXTURES / "callers" / "pas-mistet-nico-01.wav"))
    ears.transcribe(read_wav(FIXTURES / "human" / "nst-u0042012.wav"))
    shapes, bounds = zip(*spy.asked, strict=True)
    assert shapes == ([1, 80, 600], [1, 80, 918])
    assert bounds == (2 * (16 + 32), 2 * (16 + 80))


@pytest.mark.slow
@pytest.mark.parametrize("window", [6.0, 30.0])
@pytest.mark.parametrize("cut", [0, 1, 77, 159])
def test_a_spectrogram_is_followed_by_that_of_silence(ears: Recogniser, window: float, cut: int) -> None:
    sound = read_wav(FIXTURES / "callers" / "flytning-anmeld-dora-01.noise.wav").resampled(16000).samples
    sound = sound[: len(sound) - cut]
    followed = np.pad(sound, (0, round(16000 * window) - len(sound)))
    expected = ears._whisper._parts.feature_extractor(followed, padding=0)
    made = windowed(ears._whisper.spectrogram(sound), window)
    assert made.shape == (1, *expected.shape)
    assert np.abs(made[0] - expected).max() < 1e-5


@pytest.mark.slow
def test_the_token_bound_holds(ears: Recogniser) -> None:
    samples = read_wav(FIXTURES / "human" / "nst-u0042012.wav").resampled(16000).samples
    spectrogram = ears._whisper.spectrogram(samples)
    assert ears._whisper.guess(spectrogram, 10.0, 60).tokens > 20
    assert ears._whisper.guess(spectrogram, 10.0, 7).tokens == 7


@pytest.mark.slow
def test_many_threads_may_call_at_once(ears: Recogniser) -> None:
    sound = read_wav(FIXTURES / "callers" / "pas-mistet-nico-01.wav")
    alone, texts = ears.transcribe(sound).text, []
    threads = [threading.Thread(target=lambda: texts.append(ears.transcribe(sound).text)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert texts == [alone] * 4


@pytest.mark.slow
def test_a_failing_model_is_told_without_what_was_said(ears: Recogniser, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        def generate(self, *given: Any, **options: Any) -> Any:
            raise RuntimeError("out of memory")

    monkeypatch.setattr(ears._whisper._parts, "model", Failing())
    with pytest.raises(RecognitionError, match="Whisper failed on an utterance"):
        ears.transcribe(AudioChunk(np.full(8000, 0.1, np.float32), 8000))


@pytest.mark.slow
def test_a_model_cut_short_says_what_to_do(models_dir: Path, tmp_path: Path) -> None:
    for file in (models_dir / "whisper-base").iterdir():
        if file.name != "model.bin":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with (models_dir / "whisper-base" / "model.bin").open("rb") as whole:
        (tmp_path / "model.bin").write_bytes(whole.read(1_000_000))
    with pytest.raises(ModelError, match="cannot be loaded; delete it and run `voicebot models pull"):
        Recogniser(tmp_path)
