"""The real model: what its vectors are, and that the repository's own examples lead home."""

from pathlib import Path

import numpy as np
import pytest

from tests.foreseen import foreseen
from tests.shipped import shipped
from voicebot.matching import Matcher, load_embedder

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def test_the_embedder_gives_unit_vectors_and_knows_other_words_for_the_same(models_dir: Path) -> None:
    embed = load_embedder(models_dir / "multilingual-e5-small")
    vectors = embed(["jeg har mistet mit pas", "mit pas er blevet væk", "der er rotter i kælderen"])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_an_example_leads_to_its_own_answer(real_matcher: Matcher) -> None:
    pairs = [(answer.id, text) for answer in shipped().answers.values() for text in answer.examples[:1]]
    with foreseen(real_matcher, [text for _, text in pairs]):
        missed = {text: id_ for id_, text in pairs if real_matcher.match(text)[0].answer != id_}
    assert len(missed) <= len(pairs) // 100, missed
