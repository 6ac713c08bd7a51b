"""The carrier's buffer, and where a recording's last word ends."""

import pytest

from voicebot.audio import AudioChunk, from_mulaw, joined, silence
from voicebot.replay.playback import Playback
from voicebot.replay.speech import speech_end

LOUD, SILENT = b"\x00", b"\xff"


def test_the_carriers_buffer_plays_in_its_own_time() -> None:
    line = Playback()
    line.play(10.0, SILENT * 800 + LOUD * 800)
    line.mark(10.0, "one")
    line.play(10.1, LOUD * 1600)
    line.mark(10.1, "two")
    assert [(piece.arrived, piece.heard) for piece in line.pieces] == [(10.0, 10.1), (10.1, 10.2)]
    assert line.played(10.19) == []
    assert line.played(10.2) == ["one"]
    assert not line.quiet(10.39)
    assert line.played(10.41) == ["two"]
    assert line.quiet(10.41)


def test_clearing_brings_marks_back_and_what_was_not_played_is_never_heard() -> None:
    line = Playback()
    for name in ("one", "two"):
        line.play(5.0, LOUD * 8000)
        line.mark(5.0, name)
    line.clear(5.5)
    assert line.played(5.5) == ["one", "two"]
    assert [piece.heard for piece in line.pieces] == [5.0, None]
    line.play(5.6, LOUD * 800)
    assert line.pieces[-1].heard == 5.6
    assert not line.quiet(5.65)
    line.mark(5.65, "three")
    assert line.played(5.71) == ["three"]


def test_a_mark_with_nothing_before_it_comes_back_at_once_and_no_sound_is_never_heard() -> None:
    line = Playback()
    line.mark(3.0, "one")
    assert line.played(3.0) == ["one"]
    line.play(3.0, SILENT * 160)
    assert line.pieces[0].heard is None


def test_without_marks_a_gap_parts_one_piece_from_the_next() -> None:
    line = Playback()
    for now in (1.0, 1.1, 1.3, 2.0):
        line.play(now, SILENT * 160 + LOUD * 640)
    assert [piece.heard for piece in line.pieces] == [1.02, pytest.approx(2.02)]
    line.mark(2.0, "one")
    line.play(2.0, LOUD * 640)
    assert line.pieces[-1].heard == pytest.approx(2.1)


def test_the_end_of_speech_is_the_last_frame_with_speech_in_it() -> None:
    tone = from_mulaw(bytes([0x10, 0x90] * 2000))
    assert speech_end(joined([silence(0.3), tone, silence(0.5)])) == pytest.approx(0.78)
    noisy = joined([silence(0.3), tone, silence(0.5)])
    hum = AudioChunk(noisy.samples + from_mulaw(bytes([0x3F, 0xBF] * 5200)).samples[: len(noisy.samples)], 8000)
    assert speech_end(hum) == pytest.approx(0.78)
