"""Speech without a model: the store, the level, the lexicon, and counting what is misheard."""

import hashlib
import logging
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shipped import ANSWERS, shipped
from voicebot import dialogue
from voicebot.audio import AudioChunk, from_mulaw
from voicebot.errors import ModelError
from voicebot.speech_text import speakable
from voicebot.tts import SpeechStore, load_voice
from voicebot.tts.base import on_the_telephone
from voicebot.tts.kokoro import STYLES
from voicebot.tts.measure import some_answers, voice_word_error
from voicebot.tts.phonemes import LEXICON, kokoro_phonemes, phonemes, unknown_words


class Hum:
    """A voice that hums for as long as the text is, and counts how often it did."""

    title, try_out = "Hum", True

    def __init__(self, key: str = "hum-1") -> None:
        self.key = key
        self.spoken: list[str] = []

    def speak(self, text: str) -> AudioChunk:
        self.spoken.append(text)
        return hum(len(text) / 50)


def hum(seconds: float, loudness: float = 0.3, rate: int = 24000) -> AudioChunk:
    time = np.arange(round(seconds * rate)) / rate
    return AudioChunk((loudness * np.sin(2 * np.pi * 300 * time)).astype(np.float32), rate)


def test_speech_is_made_once_and_kept(tmp_path: Path) -> None:
    voice = Hum()
    store = SpeechStore(tmp_path, voice)
    assert store.get("Et øjeblik.") is None
    made = store.make("Et øjeblik.")
    assert store.get("Et øjeblik.") == made
    assert SpeechStore(tmp_path, voice).get("Et øjeblik.") == made
    assert voice.spoken == ["Et øjeblik."]
    assert 0.2 < len(made) / 8000 < 0.7


def test_another_voice_or_text_is_other_speech(tmp_path: Path) -> None:
    SpeechStore(tmp_path, Hum("hum-1")).make("Goddag.")
    assert SpeechStore(tmp_path, Hum("hum-2")).get("Goddag.") is None
    assert SpeechStore(tmp_path, Hum("hum-1")).get("Farvel.") is None


@pytest.mark.parametrize("left", [0, 5, 12, 100, -1])
def test_a_cut_short_file_is_made_anew(tmp_path: Path, left: int) -> None:
    store = SpeechStore(tmp_path, Hum())
    made = store.make("Et øjeblik.")
    (file,) = tmp_path.rglob("*.ulaw")
    file.write_bytes(file.read_bytes()[:left])
    assert store.get("Et øjeblik.") is None
    assert store.make("Et øjeblik.") == made
    assert store.get("Et øjeblik.") == made


def test_a_spoilt_file_is_not_played(tmp_path: Path) -> None:
    store = SpeechStore(tmp_path, Hum())
    store.make("Et øjeblik.")
    (file,) = tmp_path.rglob("*.ulaw")
    data = bytearray(file.read_bytes())
    data[200] ^= 0xFF
    file.write_bytes(data)
    assert store.get("Et øjeblik.") is None


def test_a_full_disk_costs_only_the_keeping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    store = SpeechStore(tmp_path, Hum())
    monkeypatch.setattr(os, "replace", full)
    with caplog.at_level(logging.WARNING):
        assert store.make("Et øjeblik.")
        assert store.make("Farvel.")
    assert not store.keeps
    assert caplog.text.count("No space left on device") == 1
    assert "øjeblik" not in caplog.text
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]
    monkeypatch.undo()
    store.make("Et øjeblik.")
    assert store.keeps
    assert store.get("Et øjeblik.")


def test_a_folder_that_is_a_file_costs_only_the_keeping(tmp_path: Path) -> None:
    (tmp_path / "speech").write_text("in the way")
    store = SpeechStore(tmp_path / "speech", Hum())
    assert store.make("Et øjeblik.")
    assert store.get("Et øjeblik.") is None
    assert not store.keeps


@pytest.mark.parametrize("loudness", [0.001, 0.1, 0.9])
def test_speech_leaves_at_telephone_level(loudness: float) -> None:
    quiet = np.zeros(24000, np.float32)
    loud = hum(1.0, loudness)
    spoken = on_the_telephone(AudioChunk(np.concatenate([quiet, loud.samples, quiet]), 24000), "Hej.")
    assert spoken.rate == 8000
    assert 1.2 < spoken.seconds < 1.4
    middle = spoken.samples[2000:6000]
    assert 20 * np.log10(np.sqrt((middle**2).mean())) == pytest.approx(-20, abs=0.5)


