"""The calls that go on now, for those who watch. Told of events here and, by notices, of those of other processes."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from voicebot.events import (
    CallEnded,
    CallStarted,
    Decided,
    DigitPressed,
    Event,
    Interrupted,
    Said,
    StateChanged,
    Transcribed,
    Transferred,
)
from voicebot.storage.notices import heard_event

WATCHED = (
    CallStarted | StateChanged | Transcribed | Decided | Said | Interrupted | DigitPressed | Transferred | CallEnded
)
"""The events that are of use here."""
CALLS_KEPT = 500
"""Calls that are known of at once; far above what a machine can take."""
LINES_KEPT = 200
SILENT = timedelta(minutes=3)
"""A call of which nothing has been heard for so long is gone with its process: callers are spoken to every minute."""
PAUSE = 0.5
"""Seconds between two looks of those who watch, at least."""
WATCHERS, WATCHERS_EACH = 100, 4
"""At once; of one person fewer than the six connections that browsers open to a server over HTTP/1.1."""
LOOK_SECONDS = 10.0
"""Seconds without news after which those who watch look all the same: whether they may still watch, and who is gone."""


@dataclass(frozen=True)
class Line:
    """A line of captions. kind: 'caller' or 'bot' for what was said, 'decided', 'digit', 'cut' or 'transferred'.

    number: rises by one through the call; at: seconds since the call began; text: what was said, or the digit, the
    decision or the reason; answer and confidence (0..1): of a decision, confidence also of what was recognised.
    """

    number: int
    at: float
    kind: str
    text: str
    answer: str | None = None
    confidence: float | None = None


@dataclass
class LiveCall:
    """What is known of a call that goes on. state: of `StateChanged`; topic: the answer that was decided last."""

    id: str
    began: datetime
    heard: datetime
    """When there last was news of it."""
    municipality: str = ""
    channel: str = ""
    state: str = ""
    topic: str | None = None
    words: str = ""
    """What the caller said last."""
    over: bool = False
    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=LINES_KEPT))

    def hear(self, event: Event) -> None:
        """Take in an event of this call."""
        match event:
            case CallStarted():
                self.municipality, self.channel = event.municipality, event.channel
            case StateChanged():
                self.state = event.state
            case Transcribed() if event.text:
                self.words = event.text
                self._say(event, "caller", event.text, confidence=event.confidence)
            case Decided():
                self.topic = event.answer or self.topic
                self._say(event, "decided", event.decision, answer=event.answer, confidence=event.confidence)
            case Said() if event.text:
                self._say(event, "bot", event.text)
            case Interrupted():
                self._say(event, "cut", event.text)
            case DigitPressed():
                self._say(event, "digit", event.digit)
            case Transferred():
                self._say(event, "transferred", event.reason)
            case CallEnded():
                self.over = True

    def _say(
        self, event: Event, kind: str, text: str, *, answer: str | None = None, confidence: float | None = None
    ) -> None:
        number = self.lines[-1].number + 1 if self.lines else 0
        self.lines.append(Line(number, event.at, kind, text, answer, confidence))


class Live:
    """The calls that go on, by id."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._calls: dict[str, LiveCall] = {}
        self._watchers: list[_Watcher] = []

    def hear(self, event: Event) -> None:
        """Take in an event that has just happened; returns at once."""
        now = self._now()
        call = self._calls.get(event.call)
        if call is None:
            if isinstance(event, CallEnded):
                return
            self._forget_gone(now)
            call = LiveCall(event.call, now - timedelta(seconds=event.at), now)
            self._calls[event.call] = call
        call.heard = now
        call.hear(event)
        if call.over:
            del self._calls[event.call]
        for watcher in self._watchers:
            watcher.news.set()

    def hear_notice(self, payload: str) -> None:
        """Take in an event as `storage.notices` tells it; one that this version does not know is nothing."""
        event = heard_event(payload)
        if event:
            self.hear(event)

    def calls(self) -> list[LiveCall]:
        """Those that go on, the longest first."""
        now = self._now()
        return sorted((call for call in self._calls.values() if now - call.heard < SILENT), key=lambda call: call.began)

    def call(self, id: str) -> LiveCall | None:
        """One of them."""
        found = self._calls.get(id)
        return found if found and self._now() - found.heard < SILENT else None

    @contextlib.contextmanager
    def watching(self, who: str) -> Iterator[AsyncIterator[None]]:
        """The looks that are worth while: one at once, then when there is news, and every `LOOK_SECONDS` in any case.

        Between two of them lie `PAUSE` seconds at least. There are no more once too many others watch, the oldest
        goes first, or `who` does so too often.
        """
        watcher = _Watcher(who)
        self._end_oldest([other for other in self._watchers if other.who == who], WATCHERS_EACH)
        self._end_oldest(self._watchers, WATCHERS)
        self._watchers.append(watcher)
        try:
            yield watcher.looks()
        finally:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

    def _end_oldest(self, among: Sequence["_Watcher"], limit: int) -> None:
        if len(among) >= limit:
            oldest = among[0]
            self._watchers.remove(oldest)
            oldest.end()

    def _forget_gone(self, now: datetime) -> None:
        """Make room for one more."""
        for gone in [call.id for call in self._calls.values() if now - call.heard >= SILENT]:
            del self._calls[gone]
        if len(self._calls) >= CALLS_KEPT:
            del self._calls[min(self._calls, key=lambda id: self._calls[id].heard)]


class _Watcher:
    def __init__(self, who: str) -> None:
        self.who = who
        self.news = asyncio.Event()
        self._ended = False

    def end(self) -> None:
        self._ended = True
        self.news.set()

    async def looks(self) -> AsyncIterator[None]:
        while not self._ended:
            self.news.clear()
            yield
            await asyncio.sleep(PAUSE)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.news.wait(), LOOK_SECONDS)
