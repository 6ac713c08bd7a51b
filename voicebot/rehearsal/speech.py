"""Speech as a bot has it that has been running for a while: every piece is ready."""

from voicebot.tts import SpeechStore


class EverReady(SpeechStore):
    """A store in which nothing is ever missing: what is, is made when it is asked for, and kept."""

    def get(self, text: str) -> bytes:
        """Speech, G.711 mu-law at 8 kHz; SpeechError if the voice fails."""
        return super().get(text) or self.make(text)
