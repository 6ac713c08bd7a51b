"""The approved answers: `answers/` read into frozen objects, every fault named with file, line and remedy."""

from voicebot.answers.library import (
    OUTSIDE,
    Answer,
    Choice,
    Difference,
    Fault,
    FollowUp,
    Library,
    Municipality,
    Phrases,
)
from voicebot.answers.loading import check_library, load_library

__all__ = [
    "OUTSIDE",
    "Answer",
    "Choice",
    "Difference",
    "Fault",
    "FollowUp",
    "Library",
    "Municipality",
    "Phrases",
    "check_library",
    "load_library",
]
