"""What recorded calls need of a bot's models: nothing is heard twice, nothing is spoken."""

from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest

from tests.scripted import ROSKILDE, LoudIsSpeech
from voicebot.asr import Transcript
from voicebot.audio import AudioChunk, from_mulaw, write_wav
from voicebot.content import Content
from voicebot.engines import Engines
from voicebot.errors import RecognitionError
from voicebot.matching import Candidate
from voicebot.rehearsal import Unspoken
from voicebot.replay import Case, load_cases
from voicebot.studio import playing as room
from voicebot.studio.beside import Pace, Stopped
from voicebot.studio.playing import Recalling, playing
from voicebot.studio.rehearsing import Rehearsals, Rehearse

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


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def play(ears: Ears) -> Rehearse:
    return playing(Engines(LoudIsSpeech(), ears, Unspoken()))  # type: ignore[arg-type]


def quiet() -> Pace:
    """Nobody calls."""
    return Pace(lambda: True)


def content(ears: Ears) -> Content:
    return Content(ROSKILDE, ears)  # type: ignore[arg-type]


class Leaving(Pace):
    """Nobody calls; the operator leaves once so many sounds are to be heard."""

    def __init__(self, sounds: int) -> None:
        super().__init__(lambda: True)
        self.asked, self.sounds = 0, sounds

    def calm(self) -> bool:
        self.asked += 1
        if self.asked == self.sounds:
            self.leave()
        return super().calm()


def test_a_whole_call_is_played_without_a_voice_and_a_second_time_without_hearing(
    case: Case, ears: Ears, play: Rehearse
) -> None:
    pace = Leaving(0)
    first = play(case, content(ears), pace)
    assert first.passed, first
    assert [step.heard for step in first.steps] == ["mit pas er væk"] * 2
    assert first.steps[0].answer_sound
    assert pace.asked == len(ears.heard), "whoever goes first is asked before each"
    known = len(ears.heard)
    again = Leaving(0)
    assert play(case, content(ears), again).passed
    assert (len(ears.heard), again.asked) == (known, 0)


def test_nobody_who_waits_no_more_is_heard_for(
    case: Case, ears: Ears, play: Rehearse, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Stopped):
        play(case, content(ears), Leaving(1))
    assert not ears.heard
    assert not caplog.records, "it looks like a citizen's call"
    assert play(case, content(ears), quiet()).passed, "and it is not remembered that nothing was heard"


def test_a_try_that_is_left_says_nothing_of_the_next(tmp_path: Path, case: Case, ears: Ears, play: Rehearse) -> None:
    (tmp_path / "case.yaml").write_text(CASE.replace("turns:", "tags: [gate]\nturns:"), "utf-8")
    rehearsals, deaf = Rehearsals(tmp_path, play), Ears()
    deaf.match = lambda _: ()  # type: ignore[method-assign]
    with pytest.raises(Stopped):
        rehearsals.compare(content(ears), content(deaf), Leaving(2), lambda _, __: None)
    calls = rehearsals.compare(content(ears), content(deaf), quiet(), lambda _, __: None)
    assert (len(calls.worse), calls.right_before, calls.right_after) == (1, 1, 0)


def test_a_call_in_which_a_model_fails_is_played_again(tmp_path: Path, case: Case, ears: Ears, play: Rehearse) -> None:
    (tmp_path / "case.yaml").write_text(CASE.replace("turns:", "tags: [gate]\nturns:"), "utf-8")
    rehearsals, hears = Rehearsals(tmp_path, play), ears.transcribe

    def fails(_: AudioChunk) -> Transcript:
        raise RecognitionError("asr.failed", "it fails")

    ears.transcribe = fails  # type: ignore[method-assign]
    assert rehearsals.compare(content(ears), content(ears), quiet(), lambda _, __: None).right_before == 0
    ears.transcribe = hears  # type: ignore[method-assign]
    assert rehearsals.compare(content(ears), content(ears), quiet(), lambda _, __: None).right_before == 1


def test_what_was_heard_is_remembered_up_to_a_bound(monkeypatch: pytest.MonkeyPatch, ears: Ears) -> None:
    monkeypatch.setattr(room, "REMEMBERED", 2)
    recalling = Recalling(ears, OrderedDict(), lambda: True)  # type: ignore[arg-type]
    sounds = [AudioChunk(np.full(length, 0.1, np.float32), 8000) for length in (1, 2, 3)]
    for place in (0, 1, 0, 2, 0, 1):
        assert recalling.transcribe(sounds[place]).text == "mit pas er væk"
    assert ears.heard == [1, 2, 3, 2], "the one that was not asked for longest is forgotten"
    recalling.transcribe(AudioChunk(sounds[1].samples, 16000))
    assert len(ears.heard) == 5, "the same samples at another rate are another sound"


def test_what_is_not_spoken_sounds_as_long_as_it_takes_to_say() -> None:
    sound = from_mulaw(Unspoken().get("Det er en ganske almindelig sætning."))
    assert 1.5 < sound.seconds < 4
    assert np.abs(sound.samples).min() > 0.01
