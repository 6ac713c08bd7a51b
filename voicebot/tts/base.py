"""What every voice is, and what speech on a telephone sounds like."""

import hashlib
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from voicebot.audio import TELEPHONE_RATE, AudioChunk, joined, silence
from voicebot.errors import ModelError

THREADS = 2
"""Processor threads a voice uses; calls need the rest."""

LEVEL = 10 ** (-20 / 20)
"""Level of the parts with speech: -20 dBFS, a little over telephone speakers (recorded callers: about -24)."""

_PEAK = 0.95
"""Highest sample; louder speech is turned down."""

_FRAME = 160
"""Samples over which level is measured: 20 ms at 8 kHz."""

_QUIET = 0.02
"""What lies below this part of the loudest sample counts as silence at either end."""

_LEAD, _PAUSE, _SHORT_PAUSE = 0.03, 0.25, 0.1
"""Seconds of silence before speech, after a sentence, and after a clause that goes on."""

_GOES_ON = (",", ";", ":", "–", "—")


class Voice(Protocol):
    """A voice that speaks written Danish."""

    key: str
    """Name and version of all that shapes the sound; speech kept under another key is another voice's."""
    title: str
    """What people call it."""
    try_out: bool
    """Whether it is for trying out only: it has a foreign accent."""

    def speak(self, text: str) -> AudioChunk:
        """Written text as speech, at the voice's own rate and level; SpeechError if the voice fails."""


def on_the_telephone(speech: AudioChunk, text: str) -> AudioChunk:
    """Speech as it goes down the line: 8 kHz, silence trimmed, at telephone level, a pause after it as `text` ends."""
    samples = speech.resampled(TELEPHONE_RATE).samples
    loud = np.flatnonzero(np.abs(samples) > _QUIET * np.abs(samples).max(initial=0))
    pause = _SHORT_PAUSE if text.rstrip().endswith(_GOES_ON) else _PAUSE
    if len(loud) == 0:
        return silence(pause)
    heard = samples[loud[0] : loud[-1] + 1]
    loudest = np.abs(heard).max()
    gain = min(LEVEL / _active_level(heard), _PEAK / loudest)
    spoken = AudioChunk((heard * gain).astype(np.float32), TELEPHONE_RATE)
    return joined([silence(_LEAD), spoken, silence(pause)])


def _active_level(samples: NDArray[np.float32]) -> float:
    """Root mean square of the frames with speech in them."""
    frames = np.pad(samples, (0, -len(samples) % _FRAME)).reshape(-1, _FRAME)
    level = np.sqrt((frames**2).mean(axis=1))
    return float(np.sqrt((level[level > 0.1 * level.max()] ** 2).mean()))


class _Session(onnxruntime.InferenceSession):  # type: ignore[misc]
    """Gives back after each sentence the memory it took, 150 to 200 MB for a long one; that costs 2 to 6 % of time."""

    def run(self, names: list[str] | None, inputs: dict[str, object], options: object = None) -> object:
        """What the model makes of the inputs."""
        return super().run(names, inputs, options or _GIVE_BACK)


_GIVE_BACK = onnxruntime.RunOptions()
_GIVE_BACK.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")


def open_model(file: Path, name: str) -> onnxruntime.InferenceSession:
    """An ONNX model ready to run; ModelError where the file is missing, cut short or no model."""
    require(file, name)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.enable_mem_pattern = False  # a plan for every length of sentence: 200 MB, and no gain
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return _Session(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as fault:  # onnxruntime's faults share no class of their own
        raise broken(file, name) from fault


def require(file: Path, name: str) -> None:
    """ModelError where a voice's file is not there."""
    if not file.is_file():
        raise ModelError("model.missing", f"{file} is missing; run: voicebot models pull {name}")


def broken(file: Path, name: str) -> ModelError:
    """The fault of a file that is there but cannot be used."""
    return ModelError("model.broken", f"{file} cannot be used, it may be cut short; run: voicebot models pull {name}")


def version_of(*files: Path) -> str:
    """Twelve hex digits that change with any byte of the files."""
    whole = hashlib.sha256()
    for file in files:
        with file.open("rb") as opened:
            whole.update(hashlib.file_digest(opened, "sha256").digest())
    return whole.hexdigest()[:12]
