"""The telephone line: the carrier's messages and webhooks, and the browser as a telephone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CallInfo:
    """What is known of a call before the first sound.

    call_id: the carrier's id; channel: 'twilio' or 'web'; municipality: id of the one that was called;
    caller: the number as the carrier gave it, or '' where it was withheld. It stays out of every log.
    """

    call_id: str
    channel: str
    municipality: str
    caller: str
