"""How likely it is that somebody speaks, frame by frame: Silero VAD at telephone rate."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from voicebot.audio import TELEPHONE_RATE, AudioChunk
from voicebot.errors import AudioError, ModelError

FRAME_SAMPLES = 256
"""Samples in a frame: what Silero VAD was trained on at 8 kHz, 32 ms."""
_CONTEXT_SAMPLES = 32
"""Samples of the frame before that the model sees in front of each (Silero VAD 5 and 6 at 8 kHz)."""


class SpeechDetector:
    """The model, loaded once; every call has a stream of its own.

    model_folder: holds `silero_vad.onnx`. ModelError: it is missing or cannot be loaded. Streams may be fed from
    several threads at once, each stream from one at a time.
    """

    def __init__(self, model_folder: Path) -> None:
        file = model_folder / "silero_vad.onnx"
        if not file.is_file():
            raise ModelError("vad.missing", f"{file}: no such file; run `voicebot models pull silero-vad`.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        except Exception as fault:  # onnxruntime's own classes share no other base
            raise ModelError(
                "vad.broken", f"{file}: cannot be loaded; delete it and run `voicebot models pull silero-vad`."
            ) from fault

    def stream(self) -> "VadStream":
        """A new stream of sound, as at the start of a call."""
        return VadStream(self._session)


class VadStream:
    """The speech probabilities of one call's sound; what does not fill a frame waits for the next chunk."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session
        self._state = np.zeros((2, 1, 128), np.float32)
        self._context: NDArray[np.float32] = np.zeros(_CONTEXT_SAMPLES, np.float32)
        self._rest: NDArray[np.float32] = np.zeros(0, np.float32)

    def feed(self, chunk: AudioChunk) -> list[float]:
        """Probabilities (0 to 1) of the 32 ms frames that `chunk` completes; AudioError unless it is at 8 kHz."""
        if chunk.rate != TELEPHONE_RATE:
            raise AudioError("vad.rate", f"Speech is detected at {TELEPHONE_RATE} Hz, not {chunk.rate}; resample it.")
        sound = np.concatenate([self._rest, chunk.samples])
        whole = len(sound) // FRAME_SAMPLES * FRAME_SAMPLES
        self._rest = sound[whole:]
        return [self._probability(frame) for frame in sound[:whole].reshape(-1, FRAME_SAMPLES)]

    def _probability(self, frame: NDArray[np.float32]) -> float:
        seen = np.concatenate([self._context, frame])
        inputs = {"input": seen[None, :], "state": self._state, "sr": np.array(TELEPHONE_RATE, np.int64)}
        probability, self._state = self._session.run(None, inputs)
        self._context = frame[-_CONTEXT_SAMPLES:]
        return float(probability[0, 0])
