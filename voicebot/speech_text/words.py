"""Texts held against each other word by word, as they are said."""

from collections.abc import Sequence

from voicebot.speech_text.speaking import speakable


def spoken_words(text: str) -> list[str]:
    """The words of `text` as it is said, numbers written out, without case and punctuation."""
    said = speakable(text).lower()
    return "".join(sign if sign.isalnum() else " " for sign in said).split()


def word_errors(expected: Sequence[str], heard: Sequence[str]) -> int:
    """Fewest words to change, drop or add (Levenshtein's distance over words)."""
    row = list(range(len(heard) + 1))
    for count, word in enumerate(expected, start=1):
        diagonal, row[0] = row[0], count
        for at, other in enumerate(heard, start=1):
            diagonal, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, diagonal + (word != other))
    return row[-1]
