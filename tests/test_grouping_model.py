"""Questions on one topic come together, told by the real model: floors well below what was measured."""

from collections import Counter, defaultdict
from functools import cache

import numpy as np
import pytest

from tests.conftest import ROOT
from tests.shipped import shipped
from voicebot.evaluation.corrupting import spoilt
from voicebot.evaluation.questions import read_questions
from voicebot.grouping import Groups, describing
from voicebot.grouping.describing import SIZE
from voicebot.matching import Matcher

pytestmark = pytest.mark.slow

TOPICS = 14


@cache
def questions() -> tuple[tuple[str, str], ...]:
    """Questions on some topics, and their topics, mixed as callers mix them."""
    by_topic = defaultdict(list)
    for question in read_questions([ROOT / "tests" / "data" / "development.tsv"], shipped()):
        if question.kind == "in_scope" and len(question.topics) == 1:
            by_topic[question.topics[0]].append(question.text)
    some = sorted(topic for topic, texts in by_topic.items() if len(texts) >= 5)[::4][:TOPICS]
    pairs = [(text, topic) for topic in some for text in by_topic[topic]]
    return tuple(pairs[at] for at in np.random.default_rng(1).permutation(len(pairs)))


@pytest.mark.parametrize(("noise", "purity", "most"), [(0.0, 0.9, 40), (0.4, 0.85, 75)])
def test_questions_on_a_topic_come_together(real_matcher: Matcher, noise: float, purity: float, most: int) -> None:
    texts = [spoilt(text, noise, 1) if noise else text for text, _ in questions()]
    its = Groups(np.zeros((0, SIZE), np.float32), [])
    found = defaultdict(Counter)
    for vector, (_, topic) in zip(describing(lambda: real_matcher)(texts), questions(), strict=True):
        found[its.place(vector)][topic] += 1
    right = sum(topics.most_common(1)[0][1] for topics in found.values())
    assert right >= purity * len(texts)
    assert len(found) <= most
