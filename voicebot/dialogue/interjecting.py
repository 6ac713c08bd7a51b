"""What a caller puts in while the bot speaks: whether the bot goes on after it, for it was no word to the bot. Pure."""

import re

from voicebot.dialogue import cues
from voicebot.dialogue.cues import words
from voicebot.dialogue.moves import Question, State
from voicebot.dialogue.needs import need
from voicebot.matching.letters import run_together
from voicebot.speech_text import speakable

FEW = 5
"""Words up to which "ja ja, det er fint" only shows that the caller listens."""

ECHO = range(3, 13)
"""Words an echo has: fewer may be a caller's question ("Pas?"), more cannot be, for the bot has long been silent."""
LIKE = 0.6
"""Share of its letters that an echo has in common with what the bot says.

Measured: of the development questions 1 in 900 is taken for an echo of another answer, 1 in 170 for one of its own; of
43 echoes of the try-out voice, which Whisper base hears badly, 18 do not end the answer.
"""
_CALLERS = frozenset(
    words(
        "hvad hvor hvornår hvem hvordan hvorfor hvilken hvilket hvilke jeg mig min mit mine vi os vores "
        "nej næ stop vent hallo undskyld tak farvel"
    )
)
"""Words to the bot; an echo has none but those that the bot has just said, and not in front."""

_SOUND = re.compile(r"[(\[*♪][^)\]*♪]*[)\]*♪]?")
"""What is no speech, as Whisper writes it: "(hoster)", "*griner*"."""
_NOISE = re.compile(r"\b(?:m+h*|u*h+m+|mh+m*|m+ h?m+|[øå]+h*m*|a+h+|u+h+|e+h+m*|p+f+|(?:h[aeio]+)+h?|host)\b")
"""Grunts, laughs and coughs written as words."""
_LISTENS = re.compile(
    r"(?:(?:ja|jo|jada|jah|jep|javel|ok|okay|okey|nå|nåda|nådada|aha|jamen|når|så|fint|super|godt|klart|præcis|netop"
    r"|nemlig|rigtigt|dejligt|selvfølgelig|det er (?:fint|godt|klart|rigtigt|i orden|okay)|det lyder (?:godt|fint)"
    r"|(?:det )?forstår jeg|jeg forstår(?: det)?|det ved jeg(?: godt)?)(?: |$))+"
)
"""What a listener says without wanting the word."""


def goes_on(heard: str, saying: str, unheard: int, state: State) -> bool:
    """Whether the bot takes up its reply again where a caller spoke over it.

    heard: what the recogniser wrote, "" for a noise; saying: the piece that was under way and the one before; unheard:
    pieces of the reply not yet heard to their end, 1 and up; state: the conversation's, after the reply was decided.
    """
    said = " ".join(words(_NOISE.sub("", _SOUND.sub("", heard.lower()))))
    if not said:
        return True
    if unheard == 1 and state.question is not Question.NONE and _replies(said):
        return False
    listens = said.count(" ") < FEW and _LISTENS.fullmatch(said) is not None
    return listens or (_echoes(heard, saying) and need(heard) is None)


def _replies(said: str) -> bool:
    """Whether words that only show that one listens are an answer where something has just been asked."""
    return cues.yes_or_no(said) is not None or cues.thanks(said)


def _echoes(heard: str, saying: str) -> bool:
    """Whether the bot has heard itself: some words, none of a caller's own, and spoilt letters of what it says."""
    said = words(heard)
    asks = heard.rstrip().endswith("?") and "?" not in saying
    if len(said) not in ECHO or asks or said[0] in _CALLERS or set(said) & _CALLERS - set(words(saying)):
        return False
    return _likeness(run_together(speakable(heard)), run_together(speakable(saying))) >= LIKE


def _likeness(heard: str, own: str) -> float:
    """Share of the letters of `heard` left as they are in the stretch of `own` most like it (by edit distance)."""
    row = [0] * (len(own) + 1)
    for count, letter in enumerate(heard, start=1):
        diagonal, row[0] = row[0], count
        for at, other in enumerate(own, start=1):
            diagonal, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, diagonal + (letter != other))
    return 1 - min(row) / max(1, len(heard))
