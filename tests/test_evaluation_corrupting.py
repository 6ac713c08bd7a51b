"""Text spoilt as a recogniser would."""

import pytest

from voicebot.evaluation import spoilt
from voicebot.speech_text import word_errors

TEXTS = [
    "Jeg skal flytte til en ny adresse. Hvordan melder jeg flytning?",
    "Min skraldespand er ikke blevet tømt",
    "Kan jeg få friplads i vuggestuen?",
    "hvad koster det",
    "goddag jeg skal til tyrkiet til sommer og mit pas dur ikke længere",
    "pas",
]


def errors(noise: float, rounds: int = 150) -> float:
    pairs = [(text.split(), spoilt(text, noise, seed).split()) for text in TEXTS for seed in range(rounds)]
    return sum(word_errors(said, heard) for said, heard in pairs) / sum(len(said) for said, _ in pairs)


@pytest.mark.parametrize("noise", [0.1, 0.2, 0.4, 0.6])
def test_the_word_error_rate_is_the_one_asked_for(noise: float) -> None:
    assert errors(noise) == pytest.approx(noise, abs=0.03)


def test_no_noise_leaves_text_as_it_is() -> None:
    assert all(spoilt(text, 0.0, seed) == text for text in TEXTS for seed in range(20))


def test_full_noise_leaves_hardly_a_word() -> None:
    assert errors(1.0) > 0.93


def test_the_same_seed_gives_the_same_errors_and_another_seed_others() -> None:
    assert [spoilt(text, 0.5, 7) for text in TEXTS] == [spoilt(text, 0.5, 7) for text in TEXTS]
    assert [spoilt(text, 0.5, 7) for text in TEXTS] != [spoilt(text, 0.5, 8) for text in TEXTS]
    assert spoilt(TEXTS[1], 0.5, 1) == "Min skraldæsbondeae ikke blevet tømt"


def test_words_change_fall_in_two_become_one_and_go() -> None:
    heard = [spoilt("skraldespand mistet pas", 0.3, seed).split() for seed in range(3000)]
    joined = ["".join(words) for words in heard]
    assert any(len(words) == 4 and text == "skraldespandmistetpas" for words, text in zip(heard, joined, strict=True))
    assert any(len(words) == 2 and text == "skraldespandmistetpas" for words, text in zip(heard, joined, strict=True))
    assert ["mistet", "pas"] in heard
    assert ["skralespand", "mistet", "pas"] in heard
    assert any(words[:2] == ["skraldespand", "mistet"] and words[2:] in (["det"], ["er"], ["meget"]) for words in heard)


@pytest.mark.parametrize("text", ["", "?", "å", "i å", "… – 5", "12 %"])
def test_text_with_hardly_a_letter_is_borne(text: str) -> None:
    assert isinstance(spoilt(text, 1.0, 1), str)
