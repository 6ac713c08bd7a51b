"""From what happened in a call to whether it was right. Pure."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from voicebot.replay.cases import Expect
from voicebot.replay.handset import Caption
from voicebot.replay.playback import Piece
from voicebot.replay.player import Recording
from voicebot.replay.turns import Turn, decided, reply_sounds


@dataclass(frozen=True)
class StepResult:
    """What a step led to. Times are seconds from the end of the caller's last word to sound in the caller's ear.

    heard: what the recogniser made of it; decision: fields of `events.Decided`, {} if there was none; first_sound: to
    anything, answer_sound: to the first piece of the reply; a filler makes them differ.
    """

    title: str
    heard: str
    decision: dict[str, Any]
    first_sound: float | None
    answer_sound: float | None
    misses: tuple[str, ...]


@dataclass(frozen=True)
class CaseResult:
    """How a case went; misses: of the call as a whole."""

    name: str
    title: str
    outcome: str
    seconds: float
    steps: tuple[StepResult, ...]
    misses: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether all was right."""
        return not self.misses and not any(step.misses for step in self.steps)


def judge(recording: Recording) -> CaseResult:
    """Hold a call against what its case expects."""
    script, captions = recording.case.script, recording.captions
    ended = "caller_hung_up" if recording.hung_up else ""  # a bot need not tell this to a line that is gone
    outcome = next((c.data["outcome"] for c in captions if c.type == "CallEnded"), ended)
    ends = [*(turn.first for turn in recording.turns), len(captions)]
    steps: list[StepResult] = []
    for turn, (begin, end) in zip(recording.turns, pairwise(ends), strict=True):
        offered = steps[-1].decision.get("options", []) if steps else []
        steps.append(_judge_turn(turn, captions[begin:end], recording.pieces, outcome, offered))
    misses = [recording.fault] if recording.fault else []
    serves = next((c.data["municipality"] for c in captions if c.type == "CallStarted"), "")
    if script.municipality and serves != script.municipality:
        misses.append(f"the case is for {script.municipality}, the bot is {serves or 'nobody'}'s")
    if not outcome and not misses:
        misses.append("the bot never said that the call had ended")
    return CaseResult(recording.case.name, script.title, outcome, recording.seconds, tuple(steps), tuple(misses))


def _judge_turn(
    turn: Turn, captions: list[Caption], pieces: list[Piece], outcome: str, offered: list[str]
) -> StepResult:
    place = decided(turn.step, captions)
    decision = {} if place is None else captions[place].data
    heard = next((c.data["text"] for c in reversed(captions[: place or None]) if c.type == "Transcribed"), "")
    sounds = reply_sounds(turn, captions, pieces)
    misses = []
    if turn.fault:
        misses.append(turn.fault)
    elif place is None and (turn.step.expect or turn.step.say):
        misses.append(f"the bot decided nothing{_excuse(captions)}")
    elif turn.step.expect:
        misses += _misses(turn.step.expect, decision, outcome, offered)
    return StepResult(turn.step.title, heard, decision, sounds.first, sounds.answer, tuple(misses))


def _excuse(captions: list[Caption]) -> str:
    """Why the bot decided nothing, as far as it told."""
    told = {"Failed": "code", "CallEnded": "outcome"}
    reasons = [c.data[told[c.type]] for c in captions if c.type in told]
    return next((f" ({reason})" for reason in reasons if reason != "caller_hung_up"), "")


def _misses(expect: Expect, decision: dict[str, Any], outcome: str, offered: list[str]) -> list[str]:
    kind, answer, options = decision["decision"], decision["answer"], decision["options"]
    misses = []
    if expect.decision and kind not in expect.decision:
        misses.append(f"{kind} instead of {_either(expect.decision)}")
    if expect.answer and answer not in expect.answer:
        misses.append(f"answered {answer or 'nothing'} instead of {_either(expect.answer)}")
    if expect.offers and answer not in expect.offers and (kind == "answer" or not {*options} & {*expect.offers}):
        misses.append(f"{answer or ', '.join(options) or 'nothing'} offered instead of {_either(expect.offers)}")
    if missing := {*(expect.options_include or ())} - {*options}:
        misses.append(f"{_either(tuple(sorted(missing)))} not offered")
    if expect.option and [answer] != offered[expect.option - 1 : expect.option]:
        misses.append(
            f"answered {answer or 'nothing'} instead of number {expect.option} of {', '.join(offered) or 'none'}"
        )
    if expect.not_answer and kind == "answer":
        misses.append(f"answered {answer}, which nobody asked for")
    if expect.ends and outcome != expect.ends:
        misses.append(f"the call ended as {outcome or 'nothing'} instead of {expect.ends}")
    return misses


def _either(names: tuple[str | None, ...]) -> str:
    return " or ".join(name or "nothing" for name in names)
