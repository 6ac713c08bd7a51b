"""Sound: mu-law to the letter, the tape, WAV files that are none."""

import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.audio import AudioChunk, Tape, from_mulaw, joined, read_wav, silence, to_mulaw, write_wav
from voicebot.errors import AudioError


def test_every_mulaw_code_survives_the_round_trip() -> None:
    codes = bytes(range(256))
    back = to_mulaw(from_mulaw(codes))
    assert [c for c in codes if back[c] != c] == [0x7F], "only minus zero may become plus zero"
    assert back[0x7F] == 0xFF


def test_mulaw_values_are_those_of_g711() -> None:
    # ITU-T G.711 table 2a: the loudest code of each sign, and silence.
    values = from_mulaw(bytes([0x00, 0x80, 0xFF])).samples * 32768
    assert values.tolist() == [-32124.0, 32124.0, 0.0]


@given(st.lists(st.floats(-1, 1, width=32), max_size=300))
def test_mulaw_is_near_the_sound(values: list[float]) -> None:
    sound = AudioChunk(np.array(values, np.float32), 8000)
    back = from_mulaw(to_mulaw(sound)).samples
    assert np.all(np.abs(back - sound.samples) <= np.abs(sound.samples) / 16 + 0.02)


def test_resampling_keeps_a_tone_and_the_length() -> None:
    time = np.arange(16000) / 16000
    tone = AudioChunk(np.sin(2 * np.pi * 1000 * time).astype(np.float32), 16000)
    half = tone.resampled(8000)
    assert half.rate == 8000
    assert abs(half.seconds - 1.0) < 0.001
    spectrum = np.abs(np.fft.rfft(half.samples))
    assert int(spectrum.argmax()) == 1000


def test_joining_needs_one_rate() -> None:
    assert joined([silence(1.0), silence(0.5)]).seconds == 1.5
    with pytest.raises(AudioError):
        joined([silence(1.0, 8000), silence(1.0, 16000)])


def test_the_tape_cuts_by_call_time_and_forgets() -> None:
    tape = Tape(longest=2.0)
    for second in range(10):
        for _ in range(50):
            tape.append(AudioChunk(np.full(160, second, np.float32), 8000))
    assert tape.now == 10.0
    assert set(tape.cut(8.5, 9.5).samples.tolist()) == {8.0, 9.0}
    assert tape.cut(8.5, 9.5).seconds == 1.0
    assert tape.cut(9.9, 12.0).seconds == pytest.approx(0.1)
    assert set(tape.cut(0.0, 10.0).samples.tolist()) <= {6.0, 7.0, 8.0, 9.0}
    assert tape.cut(1.0, 2.0).seconds == 0.0


def test_the_tape_bears_a_chunk_longer_than_itself() -> None:
    tape = Tape(longest=1.0)
    tape.append(silence(5.0))
    tape.append(AudioChunk(np.ones(80, np.float32), 8000))
    assert tape.now == pytest.approx(5.01)
    assert tape.cut(5.0, 5.01).samples.tolist() == [1.0] * 80


def test_a_wav_file_comes_back(tmp_path: Path) -> None:
    sound = AudioChunk(np.linspace(-0.9, 0.9, 4000, dtype=np.float32), 22050)
    write_wav(tmp_path / "a.wav", sound)
    back = read_wav(tmp_path / "a.wav")
    assert back.rate == 22050
    assert np.allclose(back.samples, sound.samples, atol=1e-3)


def wav(path: Path, rate: int = 8000, width: int = 2, frames: int = 800) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(bytes(frames * width))
    return path


def test_bad_wav_files_say_what_to_do(tmp_path: Path) -> None:
    text = tmp_path / "text.wav"
    text.write_text("not sound")
    cut = tmp_path / "cut.wav"
    cut.write_bytes(wav(tmp_path / "whole.wav").read_bytes()[:20])
    cases = [
        (tmp_path / "none.wav", "no such file"),
        (text, "not a WAV"),
        (cut, "not a WAV"),
        (tmp_path, "not a WAV"),
        (wav(tmp_path / "slow.wav", rate=4000), "resample"),
        (wav(tmp_path / "fast.wav", rate=96000), "resample"),
        (wav(tmp_path / "byte.wav", width=1), "16-bit"),
        (wav(tmp_path / "empty.wav", frames=0), "no sound"),
        (wav(tmp_path / "long.wav", frames=8000 * 1201), "cut it"),
    ]
    for path, words in cases:
        with pytest.raises(AudioError, match=words):
            read_wav(path)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="another place"):
        write_wav(tmp_path / "no" / "such" / "folder.wav", silence(0.1))
