"""Saying a reply piece by piece, and the ledger of what the caller has really heard of it."""

import asyncio
import itertools
from collections.abc import Callable

from voicebot.audio import TELEPHONE_RATE
from voicebot.engines import Engines, Need
from voicebot.line import Line

SILENCE = b"\xff"
"""A sample of silence in mu-law."""
LOST_MARK_AFTER = 3.0
"""Seconds after the sound must have ended at which a mark that has not come back counts as lost."""


class Speaker:
    """The mouth of one call.

    now: call time in seconds of audio. saying(text), said(text): told when a piece is sent, and when it was heard.
    """

    def __init__(
        self,
        line: Line,
        engines: Engines,
        now: Callable[[], float],
        saying: Callable[[str], None],
        said: Callable[[str], None],
    ) -> None:
        self._line, self._engines, self._now = line, engines, now
        self._saying, self._said = saying, said
        self._marks = itertools.count(1)
        self._unheard: dict[str, str] = {}
        self._playing_until = 0.0

    @property
    def busy(self) -> bool:
        """Whether sound is on its way to the caller."""
        return bool(self._unheard)

    async def say(self, pieces: tuple[str, ...], filler: str, pause: float = 0.0) -> None:
        """Send the pieces in order; `filler` goes first when the first piece is not ready yet.

        pause: seconds of silence after each piece, for a caller who wants to hear it slower.
        Returns when all is sent, not when it is heard; raises SpeechError when a piece cannot be made.
        """
        if pieces and self._engines.speech.get(pieces[0]) is None:
            await self.fill(filler)
        for piece in pieces:
            wait = max(0.0, self._playing_until - self._now())
            sound = await self._engines.say(piece, Need(asyncio.get_running_loop().time() + wait))
            await self._send(piece, sound + SILENCE * round(pause * TELEPHONE_RATE))

    async def fill(self, filler: str) -> None:
        """Say a short true sentence if it is ready: never wait for speech in order to say that one waits."""
        if sound := self._engines.speech.get(filler):
            await self._send(filler, sound)

    async def _send(self, text: str, sound: bytes) -> None:
        mark = str(next(self._marks))
        self._unheard[mark] = text
        self._playing_until = max(self._now(), self._playing_until) + len(sound) / TELEPHONE_RATE
        self._saying(text)
        await self._line.play(sound)
        await self._line.mark(mark)

    def played(self, mark: str) -> None:
        """The caller has heard the piece of this mark; unknown marks are harmless."""
        if (text := self._unheard.pop(mark, None)) is not None:
            self._said(text)

    def settle_lost_marks(self) -> None:
        """Count pieces as heard whose mark should have come back long ago."""
        if self._unheard and self._now() > self._playing_until + LOST_MARK_AFTER:
            for mark in tuple(self._unheard):
                self.played(mark)

    async def stop(self) -> None:
        """Fall silent at once; what was not heard is forgotten."""
        self._unheard.clear()
        self._playing_until = 0.0
        await self._line.clear()
