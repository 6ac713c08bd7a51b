"""Sentences as vectors that lie close where they mean the same."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voicebot.errors import MatchingError

Embedder = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts → unit vectors, shape (number of texts, 384), float32."""


def load_embedder(model_folder: Path) -> Embedder:
    """The sentence-transformers model in `model_folder`, on the CPU, with nothing fetched from anywhere.

    Texts get the prefix `query: ` on both sides, as multilingual-e5 wants it for comparing like with like.
    MatchingError where the model cannot be loaded.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds, and reads the lines above
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(str(model_folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError) as fault:
        raise MatchingError(
            "matching.model", f"{model_folder}: no embedding model that can be loaded; run `voicebot models pull`."
        ) from fault

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        prefixed = [f"query: {text}" for text in texts]
        return np.asarray(model.encode(prefixed, normalize_embeddings=True, show_progress_bar=False), np.float32)

    return embed
