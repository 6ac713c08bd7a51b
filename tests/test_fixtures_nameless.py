"""What tells who a caller is becomes a stand-in; what they ask about stays."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scripted import ROSKILDE
from voicebot.fixtures.nameless import known_names, without_names

KNOWN = known_names(ROSKILDE)


def masked(text: str) -> str:
    return without_names(text, KNOWN)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Jeg hedder Mette Hansen og har mistet mit pas.", "Jeg hedder Kim Jensen og har mistet mit pas."),
        ("jeg hedder mette hansen og har mistet mit pas", "jeg hedder Kim Jensen og har mistet mit pas"),
        ("Mit navn er Anders, jeg vil flytte", "Mit navn er Kim, jeg vil flytte"),
        ("Hej, det er Peter, jeg skal have nyt pas", "Hej, det er Kim, jeg skal have nyt pas"),
        ("Mette Hansen, jeg ringer om MitID", "Kim Jensen, jeg ringer om MitID"),
        ("Kirsten her, hvornår har I åbent", "Kim her, hvornår har I åbent"),
        ("min mor Karen Margrethe Jensen-Holm er syg", "min mor Kim Jensen er syg"),
        ("min datter hedder sofie og hun er fem år", "min datter hedder Kim og hun er fem år"),
        ("Det er fru Ågesen", "Det er fru Kim"),
        ("jeg hedder PETER HANSEN", "jeg hedder Kim Jensen"),
        ("det er PETER HANSEN fra Roskilde", "det er Kim Jensen fra Roskilde"),
        ("min kone karen er syg", "min kone Kim er syg"),
        ("min datter, sofie har mistet sit pas", "min datter, Kim har mistet sit pas"),
        ("Min mand Hans Ole skal have pas", "Min mand Kim Jensen skal have pas"),
        ("vores søn Adgang vil flytte", "vores søn Kim vil flytte"),
    ],
)
def test_names_go(said: str, kept: str) -> None:
    assert masked(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Jeg bor på Lærkevej 12, 2. th, 4000 Roskilde", "Jeg bor på Hovedgaden 1, 4000 Roskilde"),
        ("jeg bor lærkevej tolv", "jeg bor Hovedgaden 1"),
        ("jeg bor Østre Allé 5 st. tv", "jeg bor Hovedgaden 1"),
        ("Søren Kierkegaards Vej nr. 4", "Hovedgaden 1"),
        ("jeg bor på Bellahøj 14B", "jeg bor på Hovedgaden 1"),
        ("mit nummer er 20 12 34 56", "mit nummer er 12 34 56 78"),
        ("ring på +45 20123456, tak", "ring på 12 34 56 78, tak"),
        ("fire seks tre en tre nul nul nul", "12 34 56 78"),
        ("sagen har nummer 24-1234567", "sagen har nummer 12 34 56 78"),
        ("skriv til mette.h@firma.dk", "skriv til navn@example.com"),
        ("det er mette snabel-a firma punktum dk", "det er navn@example.com"),
        ("det er peter punktum hansen snabel-a firma punktum dk", "det er navn@example.com"),
        ("jeg er født den tredje maj femogfirs", "jeg er født 1. januar 1950"),
        ("min fødselsdag er den femte i femte femogfirs", "min fødselsdag er 1. januar 1950"),
        ("født 3. maj 1985 i Roskilde", "født 1. januar 1950 i Roskilde"),
        ("jeg bor på Åboulevarden nummer fem", "jeg bor på Hovedgaden 1"),
        ("mit CPR-nummer er [CPR]", "mit CPR-nummer er 000000-0000"),
    ],
)
def test_addresses_and_numbers_go(said: str, kept: str) -> None:
    assert masked(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "Hvornår har Borgerservice i Roskilde åbent?",
        "jeg bor i Aarhus og vil flytte til Roskilde",
        "Har I åbent i dag? Kan De hjælpe mig med NemID eller et CPR-nummer?",
        "Øh, okay, hvad koster det? Ring 112, klokken 10.30 i 2026",
        "jeg er 74 og født i nitten hundrede og toogfyrre",
        "må min gæst holde på vores vej et par dage",
        "Hvad hedder skemaet",
        "min mand døde i går og min mor er syg",
        "vores nabo larmer, min søn skal starte i skole",
        "Har BORGERSERVICE ROSKILDE åbent",
        "kan jeg bruge MITID i stedet for NEMID",
        "Hvornår har Biblioteket åbent",
        "A-kasse",
    ],
)
def test_what_is_asked_about_stays(said: str) -> None:
    assert masked(said) == said


def test_few_questions_lose_a_word() -> None:
    """Of what citizens ask, hardly any but those that name a country, a shop or a person."""
    with (Path(__file__).parent / "data" / "development.tsv").open(encoding="utf-8", newline="") as file:
        questions = [row["question"] for row in csv.DictReader(file, dialect="excel-tab", quoting=csv.QUOTE_NONE)]
    changed = [question for question in questions if masked(question) != question]
    assert len(changed) / len(questions) < 0.05
    assert {"ja hej det er Bente", "hvor bor Jens Peter Hansen henne"} <= set(changed)


@given(
    number=st.from_regex(r"(\+45 ?)?[2-9][0-9]([ .-]?[0-9]){6}", fullmatch=True),
    around=st.sampled_from(["", ".", " tak"]),
)
def test_no_telephone_number_stays_however_it_is_written(number: str, around: str) -> None:
    assert masked(f"Jeg hedder Bo og har {number}{around}") == f"Jeg hedder Kim og har 12 34 56 78{around}"
