"""Unit: weighing answers with an embedder made of arithmetic; and (slow) the real one on questions it has not seen."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.made_library import LIBRARY, answer, library
from voicebot import dialogue
from voicebot.answers import Library, load_library
from voicebot.errors import MatchingError
from voicebot.matching import Candidate, Matcher, calibrated, folded, kept, load_embedder

ROOT = Path(__file__).parent.parent


def letters(texts: Sequence[str]) -> NDArray[np.float32]:
    """An embedder without a model: how often each letter pair stands in a text."""
    vectors = np.zeros((len(texts), 384), np.float32)
    for row, text in enumerate(texts):
        for first, second in zip(text.lower(), text.lower()[1:], strict=False):
            vectors[row, (ord(first) * 31 + ord(second)) % 384] += 1
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


SMALL = library(
    answer("pas", "pas", "Bestil tid til dit pas.", "jeg skal have nyt pas", "mit pas er udløbet"),
    answer("rotter", "rotter", "Anmeld rotter.", "jeg har set en rotte", "der er rotter i kælderen", "rotter"),
    answer("skrald", "skrald", "Vi tømmer hver uge.", "hvornår tømmes min skraldespand"),
)


def test_the_right_answer_comes_first_and_confidences_fall() -> None:
    candidates = Matcher(SMALL, letters).match("der er en rotte i min kælder")
    assert candidates[0].answer == "rotter"
    assert sorted(candidates, key=lambda c: -c.confidence) == list(candidates)
    assert all(0 <= c.confidence <= 1 for c in candidates)
    assert {c.answer for c in candidates} == {"pas", "rotter", "skrald"}


def test_an_example_is_sure_and_the_others_are_not() -> None:
    best, second, _ = Matcher(SMALL, letters).match("Hvornår tømmes min skraldespand?")
    assert best.answer == "skrald"
    assert best.confidence > 0.9
    assert second.confidence < 0.1


def test_spoilt_words_are_still_known() -> None:
    assert Matcher(SMALL, letters).match("vornår tømmes min skralespan")[0].answer == "skrald"


@pytest.mark.parametrize("text", ["", "   ", "?!", "…"])
def test_nothing_said_means_nothing(text: str) -> None:
    assert Matcher(SMALL, letters).match(text) == ()


def test_at_most_five_candidates() -> None:
    assert len(Matcher(LIBRARY, letters).match("noget om pas")) == 5


def test_one_answer_is_enough() -> None:
    (only,) = Matcher(library(SMALL.answers["pas"]), letters).match("mit pas er udløbet")
    assert only.answer == "pas"


def test_a_library_without_examples_is_refused() -> None:
    with pytest.raises(MatchingError, match="No answers"):
        Matcher(library(), letters)


def test_confidence_grows_with_score_and_with_the_margin_to_the_best_other() -> None:
    clear, close, low = (calibrated(np.array(scores)) for scores in ([1.0, 0.4], [1.0, 0.95], [0.3, 0.2]))
    assert clear[0] > 0.9 > close[0] > close[1] > 0.3 > low[0]
    assert calibrated(np.array([1.0, 1.0]))[0] == calibrated(np.array([1.0, 1.0]))[1]
    assert calibrated(np.array([1.0])).shape == (1,)


@pytest.mark.parametrize(
    ("one", "other"),
    [("hvad", "vad"), ("Kørekort!", "kørrekort"), ("pas", "bas"), ("kæde", "gete")],
)
def test_what_sounds_alike_is_spelt_alike(one: str, other: str) -> None:
    assert folded(one).strip() == folded(other).strip()


def test_a_folder_without_a_model_is_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MatchingError, match="voicebot models pull"):
        load_embedder(tmp_path)


# The real model on questions that are no examples.


@dataclass
class Tried:
    """A question, what was weighed, and what the dialogue made of it as a first utterance."""

    question: str
    kind: str
    outcome: str


@pytest.fixture(scope="module")
def roskilde() -> Library:
    return load_library(ROOT / "answers", "roskilde")


@pytest.fixture(scope="module")
def matcher(roskilde: Library, models_dir: Path) -> Matcher:
    return Matcher(roskilde, load_embedder(models_dir / "multilingual-e5-small"))


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "tests" / "data" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def outcome(library: Library, topics: set[str], text: str, candidates: tuple[Candidate, ...]) -> str:
    state, _ = dialogue.opening(library)
    _, decision = dialogue.decide(library, state, dialogue.Heard(text, 1.0, candidates))
    if decision.answer:
        return "right" if decision.answer in topics else "wrong"
    if decision.options:
        return "offered" if topics & set(decision.options) else "asked"
    thanked = "smalltalk-tak-farvel" in topics and decision.kind is dialogue.Kind.SMALLTALK
    return "right" if thanked else "rejected"


def tried(library: Library, matcher: Matcher, name: str) -> list[Tried]:
    result = []
    for row in rows(name):
        topics = set(row["topic"].split("|")) & set(library.answers)
        kind = row["kind"] if topics or row["kind"] in ("ambiguous", "clarify_answer") else "out_of_scope"
        kind = "in_scope" if kind == "hesitation" else kind
        made = outcome(library, topics, row["question"], matcher.match(row["question"]))
        result.append(Tried(row["question"], kind, made))
    return result


def share(results: list[Tried], kind: str, *outcomes: str) -> float:
    """Share of the questions of a kind with one of these outcomes; the counts go into the test's output."""
    counts = Counter(result.outcome for result in results if result.kind == kind)
    print(kind, dict(counts), [r.question for r in results if r.kind == kind and r.outcome == "wrong"])
    return sum(counts[name] for name in outcomes) / counts.total()


