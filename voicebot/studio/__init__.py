"""Where changed answers are tried out before callers meet them, and from where they are taken into use."""

from voicebot.studio.beside import Pace, Stopped
from voicebot.studio.calls import Calls, Did, TurnedCall
from voicebot.studio.changes import Changes, Turned
from voicebot.studio.rehearsing import Rehearse
from voicebot.studio.studio import Asked, Changed, Studio

__all__ = [
    "Asked",
    "Calls",
    "Changed",
    "Changes",
    "Did",
    "Pace",
    "Rehearse",
    "Stopped",
    "Studio",
    "Turned",
    "TurnedCall",
]
