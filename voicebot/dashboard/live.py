"""The calls that go on now, for those who watch."""

from voicebot.events import Event


class Live:
    """What is known of each call that goes on."""

    def hear(self, event: Event) -> None:
        """Take in an event; returns at once."""
