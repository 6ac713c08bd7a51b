"""Answers weighed against utterances, with vectors made of arithmetic: no model, and no constant of the weighing."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.made_library import LIBRARY, answer, library
from voicebot.answers import OUTSIDE, Library
from voicebot.errors import MatchingError
from voicebot.matching import OPINIONS, Index, Matcher, load_embedder, matcher
from voicebot.matching.letters import counted, folded, run_together
from voicebot.matching.matcher import MOST, confidences
from voicebot.matching.measure import made_library, made_vectors

SMALL = library(
    answer("pas", "pas", "Bestil tid til dit pas.", "jeg skal have nyt pas", "mit pas er udløbet"),
    answer("rotter", "rotter", "Anmeld rotter.", "jeg har set en rotte", "der er rotter i kælderen", "rotter"),
    answer("skrald", "skrald", "Vi tømmer hver uge.", "hvornår tømmes min skraldespand"),
    answer(
        "udenfor-mad",
        "mad",
        "Det kan jeg ikke hjælpe med.",
        *(f"en pizza med {what}" for what in ("ost", "løg", "ærter")),
        area=OUTSIDE,
    ),
)


def over(its: Library) -> Matcher:
    return Matcher(its, Index(made_vectors(64)))


@pytest.fixture(scope="module")
def small() -> Matcher:
    return over(SMALL)


# Candidates


def test_the_right_answer_comes_first_and_confidences_fall(small: Matcher) -> None:
    candidates = small.match("der er en rotte i min kælder")
    assert candidates[0].answer == "rotter"
    assert sorted(candidates, key=lambda c: -c.confidence) == list(candidates)
    assert all(0 <= c.confidence <= 1 for c in candidates)
    assert len({c.answer for c in candidates}) == len(candidates)


@pytest.mark.parametrize("text", ["rotter", "pas", "hvad hedder hovedstaden i Peru", "xyzzy", "7", "…a…", "ø" * 2000])
def test_confidences_are_shares_of_one(small: Matcher, text: str) -> None:
    confidence = [c.confidence for c in small.match(text)]
    assert len(confidence) == len(SMALL.answers)
    assert 0 <= sum(confidence) <= 1 + 1e-6
    assert np.isfinite(confidence).all()


def test_what_was_said_is_surer_than_what_was_nearly_said_and_that_than_nonsense(small: Matcher) -> None:
    exactly, nearly, no = (
        small.match(text)[0].confidence
        for text in ("hvornår tømmes min skraldespand", "tømmes spanden", "bliver det godt vejr i weekenden")
    )
    assert exactly > nearly > no


def test_every_example_finds_its_own_answer(small: Matcher) -> None:
    for its in SMALL.answers.values():
        for text in its.examples:
            assert small.match(text)[0].answer == its.id, text


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("vornår tømmes min skralespan", "skrald"),
        ("Vornårtømmes minskral de span", "skrald"),
        ("Der ero terikæl deren", "rotter"),
        ("mit bas er ut løbet", "pas"),
    ],
)
def test_spoilt_and_run_together_words_are_still_known(small: Matcher, heard: str, meant: str) -> None:
    assert small.match(heard)[0].answer == meant


@pytest.mark.parametrize("text", ["", "   ", "?!", "…", "-\n-"])
def test_nothing_said_means_nothing(small: Matcher, text: str) -> None:
    assert small.match(text) == ()


def test_capitals_and_punctuation_in_the_spelling_do_not_matter(small: Matcher) -> None:
    one, other = (small._spelling.scores(text) for text in ("Mit pas, er udløbet!", "mit pas er udløbet"))
    assert np.allclose(one, other, atol=1e-5)


def test_answers_out_of_scope_are_candidates_each_once(small: Matcher) -> None:
    best, *others = small.match("jeg vil have en pizza med ærter")
    assert best.answer == "udenfor-mad"
    assert "udenfor-mad" not in [c.answer for c in others]


def test_an_answer_to_many_things_out_of_scope_is_found_by_each_of_them() -> None:
    places = ("Peru", "Kina", "Rom", "Oslo", "Paris")
    many = [f"{what} i {where}" for what in ("ost", "vejr", "musik", "film") for where in places]
    outside = answer("udenfor-viden", "viden", "Det ved jeg ikke.", *many, area=OUTSIDE)
    weigher = over(library(*SMALL.answers.values(), outside))
    for text in many:
        candidates = weigher.match(text)
        assert candidates[0].answer == "udenfor-viden"
        assert [c.answer for c in candidates].count("udenfor-viden") == 1


def test_no_more_candidates_than_are_of_use() -> None:
    assert len(over(LIBRARY).match("noget om pas")) == MOST


def test_one_answer_is_enough() -> None:
    one = over(library(SMALL.answers["pas"]))
    (only,) = one.match("mit pas er udløbet")
    assert only.answer == "pas"
    assert only.confidence > one.match("er der en rotte")[0].confidence


def test_two_answers_are_told_apart() -> None:
    two = over(library(SMALL.answers["pas"], SMALL.answers["rotter"]))
    assert [c.answer for c in two.match("mit pas er væk")] == ["pas", "rotter"]
    assert [c.answer for c in two.match("rotter i haven")] == ["rotter", "pas"]


def test_an_answer_without_examples_is_left_out_and_a_library_of_such_refused() -> None:
    bare = replace(SMALL.answers["rotter"], examples=())
    assert {c.answer for c in over(library(SMALL.answers["pas"], bare)).match("rotter")} == {"pas"}
    for empty in (library(bare), library()):
        with pytest.raises(MatchingError, match="No answers"):
            over(empty)


# The weighing


def test_a_confidence_grows_with_its_own_scores_and_falls_with_the_others() -> None:
    def best(own: float, other: float, none: float) -> float:
        return float(confidences(np.array([[own], [other]], np.float32), (4.0,), none)[0])

    assert best(1, 0.2, 0) > best(0.8, 0.2, 0) > best(0.8, 0.6, 0) > best(0.8, 0.6, 2)
    assert best(1, 1, -np.inf) == pytest.approx(0.5)
    assert 0 <= best(-1e3, 0, 0) < 1e-9 < best(1e3, 0, 0) <= 1


def test_each_opinion_counts_by_its_weight() -> None:
    said = np.eye(3, dtype=np.float32)
    assert confidences(said, (3, 2, 1), 0.0).argsort().tolist() == [2, 1, 0]
    assert confidences(said, (0, 0, 0), 0.0) == pytest.approx([0.25] * 3)


def test_opinions_are_told_for_every_answer(small: Matcher) -> None:
    among, opinions = small.opinions("rotter")
    assert opinions.shape == (len(among), len(OPINIONS))
    assert {small.ids[at] for at in among} == set(SMALL.answers)
    best = {small.ids[among[at]] for at in opinions.argmax(0)}
    assert best == {"rotter"}, "on this one they agree"


# The letters


@pytest.mark.parametrize(
    ("one", "other"),
    [("hvad", "vad"), ("Kørekort!", "kørrekort"), ("pas", "bas"), ("kæde", "gete"), ("Aarhus", "århus"), ("c", "k")],
)
def test_what_sounds_alike_is_folded_together(one: str, other: str) -> None:
    assert folded(one).strip() == folded(other).strip()


@pytest.mark.parametrize(("one", "other"), [("pas", "pis"), ("mit", "mig"), ("seks", "fem")])
def test_what_sounds_otherwise_stays_apart(one: str, other: str) -> None:
    assert folded(one).strip() != folded(other).strip()


def test_words_cut_in_the_wrong_places_share_most_groups() -> None:
    def shared(one: str, other: str) -> float:
        first, second = (set(counted([text]).indices) for text in (one, other))
        return len(first & second) / min(len(first), len(second))

    said = "Hvad koster strøm i dag?"
    assert run_together("hva dkost er") == run_together("hvad koster")
    assert shared("Ved kosterstramida", said) > 0.25 > 3 * shared("Må jeg få en hund", said)


# Large libraries


FIRST = ("skrald", "bolig", "fri", "tid")
MIDDLE = ("plads", "penge", "hjem", "kort", "pas", "regn")
LAST = ("tilskud", "bevis", "hus", "vej", "bog", "mand", "by", "ting", "sten", "løb")
WORDS = library(answer("ord", "ord", "Ord.", *(a + b + c for a in FIRST for b in MIDDLE for c in LAST)))


@pytest.fixture(scope="module")
def large() -> Library:
    """More answers than a head is trained on."""
    return made_library(WORDS, matcher.MOST_ANSWERS + 100, 2)


def asked(its: Library, every: int) -> Sequence[tuple[str, str]]:
    return [(each.id, each.examples[0]) for each in list(its.answers.values())[::every]]


def test_with_very_many_answers_the_right_one_is_found_without_a_head(
    large: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    weigher = over(large)
    assert weigher._head is None
    found = [weigher.match(text) for _, text in asked(large, 20)]
    assert [candidates[0].answer for candidates in found] == [id_ for id_, _ in asked(large, 20)]
    assert all(len(weigher.opinions(text)[0]) < len(large.answers) for _, text in asked(large, 500))
    monkeypatch.setattr(matcher, "NEAREST", len(large.answers))
    for (_, text), candidates in zip(asked(large, 20), found, strict=True):
        all_looked_at = weigher.match(text)
        assert all_looked_at[0].answer == candidates[0].answer
        assert all_looked_at[0].confidence == pytest.approx(candidates[0].confidence, abs=0.1)


def test_with_few_answers_all_are_looked_at(small: Matcher) -> None:
    assert small._head is not None
    assert len(small.opinions("rotter")[0]) == len(small.ids)


def test_a_folder_without_a_model_is_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MatchingError, match="voicebot models pull"):
        load_embedder(tmp_path)
