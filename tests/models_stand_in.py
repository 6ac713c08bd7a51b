"""Stand-ins for the models' tests: a manifest of made-up models, a model hub on this machine, made-up wheels."""

import hashlib
import json
import re
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from voicebot.models.hub import HubAccess

BIG = bytes(range(256)) * 2000  # 512,000 bytes
SMALL = b'{"rate": 8000}\n'
Manifest = Callable[..., None]
"""Puts models, given as tables, in the manifest's place."""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def git_blob(content: bytes) -> str:
    return hashlib.sha1(b"blob " + str(len(content)).encode() + b"\0" + content).hexdigest()


def as_toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value)


def model(name: str, files: list[dict[str, object]], **source: object) -> dict[str, object]:
    """A made-up model as a table of the manifest."""
    facts = {"name": name, "title": name, "use": "voice", "set": "default", "licence": "MIT"}
    return {**facts, "files": files, **source}


def hub_model(*files: dict[str, object]) -> dict[str, object]:
    return model("demo", list(files), hub={"repo": "org/demo", "revision": "v1"})


def pinned(path: str, content: bytes, **more: object) -> dict[str, object]:
    return {"path": path, "bytes": len(content), "sha256": sha256(content), **more}


PINNED = hub_model(pinned("model.bin", BIG), pinned("config.json", SMALL))
UNPINNED = hub_model({"path": "model.bin"}, {"path": "config.json"})


def no_leftovers(place: Path) -> bool:
    return not [path for path in place.rglob("*") if path.name.endswith(".part") or path.name.startswith("fetching-")]


class StandInHub:
    """A model hub: files by path, a list of what to do wrong with the coming file requests, and what was asked."""

    def __init__(self) -> None:
        self.files = {"model.bin": BIG, "config.json": SMALL}
        self.faults: list[str] = []
        self.asked: list[str] = []
        self.waiting = threading.Event()  # set when a "hang" has begun
        self.release = threading.Event()  # set to end every "hang"
        self.access = HubAccess()

    def tree(self, folder: str) -> list[dict[str, object]]:
        entries: list[dict[str, object]] = []
        for path, content in self.files.items():
            if path.rpartition("/")[0] == folder:
                entry = {"type": "file", "path": path, "size": len(content), "oid": git_blob(content)}
                # Big files are in large-file storage, where the blob id is that of a pointer file.
                big = {"oid": git_blob(b"pointer"), "lfs": {"oid": sha256(content), "size": len(content)}}
                entries.append({**entry, **(big if len(content) > 1000 else {})})
        return [*entries, {"type": "directory", "path": "somewhere", "size": 0, "oid": "0" * 40}]


@contextmanager
def stand_in_hub() -> Iterator[StandInHub]:
    hub = StandInHub()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            hub.asked.append(self.path + (f" {wanted}" if wanted else ""))
            if folder := re.match(r"/api/models/[^/]+/[^/]+/tree/[^/]+/?(.*)", self.path):
                return self.answer(json.dumps(hub.tree(folder[1])).encode())
            fault = hub.faults.pop(0) if hub.faults else ""
            if fault == "redirect":
                self.send_response(302)
                self.send_header("Location", f"/elsewhere{self.path}")
                self.end_headers()
                return None
            if fault.isdigit():
                return self.send_error(int(fault))
            content = hub.files.get(re.sub(r".*/resolve/[^/]+/", "", self.path))
            if content is None:
                return self.send_error(404)
            return self.answer(content, wanted if fault != "no ranges" else None, fault)

        def answer(self, content: bytes, wanted: str | None = None, fault: str = "") -> None:
            start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
            start = 0 if fault == "other range" else start
            self.send_response(206 if wanted else 200)
            if wanted:
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            if fault != "no length":
                self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            body = content[start:]
            if fault in ("cut", "no length", "hang"):
                body = body[: len(body) // 2]
            if fault == "wrong":
                body = bytes(len(body))
            self.wfile.write(body)
            if fault == "hang":
                self.wfile.flush()
                hub.waiting.set()
                hub.release.wait(30)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    hub.access = HubAccess(f"http://127.0.0.1:{server.server_port}", seconds=5, attempts=3, pause=0)
    try:
        yield hub
    finally:
        hub.release.set()
        server.shutdown()
        server.server_close()
        thread.join()


def make_wheel(folder: Path, name: str, members: dict[str, bytes], tag: str = "py3-none-any") -> dict[str, object]:
    """A wheel that pip takes for one, holding `members`; its table of the manifest."""
    path = folder / f"{name.replace('-', '_')}-1.0-{tag}.whl"
    info = f"{name.replace('-', '_')}-1.0.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        archive.writestr(f"{info}/RECORD", "")
    return {"pin": f"{name}==1.0", "bytes": path.stat().st_size, "sha256": sha256(path.read_bytes())}


PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "a", "b", "ab", "▁ab", "½", "1", "2", "⁄", "<mask>"]
HIDDEN, FFN = 32, 64


def packed(normalised: dict[int, str], magic: bytes = b"E5S1") -> bytes:
    """A pack of one layer, 32 hidden numbers and the 14 pieces above; its 4-bit blocks hold 0 … 15, then zeros."""
    scores = [0.0] * 4 + [-2.0, -3.0, -3.0, -1.0, -0.5] + [-4.0] * 4 + [0.0]
    blob, offsets = b"", [0]
    for piece in PIECES:
        blob += piece.encode()
        offsets.append(len(blob))
    table = b"".join(
        struct.pack(f"<IB{len(text)}I", point, len(text), *map(ord, text)) for point, text in normalised.items()
    )
    head = magic + struct.pack("<I7ifi", 1, HIDDEN, 1, 2, FFN, len(PIECES), 8, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob))
    head += struct.pack(f"<{len(offsets)}I", *offsets) + struct.pack(f"<{len(scores)}f", *scores) + blob
    head += struct.pack("<iI", len(normalised), len(table)) + table
    return head + _tensors(len(head))


def _tensors(at: int) -> bytes:
    sizes = {"emb.word": len(PIECES) * HIDDEN, "l0.fi.w": FFN * HIDDEN, "l0.fo.w": HIDDEN * FFN}
    sizes |= {f"l0.{part}.w": HIDDEN * HIDDEN for part in ("q", "k", "v", "ao")}
    plain = {"emb.pos": 8 * HIDDEN, "emb.type": 2 * HIDDEN, "l0.fi.b": FFN}
    plain |= {f"l0.{part}.b": HIDDEN for part in ("q", "k", "v", "ao", "fo")}
    plain |= {f"{norm}.{kind}": HIDDEN for norm in ("emb.ln", "l0.aln", "l0.oln") for kind in "wb"}
    at += 4 + sum(2 + len(name) + 21 for name in sizes | plain)
    entries, data = struct.pack("<i", len(sizes | plain)), b""
    for name, count in (sizes | plain).items():
        block = np.float16(0.5).tobytes() + bytes(range(16))  # low nibbles 0–15, high nibbles 0
        tensor = block * (count // 32) if name in sizes else np.arange(count, dtype="<f4").tobytes()
        entries += struct.pack("<H", len(name)) + name.encode()
        entries += struct.pack("<BIQQ", int(name in sizes), count, at + len(data), len(tensor))
        data += tensor
    return entries + data