def test_the_questions_are_no_examples(roskilde: Library) -> None:
    examples = {folded(text).strip() for answer in roskilde.answers.values() for text in answer.examples}
    asked = [row["question"] for row in rows("questions.tsv") if row["kind"] in ("in_scope", "ambiguous")]
    assert not [text for text in asked if folded(text).strip() in examples]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_typed_questions(roskilde: Library, matcher: Matcher) -> None:
    results = tried(roskilde, matcher, "questions.tsv")
    assert share(results, "in_scope", "right") >= 0.80
    assert share(results, "in_scope", "right", "offered") >= 0.95
    assert share(results, "in_scope", "wrong") <= 0.03
    assert share(results, "out_of_scope", "wrong") <= 0.12
    assert share(results, "ambiguous", "wrong") <= 0.10
    assert share(results, "small_talk", "right") >= 0.90
    assert share(results, "human_request", "right") == 1
    assert share(results, "emergency", "right") == 1


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_callers_as_whisper_base_heard_them(roskilde: Library, matcher: Matcher) -> None:
    results = tried(roskilde, matcher, "caller_transcripts.tsv")
    assert share(results, "in_scope", "right") >= 0.25
    assert share(results, "in_scope", "right", "offered") >= 0.65
    assert share(results, "in_scope", "wrong") <= 0.04
    assert share(results, "out_of_scope", "wrong") <= 0.05
    assert share(results, "human_request", "right", "offered") == 1


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_example_finds_its_own_answer(roskilde: Library, matcher: Matcher) -> None:
    pairs = [(answer.id, text) for answer in roskilde.answers.values() for text in answer.examples[:2]]
    missed = [(id_, text) for id_, text in pairs if matcher.match(text)[0].answer != id_]
    assert not missed


@pytest.mark.slow
def test_the_embedder_gives_unit_vectors_and_knows_other_words_for_the_same(models_dir: Path) -> None:
    embed = load_embedder(models_dir / "multilingual-e5-small")
    vectors = embed(["jeg har mistet mit pas", "mit pas er blevet væk", "der er rotter i kælderen"])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_vectors_are_kept_and_only_new_texts_are_worked_out(tmp_path: Path) -> None:
    asked: list[str] = []

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        asked.extend(texts)
        return np.array([[len(text), 1.0] for text in texts], np.float32)

    file = tmp_path / "vectors" / "e5.npz"
    assert kept(embed, file)(["a", "bb", "a"])[:, 0].tolist() == [1.0, 2.0, 1.0]
    assert kept(embed, file)(["ccc", "bb"])[:, 0].tolist() == [3.0, 2.0]
    assert asked == ["a", "bb", "ccc"]
    file.write_bytes(file.read_bytes()[:50])
    assert kept(embed, file)(["a"])[:, 0].tolist() == [1.0]
    assert asked[3:] == ["a"], "a damaged file costs only time"
    assert [path.name for path in file.parent.iterdir()] == ["e5.npz"]


def test_vectors_that_cannot_be_kept_cost_only_time(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    vectors = kept(lambda texts: np.ones((len(texts), 2), np.float32), tmp_path / "file" / "e5.npz")(["a"])
    assert vectors.shape == (1, 2)
    assert "cannot be kept" in caplog.text
