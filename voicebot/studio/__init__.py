"""Where changed answers are tried out before callers meet them, and from where they are taken into use."""

from voicebot.studio.changes import Changes, Turned
from voicebot.studio.studio import Asked, Changed, Studio

__all__ = ["Asked", "Changed", "Changes", "Studio", "Turned"]
