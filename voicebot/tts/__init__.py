"""Speaking: voices, and the store of ready-made speech."""

from voicebot.tts.base import Voice
from voicebot.tts.loading import load_voice, voice_in_use
from voicebot.tts.store import SpeechStore

__all__ = ["SpeechStore", "Voice", "load_voice", "voice_in_use"]
