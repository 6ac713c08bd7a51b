"""Whisper on CTranslate2 with an encoder window as long as the utterance needs, not 30 s."""

from dataclasses import dataclass
from pathlib import Path

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from voicebot.errors import ModelError, RecognitionError

RATE = 16000
"""Samples per second that Whisper hears, in Hz."""
_FRAMES_PER_SECOND = 100
"""Columns of the log-mel spectrogram per second (hop of 160 samples)."""
_BEAM = 5
"""Hypotheses followed at once: with one, short windows loop (word error 95 % against 58 % on 96 clips)."""


@dataclass(frozen=True)
class Guess:
    """What Whisper wrote. log_probability: mean per token, at most 0; no_speech: 0 to 1."""

    text: str
    tokens: int
    log_probability: float
    no_speech: float


class Whisper:
    """A model loaded once; any number of threads may ask it, it answers one at a time."""

    def __init__(self, model_folder: Path, threads: int) -> None:
        remedy = f"run `voicebot models pull {model_folder.name}`"
        for name in ("config.json", "model.bin", "tokenizer.json"):
            if not (model_folder / name).is_file():
                raise ModelError("asr.missing", f"{model_folder / name}: no such file; {remedy}.")
        try:
            self._parts = WhisperModel(
                str(model_folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
            )
        except Exception as fault:  # tokenizers raises bare Exception
            raise ModelError("asr.broken", f"{model_folder}: cannot be loaded; delete it and {remedy}.") from fault
        if not self._parts.model.is_multilingual:
            raise ModelError("asr.language", f"{model_folder}: hears only English; choose a multilingual model.")
        self._tokenizer = Tokenizer(self._parts.hf_tokenizer, True, task="transcribe", language="da")
        self._prompt = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]

    def guess(self, samples: NDArray[np.float32], window: float, most_tokens: int) -> Guess:
        """What is said in Danish in `samples` (shape (n,), 16 kHz), without timestamps, at temperature 0.

        window: seconds that the encoder sees, the sound padded with silence or cut to it. most_tokens: no more are
        written. RecognitionError: the model failed.
        """
        try:
            result = self._parts.model.generate(
                ctranslate2.StorageView.from_array(self._features(samples, window)),
                [self._prompt],
                beam_size=_BEAM,
                max_length=2 * most_tokens,  # CTranslate2 writes half of this, the other half being for the prompt
                return_scores=True,
                return_no_speech_prob=True,
            )[0]
        except (RuntimeError, ValueError) as fault:
            raise RecognitionError(
                "asr.failed", "Whisper failed on an utterance; check the free memory, and run `voicebot models verify`."
            ) from fault
        tokens = result.sequences_ids[0]
        return Guess(self._tokenizer.decode(tokens).strip(), len(tokens), result.scores[0], result.no_speech_prob)

    def _features(self, samples: NDArray[np.float32], window: float) -> NDArray[np.float32]:
        """The log-mel spectrogram of `window` seconds, shape (1, mel bands, frames)."""
        length = round(window * RATE)
        padded = np.pad(samples[:length], (0, max(0, length - len(samples))))
        features = self._parts.feature_extractor(padded, padding=0)[:, : round(window * _FRAMES_PER_SECOND)]
        return np.ascontiguousarray(features[None], np.float32)
