"""Unit: whether a caller who pauses has said it all, by words and by sound, and how that fares on recorded pauses."""

import csv
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from voicebot.audio import AudioChunk, silence
from voicebot.endpointing import (
    FRAME_SECONDS,
    Completeness,
    Endpointer,
    Signal,
    Utterance,
    completeness,
    fading,
)

COMPLETE, OPEN, HANGING = Completeness.COMPLETE, Completeness.OPEN, Completeness.HANGING
PAUSES = Path(__file__).parent / "data" / "pauses.tsv"
SILERO_LAG = 0.11
"""Seconds of silence that Silero still takes for speech (median of the 96 utterances behind the data)."""


def said(
    text: str, *, seconds: float = 1.8, fading: float = -7.0, decided: bool = True, expected: bool = False
) -> Completeness:
    return completeness(Utterance(text, seconds, decided, expected, fading))


@pytest.mark.parametrize(
    "text",
    [
        "Hvordan fornyer jeg mit pas?",
        "Jeg har mistet mit pas.",
        "Hvad gør jeg?",
        "Min nabo larmer, hvad gør man?",
        "Hvornår kommer I",
        "hvad koster et pas",
    ],
)
def test_a_whole_question_that_has_an_answer_is_complete(text: str) -> None:
    assert said(text) is COMPLETE


@pytest.mark.parametrize(
    "text",
    [
        "Hvordan fornyer jeg",
        "Hvordan fornyer jeg.",
        "Jeg har mistet mit",
        "Jeg vil gerne tale med",
        "Jeg skal have fornyet, øh",
        "Jeg skal have fornyet øhm.",
        "Det er fordi",
        "Jeg har mistet mit pas og",
        "Jeg vil gerne, altså",
        "Jeg kan ikke...",
        "Mit kørekort er blevet",
        "Kan jeg få et",
        "Jeg vil gerne skrive mit barn op til",
    ],
)
@pytest.mark.parametrize("decided", [False, True])
def test_a_sentence_that_asks_for_another_word_is_not(text: str, decided: bool) -> None:
    assert said(text, decided=decided, fading=-3.0) is HANGING
    assert said(text, decided=decided) is not COMPLETE


def test_an_expected_reply_is_complete_however_short() -> None:
    for text in ("Ja.", "Nej tak.", "Den første."):
        assert said(text, seconds=0.4, fading=0.0, expected=True) is COMPLETE
    assert said("Ja.", seconds=0.4, fading=0.0) is HANGING
    assert said("Ja, men", seconds=0.6, fading=0.0, expected=True) is HANGING


def test_what_has_no_answer_yet_may_go_on() -> None:
    assert said("Jeg ringer om min skraldespand", seconds=1.6, fading=-4.0, decided=False) is OPEN
    assert said("Skraldespand", seconds=0.6, fading=-4.0, decided=False) is HANGING


def test_a_voice_that_stays_up_goes_on() -> None:
    assert said("Jeg har mistet mit pas", fading=-8.0) is COMPLETE
    assert said("Jeg har mistet mit pas", fading=1.0) is not COMPLETE


def test_where_no_word_was_heard_nobody_waits_for_a_reply() -> None:
    assert said("") is said("", expected=True) is HANGING


def tone(*levels: float, rate: int = 8000, noise: float = 0.0005) -> AudioChunk:
    """A tenth of a second of a tone for each level (full scale 1) and one of silence, over white noise."""
    time = np.arange(rate // 10) / rate
    parts = [level * np.sin(2 * np.pi * 200 * time) for level in (*levels, 0.0)]
    samples = np.concatenate(parts) + np.random.default_rng(7).normal(0, noise, len(parts) * len(time))
    return AudioChunk(samples.astype(np.float32), rate)


@pytest.mark.parametrize("rate", [8000, 16000])
def test_fading_is_the_loudness_of_the_last_fifth_of_a_second_of_speech(rate: int) -> None:
    assert fading(tone(*[0.3] * 10, rate=rate)) == pytest.approx(0, abs=0.01)
    assert fading(tone(*[0.3] * 8, 0.1, 0.1, rate=rate)) == pytest.approx(-8.7, abs=0.1)
    assert fading(tone(*[0.1] * 8, 0.3, 0.3, rate=rate)) > 4


def test_fading_does_not_mind_the_level_nor_the_silence_around() -> None:
    quiet = [0.001] * 3
    sound = tone(*quiet, *[0.3] * 8, 0.1, 0.1, *quiet)
    assert fading(sound) == pytest.approx(-8.7, abs=0.1)
    assert fading(AudioChunk(sound.samples * np.float32(0.1), sound.rate)) == pytest.approx(fading(sound), abs=0.01)


def test_noise_on_the_line_is_not_the_end_of_the_speech() -> None:
    assert fading(tone(*[0.3] * 10, 0.0, noise=0.04)) == pytest.approx(0, abs=0.2)
    assert fading(tone(*[0.3] * 8, 0.12, 0.12, 0.0, noise=0.02)) == pytest.approx(-7, abs=0.5)


def test_silence_does_not_fade() -> None:
    assert fading(silence(1.0)) == fading(silence(0.0)) == 0.0


# Recorded pauses: what real recognition, matching and dialogue made of them, see tests/data/README.md

Row = dict[str, str]


def turns(kind: str) -> Iterator[list[Row]]:
    """The pauses of each turn, one after the other."""
    with PAUSES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["kind"] == kind]
    yield from (list(pauses) for _, pauses in groupby(rows, lambda row: row["turn"]))


def waited(row: Row) -> float | None:
    """Silence in seconds at which a turn is ended in this pause, judged at once; None where speech goes on first."""
    utterance = Utterance(
        row["text"],
        float(row["seconds"]),
        row["decided"] == "1",
        row["expected"] == "1",
        float(row["fading"]),
    )
    endpointer, silent = Endpointer(), float(row["pause"]) or 9.0
    for _ in range(round(float(row["seconds"]) / FRAME_SECONDS)):
        endpointer.hear(0.9, bot_speaking=False)
    for _ in range(int(silent / FRAME_SECONDS)):
        signal = endpointer.hear(0.1, bot_speaking=False)
        if signal is Signal.TURN_MAY_HAVE_ENDED:
            endpointer.expect(completeness(utterance))
        if signal is Signal.TURN_ENDED:
            return endpointer.now - endpointer.speech_end
    return None


def cut(turn: list[Row]) -> bool:
    return any(row["pause"] != "0.00" and waited(row) is not None for row in turn)


def test_few_hesitating_callers_are_cut_off() -> None:
    hesitations = list(turns("hesitation"))
    assert len(hesitations) > 200
    assert sum(map(cut, hesitations)) <= 0.05 * len(hesitations)


def test_plain_questions_wait_little_and_are_not_cut_off() -> None:
    plain = list(turns("plain"))
    assert len(plain) > 90
    assert not any(map(cut, plain))
    waits = [waited(turn[-1]) for turn in plain]
    assert all(wait is not None and wait < 1.5 for wait in waits)
    assert median(wait for wait in waits if wait is not None) + SILERO_LAG <= 0.45
