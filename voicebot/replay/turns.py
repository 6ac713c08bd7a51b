"""One turn of a call: what the bot decided on it, and when its reply was heard. Pure."""

from dataclasses import dataclass

from voicebot.replay.captions import Caption
from voicebot.replay.cases import Step
from voicebot.replay.playback import Piece

_SLACK = 0.1
"""Seconds that the bot's account of a turn may lag behind its sound."""


@dataclass
class Turn:
    """A step that was played.

    first: how many captions there were before it; said: when the last word, or key, was; began: when the first was.
    """

    step: Step
    first: int
    said: float
    began: float = 0.0
    fault: str = ""


def decided(step: Step, captions: list[Caption]) -> int | None:
    """Where among the step's captions the bot decided on it; None while it has not.

    On what was said: the last decision that follows what it heard; on a key, and on silence, the first.
    """
    place, caused = None, not step.causes
    for number, caption in enumerate(captions):
        if caption.type in step.causes:
            caused = True
        elif caption.type == "Decided" and caused:
            place = number if step.say or place is None else place
            caused = not step.causes
    return place


@dataclass(frozen=True)
class Sounds:
    """Seconds from the caller's last word, or key, to the first sound and to the first of the reply; None: not yet."""

    first: float | None = None
    answer: float | None = None


def reply_sounds(turn: Turn, captions: list[Caption], pieces: list[Piece]) -> Sounds:
    """When the reply to a turn was heard; captions: those from the turn on; pieces: all of the call.

    The bot tells of each piece as it sends it, so that texts and pieces since the end of the turn go together. What is
    not part of the reply is a filler.
    """
    if (place := decided(turn.step, captions)) is None:
        return Sounds()
    ends = [number for number, c in enumerate(captions[:place]) if c.type in {"SpeechEnded", "DigitPressed"}]
    begin = ends[-1] if ends else place
    texts = []
    for number, caption in enumerate(captions[begin:], start=begin):
        if caption.type == "Saying":
            texts.append(caption.data["text"])
        elif number > place and caption.type in {"SpeechStarted", "DigitPressed", "Decided"}:
            break
    sent = [piece for piece in pieces if piece.arrived > captions[begin].at - _SLACK]
    heard = [(text, piece.heard - turn.said) for text, piece in zip(texts, sent, strict=False) if piece.heard]
    reply = captions[place].data["reply"]
    return Sounds(
        next((seconds for _, seconds in heard), None), next((seconds for text, seconds in heard if text in reply), None)
    )
