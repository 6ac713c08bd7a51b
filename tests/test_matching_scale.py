"""`voicebot bench matching`: the library it makes up, and what it measures."""

import json
from pathlib import Path

import pytest

from tests.command_line import here, refused, two
from tests.made_library import LIBRARY
from voicebot.matching.measure import CHANGED, QUESTIONS, Known, changed, made_library, made_vectors, measured


def test_a_made_library_is_always_the_same_and_as_large_as_asked_for() -> None:
    made = made_library(LIBRARY, 40, 5)
    assert made == made_library(LIBRARY, 40, 5)
    assert len(made.answers) == 40
    assert all(len(answer.examples) == 5 for answer in made.answers.values())
    words = {word for answer in LIBRARY.answers.values() for text in answer.examples for word in text.split()}
    assert {word for answer in made.answers.values() for word in answer.text.split()} <= words


def test_ten_answers_change_and_no_other() -> None:
    made = made_library(LIBRARY, 30, 3)
    other = changed(made)
    assert sum(made.answers[id_] != other.answers[id_] for id_ in made.answers) == CHANGED


def test_known_questions_cost_no_embedding() -> None:
    asked: list[str] = []
    vectors = made_vectors(16)

    def embed(texts):
        asked.extend(texts)
        return vectors(texts)

    known = Known(embed, ["en", "to"])
    asked.clear()
    assert (known(["to"]) == vectors(["to"])).all()
    assert asked == []
    assert known(["tre", "fire"]).shape == (2, 16)
    assert asked == ["tre", "fire"]


def test_everything_is_measured() -> None:
    steps: list[int] = []
    scale = measured(LIBRARY, 25, 2, lambda: steps.append(1))
    assert len(steps) == 4
    assert (scale.answers, scale.texts) == (25, 25 * 5)
    assert 0 < scale.search_p50_ms <= scale.search_p95_ms
    assert min(scale.first_s, scale.again_s, scale.changed_s, scale.memory_mb, scale.kept_mb) > 0
    assert 0 <= scale.right <= 1
    assert (scale.right * QUESTIONS) == pytest.approx(round(scale.right * QUESTIONS))


def test_a_missing_model_is_said_at_once(tmp_path: Path) -> None:
    refused(here("bench", "matching", data_dir=tmp_path, **two(tmp_path)), "voicebot models pull")


@pytest.mark.slow
def test_the_bench_prints_the_agreed_keys(tmp_path: Path, models_dir: Path) -> None:
    size = ("--answers", "12", "--examples", "2")
    result = here("bench", "matching", *size, "--json", data_dir=tmp_path, models_dir=models_dir, **two(tmp_path))
    assert result.returncode == 0, result.stderr
    data = json.loads(result.stdout)
    assert set(data) == {
        "answers", "texts", "first_s", "again_s", "changed_s", "search_p50_ms", "search_p95_ms", "right", "memory_mb",
        "kept_mb", "embedding_p50_ms",
    }  # fmt: skip
    assert (data["answers"], data["texts"]) == (12, 60)
