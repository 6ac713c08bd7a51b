"""Whole calls, turn by turn: which decision counts, and whether what the caller wanted came in the end."""

from typing import Any

import pytest

from tests.told_calls import ASKED, PASSPORT, STARTED, a_plan, captions, decision
from voicebot.replay.conditions import parse_condition
from voicebot.replay.judging import CaseResult, judge, not_played
from voicebot.replay.plan import Planned
from voicebot.replay.playback import Piece
from voicebot.replay.player import Recording
from voicebot.replay.turns import Turn


def a_longer_call(*turns: tuple[dict[str, Any], dict[str, Any], str], ending: str = "caller_hung_up") -> CaseResult:
    """One turn after the other: what the caller does, what the bot decides, what hindered the caller."""
    call = a_plan(*(step for step, _, _ in turns))
    told, played = captions(STARTED), []
    for number, (step, (_, decided, fault)) in enumerate(zip(call.case.script.turns, turns, strict=True)):
        played.append(Turn(step, len(told), number + 0.5, float(number), fault))
        told += captions(*[(number + 0.6, cause, {"text": ""}) for cause in step.causes[:1]])
        told += captions((number + 0.7, "Decided", decided)) if decided else []
    told += captions((99.0, "CallEnded", {"outcome": ending}))
    return judge(Recording(call, played, told, []))


OFFERS = {"say": "a.wav", "expect": {"offers": "pas-mistet"}}
CHOOSES = {"choose": "pas-mistet", "expect": {"answer": "pas-mistet"}}
HELP = {"say": "a.wav", "expect": {"decision": "emergency"}}
THANKS = {"say": "a.wav", "expect": {"ends": "goodbye"}}
QUIET = {"say": "a.wav", "expect": {"not_answer": True}}
NOT_THERE = "pas-mistet is not among the choices (sfo)"


@pytest.mark.parametrize(
    ("turns", "ending", "outcomes", "settled"),
    [
        ([(OFFERS, ASKED, ""), (CHOOSES, PASSPORT, "")], "caller_hung_up", ["offered", "right"], True),
        ([(OFFERS, ASKED, ""), (CHOOSES, decision("reject"), "")], "caller_hung_up", ["offered", "rejected"], False),
        ([(OFFERS, decision("clarify", None, "sfo"), ""), (CHOOSES, {}, NOT_THERE)], "silence", ["asked", None], False),
        ([(OFFERS, decision("reject"), ""), (OFFERS, PASSPORT, "")], "caller_hung_up", ["rejected", "right"], True),
        ([(OFFERS, PASSPORT, ""), (OFFERS, decision("reject"), "")], "caller_hung_up", ["right", "rejected"], False),
        ([(OFFERS, ASKED, ""), (THANKS, decision("smalltalk"), "")], "goodbye", ["offered", None], False),
        ([(OFFERS, PASSPORT, ""), (THANKS, decision("smalltalk"), "")], "goodbye", ["right", None], True),
        ([(OFFERS, PASSPORT, ""), (THANKS, decision("smalltalk"), "")], "silence", ["right", None], False),
        ([(HELP, decision("clarify"), ""), (HELP, decision("emergency"), "")], "transferred", ["asked", "right"], True),
        ([(HELP, decision("reject"), "")], "caller_hung_up", ["rejected"], False),
        ([(OFFERS, {}, "the bot had ended the call before")], "goodbye", ["silent"], False),
        ([(QUIET, {}, "the bot had ended the call before")], "goodbye", ["silent"], False),
        ([(THANKS, {}, "the bot had ended the call before")], "goodbye", [None], False),
    ],
    ids=range(13),
)
def test_a_call_is_settled_when_all_came_in_the_end(
    turns: list[Any], ending: str, outcomes: list[str | None], settled: bool
) -> None:
    result = a_longer_call(*turns, ending=ending)
    assert [step.outcome for step in result.steps] == outcomes
    assert result.settled == settled


