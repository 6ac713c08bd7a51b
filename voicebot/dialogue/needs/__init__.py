"""Who needs help at once, wants a human, or asks about somebody else: understood from the words themselves.

A caller in need says little and is badly heard, so need is recognised from a single word up, by frames: ways of saying
it that mean nothing else count anywhere, those that also stand in everyday questions only without words of peace.
"""

from voicebot.dialogue.needs.danger import in_danger
from voicebot.dialogue.needs.despair import in_despair
from voicebot.dialogue.needs.frames import spoken
from voicebot.dialogue.needs.human import wants_human
from voicebot.dialogue.needs.mishearing import mended
from voicebot.dialogue.needs.others import about_others

HUMAN, DANGER, DESPAIR, PERSONAL = "tal-med-medarbejder", "noed-112", "noed-livskrise", "udenfor-persondata"
"""Ids of the answers that a need leads to."""

SHORT = 5
"""Words up to which an utterance is a cry rather than a question."""


def need(text: str) -> str | None:
    """Id of the answer that a caller in need gets at once, or None: danger, despair, somebody else's data, a human."""
    heard = mended(text)
    said, short = spoken(heard), len(heard) <= SHORT
    if in_danger(said, short=short):
        return DANGER
    if in_despair(said, short=short):
        return DESPAIR
    if about_others(said):
        return PERSONAL
    return HUMAN if wants_human(heard, said) else None
