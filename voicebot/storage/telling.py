"""A stored call told as the conversation it was: its events folded into turns, in the order they were heard."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from voicebot.storage.filtering import Cursor, Filter
from voicebot.storage.searching import found_ids
from voicebot.storage.tables import Call

QUIET_SECONDS = 5.0
"""Nobody heard for this long before the bot speaks: it asks a silent caller after 7 s, and is quicker otherwise."""
OTHERS_LIMIT = 10


class By(StrEnum):
    """What brought a turn about."""

    SPEECH = "speech"
    KEY = "key"
    SILENCE = "silence"
    BOT = "bot"
    """The bot itself, as in its greeting."""


@dataclass(frozen=True)
class Piece:
    """A piece of a reply that was heard, to its end unless it was cut; begins, ends: seconds of the call."""

    text: str | None
    begins: float
    ends: float
    cut: bool = False


@dataclass(frozen=True)
class Waited:
    """Seconds from the caller's last word until each step was done; see `events.TurnTimed`."""

    ended: float
    transcribed: float
    decided: float
    sounded: float


@dataclass(frozen=True)
class Fault:
    """A stage that failed; at: seconds of the call."""

    at: float
    stage: str
    code: str


@dataclass(frozen=True)
class Transfer:
    """The caller was handed over to a human at `number`; at: seconds of the call."""

    at: float
    number: str
    reason: str


@dataclass
class Turn:
    """What a caller said or pressed, and what the bot did about it.

    at, ends: seconds of the call in which the caller spoke; known: when it was known what they had said. number: that
    of `tables.Turn`, 0 for what is none. text: None where there were no words or they are no longer kept. heard: the
    recogniser's confidence, None without a word, confidence: the decision's, both 0..1. candidates: the answers that
    were weighed, best first. Without a decision the bot went on with what it was saying, or took it for noise.
    """

    by: By
    at: float
    ends: float | None = None
    known: float | None = None
    number: int = 0
    text: str | None = None
    heard: float | None = None
    digit: str = ""
    candidates: tuple[tuple[str, float], ...] = ()
    decision: str | None = None
    answer: str | None = None
    confidence: float | None = None
    options: tuple[str, ...] = ()
    pieces: list[Piece] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    waited: Waited | None = None
    wait: float | None = None
    """Seconds from the last word to the first sound of the reply."""

    @property
    def cut(self) -> Piece | None:
        """The piece the caller spoke over."""
        return next((piece for piece in self.pieces if piece.cut), None)


@dataclass
class Conversation:
    """A call as it was heard. whole: False where its events are gone; ends: seconds of the call."""

    turns: list[Turn] = field(default_factory=list)
    transfer: Transfer | None = None
    satisfied: bool | None = None
    ends: float = 0.0
    whole: bool = True

    def without_words(self) -> "Conversation":
        """The same for those who may not know what was said: no words, no keys, no numbers."""
        for turn in self.turns:
            turn.text, turn.digit = None, "•" if turn.digit else ""
            turn.pieces = [Piece(None, piece.begins, piece.ends, piece.cut) for piece in turn.pieces]
        return self


