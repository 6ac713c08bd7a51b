"""Results of calls that never were, with tones for voices, for what shows them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from voicebot.audio import TELEPHONE_RATE, AudioChunk, to_mulaw
from voicebot.replay.cases import Case, CaseFile
from voicebot.replay.conditions import parse_condition
from voicebot.replay.judging import CaseResult, Outcome, StepResult
from voicebot.replay.plan import Planned
from voicebot.replay.player import Recording
from voicebot.replay.runs import Run

CALLER_TONE, BOT_TONE = 500.0, 200.0
"""Hz of the voices, so that a test can tell them apart."""
BEGAN = 1000.0
"""Of every recording, on a clock of its own."""
GREETING = 3.0
"""Seconds in which the bot greets."""


def tone(seconds: float, pitch: float, syllables: float = 4.0) -> AudioChunk:
    """A tone that swells and fades like speech, over a trace of noise."""
    time = np.arange(round(seconds * TELEPHONE_RATE)) / TELEPHONE_RATE
    swell = np.abs(np.sin(np.pi * syllables * time)) * (0.6 + 0.4 * np.sin(2 * np.pi * 0.31 * time))
    noise = np.random.default_rng(1).normal(0, 0.0008, len(time))
    return AudioChunk((0.4 * swell * np.sin(2 * np.pi * pitch * time) + noise).astype(np.float32), TELEPHONE_RATE)


def step(text: str, heard: str, begins: float | None, ends: float | None, **others: Any) -> StepResult:
    """What a turn led to: answered right after 0.9 s, unless `others` says otherwise."""
    decision = {"decision": "answer", "answer": "pas-mistet", "confidence": 0.9, "options": [], "reply": "Ring straks."}
    given: dict[str, Any] = {
        "title": text,
        "decision": decision,
        "candidates": (("pas-mistet", 0.9), ("pas-fornyelse", 0.06), ("koerekort-mistet", 0.02)),
        "outcome": Outcome.RIGHT,
        "first_sound": 0.9,
        "answer_sound": 0.9,
        "misses": (),
    }
    return StepResult(text=text, heard=heard, begins=begins, ends=ends, **given | others)


def played(
    name: str,
    title: str,
    steps: Sequence[StepResult],
    *,
    seconds: float = 12.0,
    cleared: Sequence[float] = (),
    recorded: bool = True,
    **others: Any,
) -> CaseResult:
    """How a call went. cleared: seconds of the call at which the bot fell silent."""
    given: dict[str, Any] = {
        "tags": ("in_scope",),
        "fingerprint": "f",
        "condition": "ren",
        "repetition": 1,
        "outcome": "caller_hung_up",
        "misses": (),
        "settled": not any(each.misses for each in steps),
    } | others
    planned = Planned(_case(name, title), parse_condition(given["condition"]), given["repetition"], 1)
    recording = _recording(planned, steps, seconds, cleared) if recorded else None
    return CaseResult(name=name, title=title, seconds=seconds, steps=tuple(steps), recording=recording, **given)


def _case(name: str, title: str) -> Case:
    script = CaseFile.model_validate(
        {
            "title": title,
            "what": f"Shows what becomes of {title}.",
            "provenance": "made up",
            "licence": "MPL-2.0",
            "turns": [{"silence": True}],
        }
    )
    return Case(name, Path("audio_fixtures") / f"{name}.yaml", script, {})


def _recording(call: Planned, steps: Sequence[StepResult], seconds: float, cleared: Sequence[float]) -> Recording:
    """The caller speaks in every turn; the bot greets, and replies until the next turn, or until it falls silent."""
    caller = tone(seconds, CALLER_TONE).samples * 0.002
    bot = [(BEGAN, to_mulaw(tone(GREETING, BOT_TONE)))]
    turns = [each for each in steps if each.begins is not None]
    nexts = [*(each.begins for each in turns), seconds][1:]
    for each, following in zip(turns, nexts, strict=True):
        begins, ends = (round(at * TELEPHONE_RATE) for at in (each.begins, each.ends))
        caller[begins:ends] += tone((ends - begins) / TELEPHONE_RATE, CALLER_TONE).samples
        if each.answer_sound is not None:
            sounds = each.ends + each.answer_sound
            silent = min([following, *(cut for cut in cleared if cut > sounds)])
            bot.append((BEGAN + sounds, to_mulaw(tone(silent - sounds, BOT_TONE))))
    return Recording(
        call,
        seconds=seconds,
        began=BEGAN,
        caller=to_mulaw(AudioChunk(caller.astype(np.float32), TELEPHONE_RATE)),
        bot=bot,
        cleared=[BEGAN + cut for cut in cleared],
    )


LOST = "Jeg har mistet mit pas. Hvad gør jeg?"
ASKED = {"decision": "clarify", "answer": None, "confidence": 0.4, "options": ["pas-mistet", "pas-fornyelse"]}
MISSED = {"outcome": Outcome.WRONG, "misses": ("answered affald-sortering, which nobody asked for",)}
RUN = Run("virtual", 1, ("ren", "telefon,stoej-10db"), 1, 0, "roskilde", "3f9c1a", "whisper-base", "", 42.0)


def results() -> tuple[CaseResult, ...]:
    """Calls of every kind: right, wrong, missed, interrupted, silent, hostile, not recorded, in two conditions."""
    asked = ASKED | {"reply": "Handler det om, at dit pas er mistet, eller om at forny det?"}
    hostile = "<script>document.title = 'taken'</script> & <b>fed</b>"
    return (
        played("pas/mistet", "Mistet pas", [step(LOST, LOST.lower(), 3.6, 6.2)], tags=("in_scope", "gate")),
        played(
            "pas/mistet",
            "Mistet pas",
            [step(LOST, "jeg har misset mit bas hvad gør", 3.6, 6.2, outcome=Outcome.OFFERED, decision=asked)],
            condition="telefon,stoej-10db",
            tags=("in_scope", "gate"),
        ),
        played(
            "samtale/afbryder",
            "Afbryder botten og taster et nul",
            [
                step("Hvornår skal pap afhentes?", "hvornår skal pappa hentes", 3.5, 5.6, answer_sound=1.4),
                step("Nej, jeg mener glas", "nej jeg mener glas", 9.0, 10.4, first_sound=1.1, answer_sound=2.3),
                _key("0", 16.0),
            ],
            seconds=19.0,
            cleared=(9.4,),
            tags=("barge_in", "digit"),
            outcome="transferred",
        ),
        played("udenfor/vejret", hostile, [step(hostile, hostile, 4.0, 6.5, **MISSED)], tags=("out_of_scope", "vital")),
        played(
            "samtale/tavs",
            "Siger ingenting",
            [StepResult("is silent", "", "", {}, (), None, None, None, None, None, ("the bot decided nothing",))],
            tags=("silence",),
            misses=("the line broke",),
            outcome="",
        ),
        played(
            "vej/hul", "Hul i vejen", [step("Der er et hul i vejen", "der er et hus i vejen", 3.4, 5.0)], recorded=False
        ),
    )


def _key(digit: str, at: float) -> StepResult:
    handed = {"decision": "transfer", "answer": None, "confidence": 1.0, "options": [], "reply": "Jeg stiller dig om."}
    return step(
        "", "", at, at, title=f"presses {digit}", decision=handed, candidates=(), first_sound=0.3, answer_sound=0.3
    )
