"""Telephone numbers known again without being kept."""

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from voicebot.errors import StorageError

_KEY_BYTES = 32
"""As long as the hash, after which more adds nothing (RFC 2104)."""


class CallerKey:
    """Turns a caller's number into a hash that only this bot can make again (HMAC-SHA256)."""

    def __init__(self, path: Path) -> None:
        """Read the key, or make it once; StorageError if that cannot be done."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                _write_new(path, secrets.token_bytes(_KEY_BYTES))
            self._key = path.read_bytes()
        except OSError as fault:
            raise StorageError(
                "storage.key", f"{path}: cannot be read or made ({fault.strerror}). Check the folder and the disk."
            ) from None
        if len(self._key) != _KEY_BYTES:
            raise StorageError(
                "storage.key", f"{path}: not a key of {_KEY_BYTES} bytes. Restore it from a backup, or remove it."
            )

    def hash(self, number: str) -> str:
        """64 hexadecimal digits that stand for `number`."""
        return hmac.new(self._key, number.encode(), hashlib.sha256).hexdigest()


def _write_new(path: Path, data: bytes) -> None:
    """Write a file whole, for the owner's eyes only; one that another process makes first stays."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink(missing_ok=True)