def test_a_click_is_not_clipped() -> None:
    speech = hum(1.0, 0.01)
    speech.samples[12000] = 1.0
    assert np.abs(on_the_telephone(speech, "Hej.").samples).max() <= 0.96


def test_a_piece_that_goes_on_is_followed_by_a_shorter_pause() -> None:
    ended, going_on = on_the_telephone(hum(1), "Slut."), on_the_telephone(hum(1), "Handler det om pas,")
    assert going_on.seconds < ended.seconds


def test_silence_stays_a_short_silence() -> None:
    assert 0 < on_the_telephone(AudioChunk(np.zeros(0, np.float32), 24000), "…").seconds < 0.5


def test_phonemes_come_from_the_lexicon() -> None:
    assert phonemes("Forny dit pas.") == "fɒnˈyː dit pˈas."
    assert phonemes("Hej, du") == "hˈɑj, du."
    assert phonemes("") == ""
    assert phonemes("mit i d i dag").count("ˈi") == phonemes("mit d dag").count("ˈi") + 1
    assert phonemes("jeg vil gerne have en have").count(" ha ") == 1


def test_compound_numbers_are_put_together() -> None:
    assert not unknown_words("enogtyve seksogfyrre nioghalvfems enogtredivte")
    assert phonemes("enogtyve").startswith(phonemes("en").rstrip("."))


def test_a_word_outside_the_lexicon_is_guessed() -> None:
    assert unknown_words("Forny dit togtegn") == {"togtegn"}
    assert len(phonemes("togtegn")) > 5


@given(st.text(max_size=60))
def test_any_text_has_phonemes_of_one_line(text: str) -> None:
    said = kokoro_phonemes(speakable(text))
    assert "\n" not in said
    assert not any(sign.isdigit() for sign in said)


def test_the_lexicon_is_in_order_and_in_its_notation() -> None:
    rows = [line.split("\t") for line in LEXICON.read_text("utf-8").splitlines()[1:]]
    words = [word for word, _ in rows]
    assert len(words) == len(set(words))
    strange = {word: said for word, said in rows if set(said) - set("ˈˌː_ɡabdefhijklmnopstuvwyæøðŋɐɑɒɔəɛʁɹʃʌœ")}
    assert strange == {}
    unstressed = [word for word, said in rows if len(word) > 5 and "ˈ" not in said]
    assert unstressed == []


@pytest.mark.parametrize("municipality", sorted(p.name for p in (ANSWERS / "municipalities").iterdir()))
def test_the_lexicon_has_every_word_that_is_spoken(municipality: str) -> None:
    library = shipped(municipality)
    pieces = [*dialogue.standing_pieces(library), *dialogue.answer_pieces(library)]
    missing = set().union(*(unknown_words(speakable(piece)) for piece in pieces))
    assert sorted(missing) == [], "add these words with their phonemes to voicebot/tts/lexicon.tsv"


def test_the_style_is_the_one_whose_provenance_is_told() -> None:
    told = STYLES.with_suffix(".txt").read_text("utf-8")
    assert hashlib.sha256(STYLES.read_bytes()).hexdigest() in told
    assert np.load(STYLES)["dora"].shape == (510, 1, 256)


def test_a_report_counts_words_as_they_are_said() -> None:
    told: list[str] = []
    report = voice_word_error(
        Hum(),
        {"tid": "Vi åbner kl. 9.30. Kom bare!", "pas": "Forny dit pas."},
        lambda sound: "vi åbner klokken 9:30 kom" if sound.seconds > 1 else "Forny dit pass",
        lambda text: told.append(text.name),
    )
    assert told == ["tid", "pas"]
    assert [text.errors for text in report.texts] == [1, 1]
    assert report.word_error == pytest.approx(2 / 10)
    assert report.work_per_second > 0


@pytest.mark.parametrize("name", ["", "kokoro", "da_DK-talesyntese-medium", "../joe-us", "/etc"])
def test_a_voice_that_is_not_there_is_an_error_with_a_remedy(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match="voicebot models"):
        load_voice(name, tmp_path)


def test_speech_can_be_read_back_as_sound(tmp_path: Path) -> None:
    sound = from_mulaw(SpeechStore(tmp_path, Hum()).make("Et øjeblik, tak."))
    assert 0.1 < np.abs(sound.samples).max() < 0.3


def test_answers_to_measure_by_are_spread_over_the_areas() -> None:
    library = shipped()
    some = some_answers(library)
    assert len(some) == 30
    assert len({library.answers[answer].area for answer in some}) >= 8
    assert some == some_answers(library)
    assert len(some_answers(library, 1000)) == len(library.answers)
