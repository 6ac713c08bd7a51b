"""Recognition: what is made of Whisper's guesses (with a made-up Whisper), and real Whisper on real sound."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import voicebot.asr as asr
from voicebot.asr import Recogniser
from voicebot.asr.hearsay import collapsed, looping, without_phantoms, words
from voicebot.asr.whisper import Guess
from voicebot.audio import AudioChunk, from_mulaw, read_wav, silence, to_mulaw
from voicebot.errors import ModelError, RecognitionError

FIXTURES = Path(__file__).parent.parent / "audio_fixtures"
LOOP = Guess("Det er også på tid. Det er også på tid.", 20, -0.4, 0.1)
QUESTION = Guess("Jeg har mistet mit pas.", 8, -0.5, 0.1)


def noise(seconds: float, level: float = 0.1, rate: int = 8000) -> AudioChunk:
    """White noise; level: root mean square, full scale 1."""
    samples = np.random.default_rng(7).normal(0, level, round(rate * seconds))
    return AudioChunk(samples.astype(np.float32), rate)


def tone(seconds: float, *hertz: float) -> AudioChunk:
    time = np.arange(round(8000 * seconds)) / 8000
    samples = sum(np.sin(2 * np.pi * each * time) for each in hertz) * 0.3 / len(hertz)
    return AudioChunk(samples.astype(np.float32), 8000)


class MadeUpWhisper:
    """Gives the guesses it is told to, and keeps what it was asked: (seconds of sound, window, most tokens)."""

    def __init__(self, *guesses: Guess) -> None:
        self._guesses = list(guesses)
        self.asked: list[tuple[float, float, int]] = []
        self.heard: list[np.ndarray] = []

    def spectrogram(self, samples: np.ndarray) -> np.ndarray:
        self.heard.append(samples)
        return samples

    def guess(self, spectrogram: np.ndarray, window: float, most_tokens: int) -> Guess:
        self.asked.append((len(spectrogram) / 16000, window, most_tokens))
        return self._guesses.pop(0)


@pytest.fixture
def recogniser(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Recogniser, MadeUpWhisper]]:
    def make(*guesses: Guess) -> tuple[Recogniser, MadeUpWhisper]:
        whisper = MadeUpWhisper(*guesses)
        monkeypatch.setattr(asr, "Whisper", lambda folder, threads: whisper)
        return Recogniser(Path("anywhere")), whisper

    return make


def test_a_guess_becomes_a_transcript(recogniser) -> None:
    ears, _ = recogniser(QUESTION)
    transcript = ears.transcribe(noise(3.0))
    assert transcript.text == "Jeg har mistet mit pas."
    assert transcript.words == ("jeg", "har", "mistet", "mit", "pas")
    assert transcript.confidence == pytest.approx(np.exp(-0.5))
    assert transcript.seconds == 3.0


@pytest.mark.parametrize(("seconds", "window"), [(1.0, 6.0), (4.8, 6.0), (9.5, 10.7), (29.0, 30.0)])
def test_the_window_is_as_long_as_the_utterance_needs(recogniser, seconds: float, window: float) -> None:
    ears, whisper = recogniser(QUESTION)
    ears.transcribe(noise(seconds))
    assert [asked[1] for asked in whisper.asked] == [window]


def test_tokens_are_bounded_by_the_duration(recogniser) -> None:
    ears, whisper = recogniser(QUESTION, QUESTION)
    ears.transcribe(noise(1.0))
    ears.transcribe(noise(20.0))
    bounds = [asked[2] for asked in whisper.asked]
    assert bounds == [26, 216]


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 44100])
def test_sound_of_any_rate_is_heard_at_16_khz(recogniser, rate: int) -> None:
    ears, whisper = recogniser(QUESTION)
    assert ears.transcribe(noise(2.0, rate=rate)).seconds == pytest.approx(2.0)
    assert whisper.asked[0][0] == pytest.approx(2.0, abs=0.01)


def test_of_a_long_utterance_the_last_30_seconds_are_heard(recogniser) -> None:
    ears, whisper = recogniser(QUESTION)
    sound = noise(1200.0, rate=16000)
    assert ears.transcribe(sound).seconds == 1200.0
    assert np.array_equal(whisper.heard[0], sound.samples[-30 * 16000 :])


@pytest.mark.parametrize("doubtful", [LOOP, Guess("Jeg har mistet mit", 46, -0.5, 0.1)], ids=["loop", "no end"])
def test_a_doubtful_guess_falls_back_to_the_full_window(recogniser, doubtful: Guess) -> None:
    ears, whisper = recogniser(doubtful, QUESTION)
    assert ears.transcribe(noise(3.0)).text == "Jeg har mistet mit pas."
    assert [asked[1] for asked in whisper.asked] == [6.0, 30.0]
    assert len(whisper.heard) == 1, "the spectrogram is made once"


def test_a_loop_in_both_windows_collapses_and_counts_for_less(recogniser) -> None:
    ears, whisper = recogniser(LOOP, LOOP)
    transcript = ears.transcribe(noise(3.0))
    assert transcript.text == "Det er også på tid."
    assert transcript.confidence == pytest.approx(np.exp(-0.4) / 2)
    assert len(whisper.asked) == 2


def test_the_full_window_is_not_tried_twice(recogniser) -> None:
    ears, whisper = recogniser(LOOP)
    assert ears.transcribe(noise(30.0)).text == "Det er også på tid."
    assert len(whisper.asked) == 1


@pytest.mark.parametrize(
    "sound",
    [silence(0.0), silence(5.0), noise(0.09), noise(5.0, 0.0005)],
    ids=["empty", "digital silence", "too short", "line hiss"],
)
def test_where_nothing_can_be_said_the_model_is_not_asked(recogniser, sound: AudioChunk) -> None:
    ears, whisper = recogniser()
    assert ears.transcribe(sound) == asr.Transcript("", (), 0.0, sound.seconds)
    assert whisper.asked == []


@pytest.mark.parametrize(
    "guess",
    [
        Guess("Det er det, jeg har været med.", 10, -1.8, 0.9),
        Guess("Hvad er det?", 4, -1.6, 0.5),
        Guess("Tak fordi du så med!", 8, -0.2, 0.1),
        Guess("...", 2, -0.2, 0.1),
        Guess("", 0, 0.0, 0.1),
    ],
)
def test_what_nobody_said_is_nothing(recogniser, guess: Guess) -> None:
    ears, _ = recogniser(guess)
    assert ears.transcribe(noise(3.0)) == asr.Transcript("", (), 0.0, 3.0)


@pytest.mark.parametrize(
    "text",
    [
        "Det er også på tid. Det er også på tid.",
        "ja ja ja ja ja ja ja ja",
        "og høj og høj og høj og høj og høj og høj og høj",
        "Jeg vil bare vide, jeg har en, jeg har en hermme, jeg har en hermme.",
        "a" * 300,
    ],
)
def test_loops_are_noticed_and_undone(text: str) -> None:
    assert looping(text)
    assert not looping(collapsed(text))
    assert len(collapsed(text)) < len(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ja.",
        "Nej nej nej, det er mit pas, ikke mit kørekort.",
        "Mit nummer er 20 20 20 20.",
        "Jeg vil gerne have et pas, og min kone vil gerne have et kørekort, og min søn skal have et pas.",
        "Hvornår har I åbent, hvornår har borgerservice åbent?",
    ],
)
def test_natural_repetition_is_no_loop(text: str) -> None:
    assert not looping(text)
    assert collapsed(text) == text


@pytest.mark.parametrize(
    "phantom",
    [
        "Tak fordi du så med.",
        "Tak for at du så med!",
        "tak for at se med",
        "Danske tekster af Jesper Buhl Scandinavian Text Service 2018",
        "Undertekster af Amara.org-fællesskabet",
        "Tekstet af Nicolai Winther.",
        "Danske undertekster",
    ],
)
def test_sentences_out_of_subtitles_are_dropped_alone_and_at_the_end(phantom: str) -> None:
    assert without_phantoms(phantom) == ""
    assert without_phantoms(f"Jeg skal flytte. {phantom}") == "Jeg skal flytte."


@pytest.mark.parametrize("text", ["Tak.", "Tak for hjælpen.", "Tak fordi I svarer. Hvad koster et pas?", "Nej tak!"])
def test_thanks_are_kept(text: str) -> None:
    assert without_phantoms(text) == text


def test_words_are_small_and_bare() -> None:
    assert words("Kl. 9.30, CPR-nummer: »Åh nej!« 1.250 kr.") == [
        "kl", "9.30", "cpr-nummer", "åh", "nej", "1.250", "kr",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["config.json", "model.bin", "tokenizer.json"])
def test_a_missing_file_says_what_to_do(tmp_path: Path, name: str) -> None:
    for other in {"config.json", "model.bin", "tokenizer.json"} - {name}:
        (tmp_path / other).touch()
    with pytest.raises(ModelError, match=f"{name}: no such file; run `voicebot models pull"):
        Recogniser(tmp_path)


# From here on: the real model.


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
@pytest.mark.parametrize(
    "sound",
    [noise(0.5), noise(4.0), noise(4.0, 0.01), noise(9.0), tone(3.0, 425), tone(1.0, 697, 1209), tone(4.0, 262, 330)],
    ids=["short noise", "noise", "faint noise", "long noise", "dial tone", "key tone", "chord"],
)
def test_noise_and_tones_are_nothing(ears: Recogniser, sound: AudioChunk) -> None:
    assert ears.transcribe(from_mulaw(to_mulaw(sound))).text == ""


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
        ears.transcribe(noise(1.0))


@pytest.mark.slow
def test_a_model_cut_short_says_what_to_do(models_dir: Path, tmp_path: Path) -> None:
    for file in (models_dir / "whisper-base").iterdir():
        if file.name != "model.bin":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with (models_dir / "whisper-base" / "model.bin").open("rb") as whole:
        (tmp_path / "model.bin").write_bytes(whole.read(1_000_000))
    with pytest.raises(ModelError, match="cannot be loaded; delete it and run `voicebot models pull"):
        Recogniser(tmp_path)
