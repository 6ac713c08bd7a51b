"""A call as a picture of its time: when the caller spoke, when the bot thought, and when it answered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from voicebot.dashboard.pages import length, number, seconds
from voicebot.dashboard.wording import DECISIONS, REASONS
from voicebot.storage.telling import By, Conversation, Turn

LEAST_WIDTH = 0.35
"""Of a bar, in percent: what lasts a tenth of a second in a long call is still to be seen and pressed."""
TICK_SECONDS = (5, 10, 15, 30, 60, 120, 300)
TICKS = 7
"""Times written below the picture at most: as many as a telephone's screen has room for."""


@dataclass(frozen=True)
class Bar:
    """A stretch of time. kind: 'caller', 'thinking', 'bot', 'cut', 'key', 'fault' or 'transfer'; x, width: percent."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True)
class Step:
    """A turn in the picture. anchor: of the turn on the page; title: what happened, in Danish."""

    anchor: str
    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Timeline:
    """The picture: its steps, its axis as (percent, time), and the same in a sentence."""

    steps: tuple[Step, ...]
    ticks: tuple[tuple[float, str], ...]
    summary: str

    @property
    def kinds(self) -> set[str]:
        """The kinds of its bars."""
        return {bar.kind for step in self.steps for bar in step.bars}


def anchors(turns: Sequence[Turn]) -> list[str]:
    """By what each turn is found on the page: 'tur-3' for the third with words, 'trin-5' for others, by their place."""
    return [f"tur-{turn.number}" if turn.number else f"trin-{place}" for place, turn in enumerate(turns, 1)]


def timeline(conversation: Conversation) -> Timeline | None:
    """The picture of a call whose events are kept; None for others."""
    whole = conversation.ends
    if not conversation.whole or whole <= 0:
        return None

    def bar(kind: str, begins: float, ends: float) -> Bar:
        width = max(LEAST_WIDTH, 100 * (ends - begins) / whole)
        return Bar(kind, round(min(100 * begins / whole, 100 - width), 2), round(width, 2))

    turns = conversation.turns
    steps = [
        Step(anchor, _title(turn), tuple(bar(*stretch) for stretch in _stretches(turn)))
        for anchor, turn in zip(anchors(turns), turns, strict=True)
    ]
    if conversation.transfer:
        its = conversation.transfer
        steps.append(Step("omstilling", f"{length(its.at)} Stillet om", (bar("transfer", its.at, its.at),)))
    every = next((each for each in TICK_SECONDS if whole / each <= TICKS), TICK_SECONDS[-1])
    ticks = tuple((round(100 * at / whole, 2), length(at)) for at in range(0, int(whole) + 1, every))
    return Timeline(tuple(steps), ticks, _summary(conversation))


def _stretches(turn: Turn) -> Iterator[tuple[str, float, float]]:
    """What is drawn of a turn: (kind, from, to) in seconds of the call."""
    ends = turn.at if turn.ends is None else turn.ends
    if turn.by is By.SPEECH:
        yield "caller", turn.at, ends
    elif turn.by is By.KEY:
        yield "key", turn.at, turn.at
    if turn.wait:
        yield "thinking", ends, ends + turn.wait
    for piece in turn.pieces:
        yield "bot", piece.begins, piece.ends
        if piece.cut:
            yield "cut", piece.ends, piece.ends
    for fault in turn.faults:
        yield "fault", fault.at, fault.at


def _title(turn: Turn) -> str:
    """What happened in a turn, without a word that was said."""
    parts = [f"{length(turn.at)} {BEGINNINGS[turn.by]}"]
    if turn.decision and turn.by in (By.SPEECH, By.KEY):
        decided = f"botten {DECISIONS.get(turn.decision, turn.decision).lower()}"
        parts.append(decided if turn.wait is None else f"{decided} efter {seconds(turn.wait)}")
    if turn.cut:
        parts.append("botten blev afbrudt")
    return ", ".join(parts)


BEGINNINGS: Mapping[By, str] = {
    By.SPEECH: "Den, der ringede, talte",
    By.KEY: "Der blev trykket på en tast",
    By.SILENCE: "Der var stille",
    By.BOT: "Botten talte",
}


def _summary(conversation: Conversation) -> str:
    stretches = [stretch for turn in conversation.turns for stretch in _stretches(turn)]

    def lasted(kind: str) -> str:
        return f"{number(sum(ends - begins for what, begins, ends in stretches if what == kind))} sekunder"

    def times(kind: str) -> int:
        return sum(1 for what, _, _ in stretches if what == kind)

    parts = [
        f"Opkaldet varede {length(conversation.ends)}.",
        f"Den, der ringede, talte i {lasted('caller')}, og botten i {lasted('bot')}.",
    ]
    slowest = max((turn.wait for turn in conversation.turns if turn.wait is not None), default=None)
    if slowest is not None:
        parts.append(f"Den længste ventetid på et svar var {seconds(slowest)}.")
    if times("cut"):
        parts.append(f"Botten blev afbrudt {_often(times('cut'))}.")
    if times("key"):
        parts.append(f"Der blev trykket på en tast {_often(times('key'))}.")
    if conversation.transfer:
        parts.append(f"Stillet om: {REASONS.get(conversation.transfer.reason, conversation.transfer.reason).lower()}.")
    return " ".join(parts)


def _often(times: int) -> str:
    return "1 gang" if times == 1 else f"{times} gange"
