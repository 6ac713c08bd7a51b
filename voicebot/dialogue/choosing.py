"""Which of the choices on offer a caller means: by place ("den anden", "nummer to") or by name."""

from difflib import SequenceMatcher, get_close_matches

from voicebot.answers import Choice
from voicebot.dialogue.cues import words
from voicebot.matching import Candidate

LIKE = 0.75
"""difflib ratio from which a badly heard word still counts as the word: "stjolet" for "stjålet" is 0.86."""

ENDING = 4
"""Letters that a Danish ending has at most: "pas", "passene"."""
LIKELY = 0.2
"""Confidence from which the matching's favourite among the options counts."""
FAR = 2.0
"""How many times likelier it must be than all the other options together."""

_PLACES = (
    ("første", "ene", "et", "ét", "en", "én", "1", "1eren", "etteren", "etter", "førstnævnte"),
    ("anden", "andet", "to", "2", "2eren", "toeren", "toer", "midterste"),
    ("tredje", "tredie", "tre", "3", "3eren", "treeren", "treer"),
)
_LAST = ("sidste", "sidst", "sidstnævnte", "nederste")
_FILL = frozenset(
    words(
        "øh øhm hm ja jo jamen ok okay den det er var vil gerne have jeg tager vælger tror må godt være så lige nummer "
        "nr mulighed valg tak du sagde nævnte altså der om handler spørgsmål tryk trykker eren"
    )
)
"""Words around a place that say nothing more."""
_PHRASES = {"den første": 0, "den anden": 1, "den tredje": 2, "den sidste": -1, "nummer to": 1, "nummer tre": 2}

_EMPTY = frozenset(
    words(
        "øh øhm hm ja nej næ jo jamen ok okay ikke ingen helst og eller men at af på i om til for fra med der som det "
        "den de er var har havde blevet bliver blive have få får fået kan kunne skal skulle vil ville må en et jeg du "
        "vi min mit mine din dit dine vores sig så nu her lige gerne bare hvad hvor hvordan hvornår hvem handler "
        "handlede spørgsmål noget nogen tak altså tror behøver gør dem delene andet"
    )
)
"""Words that never tell two choices apart."""
_DENIES = frozenset(words("nej næ ikke ingen uden"))
_SAME = {"mig": "dig", "os": "jer"}
"""What the caller calls themselves, as the offers call them."""


def place(text: str, count: int) -> int | None:
    """The place said, 0 for the first of `count` choices; None when none or more than one is said."""
    heard = words(text)
    said = [word for word in heard if word not in _FILL]
    places = {_place_of(word, count) for word in said}
    if len(places) == 1 and None not in places:
        return places.pop()
    if len(heard) in (2, 3) and (close := get_close_matches(" ".join(heard), _PHRASES, 1, LIKE)):
        return _within(_PHRASES[close[0]], count)
    return None


def _place_of(word: str, count: int) -> int | None:
    if word in _LAST:
        return count - 1
    return next((_within(at, count) for at, names in enumerate(_PLACES) if word in names), None)


def _within(at: int, count: int) -> int | None:
    return at % count if -count <= at < count else None


def word_for_word(text: str, choices: tuple[Choice, ...]) -> int | None:
    """The choice one of whose authored replies the utterance is."""
    exact = [at for at, choice in enumerate(choices) if words(text) in [words(example) for example in choice.examples]]
    return exact[0] if len(exact) == 1 else None


def named(text: str, choices: tuple[Choice, ...], before: str = "") -> int | None:
    """The choice whose own words the utterance holds, where they tell it from all the others; else None.

    Own words are those of the offer, and an example when the whole of it is said. Words that choices share cancel out,
    and words of `before`, the utterance that was too vague, tell nothing.
    """
    if (exact := word_for_word(text, choices)) is not None:
        return exact
    new = [_SAME.get(word, word) for word in telling(text) if word not in words(before)]
    scores = [_own_words(new, choice) for choice in choices]
    best = max(scores, default=0)
    return scores.index(best) if best and scores.count(best) == 1 else None


def only_named(text: str, choices: tuple[Choice, ...], before: str = "") -> int | None:
    """The choice that is `named`, where the utterance tells nothing besides it and denies nothing."""
    place = named(text, choices, before)
    if place is None or not _DENIES.isdisjoint(words(text)):
        return None
    own = [word for known in (choices[place].offer, *choices[place].examples) for word in telling(known)]
    return place if all(any(_like(word, each) for each in own) for word in telling(text)) else None


def _own_words(said: list[str], choice: Choice) -> int:
    """How many words of the offer were said, and one more for an example said in other company."""
    offer, examples = telling(choice.offer), filter(None, map(telling, choice.examples))
    example = any(all(any(_like(word, own) for word in said) for own in one) for one in examples)
    return sum(any(_like(word, own) for own in offer) for word in said) + example


def telling(text: str) -> list[str]:
    """The words of a text that may tell what it is about."""
    return [word for word in words(text) if word not in _EMPTY]


def _like(word: str, own: str) -> bool:
    """Whether a heard word is an offer's word, in another form ("passet" for "pas") or badly heard."""
    if word == own or min(len(word), len(own)) < 3:
        return word == own
    if word.startswith(own) or own.startswith(word):
        return abs(len(word) - len(own)) <= ENDING
    return min(len(word), len(own)) > 3 and SequenceMatcher(None, word, own).ratio() >= LIKE


def likeliest(candidates: tuple[Candidate, ...], options: tuple[str, ...]) -> int | None:
    """The option that the matching finds far likelier than the other ones; None where none stands out."""
    found = {c.answer: c.confidence for c in candidates if c.answer in options}
    best = max(found, key=found.__getitem__, default=None)
    if best is None or found[best] < LIKELY or found[best] < FAR * (sum(found.values()) - found[best]):
        return None
    return options.index(best)
