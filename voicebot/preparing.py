"""Speech made in advance of all that the content in use may say, and begun anew when newer content takes its place."""

import asyncio
import logging
from collections.abc import Callable

from voicebot import dialogue
from voicebot.answers import Library
from voicebot.engines import Engines
from voicebot.reloading import Reloader

log = logging.getLogger(__name__)


class SpeechAhead:
    """How much speech of the content in use is ready, in pieces, and the work to get it ready."""

    def __init__(self, answers: Reloader, engines: Engines) -> None:
        self._answers, self._engines = answers, engines
        self.ready = 0
        self.total = 0

    async def make_standing(self, show: Callable[[int, int], None]) -> None:
        """Make what may have to be said in any call; show(ready, total)."""
        standing = dialogue.standing_pieces(self._answers.content.library)
        await self._engines.make_ready(standing, lambda ready: show(ready, len(standing)))

    async def keep_up(self) -> None:
        """Until cancelled, make the speech of the content in use, standing phrases first, and renew that content."""
        while True:
            making = asyncio.create_task(self._make(self._answers.content.library))
            try:
                await self._answers.renewed()
            finally:  # what is out of date is dropped
                making.cancel()
                await asyncio.gather(making, return_exceptions=True)

    async def _make(self, library: Library) -> None:
        pieces, missing = await asyncio.to_thread(self._missing, library)

        def show(made: int) -> None:
            self.ready = len(pieces) - len(missing) + made
            if made % 25 == 0 or made == len(missing):
                log.info("Ready-made speech: %d of %d", self.ready, self.total)

        self.total = len(pieces)
        show(0)
        try:
            await self._engines.make_ready(missing, show)
        except Exception as fault:  # a voice that fails costs callers time, not the newer answers
            log.warning(
                "Speech is no longer made in advance, callers wait for theirs: %s: %s", type(fault).__name__, fault
            )

    def _missing(self, library: Library) -> tuple[list[str], list[str]]:
        """All pieces, and those that are not ready; reads many files, so not for the event loop."""
        pieces = list(dict.fromkeys([*dialogue.standing_pieces(library), *dialogue.answer_pieces(library)]))
        return pieces, [piece for piece in pieces if self._engines.speech.get(piece) is None]
