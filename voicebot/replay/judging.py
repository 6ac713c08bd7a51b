"""From what happened in a call to whether it was right. Pure."""

from dataclasses import dataclass
from itertools import pairwise, takewhile
from math import inf
from typing import Any

from voicebot.replay.captions import Caption
from voicebot.replay.expecting import Happened, Outcome, misses_of, needs_decision, outcome_of, settled
from voicebot.replay.plan import Planned
from voicebot.replay.player import Recording
from voicebot.replay.turns import Turn, decided, reply_sounds

__all__ = ["CaseResult", "Outcome", "StepResult", "judge", "not_played"]

_SPOKEN = {"answer", "emergency"}
"""Decisions on which an answer's text is spoken."""


@dataclass(frozen=True)
class StepResult:
    """What a step led to.

    text: what was said, '' if unknown; heard: what the recogniser made of it; decision: fields of `events.Decided`, {}
    if there was none; candidates: the answers weighed, best first, each with its confidence; outcome: None where no
    decision was expected; begins, ends: seconds of the call in which the caller said or pressed it, None where they did
    not; first_sound, answer_sound: seconds from the end of the caller's last word to any sound in the caller's ear, and
    to the first of the reply, which a filler makes differ; misses: what was not as expected.
    """

    title: str
    text: str
    heard: str
    decision: dict[str, Any]
    candidates: tuple[tuple[str, float], ...]
    outcome: Outcome | None
    begins: float | None
    ends: float | None
    first_sound: float | None
    answer_sound: float | None
    misses: tuple[str, ...]


