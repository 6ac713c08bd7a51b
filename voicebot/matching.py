"""What a caller may mean: every answer weighed against an utterance, with one calibrated confidence each.

Two opinions are added. Meaning: cosines of sentence embeddings, which know other words for the same thing. Spelling:
shared letter groups after folding together letters that sound alike, which still know a word the recogniser spoilt.
"""

import contextlib
import hashlib
import logging
import os
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from voicebot.answers import Answer, Library
from voicebot.errors import MatchingError

log = logging.getLogger(__name__)

Embedder = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts → unit vectors, shape (number of texts, 384), float32."""

MOST = 5
"""Candidates told at most."""
BEST, WHOLE = 0.25, 0.75
"""Weights, in both opinions, of the answer's likeliest example and of all its texts together: at equal weights
out-of-scope questions that happen to look like one example were answered more often."""
SCORE_WEIGHT, MARGIN_WEIGHT, BIAS = 5.73, 10.41, -4.93
"""Logistic regression (scikit-learn, C=100) of "this candidate is right" on score and margin, over the five best
candidates of each question in tests/data (typed ones in and out of scope, and callers as Whisper base heard them) with
47 answers; ten-fold cross-validated log loss 0.10."""

_SOUNDS_LIKE = (
    ("hv", "v"), ("aa", "å"), ("ch", "k"), ("ph", "f"), ("x", "ks"), ("c", "k"), ("q", "k"), ("z", "s"), ("w", "v"),
    ("y", "i"), ("j", "i"), ("å", "o"), ("ø", "o"), ("æ", "e"), ("d", "t"), ("b", "p"), ("g", "k"),
)  # fmt: skip
"""Letters that Whisper base takes for one another in Danish telephone speech, in the order of replacing."""


@dataclass(frozen=True)
class Candidate:
    """An answer that may be meant. confidence: 0..1, how often such a candidate is the right one."""

    answer: str
    confidence: float


def load_embedder(model_folder: Path) -> Embedder:
    """The sentence-transformers model in `model_folder`, on the CPU, with nothing fetched from anywhere.

    Texts get the prefix `query: ` on both sides, as multilingual-e5 wants it for comparing like with like.
    MatchingError where the model cannot be loaded.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds, and reads the lines above
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(str(model_folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError) as fault:
        raise MatchingError(
            "matching.model", f"{model_folder}: no embedding model that can be loaded; run `voicebot models pull`."
        ) from fault

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        prefixed = [f"query: {text}" for text in texts]
        return np.asarray(model.encode(prefixed, normalize_embeddings=True, show_progress_bar=False), np.float32)

    return embed


def kept(embed: Embedder, file: Path) -> Embedder:
    """The same embedder, with the vectors of texts kept in `file`: only new texts are worked out.

    For the answers' own texts, never for what callers say. A file that is damaged or cannot be written costs only time.
    """

    def look_up(texts: Sequence[str]) -> NDArray[np.float32]:
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        known = _read_vectors(file)
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if new:
            known |= dict(zip(new, embed(list(new.values())), strict=True))
            _write_vectors(file, known)
        return np.stack([known[key] for key in keys])

    return look_up


def _read_vectors(file: Path) -> dict[str, NDArray[np.float32]]:
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
            return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return {}


def _write_vectors(file: Path, vectors: dict[str, NDArray[np.float32]]) -> None:
    part = file.with_suffix(f".{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as opened:
            np.savez(opened, keys=np.array(list(vectors)), vectors=np.stack(list(vectors.values())))
        part.replace(file)
    except OSError as fault:
        log.warning("The answers' vectors cannot be kept in %s (%s); free some space there.", file, fault.strerror)
        with contextlib.suppress(OSError):
            part.unlink()


class Matcher:
    """The answers of a library, ready to be weighed against utterances.

    embed: for what callers say; index: for the answers' own texts, by default the same.
    """

    def __init__(self, library: Library, embed: Embedder, index: Embedder | None = None) -> None:
        answers = [answer for answer in library.answers.values() if answer.examples]
        if not answers:
            raise MatchingError("matching.empty", "No answers with examples to choose from; add some to answers/.")
        self._ids = [answer.id for answer in answers]
        self._meaning = _Meaning(answers, embed, index or embed)
        self._spelling = _Spelling(answers)

    def match(self, text: str) -> tuple[Candidate, ...]:
        """The answers an utterance may mean, best first, at most five; none for an utterance without a word."""
        if not re.search(r"\w", text):
            return ()
        confidence = calibrated(self._meaning.scores(text) + self._spelling.scores(text))
        best = np.argsort(-confidence, kind="stable")[:MOST]
        return tuple(Candidate(self._ids[at], float(confidence[at])) for at in best)


class _Meaning:
    """Centred cosines with the best example and with the middle of all an answer's texts.

    e5's cosines are squeezed between about 0.7 and 1; taking away the mean of all examples spreads them.
    """

    def __init__(self, answers: Sequence[Answer], embed: Embedder, index: Embedder) -> None:
        self._embed = embed
        examples = index([example for answer in answers for example in answer.examples])
        others = index([text for answer in answers for text in (answer.title, answer.text)])
        self._mean = examples.mean(0)
        self._examples = self._centred(examples)
        self._starts = np.cumsum([0, *(len(answer.examples) for answer in answers)])[:-1]
        own = np.split(self._examples, self._starts[1:])
        texts = self._centred(others).reshape(len(answers), 2, -1)
        self._middles = _unit(np.stack([np.vstack(pair).mean(0) for pair in zip(own, texts, strict=True)]))

    def _centred(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        return _unit(vectors - self._mean)

    def scores(self, text: str) -> NDArray[np.float64]:
        query = self._centred(self._embed([text]))[0]
        best = np.maximum.reduceat(self._examples @ query, self._starts)
        return np.asarray(BEST * best + WHOLE * (self._middles @ query), np.float64)


class _Spelling:
    """Cosines of letter groups (3 to 5, within words, TF-IDF) with the best example and with all texts as one."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        whole = [" ".join((*answer.examples, answer.title, answer.text)) for answer in answers]
        self._pooled = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, preprocessor=folded)
        self._wholes = self._pooled.fit_transform(whole)
        self._single = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, preprocessor=folded)
        self._examples = self._single.fit_transform([example for answer in answers for example in answer.examples])
        self._starts = np.cumsum([0, *(len(answer.examples) for answer in answers)])[:-1]

    def scores(self, text: str) -> NDArray[np.float64]:
        single = (self._examples @ self._single.transform([text]).T).toarray()[:, 0]
        whole = (self._wholes @ self._pooled.transform([text]).T).toarray()[:, 0]
        return np.asarray(BEST * np.maximum.reduceat(single, self._starts) + WHOLE * whole, np.float64)


def calibrated(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Confidence 0..1 of each answer, from its score and how far it lies above the best of the others.

    scores: shape (answers,), the sum of two cosines each.
    """
    best_two = np.sort(scores)[-2:]
    rival = np.where(scores == best_two[-1], best_two[0], best_two[-1]) if len(scores) > 1 else 0.0
    weighed = SCORE_WEIGHT * scores + MARGIN_WEIGHT * (scores - rival) + BIAS
    return np.asarray(1 / (1 + np.exp(-weighed)))


def folded(text: str) -> str:
    """Text in lower case with letters that sound alike made one, doubled letters single, no punctuation."""
    text = text.lower()
    for letters, sound in _SOUNDS_LIKE:
        text = text.replace(letters, sound)
    return re.sub(r"(.)\1", r"\1", re.sub(r"\W+", " ", text))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), np.float32)
