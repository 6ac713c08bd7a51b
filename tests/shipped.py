"""The answers that are shipped, read once for all tests that only look at them."""

from functools import cache
from pathlib import Path

from voicebot.answers import Library, load_library

ANSWERS = Path(__file__).parent.parent / "answers"


@cache
def shipped(municipality: str = "roskilde") -> Library:
    return load_library(ANSWERS, municipality)