@dataclass(frozen=True)
class CaseResult:
    """How a call went.

    fingerprint: of script and sounds; condition: name of the line's; repetition: from 1; outcome: how the call ended;
    misses: of the call as a whole; settled: every answer, handover and ending that the caller wanted came in the end;
    municipality: whose bot it was, '' where it did not tell.
    """

    name: str
    title: str
    tags: tuple[str, ...]
    fingerprint: str
    condition: str
    repetition: int
    outcome: str
    seconds: float
    steps: tuple[StepResult, ...]
    misses: tuple[str, ...]
    recording: Recording | None
    settled: bool = False
    municipality: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The case under its condition, whatever the repetition."""
        return self.name, self.condition

    @property
    def label(self) -> str:
        """How a report names it."""
        return f"{self.name} ({self.condition})"

    @property
    def passed(self) -> bool:
        """Whether all was right."""
        return not self.misses and not any(step.misses for step in self.steps)

    @property
    def wrong(self) -> bool:
        """Whether anything was answered as certain that was not asked for."""
        return any(step.outcome is Outcome.WRONG for step in self.steps)


def not_played(call: Planned, why: str) -> CaseResult:
    """A call that could not be made."""
    return _result(call, misses=(why,))


def judge(recording: Recording) -> CaseResult:
    """Hold a call against what its case expects."""
    ends = [*(turn.first for turn in recording.turns), len(recording.captions)]
    told = [recording.captions[begin:end] for begin, end in pairwise(ends)]
    ending = _ending(recording)
    happened: list[Happened] = []
    for number, captions in enumerate(told):
        happened.append(_happened(recording, number, captions, happened[-1] if happened else Happened({}), ending))
    steps = tuple(
        _step(recording, turn, captions, what)
        for turn, captions, what in zip(recording.turns, told, happened, strict=True)
    )
    expected = [(place, turn.step.expect) for place, turn in enumerate(recording.turns) if turn.step.expect]
    all_came = all(settled(expect, happened[place:]) for place, expect in expected)
    return _result(recording.call, recording, ending, steps, _call_misses(recording, ending), all_came)


def _result(  # noqa: PLR0913, PLR0917 - a call and what came of it
    call: Planned,
    recording: Recording | None = None,
    ending: str = "",
    steps: tuple[StepResult, ...] = (),
    misses: tuple[str, ...] = (),
    all_came: bool = False,
) -> CaseResult:
    return CaseResult(
        name=call.case.name,
        title=call.case.script.title,
        tags=call.case.script.tags,
        fingerprint=call.case.fingerprint,
        condition=call.condition.name,
        repetition=call.repetition,
        outcome=ending,
        seconds=recording.seconds if recording else 0.0,
        steps=steps,
        misses=misses,
        recording=recording,
        settled=all_came,
        municipality=_municipality(recording) if recording else "",
    )


def _ending(recording: Recording) -> str:
    """How the call ended; a caller can only hang up while the line is open, whatever the bot has told."""
    if recording.hung_up:
        return "caller_hung_up"
    return next((str(c.data["outcome"]) for c in recording.captions if c.type == "CallEnded"), "")


def _municipality(recording: Recording) -> str:
    """Whose bot it was, '' where it did not tell."""
    return next((str(c.data["municipality"]) for c in recording.captions if c.type == "CallStarted"), "")


def _call_misses(recording: Recording, ending: str) -> tuple[str, ...]:
    misses = [recording.fault] if recording.fault else []
    municipality, serves = recording.call.case.script.municipality, _municipality(recording)
    if municipality not in {"", serves}:
        misses.append(f"the case is for {municipality}, the bot is {serves or 'nobody'}'s")
    if not ending and not misses:
        misses.append("the bot never said that the call had ended")
    return tuple(misses)


def _happened(recording: Recording, number: int, captions: list[Caption], before: Happened, ending: str) -> Happened:
    turn, following = recording.turns[number], recording.turns[number + 1 :]
    place = decided(turn.step, captions)
    decision = {} if place is None else captions[place].data
    until = following[0].began if following else inf
    return Happened(
        decision,
        again=() if place is None else _again(captions[place + 1 :]),
        offered=before.options,
        asked=before.asked + (decision.get("decision") == "clarify"),
        transfers=tuple((c.data["number"], c.data["reason"]) for c in captions if c.type == "Transferred"),
        fell_silent=any(c.type == "Interrupted" for c in captions)
        or any(turn.began <= at < until for at in recording.cleared),
        answer_sound=reply_sounds(turn, captions, recording.pieces).answer,
        ending=ending,
        fault=turn.fault,
    )


def _again(captions: list[Caption]) -> tuple[str, ...]:
    """The answers given after the decision, before the caller is heard again."""
    unasked = takewhile(lambda c: c.type not in {"Transcribed", "Matched", "DigitPressed"}, captions)
    told = [c.data for c in unasked if c.type == "Decided" and c.data["decision"] in _SPOKEN]
    return tuple(data["answer"] or data["decision"] for data in told)


def _step(recording: Recording, turn: Turn, captions: list[Caption], happened: Happened) -> StepResult:
    before = captions[: decided(turn.step, captions)]
    weighed: list[tuple[str, float]] = next((c.data["candidates"] for c in reversed(before) if c.type == "Matched"), [])
    sounds = reply_sounds(turn, captions, recording.pieces)
    begins, ends = (None, None) if turn.fault or turn.step.silence else (turn.began, turn.said)
    return StepResult(
        title=turn.step.title,
        text=turn.step.text,
        heard=next((c.data["text"] for c in reversed(before) if c.type == "Transcribed"), ""),
        decision=happened.decision,
        candidates=tuple((name, sure) for name, sure in weighed),
        outcome=_outcome(turn, happened),
        begins=None if begins is None else begins - recording.began,
        ends=None if ends is None else ends - recording.began,
        first_sound=sounds.first,
        answer_sound=sounds.answer,
        misses=(turn.fault,) if turn.fault else _misses(turn, captions, happened),
    )


def _misses(turn: Turn, captions: list[Caption], happened: Happened) -> tuple[str, ...]:
    expect = turn.step.expect
    misses = misses_of(expect, happened) if expect else []
    if not happened.decision and (needs_decision(expect) if expect else turn.step.say):
        misses.insert(0, f"the bot decided nothing{_excuse(captions)}")
    if happened.again:
        misses.append(f"answered {', '.join(happened.again)} besides, which nobody asked for")
    return tuple(misses)


def _excuse(captions: list[Caption]) -> str:
    """Why the bot decided nothing, as far as it told."""
    told = {"Failed": "code", "CallEnded": "outcome"}
    reasons = [c.data[told[c.type]] for c in captions if c.type in told]
    return next((f" ({reason})" for reason in reasons if reason != "caller_hung_up"), "")


def _outcome(turn: Turn, happened: Happened) -> Outcome | None:
    if turn.step.expect is None or (turn.step.choose and turn.fault):  # what there was to choose is the bot's last word
        return None
    return outcome_of(turn.step.expect, happened)
