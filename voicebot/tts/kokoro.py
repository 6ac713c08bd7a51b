"""The try-out voice: Kokoro-82M, which knows no Danish, on Danish phonemes."""

from pathlib import Path

import numpy as np
from kokoro_onnx import Kokoro as KokoroModel

from voicebot.audio import AudioChunk, silence
from voicebot.errors import SpeechError
from voicebot.speech_text import speakable
from voicebot.tts.base import broken, open_model, require, version_of
from voicebot.tts.phonemes import LEXICON, kokoro_phonemes

STYLES = Path(__file__).with_name("dora.npz")
"""Style vectors in kokoro-onnx's own format; where they come from stands in dora.txt."""

TEMPO = 0.87
"""Speed against the model's own; measured by what Whisper base hears of our answers."""

_RATE = 24_000
"""Hz, of all Kokoro speech."""


class Kokoro:
    """Kokoro in the style "dora": understandable Danish with a foreign accent, 0.4 s of work per second of speech."""

    title = "Kokoro (prøvestemme)"
    try_out = True

    def __init__(self, folder: Path) -> None:
        """ModelError where a file is missing or cannot be used."""
        model, vocabulary = folder / "kokoro.onnx", folder / "vocab.json"
        require(vocabulary, folder.name)
        session = open_model(model, folder.name)
        try:
            self._model = KokoroModel.from_session(session, str(STYLES), vocab_config=str(vocabulary))
        except (KeyError, TypeError, ValueError) as fault:
            raise broken(vocabulary, folder.name) from fault
        self.key = f"kokoro-dora-{TEMPO}-{version_of(model, vocabulary, STYLES, LEXICON)}"

    def speak(self, text: str) -> AudioChunk:
        """Written text as speech; SpeechError if Kokoro fails.

        Text of more than the 510 phonemes that Kokoro takes is cut at its clauses (by kokoro-onnx).
        """
        said = kokoro_phonemes(speakable(text))
        if not said:
            return silence(0, _RATE)
        try:
            samples, rate = self._model.create(said, "dora", TEMPO, is_phonemes=True, trim=False)
        except Exception as fault:  # from onnxruntime, whose faults share no class
            raise SpeechError("speech.failed", f"{self.title} failed to speak: {fault}.") from fault
        return AudioChunk(np.asarray(samples, np.float32), rate)
