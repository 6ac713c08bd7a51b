"""Questions on one topic come together, told by the real model: floors well below what was measured."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

from tests.conftest import ROOT
from tests.foreseen import foreseen
from tests.shipped import shipped
from voicebot.evaluation.corrupting import spoilt
from voicebot.evaluation.questions import read_questions
from voicebot.grouping import Groups, describing
from voicebot.grouping.describing import SIZE
from voicebot.matching import Matcher

pytestmark = pytest.mark.slow

UNKNOWN = {
    "hundeskov": (
        "hvor er der en hundeskov", "har I en hundeskov i nærheden", "findes der en hundeskov her i byen",
        "er der en hundeskov hvor hunden må løbe løs", "jeg leder efter en hundeskov til min hund",
    ),
    "fisketegn": (
        "hvor køber jeg fisketegn", "hvad koster et fisketegn", "må man fiske uden fisketegn",
        "skal jeg have fisketegn for at fiske i åen", "jeg vil gerne have et fisketegn",
    ),
    "kolonihave": (
        "hvordan får jeg en kolonihave", "er der venteliste på en kolonihave", "hvad koster en kolonihave",
        "jeg vil gerne leje en kolonihave",
    ),
    "solceller": (
        "må jeg sætte solceller op", "solceller på mit hus skal det anmeldes", "regler for solceller",
        "skal jeg søge om tilladelse til solceller på taget", "kan man få tilskud til solceller",
    ),
}  # fmt: skip
"""Questions on what no shipped answer is about."""
TOPICS = 10


@cache
def questions() -> tuple[tuple[str, str], ...]:
    """Questions on some topics, with their topics, mixed as callers mix them."""
    by_topic = defaultdict(list)
    for question in read_questions([ROOT / "tests" / "data" / "development.tsv"], shipped()):
        if question.kind == "in_scope" and len(question.topics) == 1:
            by_topic[question.topics[0]].append(question.text)
    some = sorted(topic for topic, texts in by_topic.items() if len(texts) >= 5)[::5][:TOPICS]
    pairs = [(text, topic) for topic in some for text in by_topic[topic]]
    return mixed(pairs)


def mixed(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(pairs[at] for at in np.random.default_rng(1).permutation(len(pairs)))


def pure(matcher: Matcher, asked: Sequence[tuple[str, str]]) -> tuple[float, int]:
    """The share of questions in a group that is mostly on their topic, and how many groups there are."""
    its = Groups(np.zeros((0, SIZE), np.float32), [])
    found: dict[int, Counter[str]] = defaultdict(Counter)
    with foreseen(matcher, texts := [text for text, _ in asked]):
        vectors = describing(lambda: matcher)(texts)
    for vector, (_, topic) in zip(vectors, asked, strict=True):
        found[its.place(vector)][topic] += 1
    right = sum(topics.most_common(1)[0][1] for topics in found.values())
    return right / len(asked), len(found)


@pytest.mark.parametrize(("noise", "share", "most"), [(0.0, 0.9, 20), (0.4, 0.85, 32)])
def test_questions_on_a_topic_come_together(real_matcher: Matcher, noise: float, share: float, most: int) -> None:
    asked = [(spoilt(text, noise, 1) if noise else text, topic) for text, topic in questions()]
    right, groups = pure(real_matcher, asked)
    assert right >= share
    assert groups <= most


def test_questions_on_what_no_answer_knows_come_together(real_matcher: Matcher) -> None:
    right, groups = pure(real_matcher, mixed([(text, topic) for topic, texts in UNKNOWN.items() for text in texts]))
    assert right >= 0.8
    assert groups <= 10
