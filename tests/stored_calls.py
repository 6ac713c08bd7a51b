"""Calls as the record holds them when they are over, for those who look at them."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from tests.virtual_line import SpeakingScript, VirtualCall
from voicebot.events import Event, Saying
from voicebot.storage.story import Story
from voicebot.storage.tables import Call, CallEvent, Turn

Row = tuple[str, float, dict[str, Any]]
MEANT = (("pas-mistet", 0.97), ("pas-fornyelse", 0.2))
BEGAN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def at_noon() -> datetime:
    """Two hours later."""
    return datetime(2026, 11, 22, 12, tzinfo=UTC)


async def a_real_call() -> list[Row]:
    """What the bot recorded of a call: a question, a mumble in the answer, silence, then the key for a human."""
    script = SpeakingScript()
    async with VirtualCall(script) as call:
        await call.quiet(10)
        await call.ask("jeg har mistet mit pas", *MEANT)
        await call.quiet(3)
        script.hears.append("mm")
        await call.speak(0.4)
        await call.quiet(40)
        await call.press("0")
        await call.quiet(10)
    return list(_rows(call.seen))


def _rows(seen: Sequence[Event]) -> Iterator[Row]:
    """Events as the record keeps them."""
    for event in seen:
        data = asdict(event)
        for left_out in ("call", "at", "caller", "started", "reply"):
            data.pop(left_out, None)
        if not isinstance(event, Saying):
            yield type(event).__name__, event.at, data


def asked(
    at: float, text: str, decision: str, answer: str | None, *, sure: float = 0.9, wait: float = 0.6
) -> list[Row]:
    """Two seconds of words, beginning at `at`, and what was decided on them."""
    ends, known = at + 2.0, at + 2.4
    steps = {"ended": 0.4, "transcribed": 0.35, "decided": 0.42, "sounded": wait}
    return [
        ("SpeechStarted", at, {}),
        ("SpeechEnded", known, {"speech_end": ends}),
        ("Transcribed", known, {"text": text, "confidence": 0.8, "seconds": 2.0}),
        ("Matched", known, {"candidates": [["pas-mistet", sure], ["pas-fornyelse", 0.31]]}),
        ("Decided", known, {"decision": decision, "answer": answer, "confidence": sure, "options": []}),
        ("TurnTimed", ends + wait, {"speech_end": ends, **steps}),
    ]


CONVERSATION: list[Row] = [
    ("CallStarted", 0.0, {"channel": "twilio", "municipality": "roskilde"}),
    ("Decided", 0.0, {"decision": "smalltalk", "answer": None, "confidence": 1.0, "options": []}),
    ("Said", 5.0, {"text": "Velkommen til Roskilde Kommune."}),
    *asked(6.0, "jeg har mistet mit pas", "answer", "pas-mistet"),
    ("Said", 11.0, {"text": "Meld det til Borgerservice."}),
    ("Interrupted", 12.5, {"text": "Tag legitimation med.", "heard": 1.1}),
    *asked(12.5, "hvor har I åbent", "clarify", None, sure=0.4, wait=1.7),
    ("Said", 19.0, {"text": "Handler det om pas?"}),
    ("DigitPressed", 21.0, {"digit": "0"}),
    ("Decided", 21.0, {"decision": "transfer", "answer": None, "confidence": 1.0, "options": []}),
    ("Said", 23.0, {"text": "Jeg stiller dig om."}),
    ("Transferred", 23.0, {"number": "+4546313000", "reason": "asked"}),
    ("CallEnded", 23.5, {"outcome": "transferred"}),
]


def stored(call_id: str = "CA1", rows: Sequence[Row] = CONVERSATION, **columns: Any) -> Call:
    """A call with its events, and what the record makes of them."""
    story = Story()
    for kind, at, data in rows:
        story.hear(kind, at, data)
    summary = story.summary(columns.get("started", BEGAN), "roskilde")
    base = {"id": call_id, "channel": "twilio", "municipality": "roskilde", "caller_last_two": "44", "started": BEGAN}
    call = Call(**{**base, "caller_hash": "ab" * 32, **summary.columns(), **columns})
    call.events = [CallEvent(seq=n, at=at, type=kind, data=data) for n, (kind, at, data) in enumerate(rows)]
    call.turns = [Turn(**row) for row in summary.turn_rows(call_id)]
    return call
