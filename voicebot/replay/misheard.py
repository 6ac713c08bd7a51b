"""What was said held against what was heard, word by word, for a reader. Pure."""

from difflib import SequenceMatcher

from voicebot.speech_text import spoken_words

Wording = tuple[tuple[str, bool], ...]
"""The words of a text in order, each with whether the other text has it at that place."""


def held_together(said: str, heard: str) -> tuple[Wording, Wording]:
    """Both texts as they are written; words are the same that are spoken alike ("18" and "atten")."""
    words, others = said.split(), heard.split()
    spoken, understood = ([tuple(spoken_words(word)) for word in text] for text in (words, others))
    same, alike = set[int](), set[int]()
    for begins, other, count in SequenceMatcher(None, spoken, understood, autojunk=False).get_matching_blocks():
        same.update(range(begins, begins + count))
        alike.update(range(other, other + count))
    return (
        tuple((word, at in same) for at, word in enumerate(words)),
        tuple((word, at in alike) for at, word in enumerate(others)),
    )
