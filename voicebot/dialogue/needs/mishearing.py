"""The words that a caller in need probably said, where the recogniser wrote down how they sound."""

import re
from difflib import SequenceMatcher, get_close_matches

from voicebot.dialogue.cues import words

_PHRASES = {
    r"\bta le\b": "tale",
    r"\btale mine?\b": "tale med en",
    r"\bmin man\b": "min mand",
    r"\bder hjemme\b": "derhjemme",
    r"\bblir\b": "bliver",
    r"\b(far|for) vel\b": "farvel",
    r"\bselv mor[dt]\b": "selvmord",
    r"\bbevids?t løs\b": "bevidstløs",
    r"\b(bliver|blevet) sl[oå]t\b": r"\1 slået",
}
"""Words run together or cut where they are not, and short ones that mean something else by themselves, in order."""

_LONG = tuple(words("medarbejder selvmord selvmordstanker ambulance hjertestop bevidstløs ildebrand besvimet besvimer"))
"""Words of need so long that they are still known with some letters wrong."""
_LIKE, _VERY_LONG, _LIKE_VERY_LONG = 0.8, 11, 0.7
"""difflib ratio from which one is meant, and from how many letters on a lower one will do."""
_NOT_MEANT = ("ambulant", "ambulante", "beviset")
"""Words of their own that look like them."""

_SOUNDS = (
    ("nd", "n"), ("ld", "l"), ("rd", "r"), ("hv", "v"), ("hj", "j"), ("ck", "k"), ("c", "k"), ("w", "v"), ("z", "s"),
    ("æ", "e"), ("ä", "e"), ("a", "e"), ("å", "o"), ("ø", "o"), ("ö", "o"),
)  # fmt: skip
"""Letters that are silent in Danish, or that Whisper base takes for one another, in the order of replacing."""


def _sound(word: str) -> str:
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    return re.sub(r"(.)\1", r"\1", word)


_BY_SOUND = {
    _sound(word): word
    for word in words("brænder faldet bløder drukner trækker vejret styrtet ulykke lejlighed gulvet vågner slår tæver")
}
"""Words of need by their sound, which no other word of the answers and the test questions has but those below."""
_THEMSELVES = ("fældet", "slør")


def mended(text: str) -> list[str]:
    """The words of an utterance, those of need as they are written: "min man er fallet om" is "min mand er faldet"."""
    said = " ".join(words(text))
    for heard, meant in _PHRASES.items():
        said = re.sub(heard, meant, said)
    return [_by_letters(_by_sound(word)) for word in said.split()]


def _by_sound(word: str) -> str:
    return word if word in _THEMSELVES else _BY_SOUND.get(_sound(word), word)


def _by_letters(word: str) -> str:
    """The long word that is meant ("arbejder", "hjertet": none), else the word itself."""
    if len(word) < 7 or word in _NOT_MEANT:
        return word
    near = get_close_matches(word, _LONG, 1, _LIKE_VERY_LONG)
    if not near or near[0][0] != word[0] or abs(len(near[0]) - len(word)) > 2:
        return word
    enough = _LIKE_VERY_LONG if len(near[0]) >= _VERY_LONG else _LIKE
    return near[0] if SequenceMatcher(None, word, near[0]).ratio() >= enough else word
