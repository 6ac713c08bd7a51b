"""The packed embedding weights, rebuilt: numbers, names, tokenizer; and the real model as it is loaded."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from tests.models_stand_in import HIDDEN, PIECES, packed
from voicebot import models
from voicebot.errors import ModelError
from voicebot.models import e5

PACK = packed({0x01: "", 0x200B: " ", 0xBD: "1⁄2"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("e5")
    e5.convert(PACK, folder)
    return folder


def test_four_bit_blocks_become_the_numbers_they_stand_for(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    row = weights["encoder.layer.0.attention.self.query.weight"][0]
    assert row.tolist() == [0.5 * (nibble - 8) for nibble in range(16)] + [-4.0] * 16
    assert weights["embeddings.position_embeddings.weight"][1, 0] == HIDDEN


def test_every_tensor_has_berts_name_and_shape(folder: Path) -> None:
    shapes = {name: tensor.shape for name, tensor in load_file(folder / "model.safetensors").items()}
    layer = "encoder.layer.0"
    assert shapes == {
        "embeddings.word_embeddings.weight": (14, 32),
        "embeddings.position_embeddings.weight": (8, 32),
        "embeddings.token_type_embeddings.weight": (2, 32),
        "embeddings.LayerNorm.weight": (32,),
        "embeddings.LayerNorm.bias": (32,),
        **{f"{layer}.attention.self.{part}.weight": (32, 32) for part in ("query", "key", "value")},
        **{f"{layer}.attention.self.{part}.bias": (32,) for part in ("query", "key", "value")},
        f"{layer}.attention.output.dense.weight": (32, 32),
        f"{layer}.attention.output.dense.bias": (32,),
        f"{layer}.attention.output.LayerNorm.weight": (32,),
        f"{layer}.attention.output.LayerNorm.bias": (32,),
        f"{layer}.intermediate.dense.weight": (64, 32),
        f"{layer}.intermediate.dense.bias": (64,),
        f"{layer}.output.dense.weight": (32, 64),
        f"{layer}.output.dense.bias": (32,),
        f"{layer}.output.LayerNorm.weight": (32,),
        f"{layer}.output.LayerNorm.bias": (32,),
        "pooler.dense.weight": (32, 32),
        "pooler.dense.bias": (32,),
    }


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("ab", ["▁ab"]),
        ("ab ab", ["▁ab", "▁ab"]),
        ("  ab   ba ", ["▁ab", "▁", "b", "a"]),
        ("a\x01b", ["▁ab"]),  # a code point that vanishes
        ("ab\u200bab", ["▁ab", "▁ab"]),  # one that becomes a space
        ("½", ["▁", "1", "⁄", "2"]),  # NFKC
        ("ax", ["▁", "a", "<unk>"]),
    ],
)
def test_text_is_normalised_and_split_as_the_pack_says(folder: Path, text: str, pieces: list[str]) -> None:
    ids = Tokenizer.from_file(str(folder / "tokenizer.json")).encode(text).ids
    assert [PIECES[at] for at in ids] == ["<s>", *pieces, "</s>"]


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"GGUF" + PACK[4:],
        PACK[:200],
        PACK[:-100],
        packed({0x41: "zz"}),  # normalised in a way that is neither NFKC, nothing nor a space
        PACK.replace(b"l0.fo.w", b"l0.xx.w"),
    ],
    ids=["empty", "other format", "cut in the head", "cut in the tensors", "unknown normaliser", "unknown tensor"],
)
def test_a_pack_of_another_kind_is_refused_and_nothing_written(tmp_path: Path, bad: bytes) -> None:
    with pytest.raises(ModelError, match="not in the known packed format") as fault:
        e5.convert(bad, tmp_path)
    assert fault.value.code == "models.convert"
    assert list(tmp_path.iterdir()) == []


# The real model


@pytest.fixture(scope="module")
def real(models_dir: Path) -> Any:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds, and only slow tests need it

    folder = models.model_path(models_dir, "multilingual-e5-small")
    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        # The first two as many as the wheel's own engine counts; it keeps a space at the end and does not compose
        # combining characters, where SentencePiece's NFKC, followed here, does.
        ("hello world", [33600, 31, 8999]),
        (
            "query: hvornår åbner borgerservice i dag?",
            [41, 1294, 12, 151984, 50971, 42, 36799, 56, 22584, 17, 1442, 32],
        ),
        ("query:   hvad koster et  nyt pas  ", [41, 1294, 12, 8928, 79047, 82, 5178, 452]),
        ("query: A\u030alborg", [41, 1294, 12, 8839, 141, 10164]),
    ],
)
def test_the_real_tokenizer_numbers_danish_as_it_should(real: Any, text: str, ids: list[int]) -> None:
    assert real.tokenizer(text)["input_ids"] == [0, *ids, 2]


@pytest.mark.slow
def test_the_real_model_gives_unit_vectors_and_puts_paraphrases_nearest(real: Any) -> None:
    pairs = [
        ("jeg har mistet mit pas", "mit pas er blevet væk"),
        ("hvornår tømmer I skraldespanden", "hvilken dag bliver mit affald hentet"),
        ("jeg vil gerne flytte adresse", "hvordan melder jeg at vi er flyttet"),
        ("hvad har biblioteket åbent", "åbningstider på biblioteket"),
    ]
    asked = real.encode([f"query: {first}" for first, _ in pairs])
    other = real.encode([f"query: {second}" for _, second in pairs])
    assert asked.shape == (4, 384)
    assert asked.dtype == np.float32
    assert np.linalg.norm(asked, axis=1) == pytest.approx(1, abs=1e-5)
    assert (asked @ other.T).argmax(axis=1).tolist() == [0, 1, 2, 3]


@pytest.mark.slow
def test_every_pulled_model_holds_the_bytes_of_the_manifest(models_dir: Path) -> None:
    verdicts = models.verify(models_dir, ["default", "test"])
    assert {(verdict.state, verdict.note) for verdict in verdicts} == {(models.State.IN_PLACE, "")}