class _Fold:
    """Events, in order, into a conversation."""

    def __init__(self) -> None:
        self.told = Conversation()
        self._sound = 0.0
        """When the caller or the bot was last heard."""
        self._voice_from = 0.0
        """When the next piece of the bot's begins at the earliest."""
        self._due = False
        """Whether the next decision is one on what was heard last."""

    def hear(self, kind: str, at: float, data: Mapping[str, Any]) -> None:
        """Take in one event; those that tell nothing of the conversation are passed over."""
        self.told.ends = max(self.told.ends, at)
        handle = _HANDLERS.get(kind)
        if handle is not None:
            handle(self, at, data)

    @property
    def _turn(self) -> Turn:
        """The turn under way; what the bot says before any other is one of its own."""
        return self.told.turns[-1] if self.told.turns else self._begin(By.BOT, 0.0)

    def _begin(self, by: By, at: float) -> Turn:
        self.told.turns.append(Turn(by, at))
        return self.told.turns[-1]

    def _open(self, by: By) -> Turn | None:
        """The turn under way if it came about so and nothing has been made of it yet."""
        turn = self.told.turns[-1] if self.told.turns else None
        return turn if turn and turn.by is by and turn.decision is None and turn.known is None else None

    def _speech_started(self, at: float, _: Mapping[str, Any]) -> None:
        self._begin(By.SPEECH, at)
        self._sound = at

    def _speech_ended(self, at: float, data: Mapping[str, Any]) -> None:
        turn = self._open(By.SPEECH) or self._begin(By.SPEECH, at)
        turn.ends = self._sound = data.get("speech_end", at)
        self._voice_from = at

    def _transcribed(self, at: float, data: Mapping[str, Any]) -> None:
        seconds = data.get("seconds", 0.0)
        turn = self._open(By.SPEECH) or self._begin(By.SPEECH, max(0.0, at - seconds))
        turn.known, turn.text, turn.heard = at, data.get("text"), data.get("confidence")
        turn.ends = turn.ends if turn.ends is not None else at
        self._sound = self._voice_from = max(at, self._voice_from)
        self._due = True

    def _matched(self, at: float, data: Mapping[str, Any]) -> None:
        self._due = True
        self._turn.known = self._turn.known or at
        self._turn.candidates = tuple((answer, confidence) for answer, confidence in data.get("candidates", ()))

    def _decided(self, at: float, data: Mapping[str, Any]) -> None:
        if self._due:
            turn, self._due = self._turn, False
        else:
            turn = self._begin(By.SILENCE if self.told.turns and at - self._sound > QUIET_SECONDS else By.BOT, at)
            turn.ends = at
        turn.decision, turn.answer = data.get("decision"), data.get("answer")
        turn.confidence, turn.options = data.get("confidence"), tuple(data.get("options", ()))
        self._voice_from = at

    def _turn_timed(self, at: float, data: Mapping[str, Any]) -> None:
        turn = self._turn
        turn.waited = Waited(*(data.get(step, 0.0) for step in ("ended", "transcribed", "decided", "sounded")))
        turn.ends, turn.wait = data.get("speech_end", turn.ends), turn.waited.sounded
        self._voice_from = max(self._voice_from, at)

    def _said(self, at: float, data: Mapping[str, Any]) -> None:
        self._heard(Piece(data.get("text"), min(self._voice_from, at), at))

    def _interrupted(self, at: float, data: Mapping[str, Any]) -> None:
        self._heard(Piece(data.get("text"), max(0.0, at - data.get("heard", 0.0)), at, cut=True))

    def _heard(self, piece: Piece) -> None:
        self._turn.pieces.append(piece)
        self._due = False
        self._sound = self._voice_from = piece.ends

    def _digit_pressed(self, at: float, data: Mapping[str, Any]) -> None:
        turn = self._begin(By.KEY, at)
        turn.ends, turn.digit = at, data.get("digit", "•")
        self._sound, self._due = at, True

    def _failed(self, at: float, data: Mapping[str, Any]) -> None:
        self._turn.faults.append(Fault(at, data.get("stage", ""), data.get("code", "")))
        self._voice_from = at

    def _transferred(self, at: float, data: Mapping[str, Any]) -> None:
        self.told.transfer = Transfer(at, data.get("number", ""), data.get("reason", ""))

    def _rated(self, _: float, data: Mapping[str, Any]) -> None:
        self.told.satisfied = data.get("satisfied")


_HANDLERS: Mapping[str, Callable[[_Fold, float, Mapping[str, Any]], None]] = {
    "SpeechStarted": _Fold._speech_started,
    "SpeechEnded": _Fold._speech_ended,
    "Transcribed": _Fold._transcribed,
    "Matched": _Fold._matched,
    "Decided": _Fold._decided,
    "TurnTimed": _Fold._turn_timed,
    "Said": _Fold._said,
    "Interrupted": _Fold._interrupted,
    "DigitPressed": _Fold._digit_pressed,
    "Failed": _Fold._failed,
    "Transferred": _Fold._transferred,
    "Rated": _Fold._rated,
}


def told(events: Iterable[tuple[str, float, Mapping[str, Any]]]) -> Conversation:
    """The conversation that the events (type, seconds of the call, other fields) of a call tell, in their order."""
    fold = _Fold()
    for kind, at, data in events:
        fold.hear(kind, at, data)
    for turn in fold.told.turns:
        turn.ends = fold.told.ends if turn.ends is None else turn.ends
    return fold.told


def tell(call: Call) -> Conversation:
    """The conversation of a call with its events and turns; where the events are gone, what the turns still know."""
    if call.events:
        conversation = told((event.type, event.at, event.data) for event in call.events)
        numbers = {turn.at: turn.number for turn in call.turns}
        for turn in conversation.turns:
            turn.number = numbers.get(turn.known, 0) if turn.known is not None else 0
        return conversation
    turns = [
        Turn(
            By.SPEECH,
            turn.at,
            turn.at,
            turn.at,
            turn.number,
            turn.text,
            turn.heard,
            decision=turn.decision,
            answer=turn.answer,
            confidence=turn.confidence,
            wait=turn.wait,
        )
        for turn in call.turns
    ]
    return Conversation(turns, ends=call.seconds or 0.0, whole=False)


async def found(session: AsyncSession, call_id: str) -> Call | None:
    """One call with its events and turns in order."""
    return await session.get(Call, call_id, options=[selectinload(Call.events), selectinload(Call.turns)])


async def others(session: AsyncSession, call: Call) -> list[Call]:
    """Other calls from the same telephone, the newest first, at most OTHERS_LIMIT."""
    if call.caller_hash is None:
        return []
    same = select(Call).where(Call.caller_hash == call.caller_hash, Call.id != call.id)
    return list(await session.scalars(same.order_by(Call.started.desc(), Call.id.desc()).limit(OTHERS_LIMIT)))


async def beside(session: AsyncSession, call: Call, filter_: Filter) -> tuple[str | None, str | None]:
    """Ids of the next newer and the next older call in a list that a call was opened from."""

    async def nearest(older: bool) -> str | None:
        found = await found_ids(session, filter_, Cursor(older, call.started, call.id), 1)
        return found[0] if found else None

    return await nearest(older=False), await nearest(older=True)
