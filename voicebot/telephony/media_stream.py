"""One call's media stream: WebSocket messages on one side, line events and a `Line` on the other."""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from traceback import extract_tb
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from voicebot.audio import from_mulaw
from voicebot.errors import TelephonyError, VoicebotError
from voicebot.line import CallInfo, Digit, HungUp, LineEvent, Played, Sound
from voicebot.telephony.messages import (
    Dtmf,
    Mark,
    Media,
    Message,
    Reader,
    Start,
    Stop,
    clear_message,
    mark_message,
    media_message,
)

START_LIMIT = 10.0
"""Seconds from the open socket to the start message."""
SILENCE_LIMIT = 15.0
"""Seconds without any message before the line counts as dead; the carrier sends every 20 ms, silence too."""
SEND_LIMIT = 5.0
"""Seconds that one thing to send may wait for a slow reader."""
PIECE = 8000
"""Bytes (samples at 8 kHz) in one outgoing media message: small enough to stop between two."""

_log = logging.getLogger(__name__)


class Handover(Protocol):
    """How a call leaves the bot; the one thing in which carrier and browser differ.

    Both methods have a time limit of their own and never raise. False: the stream shall close its socket,
    and whatever the other end does after that is meant to happen.
    """

    async def transfer(self, start: Start, number: str) -> bool:
        """Put the caller through to `number` (E.164)."""

    async def hang_up(self, start: Start) -> bool:
        """End the call."""


class MediaStream:
    """A `Line` over an accepted WebSocket that speaks Twilio Media Streams.

    Marks go out under names that are never used twice, and are forgotten at a clear: the carrier echoes
    cleared marks too, and those were not heard.
    """

    def __init__(self, websocket: WebSocket, handover: Handover) -> None:
        self._websocket = websocket
        self._handover = handover
        self._reader = Reader()
        self._start: Start | None = None
        self._pending: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._clears = 0
        self._ended = ""
        self.fault = ""
        """The code of what broke the line, '' where nothing did."""

    @property
    def call_id(self) -> str:
        """The carrier's id of the call, '' before the start."""
        return self._start.call if self._start else ""

    async def start(self) -> Start:
        """Wait for the start message; TelephonyError: none within `START_LIMIT`, hung up, malformed."""
        try:
            async with asyncio.timeout(START_LIMIT):
                while not isinstance(message := self._reader.read(await self._frame()), Start):
                    pass
        except TimeoutError:
            raise TelephonyError("telephony.no_start", f"No start message came within {START_LIMIT:.0f} s.") from None
        except WebSocketDisconnect:
            raise TelephonyError("telephony.no_start", "The line was closed before the start message.") from None
        self._start = message
        return message

    async def events(self) -> AsyncIterator[LineEvent]:
        """What the line tells, in order; exactly one `HungUp`, as the last."""
        while not self._ended:
            event = await self._next_event()
            if event is not None:
                yield event
        yield HungUp(self._ended)

    async def play(self, mulaw: bytes) -> None:
        """Queue sound; what a `clear` overtakes is not sent any more."""
        await self._send(self._pieces(mulaw))

    async def mark(self, name: str) -> None:
        """Ask for a `Played(name)`; the same name may be under way several times."""
        wire_name = f"{next(self._numbers)}:{name}"
        self._pending[wire_name] = name
        await self._send([mark_message(self._reader.stream, wire_name)])

    async def clear(self) -> None:
        """Drop what is queued and forget the marks behind it."""
        self._clears += 1
        self._pending.clear()
        await self._send([clear_message(self._reader.stream)])

    async def transfer(self, number: str) -> None:
        """Hand over to `number`, or close the socket where that fails."""
        if self._start and not self._ended and not await self._handover.transfer(self._start, number):
            await self.close()

    async def hang_up(self) -> None:
        """End the call, or close the socket where that fails."""
        if self._start and not self._ended and not await self._handover.hang_up(self._start):
            await self.close()

    async def send(self, text: str) -> None:
        """Send a message of another protocol over the same socket (the browser's captions); bounded, harmless."""
        await self._send([text])

    async def close(self) -> None:
        """Close the socket; harmless when it is closed."""
        self._ended = self._ended or "caller"
        try:
            async with asyncio.timeout(SEND_LIMIT):
                await self._websocket.close()
        except (WebSocketDisconnect, RuntimeError, OSError):
            pass

    def _pieces(self, mulaw: bytes) -> Iterator[str]:
        clears = self._clears
        for begin in range(0, len(mulaw), PIECE):
            if self._clears != clears:
                return
            yield media_message(self._reader.stream, mulaw[begin : begin + PIECE])

    async def _send(self, texts: Iterable[str]) -> None:
        """Send within `SEND_LIMIT` in all; a reader too slow ends the line, a closed socket is left to `events`."""
        if self._ended:
            return
        try:
            async with asyncio.timeout(SEND_LIMIT):
                for text in texts:
                    await self._websocket.send_text(text)
        except TimeoutError:
            self._fail("telephony.slow", f"The other end took no sound for {SEND_LIMIT:.0f} s.")
        except (WebSocketDisconnect, RuntimeError, OSError):
            pass

    async def _frame(self) -> str | bytes:
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        text: str | None = message.get("text")
        return message["bytes"] if text is None else text

    async def _next_event(self) -> LineEvent | None:
        try:
            async with asyncio.timeout(SILENCE_LIMIT):
                frame = await self._frame()
            return self._event(self._reader.read(frame))
        except TimeoutError:
            self._fail("telephony.silent", f"Nothing came over the line for {SILENCE_LIMIT:.0f} s.")
        except TelephonyError as fault:
            self._fail(fault.code, fault.message)
        except WebSocketDisconnect as gone:
            self._closed(gone.code)
        return None

    def _event(self, message: Message | None) -> LineEvent | None:
        match message:
            case Media(payload=payload) if payload:
                return Sound(from_mulaw(payload))
            case Dtmf(digit=digit):
                return Digit(digit)
            case Mark(name=wire_name) if (name := self._pending.pop(wire_name, None)) is not None:
                return Played(name)
            case Stop():
                self._ended = self._ended or "caller"
        return None

    def _closed(self, close_code: int) -> None:
        """The socket closed without a stop message (codes: RFC 6455, section 7.4.1; 1005: closed without one)."""
        if close_code in {1000, 1001, 1005}:
            self._ended = self._ended or "caller"
        elif close_code == 1012:
            self._ended = self._ended or "shutdown"
        else:
            self._fail("telephony.closed", f"The socket was closed with code {close_code}.")

    def _fail(self, code: str, message: str) -> None:
        if not self._ended:
            self._ended, self.fault = "fault", code
            _log.warning("Call %s ended: %s (%s)", self.call_id, message, code)


AnswerCall = Callable[[MediaStream, CallInfo], Awaitable[None]]


async def serve_stream(stream: MediaStream, admit: Callable[[Start], CallInfo], answer_call: AnswerCall) -> None:
    """One call from its start message to its closed socket; a failed call is one log line and touches no other.

    admit: who the call is for, from its start; raises TelephonyError to refuse it.
    """
    try:
        start = await stream.start()
        await answer_call(stream, admit(start))
    except VoicebotError as fault:
        _log.warning("Call %s ended: %s (%s)", stream.call_id, fault.message, fault.code)
        stream.fault = fault.code
    except Exception as fault:  # the message of an unforeseen fault may hold what a caller said
        place = extract_tb(fault.__traceback__)[-1]
        _log.error(
            "Call %s failed: %s at %s:%s", stream.call_id, type(fault).__name__, Path(place.filename).name, place.lineno
        )
    finally:
        await stream.close()
