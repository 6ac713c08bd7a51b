"""Written Danish made as bad as Whisper base makes telephone speech. Pure: the same text and seed, the same errors.

The mix is nearly that of tests/data/callers.tsv: 109 recordings, 713 words, 61 % word errors. What was heard is laid
over what was said as cheaply as can be, a word with other letters costing its share of wrong ones (at most 0.6), one
fallen in two or two become one the same and 0.3, any other word, one gone or from nowhere 1. Of the 338 places with an
error, 44 % are a word with other letters (0.33 wrong per letter), 13 % a word fallen in two, 14 % two words become one
(0.4 wrong per letter), 27 % quite another word and 2 % a word gone. At the same word error rate, spoilt text counted in
the same way gives 61 (0.35), 12, 12 (0.3), 14 and under 1 %: less is lost without a trace, and no word comes from
nowhere, which 8 in 100 errors do.
"""

import random
import re
from enum import Enum


class Damage(Enum):
    """What can happen to a word; the value is its weight where it can, fitted to give the shares above."""

    LETTERS = 0.63
    SPLIT = 0.30
    GLUE = 0.11
    OTHER = 0.05
    GONE = 0.02


SHORTEST = 4
"""Letters of a word that can fall in two."""
PER_LETTER = 0.3
"""Changes per letter of a word, where the damage is not that it is gone or another."""

_SOUNDS_LIKE = (
    ("hv", "v"), ("hv", "f"), ("hj", "j"), ("nd", "n"), ("nd", "nn"), ("ld", "ll"), ("rt", "t"), ("ke", "ge"),
    ("ge", "je"), ("ej", "aj"), ("øj", "åj"), ("et$", "e"), ("er$", "e"), ("en$", "n"), ("e$", ""), ("t$", "d"),
    ("g$", ""), ("d$", ""), ("r$", ""), ("$", "r"), ("$", "e"), ("$", "s"), ("$", "t"),
    ("d", "t"), ("t", "d"), ("d", "l"), ("d", ""), ("b", "p"), ("p", "b"), ("g", "k"), ("k", "g"), ("g", "j"),
    ("v", "f"), ("f", "v"), ("h", ""), ("r", ""), ("r", "a"), ("s", "ss"), ("s", "c"), ("j", "i"),
    ("e", "i"), ("e", "æ"), ("e", "a"), ("i", "e"), ("æ", "e"), ("o", "å"), ("o", "u"), ("å", "o"), ("u", "o"),
    ("y", "i"), ("y", "ø"), ("ø", "u"), ("ø", "y"), ("ø", "o"), ("a", "o"), ("a", "e"),
    (r"([a-zæøå])\1", r"\1"), ("([lmnprst])(?=[aeiouyæøå])", r"\1\1"),
)  # fmt: skip
"""Changes of letters that the transcripts show, as regular expressions and what comes instead."""
_COMMON = (  # noqa: SIM905 - one word a string would take two screens
    "det er jeg en og at der på som har med for den til af ikke de han vi så kan var om men et du skal vil nu her op "
    "hun når mig hvor da ja nej noget over bare godt folk tid hvad lige to tre ud ind dem sig meget også jo dag"
).split()
"""Frequent Danish words, which Whisper falls back on where it hears nothing it knows."""


def spoilt(text: str, noise: float, seed: int) -> str:
    """The text with a word error rate of about `noise`, 0..1, over many texts.

    Spoilt words lose their capital and punctuation. Each text has its own errors, whatever is spoilt before it.
    """
    dice = random.Random(f"{seed} {text}")  # noqa: S311 - no secret hangs on it
    words, result = text.split(), []
    while words:
        word = words.pop(0)
        bare = _bare(word)
        weights = _weights(bare, last=not words)
        if not bare or dice.random() >= _chance(noise, weights):
            result.append(word)
            continue
        damage = dice.choices(list(weights), list(weights.values()))[0]
        result += _damaged(bare + _bare(words.pop(0)) if damage is Damage.GLUE else bare, damage, dice)
    return " ".join(result)


def _bare(word: str) -> str:
    return re.sub(r"^\W+|\W+$", "", word).lower()


def _weights(word: str, *, last: bool) -> dict[Damage, float]:
    """Shares, together 1, of what can happen to this word."""
    cannot = {Damage.SPLIT: len(word) < SHORTEST, Damage.GLUE: last}
    possible = {damage: damage.value for damage in Damage if not cannot.get(damage)}
    return {damage: weight / sum(possible.values()) for damage, weight in possible.items()}


def _chance(noise: float, weights: dict[Damage, float]) -> float:
    """How often such a word must be met by damage for `noise` errors per word: a split and a glued word count for two.

    With q for the chance: q × (1 + split + glued) errors come on 1 + q × glued words.
    """
    split, glued = weights.get(Damage.SPLIT, 0.0), weights.get(Damage.GLUE, 0.0)
    return noise / (1 + split + glued * (1 - noise))


def _damaged(word: str, damage: Damage, dice: random.Random) -> list[str]:
    """What is heard instead of a word: none, one or two words, never the word itself."""
    if damage is Damage.GONE:
        return []
    if damage is Damage.OTHER:
        return [dice.choice([other for other in _COMMON if other != word])]
    changes = sum(dice.random() < PER_LETTER for _ in word)
    heard = _changed(word, max(changes, damage is Damage.LETTERS), dice)
    if damage is Damage.SPLIT:
        cut = dice.randint(1, max(1, len(heard) - 2))
        return [heard[:cut], heard[cut:]]
    return [heard if heard != word or damage is Damage.GLUE else word + "e"]


def _changed(word: str, changes: int, dice: random.Random) -> str:
    """The word after some changes of letters, each at a place of its own drawing; at least one letter stays."""
    for _ in range(changes):
        places = [(place, new) for old, new in _SOUNDS_LIKE for place in re.finditer(old, word)]
        place, new = dice.choice(places)
        after = word[: place.start()] + place.expand(new) + word[place.end() :]
        word = after or word
    return word
