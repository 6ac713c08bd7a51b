"""Danish words as phonemes, for a voice that knows no Danish."""

import functools
import re
from pathlib import Path

from piper.phonemize_espeak import EspeakPhonemizer

LEXICON = Path(__file__).with_name("lexicon.tsv")
"""Word, tab, phonemes. The notation is IPA with the stress before the vowel; a = the flat a, ɑ = the broad one,
ð = the soft d, ʁ = r before a vowel, ɐ = r after one, ɑj ʌj ɑw = diphthongs, _ = a word boundary; no stød."""

_WORD_OR_MARK = re.compile(r"\w+(?:'\w+)?|[.,:!?]")
_VOWEL = "aeiouyøœæɛɔɒʌɑə"
_ONES = "en|to|tre|fire|fem|seks|syv|otte|ni"
_TENS = "tyvende|tyve|tredivte|tredive|fyrre|halvtreds|tres|halvfjerds|firs|halvfems"
_COMPOUND_NUMBER = re.compile(rf"({_ONES})og({_TENS})")
_VERB_HAVE_AFTER = frozenset({"at", "gerne", "ikke", "jeg", "kan", "må", "skal", "vil"})
"""After these, "have" is the verb and no garden."""

_KOKORO = {"ɑj": "I", "ʌj": "Y", "ɑw": "W", "ɒ": "ɔ", "ʌ": "ɔ", "ʁ": "ɹ", "ɐ": "ɚ"}
"""Our notation in Kokoro's letters, where they differ."""
_KOKORO_SIGN = re.compile("|".join(sorted(_KOKORO, key=len, reverse=True)))


def kokoro_phonemes(text: str) -> str:
    """Speakable text in Kokoro's letters, with its commas and stops; "" where there is no word in it."""
    return _KOKORO_SIGN.sub(lambda sign: _KOKORO[sign[0]], phonemes(text))


def phonemes(text: str) -> str:
    """Speakable text in the lexicon's notation: "Forny dit pas." is "fɒnˈyː dit pˈas."."""
    said, words = "", _WORD_OR_MARK.findall(text.lower())
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        if not word[0].isalnum():
            said += word if said else ""
        elif word == "have" and before in _VERB_HAVE_AFTER:
            said += " ha"
        elif word == "i" and len(after) == 1 and after.isalpha():
            said += " ˈi"  # the letter, as in "mit i d", and no preposition
        else:
            said += f" {_known(word) or _guessed(word)}"
    said = said.strip()
    return said if not said or said[-1] in ".,!?" else f"{said.rstrip(':')}."


def unknown_words(text: str) -> set[str]:
    """Words of a speakable text, in small letters, whose phonemes would be guessed."""
    return {word for word in _WORD_OR_MARK.findall(text.lower()) if word[0].isalnum() and not _known(word)}


@functools.cache
def _lexicon() -> dict[str, str]:
    rows = (line.split("\t") for line in LEXICON.read_text("utf-8").splitlines()[1:])
    return {word: said.replace("_", " ") for word, said in rows}


def _known(word: str) -> str | None:
    """Phonemes from the lexicon; "seksogfyrre" is put together from its parts."""
    if number := _COMPOUND_NUMBER.fullmatch(word):
        return f"{_lexicon()[number[1]]} ʌ {_lexicon()[number[2]]}"
    return _lexicon().get(word)


@functools.cache
def _espeak() -> EspeakPhonemizer:
    return EspeakPhonemizer()


def _guessed(word: str) -> str:
    """espeak-ng's Danish for a word, rewritten to the lexicon's notation: understandable, seldom good."""
    said = "".join("".join(sentence) for sentence in _espeak().phonemize("da", word)).rstrip(".!?, ")
    for theirs, ours in (("ε", "ɛ"), ("ɐ̯", "ɐ"), ("-", ""), ("ʋ", "v")):
        said = said.replace(theirs, ours)
    said = re.sub("[?ʔˀ]", "", said)  # stød and glottal marks
    said = re.sub("^(ˈ|ˌ)?ɐ", lambda first: f"ʁ{first[1] or ''}", said)  # r first in the word ...
    said = re.sub(f"([pbtdkɡfsʃv])ɐ(?=[ˈˌ]?[{_VOWEL}])", r"\1ʁ", said)  # ... and after a consonant
    said = re.sub(f"(?<=[{_VOWEL}])v(?=[bdfɡklmnpstʁ]|$)", "w", said)
    said = re.sub("ˈ([aeiouyøœɛɔɒɑ])(?=[bdðfɡjklmnpstvʁ]ə)", r"ˈ\1ː", said)  # long before consonant and schwa
    said = re.sub("([aeiouyøœɛɔɒ])ʌ", r"\1ɐ", said)
    said = re.sub("([^aeiouyøœɛɔɒɑˈˌ])ʌ$", r"\1əɹ", said)  # -er
    return said.replace("ɒɒ", "ɒː").replace("œɐ", "œɹ")
