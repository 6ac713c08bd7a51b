"""Speech made once and kept: mu-law files on disk, keyed by voice and text."""

import hashlib
import logging
import os
import struct
import tempfile
import zlib
from functools import lru_cache
from pathlib import Path

from voicebot.audio import to_mulaw
from voicebot.speech_text import speakable
from voicebot.tts.base import Voice, on_the_telephone

log = logging.getLogger(__name__)

_HEADER = struct.Struct("<4sII")
"""Magic, length of the sound in bytes and its CRC-32: a file that was cut short or spoilt shows it."""
_MAGIC = b"VBS1"


class SpeechStore:
    """Ready-made speech of one voice, in `folder`/<voice key>/<sha256 of the speakable text>.ulaw.

    Every method may be called from several threads at once.
    """

    def __init__(self, folder: Path, voice: Voice) -> None:
        self._folder = folder / voice.key
        self._voice = voice
        self.keeps = True
        """False after the disk refused the last piece of speech; the call still got it."""

    def get(self, text: str) -> bytes | None:
        """Speech that is ready, G.711 mu-law at 8 kHz; None where it is not, or its file is damaged."""
        try:
            data = self._file(text).read_bytes()
        except OSError:
            return None
        if len(data) < _HEADER.size:
            return None
        magic, length, checksum = _HEADER.unpack_from(data)
        sound = data[_HEADER.size :]
        return sound if (magic, length, checksum) == (_MAGIC, len(sound), zlib.crc32(sound)) else None

    def make(self, text: str) -> bytes:
        """Speak a text and keep it: takes up to half as long as the speech lasts. SpeechError if the voice fails.

        A disk that is full or cannot be written costs only the keeping: it is logged, and `keeps` turns False.
        """
        sound = to_mulaw(on_the_telephone(self._voice.speak(text), text))
        try:
            self._keep(self._file(text), sound)
        except OSError as fault:
            if self.keeps:
                log.warning("Ready-made speech cannot be kept in %s: %s. Free some space there.", self._folder, fault)
            self.keeps = False
        else:
            self.keeps = True
        return sound

    def _file(self, text: str) -> Path:
        return self._folder / _name(text)

    def _keep(self, file: Path, sound: bytes) -> None:
        """Write beside the place and move there: nobody ever reads half a file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as part:
            try:
                part.write(_HEADER.pack(_MAGIC, len(sound), zlib.crc32(sound)) + sound)
                part.flush()
                os.replace(part.name, file)
            except OSError:
                Path(part.name).unlink(missing_ok=True)
                raise


@lru_cache(maxsize=4096)
def _name(text: str) -> str:
    """Kept in memory, as making a text speakable takes longer on the event loop than reading its speech."""
    return f"{hashlib.sha256(speakable(text).encode()).hexdigest()}.ulaw"
