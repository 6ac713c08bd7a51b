"""Changed answers taken into use while calls go on: the folder watched, read anew beside the calls, swapped whole."""

import asyncio
import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voicebot.content import Content
from voicebot.errors import VoicebotError
from voicebot.matching import Embedder

log = logging.getLogger(__name__)

SCAN_SECONDS = 2.0
"""Time between two looks at the folder: an editor's save and a copied folder are over within one."""
BATCH = 8
"""Texts embedded at once: 0.1 s for examples, 0.3 s for whole answers on 2 cores, the longest a caller waits for it."""
BREATH = 0.005
"""Seconds between two batches, for a caller's utterance that waits for the model to get its turn."""

Snapshot = Mapping[str, tuple[int, int, int]]
"""Bytes, time of writing and time of any change at all (both in ns) of every file, by its path."""


def snapshot(folder: Path) -> Snapshot:
    """The files that now lie under `folder`, hidden ones left out; nothing where there is no such folder."""
    seen = {}
    for place, _, names in os.walk(folder, followlinks=True):
        for path in (os.path.join(place, name) for name in names if not name.startswith(".")):
            with contextlib.suppress(OSError):  # gone since it was listed
                found = os.stat(path)
                seen[path] = (found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    return seen


class Watch:
    """Tells when a folder differs from what was read of it and has come to rest; pure.

    read: the folder as it was when it was last read.
    """

    def __init__(self, read: Snapshot) -> None:
        self._read = self._last = read

    def settled(self, now: Snapshot) -> bool:
        """Whether there is something new to read that has stayed the same since the last look."""
        rests, self._last = now == self._last, now
        return rests and now != self._read

    def read(self, then: Snapshot) -> None:
        """What was to be read of the folder as it was `then` has been read, with or without faults."""
        self._read = then


class Reloader:
    """The content in use, and its way to be replaced by a newer one.

    load: reads the folder; called beside the event loop, never twice at a time. VoicebotError from the first time.
    """

    def __init__(self, folder: Path, load: Callable[[], Content]) -> None:
        self._folder, self._load = folder, load
        self._watch = Watch(snapshot(folder))  # before it is read, so that what changes meanwhile is seen
        self._asked = asyncio.Event()
        self._waiting: list[asyncio.Future[tuple[str, ...]]] = []
        self.content = load()
        self.loaded = datetime.now(UTC)
        self.faults: tuple[str, ...] = ()
        """Why what now lies in the folder is not in use, each as `file:line: what; remedy`."""

    def standing(self) -> dict[str, object]:
        """What is in use: content version, number of answers, since when, and faults of the last reload."""
        return {
            "version": self.content.version,
            "answers": len(self.content.library.answers),
            "loaded": self.loaded.isoformat(timespec="seconds"),
            "faults": len(self.faults),
        }

    def look_now(self) -> None:
        """Read the folder at once, whether or not a change is seen."""
        self._asked.set()

    async def read_now(self) -> tuple[str, ...]:
        """Read at once all there is now, and wait until it is in use; the faults for which it is not."""
        read: asyncio.Future[tuple[str, ...]] = asyncio.get_running_loop().create_future()
        self._waiting.append(read)
        self._asked.set()
        return await read

    async def renewed(self) -> None:
        """Watch the folder until newer content is in use; faults are logged, and the content in use stays."""
        while True:
            asked = await self._next_look()
            now = await asyncio.to_thread(snapshot, self._folder)
            if (self._watch.settled(now) or asked) and await self._reload(now):
                return

    async def _next_look(self) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SCAN_SECONDS):
                await self._asked.wait()
        asked = self._asked.is_set()
        self._asked.clear()
        return asked

    async def _reload(self, before: Snapshot) -> bool:
        """Whether newer content is in use; what changed while it was read is left to a later look."""
        waiting, self._waiting = self._waiting, []
        content, faults = await asyncio.to_thread(self._read)
        if await asyncio.to_thread(snapshot, self._folder) != before:
            self._waiting += waiting
            if self._waiting:
                self._asked.set()
            return False
        self._watch.read(before)
        renewed = self._take(content, faults)
        for read in waiting:
            if not read.done():
                read.set_result(faults)
        return renewed

    def _take(self, content: Content | None, faults: tuple[str, ...]) -> bool:
        """Whether it is newer content, and so in use from now on."""
        self.faults = faults
        for fault in faults:
            log.warning("%s", fault)
        if content is None:
            log.warning(
                "Answers stay as they were, version %s; correct these files, and they are read again.",
                self.content.version,
            )
            return False
        if content.version == self.content.version:
            log.info("Answers read again: nothing new, version %s", content.version)
            return False
        self.content, self.loaded = content, datetime.now(UTC)
        log.info("Answers renewed: %d, version %s, for new calls", len(content.library.answers), content.version)
        return True

    def _read(self) -> tuple[Content | None, tuple[str, ...]]:
        try:
            content = self._load()
            content.version  # noqa: B018 - worked out here, not on the event loop
        except VoicebotError as fault:
            return None, tuple(fault.message.splitlines())
        except Exception as fault:  # whatever it is, the telephone goes on with the content in use
            return None, (f"{self._folder}:1: {type(fault).__name__}: {fault}; kør `voicebot answers check`",)
        return content, ()


def in_turns(embed: Embedder) -> Embedder:
    """The same embedder for several threads: one batch at a time, so that a caller goes before a reload's next."""
    turn = threading.Lock()

    def embed_in_turns(texts: Sequence[str]) -> NDArray[np.float32]:
        batches = []
        for first in range(0, len(texts), BATCH):
            if first:
                time.sleep(BREATH)
            with turn:
                batches.append(embed(texts[first : first + BATCH]))
        return np.concatenate(batches)

    return embed_in_turns
