"""What the bot to compare with is given of ours: the same models, voice, greeting, answers and examples."""

import json
from pathlib import Path

import numpy as np

from voicebot.answers import Library
from voicebot.matching.index import Index
from voicebot.speech_text import speakable

VOICE = "joe-us"
"""The voice of both: the one Piper voice that a package carries, so that it is there on every machine."""
MODELS = ("whisper-base", "multilingual-e5-small", VOICE)


def write_parts(folder: Path, models_dir: Path, library: Library, index: Index) -> Path:
    """Write `parts.json` into `folder`, and the examples' vectors beside it.

    Texts are in the words that our own voice is given, numbers and dates written out. `answers` names for each row of
    the vectors the place of its text.
    """
    answers = list(library.answers.values())
    examples = [(place, example) for place, answer in enumerate(answers) for example in answer.examples]
    vectors = folder / "examples.npy"
    np.save(vectors, index.features([example for _, example in examples]).vectors)
    whisper, embeddings, voice = (models_dir.resolve() / name for name in MODELS)
    parts = {
        "whisper": str(whisper),
        "embeddings": str(embeddings),
        "voice": str(next(voice.glob("*.onnx"))),
        "greeting": speakable(library.phrases.greeting),
        "texts": [speakable(answer.text) for answer in answers],
        "vectors": str(vectors.resolve()),
        "answers": [place for place, _ in examples],
    }
    file = folder / "parts.json"
    file.write_text(json.dumps(parts, ensure_ascii=False), "utf-8")
    return file
