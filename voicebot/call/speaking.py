"""Saying a reply piece by piece, and the ledger of what the caller has really heard of it."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace

from voicebot.audio import TELEPHONE_RATE
from voicebot.dialogue import Decision
from voicebot.engines import Engines, Need
from voicebot.line import Line

SILENCE = b"\xff"
"""A sample of silence in mu-law."""
SLOW_PAUSE = 0.9
"""Seconds between the pieces for a caller who has asked for it slower: time enough to write one down in part."""
LOST_MARK_AFTER = 2.0
"""Seconds after the sound must have ended at which a mark that has not come back counts as lost."""


@dataclass(frozen=True)
class Sent:
    """A piece on its way to the caller; begins, ends: when it is heard, in seconds of the call."""

    text: str
    begins: float
    ends: float


@dataclass(frozen=True)
class Cut:
    """Where the bot was cut short. text: the piece; heard: seconds heard of it; saying: it and the piece before it."""

    text: str
    heard: float
    saying: str


class Speaker:
    """The mouth of one call.

    now: call time in seconds of audio. saying(text), said(text): told when a piece is sent, and when it was heard.
    fillers: what is said in turn while a reply is not there yet.
    """

    def __init__(  # noqa: PLR0913 - all that speaking has to do with
        self,
        line: Line,
        engines: Engines,
        now: Callable[[], float],
        saying: Callable[[str], None],
        said: Callable[[str], None],
        *,
        fillers: tuple[str, str],
    ) -> None:
        self._line, self._engines, self._now, self._fillers = line, engines, now, fillers
        self._saying, self._said = saying, said
        self._marks = itertools.count(1)
        self._unheard: dict[str, Sent] = {}
        self._before = self._last = ""
        self._all_sent = False
        self.reply: Decision | None = None
        """What is being said, or was cut short, with the pieces that have not been heard to their end."""
        self.plays_until = 0.0
        """When the sound on its way will have been heard, in seconds of the call."""

    @property
    def busy(self) -> bool:
        """Whether sound is on its way to the caller."""
        return bool(self._unheard)

    async def say(self, reply: Decision) -> None:
        """Send a reply's pieces in order; a filler goes first when the first piece is not ready yet.

        Returns when all is sent, not when it is heard; raises SpeechError when a piece cannot be made.
        """
        self.reply, self._all_sent = reply, False
        if reply.pieces and self._engines.speech.get(reply.pieces[0]) is None:
            await self.fill()
        pause = SILENCE * round(SLOW_PAUSE * TELEPHONE_RATE) if reply.slow else b""
        for piece in reply.pieces:
            wait = max(0.0, self.plays_until - self._now())
            sound = await self._engines.say(piece, Need(asyncio.get_running_loop().time() + wait))
            sooner = sound if self.busy else sound.lstrip(SILENCE)  # who has waited needs no pause before it
            await self._send(piece, sooner + pause)
        self._all_sent = True

    async def fill(self) -> None:
        """Say a short true sentence if it is ready: never wait for speech in order to say that one waits."""
        filler = self._fillers[self._last == self._fillers[0]]
        if sound := self._engines.speech.get(filler):
            await self._send(filler, sound)

    async def _send(self, text: str, sound: bytes) -> None:
        begins = max(self._now(), self.plays_until)
        self.plays_until = begins + len(sound) / TELEPHONE_RATE
        mark = str(next(self._marks))
        self._unheard[mark] = Sent(text, begins, self.plays_until)
        self._last = text
        self._saying(text)
        await self._line.play(sound)
        await self._line.mark(mark)

    def played(self, mark: str) -> None:
        """The caller has heard the piece of this mark; unknown marks are harmless."""
        if (sent := self._unheard.pop(mark, None)) is not None:
            self._before = sent.text
            if self.reply is not None and self.reply.pieces[:1] == (sent.text,):
                self.reply = replace(self.reply, pieces=self.reply.pieces[1:])
            self._said(sent.text)

    def settle_lost_marks(self) -> None:
        """Count pieces as heard whose mark should have come back long ago."""
        if self._unheard and self._now() > self.plays_until + LOST_MARK_AFTER:
            for mark in tuple(self._unheard):
                self.played(mark)

    def finished(self) -> Decision | None:
        """The reply, once, when all of it has been heard."""
        if self.reply is None or not self._all_sent or self.busy:
            return None
        reply, self.reply = self.reply, None
        return reply

    async def stop(self) -> Cut | None:
        """Fall silent at once; where the bot was cut short, None where it had nothing to say.

        What was not heard is forgotten, but for what is left of the reply.
        """
        if self.reply is None and not self.busy:
            return None
        under_way = next(iter(self._unheard.values()), Sent("", 0.0, 0.0))
        heard = min(max(0.0, self._now() - under_way.begins), under_way.ends - under_way.begins)
        self._unheard.clear()
        self._all_sent = False
        self.plays_until = self._now()
        await self._line.clear()
        return Cut(under_way.text, round(heard, 2), f"{self._before} {under_way.text}".strip())
