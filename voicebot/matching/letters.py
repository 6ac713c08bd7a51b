"""Groups of letters that texts share, after folding together letters that sound alike.

They still know a word that the recogniser spoilt: "skralespan" shares most of its groups with "skraldespand". One kind
of group runs across the words, which Whisper base often cuts in the wrong places ("Ved kosterstramida" for "hvad koster
strøm i dag"), the other stays inside them, which tells short words apart.
"""

import re
from collections.abc import Sequence

from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

_SOUNDS_LIKE = (
    ("hv", "v"), ("aa", "å"), ("ch", "k"), ("ph", "f"), ("x", "ks"), ("c", "k"), ("q", "k"), ("z", "s"), ("w", "v"),
    ("y", "i"), ("j", "i"), ("å", "o"), ("ø", "o"), ("æ", "e"), ("d", "t"), ("b", "p"), ("g", "k"),
)  # fmt: skip
"""Letters that Whisper base takes for one another in Danish telephone speech, in the order of replacing."""

GROUPS = 1 << 18
"""Columns for each kind of group; so many that two groups seldom share one."""


def folded(text: str) -> str:
    """Text in lower case with letters that sound alike made one, doubled letters single, no punctuation."""
    text = text.lower()
    for letters, sound in _SOUNDS_LIKE:
        text = text.replace(letters, sound)
    return re.sub(r"(.)\1", r"\1", re.sub(r"\W+", " ", text))


def run_together(text: str) -> str:
    """Folded text without the spaces between its words."""
    return re.sub(r"(.)\1", r"\1", folded(text).replace(" ", ""))


_KINDS = tuple(
    HashingVectorizer(
        analyzer=analyzer,
        ngram_range=(3, 5),
        preprocessor=preprocessor,
        n_features=GROUPS,
        norm=None,
        alternate_sign=False,
        dtype="float32",
    )
    for analyzer, preprocessor in (("char", run_together), ("char_wb", folded))
)


def counted(texts: Sequence[str]) -> sparse.csr_matrix:
    """How often each group of 3 to 5 letters stands in each text, float32, shape (texts, 2 x GROUPS).

    The left half counts groups across words, the right half groups within them.
    """
    return sparse.hstack([kind.transform(texts) for kind in _KINDS], format="csr")
