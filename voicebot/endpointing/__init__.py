"""When a turn begins, pauses, goes on and ends: by its sound, and by what has been said. Pure, in audio seconds."""

from voicebot.endpointing.completeness import Completeness, Utterance, completeness
from voicebot.endpointing.fading import fading
from voicebot.endpointing.turns import FRAME_SECONDS, Endpointer, Signal, State, Timing, moved

__all__ = [
    "FRAME_SECONDS",
    "Completeness",
    "Endpointer",
    "Signal",
    "State",
    "Timing",
    "Utterance",
    "completeness",
    "fading",
    "moved",
]
