"""When a call has been silent, or busy with one thing, for too long: arithmetic on audio seconds."""

from dataclasses import dataclass
from enum import Enum

FILL_AFTER = 1.6
"""Seconds without a sound from either side, with a reply under way, after which the caller hears that one is working:
it must never be silent for 2 s."""
ASK_AFTER = 7.0
"""Seconds a caller may be silent before being asked whether they are there."""
CALL_LIMIT = 900.0
"""Seconds after which a call is closed politely."""


class Doing(Enum):
    """What a call is busy with."""

    LISTENING = "listening"
    """Nobody speaks; it is the caller's turn."""
    HEARING = "hearing"
    """The caller speaks."""
    THINKING = "thinking"
    """The caller's turn is over; what follows from it is being worked out."""
    MAKING = "making"
    """A reply is settled and its speech is not there."""
    SPEAKING = "speaking"
    """Sound of the bot is on its way to the caller."""


LIMITS = {Doing.THINKING: 8.0, Doing.MAKING: 6.0}
"""Seconds after which a human takes over what hangs."""


class Alarm(Enum):
    """What a call must do now, whatever hangs."""

    FILL = "fill"
    """Say that one is working."""
    GIVE_UP = "give up"
    """Drop what hangs and hand over to a human."""
    ASK = "ask"
    """Ask whether the caller is there."""
    CLOSE = "close"
    """Take leave: the call has lasted long enough."""


@dataclass(frozen=True)
class Moment:
    """A call at one moment, in seconds of its audio: what it does, since when, and since when nobody is heard.

    closing: whether it is on its way to its end, whatever the caller says.
    """

    now: float
    doing: Doing
    since: float
    silent_since: float
    closing: bool = False


def alarm(moment: Moment) -> Alarm | None:
    """What must be done at this moment, if anything; asked again at the next, it says it again until it is done."""
    if moment.now > CALL_LIMIT and not moment.closing:
        return Alarm.CLOSE
    silent = moment.now - moment.silent_since
    if moment.doing is Doing.LISTENING:
        return Alarm.ASK if silent > ASK_AFTER and not moment.closing else None
    if moment.doing not in LIMITS:
        return None
    if moment.now - moment.since > LIMITS[moment.doing]:
        return Alarm.GIVE_UP
    return Alarm.FILL if silent > FILL_AFTER else None