def test_what_hinders_a_caller_is_the_only_miss_of_the_turn_and_was_never_said() -> None:
    step = a_longer_call((OFFERS, ASKED, ""), (CHOOSES, {}, NOT_THERE)).steps[1]
    assert step.misses == (NOT_THERE,)
    assert (step.begins, step.ends) == (None, None)


def test_questions_back_are_counted_over_the_call() -> None:
    asked = {"say": "a.wav", "expect": {"asks_back": 1}}
    result = a_longer_call((asked, ASKED, ""), (asked, PASSPORT, ""), (asked, ASKED, ""))
    assert [step.misses for step in result.steps] == [(), (), ("asked back 2 times instead of 1 at most",)]


def test_a_filler_is_told_from_the_answer() -> None:
    call = a_plan({"say": "a.wav"})
    told = captions(
        (0.0, "CallStarted", {"municipality": "roskilde"}),
        (4.0, "SpeechEnded", {}),
        (5.0, "Saying", {"text": "Et øjeblik."}),
        (6.0, "Transcribed", {"text": "mit pas"}),
        (6.0, "Decided", decision("answer", "pas-mistet", reply="Meld det. Gå til politiet.")),
        (6.1, "Saying", {"text": "Meld det."}),
        (6.1, "Saying", {"text": "Gå til politiet."}),
        (9.0, "CallEnded", {"outcome": "goodbye"}),
    )
    pieces = [Piece(1.0, 1.0), Piece(5.0, 5.1), Piece(6.1, 6.2), Piece(6.1, 8.0)]
    [step] = judge(Recording(call, [Turn(call.case.script.turns[0], 1, 3.5)], told, pieces, 9.0)).steps
    assert (step.first_sound, step.answer_sound) == (pytest.approx(1.6), pytest.approx(2.7))


def test_the_last_of_two_decisions_on_one_utterance_counts() -> None:
    call = a_plan({"say": "a.wav", "expect": {"answer": "sfo"}})
    told = captions(
        (0.0, "CallStarted", {"municipality": "roskilde"}),
        (1.0, "Transcribed", {"text": "jeg vil gerne"}),
        (1.0, "Decided", decision("clarify")),
        (2.0, "Transcribed", {"text": "vide noget om sfo"}),
        (2.0, "Decided", decision("answer", "sfo")),
        (9.0, "Decided", decision("smalltalk", reply="Er du der stadig?")),
        (9.0, "CallEnded", {"outcome": "silence"}),
    )
    result = judge(Recording(call, [Turn(call.case.script.turns[0], 1, 0.5)], told, [], 9.0))
    assert result.passed
    assert result.steps[0].heard == "vide noget om sfo"


def test_a_bot_that_decides_nothing_or_fails_or_is_anothers_is_a_miss() -> None:
    call = a_plan({"say": "a.wav"}, municipality="roskilde")
    turn = Turn(call.case.script.turns[0], 0, 0.5)
    failed = captions((1.0, "Failed", {"stage": "asr", "code": "asr.failed"}))
    assert judge(Recording(call, [turn], failed)).steps[0].misses == ("the bot decided nothing (asr.failed)",)
    lost = judge(Recording(call, [], captions((0.0, "CallStarted", {"municipality": "lejre"}))))
    assert lost.misses == ("the case is for roskilde, the bot is lejre's",)
    assert judge(Recording(call, [], [], fault="the line broke")).misses[0] == "the line broke"
    unended = judge(Recording(a_plan({"hang_up": True}), [], []))
    assert unended.misses == ("the bot never said that the call had ended",)


def test_a_call_that_could_not_be_made_is_a_miss_and_not_settled() -> None:
    call = Planned(a_plan({"hang_up": True}).case, parse_condition("telefon"), 2, 1)
    result = not_played(call, "no bot answers there")
    assert (result.misses, result.passed, result.settled) == (("no bot answers there",), False, False)
    assert (result.condition, result.repetition, result.recording) == ("telefon", 2, None)
