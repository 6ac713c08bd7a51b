"""Where changed answers are tried out before callers meet them, and from where they are taken into use."""

from voicebot.studio.calls import Calls, Did, TurnedCall
from voicebot.studio.changes import Changes, Turned
from voicebot.studio.rehearsing import GoOn, Rehearse
from voicebot.studio.studio import Asked, Changed, Studio

__all__ = ["Asked", "Calls", "Changed", "Changes", "Did", "GoOn", "Rehearse", "Studio", "Turned", "TurnedCall"]
