"""Calls that never were, as a bot would have told of them."""

from pathlib import Path
from typing import Any

from voicebot.replay.captions import Caption
from voicebot.replay.cases import Case, CaseFile, Step
from voicebot.replay.conditions import CLEAN
from voicebot.replay.judging import CaseResult, judge
from voicebot.replay.plan import Planned
from voicebot.replay.playback import Piece
from voicebot.replay.player import Recording
from voicebot.replay.turns import Turn


def a_plan(*steps: dict[str, Any], municipality: str = "") -> Planned:
    script = CaseFile(
        title="En sag",
        municipality=municipality,
        tags=("in_scope",),
        provenance="made up",
        licence="MPL-2.0",
        turns=tuple(Step.model_validate(step) for step in steps),
    )
    return Planned(Case("pas/sag", Path("pas/sag.yaml"), script, {}), CLEAN, 1, 1)


def captions(*told: tuple[float, str, dict[str, Any]]) -> list[Caption]:
    return [Caption(at, kind, data) for at, kind, data in told]


def decision(kind: str, answer: str | None = None, *options: str, reply: str = "Svar.") -> dict[str, Any]:
    return {"decision": kind, "answer": answer, "confidence": 0.9, "options": list(options), "reply": reply}


STARTED = (0.0, "CallStarted", {"municipality": "roskilde"})


def a_call(
    expect: dict[str, Any] | None,
    decided: dict[str, Any] | None,
    *others: tuple[float, str, dict[str, Any]],
    outcome: str = "caller_hung_up",
    heard: float | None = 4.65,
    cleared: tuple[float, ...] = (),
    **step: Any,
) -> CaseResult:
    """A call of one utterance, its last word at 3.5 s of a clock that began at 1.0; others: what is told besides."""
    call = a_plan({"say": "a.wav", "expect": expect, **step})
    told = captions(
        STARTED,
        (0.0, "Decided", decision("smalltalk", reply="Velkommen.")),
        (0.0, "Saying", {"text": "Velkommen."}),
        (2.0, "SpeechStarted", {}),
        (4.0, "SpeechEnded", {"speech_end": 3.2}),
        (4.5, "Transcribed", {"text": "mit pas er væk"}),
        (4.5, "Matched", {"candidates": [["pas-mistet", 0.8], ["rotter", 0.1]]}),
        *([(4.5, "Decided", decided), (4.6, "Saying", {"text": decided["reply"]})] if decided else []),
        *others,
        (9.0, "CallEnded", {"outcome": outcome}),
    )
    pieces = [Piece(0.0, 0.1), Piece(4.6, heard)]
    turns = [Turn(call.case.script.turns[0], 3, 3.5, 2.5)]
    return judge(Recording(call, turns, told, pieces, 9.0, began=1.0, cleared=list(cleared)))


PASSPORT = decision("answer", "pas-mistet", reply="Meld det til politiet. Det koster 150 kroner.")
ASKED = decision("clarify", None, "pas-fornyelse", "pas-mistet")
