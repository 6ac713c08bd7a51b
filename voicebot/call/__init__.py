"""One call, from its first sound to its record: it hears, thinks, speaks, and watches that nothing hangs."""

from voicebot.call.course import Call

__all__ = ["Call"]
