"""How fast a library of any size is searched and read: made-up answers, and vectors without a model."""

import random
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer

from voicebot.answers import Answer, Library
from voicebot.matching.embedding import Embedder
from voicebot.matching.index import Index
from voicebot.matching.matcher import Matcher
from voicebot.matching.meaning import unit

QUESTIONS = 200
CHANGED = 10
"""Answers that get other examples between two starts."""
OWN, STRANGE = 6, 4
"""Words that an answer's texts are made of, and words from anywhere put between them."""
COLUMNS, SIZE = 1 << 12, 384
"""Kinds of letter groups told apart by the made-up vectors, and the length of these."""


@dataclass(frozen=True)
class Scale:
    """What was measured, with vectors that cost next to nothing.

    texts: how many texts the answers have; seconds until the matcher is ready: with nothing kept (`first`), with
    everything kept (`again`), with ten answers changed (`changed`); search: median and 95th percentile of finding the
    candidates once the question's vector is there, in ms; right: share of questions whose answer came first, 0..1;
    memory: of the whole process at its largest, MB; kept: on disk, MB.
    """

    answers: int
    texts: int
    first_s: float
    again_s: float
    changed_s: float
    search_p50_ms: float
    search_p95_ms: float
    right: float
    memory_mb: float
    kept_mb: float


def measured(library: Library, answers: int, examples: int, step: Callable[[], None] = lambda: None) -> Scale:
    """Measure a library of `answers` answers with `examples` examples each, made of the words of `library`.

    step: called after each of the four things measured.
    """
    made = made_library(library, answers, examples)
    dice = random.Random(1)  # noqa: S311 - no secret hangs on it
    asked = [(id_, question(made.answers[id_], dice)) for id_ in dice.choices(list(made.answers), k=QUESTIONS)]
    embed = Known(made_vectors(), [text for _, text in asked])
    with tempfile.TemporaryDirectory(prefix="voicebot-bench-") as folder:
        file = Path(folder) / "made.npz"
        seconds = []
        for these in (made, made, changed(made)):
            began = time.perf_counter()
            matcher = Matcher(these, Index(embed, file))
            seconds.append(time.perf_counter() - began)
            step()
        kept = sum(path.stat().st_size for path in Path(folder).iterdir())
    took, right = searched(matcher, asked)
    step()
    middle, slow = np.percentile(took, [50, 95]) * 1000
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    texts = answers * (examples + 3)  # with title, offer and text
    first, again, after = seconds
    return Scale(answers, texts, first, again, after, float(middle), float(slow), right, memory / 1e6, kept / 1e6)


def searched(matcher: Matcher, asked: Sequence[tuple[str, str]]) -> tuple[list[float], float]:
    """Seconds each of the questions took, given with the id of its answer, and the share that found it first."""
    took, right = [], 0
    for id_, text in asked:
        began = time.perf_counter()
        best, *_ = matcher.match(text)
        took.append(time.perf_counter() - began)
        right += best.answer == id_
    return took, right / len(asked)


def made_library(library: Library, answers: int, examples: int) -> Library:
    """Answers made of the words of a library, each of six words of its own and some from anywhere; always the same."""
    words = sorted({word for answer in library.answers.values() for text in answer.examples for word in text.split()})
    dice = random.Random(0)  # noqa: S311 - no secret hangs on it
    made = [_answer(f"made-{number}", words, examples, dice) for number in range(answers)]
    return replace(library, answers={answer.id: answer for answer in made})


def _answer(id_: str, words: Sequence[str], examples: int, dice: random.Random) -> Answer:
    own = dice.sample(words, OWN)

    def text(ours: int, others: int) -> str:
        return " ".join(dice.sample([*dice.sample(own, ours), *dice.choices(words, k=others)], ours + others))

    return Answer(
        id=id_,
        title=text(2, 0),
        offer=text(3, 1),
        examples=tuple(text(OWN // 2, STRANGE) for _ in range(examples)),
        text=text(OWN, 60),
        area="made",
        source="https://example.org",
        reviewed=date(2026, 1, 1),
    )


def question(answer: Answer, dice: random.Random) -> str:
    """Half the words of one of an answer's examples and half of another's."""
    one, other = (text.split() for text in dice.choices(answer.examples, k=2))
    return " ".join([*one[::2], *other[1::2]])


def changed(library: Library) -> Library:
    """The same with other examples in the first ten answers."""
    others = {
        answer.id: replace(answer, examples=tuple(f"{text} igen" for text in answer.examples))
        for answer in islice(library.answers.values(), CHANGED)
    }
    return replace(library, answers={**library.answers, **others})


def made_vectors(size: int = SIZE) -> Embedder:
    """Unit vectors of which groups of three letters stand in a text, shape (texts, size): no model is needed."""
    groups = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 3), n_features=COLUMNS, dtype="float32")
    directions = np.random.default_rng(0).standard_normal((COLUMNS, size)).astype(np.float32)
    return lambda texts: unit(np.asarray(groups.transform(texts) @ directions, np.float32))


class Known:
    """An embedder that has the vectors of some single texts ready."""

    def __init__(self, embed: Embedder, texts: Sequence[str]) -> None:
        self._embed = embed
        self._ready = {text: embed([text]) for text in texts}

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (texts, size)."""
        if len(texts) == 1 and texts[0] in self._ready:
            return self._ready[texts[0]]
        return self._embed(texts)
