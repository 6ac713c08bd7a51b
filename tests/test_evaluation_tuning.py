"""Weights fitted on questions drawn from a known model; and (slow) `voicebot tune` with the real one."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.command_line import here, refused, two
from tests.made_library import LIBRARY, answer, library
from voicebot.answers import OUTSIDE
from voicebot.evaluation import Kind, Question, tune, tuning
from voicebot.evaluation.fitting import Fit, Weighed, chances, fit, weighed
from voicebot.matching import OPINIONS, Index, Matcher
from voicebot.matching.measure import made_vectors

ANSWERS = 12
TRUE = Fit((6.0, 2.0, 0.0), 1.5)
"""Weights that the made-up questions follow: the first opinion tells most, the third nothing."""
PARTS = (0, 1, 2)


def drawn(number: int, seed: int) -> list[Weighed]:
    """Opinions drawn at random, and a right answer, or none, drawn by the chances that they give it."""
    dice = np.random.default_rng(seed)
    questions = []
    for _ in range(number):
        opinions = dice.random((ANSWERS, len(PARTS))).astype(np.float32)
        blank = Weighed(opinions, np.zeros(ANSWERS, bool), np.zeros(ANSWERS, bool), none=False)
        right = dice.choice(ANSWERS + 1, p=chances(blank, PARTS, TRUE))
        questions.append(Weighed(opinions, np.arange(ANSWERS) == right, blank.outside, none=right == ANSWERS))
    return questions


@pytest.fixture(scope="module")
def learnt() -> Fit:
    return fit(drawn(6000, 1), PARTS)


def test_weights_say_what_an_opinion_is_worth(learnt: Fit) -> None:
    assert learnt.weights == pytest.approx(TRUE.weights, abs=0.6)
    assert learnt.none == pytest.approx(TRUE.none, abs=0.4)


def test_noise_does_not_help_and_the_informative_opinion_does() -> None:
    trial = drawn(3000, 2)

    def loss(*parts: int) -> float:
        found = fit(drawn(3000, 3), parts)
        hit = [chances(one, parts, found)[np.append(one.right, one.none)].sum() for one in trial]
        return float(-np.log(hit).mean())

    assert loss(0, 1) == pytest.approx(loss(0, 1, 2), abs=0.01)
    assert loss(0, 1) < loss(0) - 0.005 < loss(1) - 0.1 < loss(2)


def test_chances_are_as_often_right_as_they_say(learnt: Fit) -> None:
    said, came = [], []
    for one in drawn(4000, 4):
        said.append(chances(one, PARTS, learnt))
        came.append(np.append(one.right, one.none))
    chance, true = np.concatenate(said), np.concatenate(came)
    assert all(each.sum() == pytest.approx(1) for each in said)
    for low in (0.05, 0.1, 0.2, 0.3, 0.4):
        these = (chance >= low) & (chance < low * 1.5)
        assert these.sum() > 200
        assert chance[these].mean() == pytest.approx(true[these].mean(), abs=0.03)


def test_libraries_of_different_sizes_are_fitted_together() -> None:
    few = [
        Weighed(one.opinions[:3], one.right[:3], one.outside[:3], none=not one.right[:3].any()) for one in drawn(9, 5)
    ]
    both = fit([*few, *drawn(20, 6)], PARTS)
    assert np.isfinite(both.weights).all()
    assert [len(chances(one, PARTS, both)) for one in (few[0], drawn(1, 7)[0])] == [4, ANSWERS + 1]


def test_a_question_without_its_answer_among_those_looked_at_counts_as_none() -> None:
    lost = Weighed(np.ones((2, 1), np.float32), np.zeros(2, bool), np.zeros(2, bool), none=False)
    assert fit([lost] * 5, (0,)).none > 0


OUT = answer("udenfor-mad", "mad", "Det kan jeg ikke hjælpe med.", "en pizza", "to pizzaer", area=OUTSIDE)
SMALL = library(*LIBRARY.answers.values(), OUT)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(SMALL, Index(made_vectors(64)))


@pytest.mark.parametrize(
    ("topics", "right", "none"),
    [
        (("rotter",), {"rotter"}, False),
        (("pas-barn", "pas-pris"), {"pas-barn", "pas-pris"}, False),
        ((), {"udenfor-mad"}, True),
    ],
)
def test_what_is_right_for_a_question(matcher: Matcher, topics: tuple[str, ...], right: set[str], none: bool) -> None:
    kind = Kind.IN_SCOPE if topics else Kind.OUT_OF_SCOPE
    one = weighed(matcher, "noget", Question("hvad som helst", topics, kind), frozenset({"udenfor-mad"}))
    assert {matcher.ids[at] for at in np.flatnonzero(one.right)} == right
    assert {matcher.ids[at] for at in np.flatnonzero(one.outside)} == {"udenfor-mad"}
    assert one.none is none
    assert one.opinions.shape == (len(one.right), len(OPINIONS))


# Trials


QUESTIONS = tuple(
    Question(f"{start} {its.offer}", (its.id,), Kind.IN_SCOPE)
    for its in LIBRARY.answers.values()
    for start in ("jeg ringer om", "hvordan er det med")
) + tuple(Question(text, (), Kind.OUT_OF_SCOPE) for text in ("en pizza med ost", "vejret i morgen", "hvem vandt i går"))


def test_every_opinion_is_tried_alone_left_out_and_with_all(matcher: Matcher) -> None:
    asked = []
    found = tune(matcher, QUESTIONS, [0.0, 0.3], frozenset({"udenfor-mad"}), done=lambda: asked.append(1))
    assert len(asked) == 2 * len(QUESTIONS)
    tried = [(frozenset(trial.opinions), trial.noise) for trial in found.trials]
    every = frozenset(OPINIONS)
    subsets = {every, *(frozenset({one}) for one in OPINIONS), *(every - {one} for one in OPINIONS)}
    assert len(tried) == 2 * len(subsets)
    assert set(tried) == {(some, noise) for some in subsets for noise in (0.0, 0.3)}
    assert len(found.fit.weights) == len(OPINIONS)
    for trial in found.trials:
        assert 0 <= trial.first <= trial.among_three <= 1
        assert 0 <= trial.apart <= 1
        assert trial.log_loss > 0


def test_spoilt_forms_of_a_question_stay_in_its_fold(matcher: Matcher, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[int, tuple[str, float]] = {}
    noises = (0.0, 0.3, 0.6)

    def remembered(its: Matcher, text: str, question: Question, outside: frozenset[str]) -> Weighed:
        one = weighed(its, text, question, outside)
        asked[id(one.opinions)] = (question.text, len(asked))
        return one

    learnt: list[set[str]] = []

    def watched(questions: list[Weighed], parts: tuple[int, ...]) -> Fit:
        texts = [asked[id(one.opinions)][0] for one in questions]
        assert len(texts) == len(noises) * len(set(texts)), "all forms of a question, or none"
        learnt.append(set(texts))
        return fit(questions, parts)

    tried: list[tuple[str, set[str]]] = []

    def judged(one: Weighed, parts: tuple[int, ...], fitted: Fit) -> np.ndarray:
        tried.append((asked[id(one.opinions)][0], learnt[-1]))
        return chances(one, parts, fitted)

    monkeypatch.setattr(tuning, "weighed", remembered)
    monkeypatch.setattr(tuning, "fit", watched)
    monkeypatch.setattr(tuning, "chances", judged)
    tune(matcher, QUESTIONS, noises, frozenset({"udenfor-mad"}))
    assert tried
    assert not [text for text, texts in tried if text in texts]
    assert learnt[-1] == {question.text for question in QUESTIONS}, "the weights told are those of all questions"


# The command


HEADER = "question\ttopic\tkind\n"


def test_a_faulty_file_is_named_before_any_model_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "q.tsv"
    file.write_text(f"{HEADER}pas\tpas-findes-ikke\tin_scope\n", "utf-8")
    refused(here("tune", str(file), data_dir=tmp_path, **two(tmp_path)), "q.tsv:2:", "pas-findes-ikke")


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_tune_prints_the_agreed_keys(tmp_path: Path, models_dir: Path) -> None:
    file = tmp_path / "q.tsv"
    lost = [f"{start} mit pas\tpas-mistet\tin_scope" for start in ("jeg har mistet", "nogen har stjålet", "jeg tabte")]
    rats = [f"der er rotter {where}\trotter\tin_scope" for where in ("i kælderen", "på loftet", "i kloakken")]
    others = [f"{what}\t\tout_of_scope" for what in ("en pizza", "hvem vandt kampen", "spil noget musik")]
    file.write_text(HEADER + "\n".join([*lost, *rats, *others]) + "\n", "utf-8")
    result = here("tune", str(file), "--noise", "0.2", "--json", data_dir=tmp_path, models_dir=models_dir)
    assert result.returncode == 0, result.stderr
    data = json.loads(result.stdout)
    assert set(data["fit"]) == {"weights", "none"}
    assert len(data["fit"]["weights"]) == len(OPINIONS)
    assert len(data["trials"]) == 2 * len(OPINIONS) + 1
    assert set(data["trials"][0]) == {"opinions", "noise", "first", "among_three", "log_loss", "apart"}
