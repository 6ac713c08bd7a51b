"""A voice that hums for as long as a text is, for what is done with speech whatever it says."""

import numpy as np

from voicebot.audio import AudioChunk
from voicebot.fixtures.speaking import Speaker


class HummingVoice:
    """Hums a quarter of a second for every word, at 16 kHz; of a text without one it makes nothing."""

    title, try_out = "Hum", True

    def __init__(self, key: str = "hum-1") -> None:
        self.key = key
        self.spoken: list[str] = []

    def speak(self, text: str) -> AudioChunk:
        self.spoken.append(text)
        words = sum(any(sign.isalnum() for sign in word) for word in text.split())
        time = np.arange(4000 * words) / 16000
        return AudioChunk((0.3 * np.sin(2 * np.pi * 400 * time)).astype(np.float32), 16000)


def humming(name: str = "hum") -> Speaker:
    return Speaker(name, HummingVoice(f"{name}-1"), "CC0-1.0")
