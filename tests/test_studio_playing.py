"""What recorded calls need of a bot's models: nothing is heard twice, nothing is spoken."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.scripted import ROSKILDE, LoudIsSpeech
from voicebot.asr import Transcript
from voicebot.audio import AudioChunk, from_mulaw, write_wav
from voicebot.content import Content
from voicebot.engines import Engines
from voicebot.matching import Candidate
from voicebot.rehearsal import Unspoken
from voicebot.replay import Case, load_cases
from voicebot.studio import playing as room
from voicebot.studio.playing import Recalling, playing

VOICE = SimpleNamespace(key="none", title="nobody", try_out=True)
"""It cannot speak at all."""
CASE = """\
title: Mistet pas
provenance: a tone
licence: MPL-2.0
turns:
  - {say: a.wav, text: mit pas er væk, expect: {answer: pas-mistet}}
  - {say: a.wav, text: mit pas er væk, expect: {answer: pas-mistet}}
"""


class Ears:
    """Hears the same in all it is given."""

    def __init__(self) -> None:
        self.heard: list[int] = []

    def transcribe(self, sound: AudioChunk) -> Transcript:
        self.heard.append(len(sound.samples))
        return Transcript("mit pas er væk", ("mit", "pas", "er", "væk"), 0.9, sound.seconds)

    def match(self, _: str) -> tuple[Candidate, ...]:
        return (Candidate("pas-mistet", 0.97),)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    tone = np.sin(np.arange(8000, dtype=np.float32)) * 0.5
    tone[-1600:] *= 0.4  # a voice fades before it gives the word away
    write_wav(tmp_path / "a.wav", AudioChunk(np.pad(tone, (2400, 4000)), 8000))
    (tmp_path / "case.yaml").write_text(CASE, "utf-8")
    (read,) = load_cases([tmp_path / "case.yaml"])
    return read


def test_a_whole_call_is_played_without_a_voice_and_a_second_time_without_hearing(tmp_path: Path, case: Case) -> None:
    ears = Ears()
    engines = Engines(LoudIsSpeech(), ears, Unspoken(tmp_path, VOICE))  # type: ignore[arg-type]
    content = Content(ROSKILDE, ears)  # type: ignore[arg-type]
    asked: list[int] = []
    play = playing(engines, VOICE, tmp_path / "speech")  # type: ignore[arg-type]
    first = play(case, content, lambda: asked.append(len(ears.heard)))
    assert first.passed, first
    assert [step.heard for step in first.steps] == ["mit pas er væk"] * 2
    assert first.steps[0].answer_sound
    assert asked == list(range(len(ears.heard))), "whoever goes first is asked before each"
    known = len(ears.heard)
    assert play(case, content, lambda: asked.append(0)).passed
    assert len(ears.heard) == known
    assert not (tmp_path / "speech").exists(), "nothing is made, nothing is kept"


def test_nobody_who_waits_no_more_is_heard_for(tmp_path: Path, case: Case) -> None:
    ears = Ears()
    engines = Engines(LoudIsSpeech(), ears, Unspoken(tmp_path, VOICE))  # type: ignore[arg-type]

    def stopped() -> None:
        raise asyncio.CancelledError

    play = playing(engines, VOICE, tmp_path)  # type: ignore[arg-type]
    assert not play(case, Content(ROSKILDE, ears), stopped).passed  # type: ignore[arg-type]
    assert not ears.heard


def test_what_was_heard_is_remembered_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "REMEMBERED", 2)
    ears = Ears()
    recalling = Recalling(ears)  # type: ignore[arg-type]
    sounds = [AudioChunk(np.full(length, 0.1, np.float32), 8000) for length in (1, 2, 3)]
    for place in (0, 1, 0, 2, 0, 1):
        assert recalling.transcribe(sounds[place]).text == "mit pas er væk"
    assert ears.heard == [1, 2, 3, 2], "the one that was not asked for longest is forgotten"
    recalling.transcribe(AudioChunk(sounds[1].samples, 16000))
    assert len(ears.heard) == 5, "the same samples at another rate are another sound"


def test_what_is_not_spoken_sounds_as_long_as_it_takes_to_say(tmp_path: Path) -> None:
    sound = from_mulaw(Unspoken(tmp_path, VOICE).get("Det er en ganske almindelig sætning."))  # type: ignore[arg-type]
    assert 1.5 < sound.seconds < 4
    assert np.abs(sound.samples).min() > 0.01
