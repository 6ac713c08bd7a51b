"""What a telephone line tells a call, and what a call can do to it: no carrier named."""

from dataclasses import dataclass
from typing import Protocol

from voicebot.audio import AudioChunk


@dataclass(frozen=True)
class CallInfo:
    """Who calls, and how. channel: 'twilio' or 'web'; caller: the number as the carrier gave it, or ''."""

    call_id: str
    channel: str
    municipality: str
    caller: str


@dataclass(frozen=True)
class Sound:
    """The caller's sound, of any length, at 8 kHz."""

    chunk: AudioChunk


@dataclass(frozen=True)
class Digit:
    """A key pressed: one of 0-9, * and #."""

    digit: str


@dataclass(frozen=True)
class Played:
    """The caller has heard everything up to the mark of this name.

    A mark echoed because the buffer was cleared is never told.
    """

    mark: str


@dataclass(frozen=True)
class HungUp:
    """The line is gone; the last event of a call. reason: 'caller', 'fault' or 'shutdown'."""

    reason: str


LineEvent = Sound | Digit | Played | HungUp


class Line(Protocol):
    """What a call can do to its line; every method returns at once or within its own time limit.

    All are harmless after the line is gone.
    """

    async def play(self, mulaw: bytes) -> None:
        """Queue G.711 mu-law at 8 kHz, one byte per sample, behind what is already queued."""

    async def mark(self, name: str) -> None:
        """Ask for a `Played(name)` once all queued before it has been heard."""

    async def clear(self) -> None:
        """Drop what is queued and not yet heard."""

    async def transfer(self, number: str) -> None:
        """Hand the caller over to a human at `number` (E.164) and leave the line."""

    async def hang_up(self) -> None:
        """End the call."""
