"""The voice: Piper, with any voice in its file format, on its own phonemes."""

import json
from pathlib import Path

import numpy as np
from piper import PiperVoice
from piper.config import PiperConfig

from voicebot.audio import AudioChunk
from voicebot.errors import SpeechError
from voicebot.speech_text import speakable
from voicebot.tts.base import broken, open_model, require, version_of


class Piper:
    """A Piper voice: one `.onnx` file and its `.onnx.json` in `folder`, whose name is the voice's."""

    try_out = False

    def __init__(self, folder: Path) -> None:
        """ModelError where a file is missing or cannot be used."""
        model = next(iter(sorted(folder.glob("*.onnx"))), folder / f"{folder.name}.onnx")
        settings = model.with_name(f"{model.name}.json")
        require(model, folder.name)
        require(settings, folder.name)
        try:
            config = PiperConfig.from_dict(json.loads(settings.read_text("utf-8")))
        except (KeyError, TypeError, ValueError) as fault:
            raise broken(settings, folder.name) from fault
        self._voice = PiperVoice(open_model(model, folder.name), config)
        self.key = f"{folder.name}-{version_of(model, settings)}"
        self.title = f"Piper {folder.name}"

    def speak(self, text: str) -> AudioChunk:
        """Written text as speech; SpeechError if Piper fails."""
        try:
            pieces = [piece.audio_float_array for piece in self._voice.synthesize(speakable(text))]
        except Exception as fault:  # from onnxruntime or espeak-ng, which share no class
            raise SpeechError("speech.failed", f"{self.title} failed to speak: {fault}.") from fault
        samples = np.concatenate([np.zeros(0, np.float32), *pieces])
        return AudioChunk(samples.astype(np.float32), self._voice.config.sample_rate)
