"""One invented call: its events in order, as the recorder would keep them."""

from collections.abc import Sequence
from random import Random
from typing import Any

from voicebot.demo.themes import Theme
from voicebot.demo.town import Topic, Town, said

Told = tuple[str, float, dict[str, Any]]
"""An event's type, seconds since the call began, and its other fields."""

_LETTERS_A_SECOND = 15.0


class Talk:
    """Tells a call as it goes on. skill: 0..1, how well the bot understands at this time of the year."""

    def __init__(self, random: Random, town: Town, month: int, skill: float) -> None:
        """The line is open and the bot begins to greet."""
        self.random, self.town, self.month, self.skill = random, town, month, skill
        self.at = 0.0
        self.events: list[Told] = [("CallStarted", 0.0, {"channel": "twilio", "municipality": town.id})]
        self.subject: Topic | Theme | None = None
        """What the caller wants to know."""
        self.wishes: list[Topic | Theme] = []
        """What each turn of the caller was about, in order."""

    def note(self, type_: str, **data: Any) -> None:  # noqa: ANN401 - an event's own fields
        """Something happens now."""
        self.events.append((type_, round(self.at, 3), data))

    def greet(self) -> None:
        """The bot says who it is."""
        self.decide("smalltalk")
        self.speak(self.town.phrases["greeting"])

    def decide(
        self, kind: str, answer: str | None = None, confidence: float = 1.0, options: Sequence[str] = ()
    ) -> None:
        """The bot settles what to do."""
        self.note("Decided", decision=kind, answer=answer, confidence=round(confidence, 3), options=list(options))

    def speak(self, pieces: Sequence[str]) -> None:
        """The bot says something, and is heard to the end."""
        self.note("StateChanged", state="speaking")
        for piece in pieces:
            self.at += max(0.6, len(piece) / _LETTERS_A_SECOND)
            self.note("Said", text=piece)
        self.note("StateChanged", state="listening")

    def cut(self, pieces: Sequence[str]) -> None:
        """The bot is interrupted in one of the pieces."""
        place = self.random.randrange(len(pieces))
        if place:
            self.speak(pieces[:place])
        heard = round(self.random.uniform(0.4, 1.8), 2)
        self.at += heard
        self.note("Interrupted", text=pieces[place], heard=heard)

    def caller(self, text: str, about: Topic | Theme, candidates: Sequence[tuple[str, float]]) -> None:
        """The caller says something, which the bot weighs."""
        self.wishes.append(about)
        self.at += self.random.uniform(0.5, 2.5)
        self.note("SpeechStarted")
        seconds = max(0.7, len(text) / _LETTERS_A_SECOND)
        self.at += seconds
        ended, end = 0.25 + 0.2 * self.random.random(), self.at
        self.at += ended
        self.note("SpeechEnded", speech_end=round(end, 3))
        self.note("StateChanged", state="thinking")
        heard = min(0.99, 0.45 + 0.5 * self.random.random())
        self.note("Transcribed", text=text, confidence=round(heard, 3), seconds=round(seconds, 3))
        self.note("Matched", candidates=[[id_, round(confidence, 3)] for id_, confidence in candidates])
        self._end, self._ended = end, ended

    def sound(self) -> None:
        """The first sound of the reply, after the wait that callers of this time of the year have."""
        wait = self._ended + 0.12 + self.random.expovariate(1 / (0.26 - 0.1 * self.skill))
        if self.random.random() < 0.015:
            wait += self.random.expovariate(1 / 1.1)
        self.at = self._end + wait
        known = self._ended + 0.3 * (wait - self._ended)
        self.note(
            "TurnTimed",
            speech_end=round(self._end, 3),
            ended=round(self._ended, 3),
            transcribed=round(known, 3),
            decided=round(known + 0.01, 3),
            sounded=round(wait, 3),
        )

    def press(self, digit: str) -> None:
        """The caller presses a key."""
        self.at += self.random.uniform(0.4, 1.5)
        self.note("DigitPressed", digit=digit)

    def transfer(self, reason: str) -> None:
        """The bot hands over to a human, and the call is over for it."""
        self.note("Transferred", number=self.town.library.municipality.transfer_number, reason=reason)
        self.end("transferred")

    def end(self, outcome: str) -> None:
        """The call is over."""
        self.note("CallEnded", outcome=outcome)

    def ask(self, subject: Topic | Theme, kind: str, confidence: float, candidates: Sequence[str]) -> None:
        """The caller asks, and the bot settles on one of its candidates, best first, or on none."""
        weighed = [(id_, confidence * 0.45**place) for place, id_ in enumerate(candidates)]
        self.caller(said(self.random, subject.said), subject, weighed)
        answer = candidates[0] if kind in ("answer", "emergency") else None
        self.decide(kind, answer, confidence, candidates if kind == "clarify" else ())
        self.sound()
