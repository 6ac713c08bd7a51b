"""The record: every call and its events in a database, and what is asked of it."""

from voicebot.storage.queries import call, calls, reading
from voicebot.storage.recorder import Recorder
from voicebot.storage.tables import Call, CallEvent

__all__ = ["Call", "CallEvent", "Recorder", "call", "calls", "reading"]
