"""`voicebot bench hearing`: which recordings are heard, and what is counted."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command_line import here, refused
from voicebot.asr.measure import Clip, compared, some_clips
from voicebot.audio import AudioChunk, silence


def clip(name: str, said: str, seconds: float = 3.0) -> Clip:
    return Clip(name, silence(seconds), said)


def listener(asked: list[str], name: str, *texts: str) -> Callable[[AudioChunk], str]:
    """Hears these texts, one after the other."""
    left = list(texts)

    def listen(sound: AudioChunk) -> str:
        asked.append(name)
        return left.pop(0)

    return listen


def test_recordings_of_three_to_six_seconds_are_spread_evenly() -> None:
    clips = {name: clip(name, "", seconds) for name, seconds in zip("abcdefg", (1, 3, 4, 5, 6, 4, 7), strict=True)}
    assert [each.name for each in some_clips(clips, 2)] == ["b", "d"]
    assert [each.name for each in some_clips(clips, 99)] == ["b", "c", "d", "e", "f"]


def test_both_hear_each_recording_and_take_turns_to_be_first() -> None:
    asked: list[str] = []
    ours = listener(asked, "ours", "warm", "Hvad koster et pas?", "ja")
    plain = listener(asked, "plain", "warm", "Hvad koster et pas", "Jeg skal flytte nu")
    done: list[int] = []
    clips = [clip("a", "Hvad koster et pas?"), clip("b", "Jeg skal flytte.")]
    both = compared(ours, plain, clips, lambda: done.append(1))
    assert asked == ["ours", "plain", "ours", "plain", "plain", "ours"]
    assert len(done) == 2
    assert [result.errors for result in both.ours] == [0, 3]
    assert [result.errors for result in both.plain] == [0, 1]
    assert both.figures()["ours"]["word_error"] == pytest.approx(3 / 7)
    assert both.figures()["plain"]["word_error"] == pytest.approx(1 / 7)
    assert both.agreement == pytest.approx(1 - 4 / 8)


def test_a_missing_model_is_said(tmp_path: Path) -> None:
    refused(here("bench", "hearing", data_dir=tmp_path), "voicebot models pull")


@pytest.mark.slow
def test_the_bench_prints_the_agreed_keys(tmp_path: Path, models_dir: Path) -> None:
    result = here("bench", "hearing", "--clips", "1", "--json", data_dir=tmp_path, models_dir=models_dir)
    assert result.returncode == 0, result.stderr
    measured = json.loads(result.stdout)
    assert set(measured) == {"ours", "plain", "ratio", "agreement", "clips"}
    assert set(measured["ours"]) == set(measured["plain"]) == {"p50_s", "p95_s", "word_error"}
    assert measured["clips"][0]["ours"]["heard"]
