"""The answers of the repository, and a library of two answers as it is read."""

from pathlib import Path

import pytest

from tests.shipped import ANSWERS, shipped
from tests.two_answers import OTHER, TODAY, change, found, two_answers, write
from voicebot.answers import check_library, load_library
from voicebot.answers.rules import LONGEST_GREETING, spoken_seconds
from voicebot.errors import ContentError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return two_answers(tmp_path)


def test_the_repositorys_own_answers_have_no_fault():
    assert check_library(ANSWERS) == []


def test_the_repositorys_answers_can_be_listened_to_and_cover_the_main_topics():
    library = shipped()
    areas = {answer.area for answer in library.answers.values()} - {"samtale", "noed", "afvis"}
    assert len(areas) >= 8
    assert sum(answer.area in areas for answer in library.answers.values()) >= 30
    assert all(len(answer.examples) >= 10 for answer in library.answers.values())
    assert all("{" not in answer.text for answer in library.answers.values())


def test_the_greeting_says_that_it_is_a_machine_and_what_it_helps_with():
    greeting = shipped().phrases.greeting
    assert "Roskilde Kommune" in greeting
    assert "digital assistent, ikke et menneske" in greeting
    assert "pas" in greeting
    assert spoken_seconds(greeting) <= LONGEST_GREETING


def test_urgent_answers_name_the_numbers_that_help():
    answers = shipped().answers
    assert "112" in answers["noed-112"].text
    assert "70 201 201" in answers["noed-livskrise"].text


def test_an_answer_is_read_with_the_municipalitys_facts_in_it(folder):
    library = load_library(folder, "lilleby")
    answer = library.answers["pas-mistet"]
    assert answer.text == "Det er vi kede af. Ring til os på 22 22 22 22."
    assert answer.sms == "Ring på 22 22 22 22, se https://kommune.dk"
    assert answer.area == "pas"
    assert answer.reviewed == TODAY
    assert answer.examples[3] == "Hvor er mit pas?"
    assert answer.follow_up
    assert answer.follow_up.choices[0].to == "pas-barn"
    assert library.answers["pas-barn"].follow_up is None
    assert library.municipality.transfer_number == "+4522222222"
    assert library.phrases.greeting.startswith("Velkommen til Lilleby Kommune.")
    assert library.phrases.clarify_one.format(offer=answer.offer) == "Handler det om at dit pas er væk?"


def test_a_municipality_replaces_common_answers_and_single_phrases(folder):
    own = OTHER.replace("Barnet skal med.", "Barnet skal ikke med.")
    write(folder, "municipalities/lilleby/pas/pas-barn.yaml", own)
    write(folder, "municipalities/lilleby/phrases.yaml", "goodbye: Hej hej fra {{ municipality.name }}.\n")
    library = load_library(folder, "lilleby")
    assert library.answers["pas-barn"].text == "Barnet skal ikke med."
    assert library.answers["pas-mistet"].text.startswith("Det er vi kede af.")
    assert library.phrases.goodbye == "Hej hej fra Lilleby Kommune."
    assert library.phrases.filler == "Et øjeblik."


def test_an_unknown_municipality_is_said_with_those_there_are(folder):
    with pytest.raises(ContentError, match=r"ingen kommune “storby” \(der er: lilleby\)"):
        load_library(folder, "storby")
    with pytest.raises(ContentError, match="der er: ingen"):
        load_library(folder / "intet", "lilleby")
    assert "ingen kommune; tilføj" in check_library(folder / "intet", TODAY)[0].message


def test_a_clock_that_is_wrong_does_not_silence_the_telephone(folder):
    change(folder, "common/pas/pas-mistet.yaml", "reviewed: 2026-11-20", "reviewed: 2999-01-01")
    assert load_library(folder, "lilleby").answers.keys() == {"pas-mistet", "pas-barn"}
    assert found(folder)
