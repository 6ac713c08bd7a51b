"""The approved answers: `answers/` read into frozen objects, every fault named with file, line and remedy."""

from voicebot.answers.files import Over
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
from voicebot.answers.loading import check_library, load_library, read_library

__all__ = [
    "OUTSIDE",
    "Answer",
    "Choice",
    "Difference",
    "Fault",
    "FollowUp",
    "Library",
    "Municipality",
    "Over",
    "Phrases",
    "check_library",
    "load_library",
    "read_library",
]
