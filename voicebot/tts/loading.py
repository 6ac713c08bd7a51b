"""Which voice speaks."""

from pathlib import Path

from voicebot.errors import ModelError
from voicebot.tts.base import Voice
from voicebot.tts.kokoro import Kokoro
from voicebot.tts.piper import Piper

NATURAL = "da_DK-talesyntese-medium"
"""The natural Danish voice."""
TRY_OUT = "kokoro"
"""The voice that every installation has."""


def voice_in_use(models_dir: Path) -> str:
    """The name of the voice that speaks where none is chosen: the natural one, else the one for trying out."""
    return NATURAL if any((models_dir / NATURAL).glob("*.onnx")) else TRY_OUT


def load_voice(name: str, models_dir: Path) -> Voice:
    """The voice of this name; "" is the natural Danish one as soon as its files are in place, else the try-out voice.

    Any other name is a folder of `models_dir` with a Piper voice in it. ModelError where a file is missing or broken.
    """
    name = name or voice_in_use(models_dir)
    if Path(name).name != name:
        raise ModelError("model.name", f"{name!r} is no name of a voice; take one of: voicebot models list")
    if name not in (TRY_OUT, NATURAL) and not (models_dir / name).is_dir():
        raise ModelError("model.name", f"There is no voice {name!r}; take one of: voicebot models list")
    return Kokoro(models_dir / name) if name == TRY_OUT else Piper(models_dir / name)
