import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.masking import mask_cpr

CPR = [
    "010190-1234",
    "0101901234",
    "01 01 90 12 34",
    "010190 1234",
    "01.01.90 1234",
    "01.01.90-1234",
    "01/01/90-1234",
    "01-01-90-1234",
    "010190 – 1234",
    "01, 01, 90, 12, 34",
    "0 1 0 1 9 0 1 2 3 4",
    "01 01 1990 1234",
    "01011990-1234",
    "610190-1234",
    "nul en nul en halvfems tolv fireogtredive",
    "Nul et, nul et, halvfems, tolv, fireogtredive",
    "nul en nul en ni nul en to tre fire",
    "nul en nul en halvfems øh tolv fire og tredive",
    "nul en nul en halvfems bindestreg tolv 34",
    "01 nul en halvfems 1234",
    "enogtredive tolv firs nul to tre fire",
    "første i første halvfems tolv fireogtredive",
    "første januar halvfems tolv fireogtredive",
    "1. januar 1990 1234",
    "5. marts 1990, 1234",
    "5/3-90 1234",
    "5.3.1990-1234",
    "første i første nitten hundrede og halvfems tolv fireogtredive",
    "første januar nittenhundredehalvfems tolv hundrede fireogtredive",
    "nul en nul en halvfems et to tre fire",
    "010190, så 1234",
    "999999-9999",
]

NO_CPR = [
    "Ring på 46 31 30 00.",
    "Ring på 46313000 mellem 10 og 15.",
    "Nummeret er +45 46 31 30 00.",
    "+4546313000",
    "0045 46 31 30 00",
    "fireogfyrre seksogtredive halvtreds tolv",
    "Det koster 1.250 kr. for voksne og 150 kr. for børn.",
    "Fristen er den 12.-14. maj 2026.",
    "12.05.2026",
    "1. januar 1990",
    "I 1990 boede jeg i 4000 Roskilde.",
    "Åbent mandag 10.00-15.00, torsdag 10.00-17.00.",
    "Åbent 10.00-15.00, 10.00-17.00",
    "Ring 46 31 30 00 eller 46 31 30 01.",
    "46 31 30 00, 46 31 30 01",
    "En, to, tre, fire, fem!",
    "Tast et for ja, og to for nej.",
    "010190",
    "123456789",
    "",
    "Jeg har mistet mit pas.",
]


@pytest.mark.parametrize("number", CPR)
def test_a_cpr_number_in_any_form_is_masked(number: str) -> None:
    assert mask_cpr(number) == "[CPR]"
    assert mask_cpr(f"Mit nummer er {number}, og jeg bor her.") == "Mit nummer er [CPR], og jeg bor her."
    assert mask_cpr(number.upper()) == "[CPR]"


@pytest.mark.parametrize("text", NO_CPR)
def test_other_numbers_stay(text: str) -> None:
    assert mask_cpr(text) == text


def test_two_people_in_one_sentence() -> None:
    assert mask_cpr("Jeg er 010190-1234 og min søn 020215-5678.") == "Jeg er [CPR] og min søn [CPR]."


def test_a_number_glued_to_letters_or_beside_a_telephone_number_is_masked() -> None:
    assert mask_cpr("cpr0101901234.") == "cpr[CPR]."
    assert mask_cpr("+45 46 31 30 00, 010190-1234") == "+45 46 31 30 00, [CPR]"


ONES = ["nul", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni"]
TEENS = ["ti", "elleve", "tolv", "tretten", "fjorten", "femten", "seksten", "sytten", "atten", "nitten"]
TENS = ["", "", "tyve", "tredive", "fyrre", "halvtreds", "tres", "halvfjerds", "firs", "halvfems"]


def in_words(pair: str) -> str:
    ten, one = int(pair[0]), int(pair[1])
    if ten == 0:
        return f"nul {ONES[one]}"
    if ten == 1:
        return TEENS[one]
    return TENS[ten] if one == 0 else f"{ONES[one]}og{TENS[ten]}"


@st.composite
def spoken_cpr(draw: st.DrawFn) -> str:
    day, month = draw(st.integers(1, 31)), draw(st.integers(1, 12))
    pairs = [f"{n:02d}" for n in (day, month, *draw(st.lists(st.integers(0, 99), min_size=3, max_size=3)))]
    shown = [draw(st.sampled_from([pair, " ".join(pair), in_words(pair)])) for pair in pairs]
    gaps = [draw(st.sampled_from([" ", ", ", "-", ". ", " øh "])) for _ in range(4)]
    return "".join(piece + gap for piece, gap in zip(shown, [*gaps, ""], strict=True))


@given(spoken_cpr())
def test_any_mixture_of_digits_and_words_is_masked(number: str) -> None:
    assert mask_cpr(f"Det er {number}.") == "Det er [CPR]."


@given(st.text(alphabet="0123456789 .,-abkæø:\n", max_size=60))
def test_masking_once_is_enough_and_leaves_no_ten_digits(text: str) -> None:
    masked = mask_cpr(text)
    assert mask_cpr(masked) == masked
    assert not re.search(r"(?<!\d)\d{10}(?!\d)", masked)
    if sum(map(str.isdigit, text)) < 10:
        assert masked == text
