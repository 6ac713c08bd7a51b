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
_HOP = 160
"""Samples from one frame of the spectrogram to the next."""
_TAIL = 400
"""Samples of silence behind the sound, as many as one frame of the spectrogram looks at: what follows is silence."""
_SILENCE, _DEPTH = -1.5, 2.0
"""What Whisper's spectrogram shows for silence: (log10(1e-10) + 4) / 4, and never more than 8 / 4 below its peak."""
_BEAM = 5
"""Hypotheses followed at once. Fewer save little, as each step's time goes into reading the weights: on 30 clips a beam
of 3 took 0.95 of the time and got 67 % of the words wrong, one of 2 72 %, this one 51 %."""
_PATIENCE = 1 / _BEAM
"""Whisper is done when this share of the beam has come to an end: when the first one has.

To wait for all (1.0) lets longer ones win, that go on with words nobody said: on 89 clips 53 % of the words wrong
against 59 %, no loop against two, in 0.85 of the time.
"""


@dataclass(frozen=True)
class Guess:
    """What Whisper wrote. log_probability: mean per token, at most 0; no_speech: 0 to 1."""

    text: str
    tokens: int
    log_probability: float
    no_speech: float


class Whisper:
    """A model loaded once; any number of threads may ask it, it answers `at_once` at a time."""

    def __init__(self, model_folder: Path, threads: int, at_once: int) -> None:
        remedy = f"run `voicebot models pull {model_folder.name}`"
        for name in ("config.json", "model.bin", "tokenizer.json"):
            if not (model_folder / name).is_file():
                raise ModelError("asr.missing", f"{model_folder / name}: no such file; {remedy}.")
        try:
            self._parts = WhisperModel(
                str(model_folder),
                device="cpu",
                compute_type="int8",
                cpu_threads=threads,
                num_workers=at_once,
                local_files_only=True,
            )
        except Exception as fault:  # tokenizers raises bare Exception
            raise ModelError("asr.broken", f"{model_folder}: cannot be loaded; delete it and {remedy}.") from fault
        if not self._parts.model.is_multilingual:
            raise ModelError("asr.language", f"{model_folder}: hears only English; choose a multilingual model.")
        self._tokenizer = Tokenizer(self._parts.hf_tokenizer, True, task="transcribe", language="da")
        self._prompt = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]

    def spectrogram(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """The log-mel spectrogram of a sound (shape (n,), n > 0, 16 kHz): shape (mel bands, frames), 10 ms a frame."""
        return np.asarray(self._parts.feature_extractor(samples, padding=_TAIL), np.float32)

    def guess(self, spectrogram: NDArray[np.float32], window: float, most_tokens: int) -> Guess:
        """What is said in Danish in a sound, by its spectrogram; without timestamps, at temperature 0.

        window: seconds that the encoder sees, the sound followed by silence or cut to it. most_tokens: no more are
        written. RecognitionError: the model failed.
        """
        try:
            result = self._parts.model.generate(
                ctranslate2.StorageView.from_array(windowed(spectrogram, window)),
                [self._prompt],
                beam_size=_BEAM,
                patience=_PATIENCE,
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


def windowed(spectrogram: NDArray[np.float32], window: float) -> NDArray[np.float32]:
    """The spectrogram followed by silence, or cut, to `window` seconds: shape (1, mel bands, frames)."""
    frames = round(window * RATE / _HOP)
    bands, known = spectrogram.shape
    windowed = np.full((1, bands, frames), max(_SILENCE, spectrogram.max() - _DEPTH), np.float32)
    windowed[0, :, :known] = spectrogram[:, :frames]
    return windowed
