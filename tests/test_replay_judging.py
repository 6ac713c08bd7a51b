"""What happened in a call, held against what is right: pure, with calls that never were."""

from typing import Any

import pytest

from tests.told_calls import ASKED, PASSPORT, STARTED, a_call, a_plan, captions, decision
from voicebot.replay.expecting import holds
from voicebot.replay.judging import Outcome, judge
from voicebot.replay.player import Recording
from voicebot.replay.turns import Turn


@pytest.mark.parametrize(
    ("expect", "decided", "outcome"),
    [
        ({"decision": "answer", "answer": "pas-mistet"}, PASSPORT, Outcome.RIGHT),
        ({"decision": ["answer", "clarify"], "offers": "pas-mistet"}, PASSPORT, Outcome.RIGHT),
        ({"offers": ["pas-mistet"]}, ASKED, Outcome.OFFERED),
        ({"decision": ["answer", "clarify"], "offers": "pas-mistet"}, ASKED, Outcome.OFFERED),
        ({"decision": "clarify", "offers": "pas-mistet"}, ASKED, Outcome.RIGHT),
        ({"options_include": ["pas-mistet", "pas-fornyelse"]}, ASKED, Outcome.RIGHT),
        ({"not_answer": True}, decision("reject"), Outcome.RIGHT),
        ({"not_answer": True}, decision("transfer"), Outcome.RIGHT),
        ({"decision": "emergency", "not_answer": True}, decision("emergency", "livskrise"), Outcome.RIGHT),
        ({"answer": None}, decision("clarify", None, "pas-mistet"), Outcome.RIGHT),
        ({"answer": ["pas-mistet", None]}, decision("reject"), Outcome.RIGHT),
        ({"ends": "caller_hung_up"}, PASSPORT, None),
        ({"says": ["politi", "150 KRONER"], "says_not": ["pas er væk", "itiet"]}, PASSPORT, None),
        ({"within": 1.2}, PASSPORT, None),
        ({"asks_back": 1}, ASKED, None),
        ({"asks_back": 0}, PASSPORT, None),
        ({"interrupts": False}, PASSPORT, None),
    ],
    ids=str,
)
def test_what_is_right_passes(expect: dict[str, Any], decided: dict[str, Any], outcome: Outcome | None) -> None:
    result = a_call(expect, decided)
    [step] = result.steps
    assert step.misses == ()
    assert (result.passed, result.wrong, step.outcome) == (True, False, outcome)
    assert result.settled == (outcome is not Outcome.OFFERED)


@pytest.mark.parametrize(
    ("expect", "decided", "outcome", "miss"),
    [
        ({"decision": ["clarify", "reject"]}, PASSPORT, "wrong", "answer instead of clarify or reject"),
        ({"decision": "reject"}, ASKED, "asked", "clarify instead of reject"),
        ({"decision": "smalltalk"}, decision("reject"), "rejected", "reject instead of smalltalk"),
        ({"answer": "pas-mistet"}, decision("answer", "rotter"), "wrong", "answered rotter instead of pas-mistet"),
        ({"answer": "pas-mistet"}, ASKED, "offered", "answered nothing instead of pas-mistet"),
        ({"answer": None}, decision("answer", "rotter"), "wrong", "answered rotter instead of nothing"),
        ({"offers": "pas-mistet"}, decision("answer", "rotter"), "wrong", "answered rotter instead of pas-mistet"),
        (
            {"offers": "pas-mistet"},
            decision("answer", "rotter", "pas-mistet"),
            "wrong",
            "answered rotter instead of pas-mistet",
        ),
        (
            {"offers": "pas-mistet"},
            decision("emergency", "livskrise"),
            "wrong",
            "answered livskrise instead of pas-mistet",
        ),
        ({"offers": "pas-mistet"}, decision("clarify", None, "sfo"), "asked", "offered sfo instead of pas-mistet"),
        ({"offers": "pas-mistet"}, decision("reject"), "rejected", "offered nothing instead of pas-mistet"),
        ({"offers": "pas-mistet"}, decision("transfer"), "rejected", "offered nothing instead of pas-mistet"),
        ({"options_include": ["sfo", "pas-mistet"]}, ASKED, "asked", "sfo not offered"),
        ({"not_answer": True}, decision("answer", "rotter"), "wrong", "answered rotter, which nobody asked for"),
        ({"not_answer": True}, decision("emergency", "brand"), "wrong", "answered brand, which nobody asked for"),
        ({"not_answer": True}, decision("emergency"), "rejected", "answered emergency, which nobody asked for"),
        ({"decision": "transfer"}, PASSPORT, "wrong", "answer instead of transfer"),
        ({"decision": "emergency"}, ASKED, "asked", "clarify instead of emergency"),
        ({"decision": "emergency"}, decision("reject"), "rejected", "reject instead of emergency"),
        ({"transfer_to": "asked"}, PASSPORT, "wrong", "put through to nobody instead of asked"),
        ({"ends": "transferred"}, ASKED, "asked", "the call ended as caller_hung_up instead of transferred"),
        ({"ends": "goodbye"}, PASSPORT, None, "the call ended as caller_hung_up instead of goodbye"),
        ({"says": ["politi", "pas"]}, PASSPORT, None, "the reply does not say “pas”"),
        ({"says_not": ["gratis", "Koster  150"]}, PASSPORT, None, "the reply says “Koster  150”"),
        ({"within": 1.1}, PASSPORT, None, "the reply came after 1.15 s instead of 1.1 s at most"),
        ({"asks_back": 0}, ASKED, None, "asked back 1 times instead of 0 at most"),
        ({"interrupts": True}, PASSPORT, None, "the bot went on speaking"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said(expect: dict[str, Any], decided: dict[str, Any], outcome: str | None, miss: str) -> None:
    result = a_call(expect, decided)
    [step] = result.steps
    assert step.misses == (miss,)
    assert (result.passed, result.wrong, step.outcome) == (False, outcome == "wrong", outcome)
    assert result.settled == (outcome is None and "ends" not in expect)


def test_a_result_tells_all_of_the_turn() -> None:
    result = a_call({"answer": "pas-mistet"}, PASSPORT, text="Mit pas er væk")
    assert (result.name, result.title, result.tags) == ("pas/sag", "En sag", ("in_scope",))
    assert (result.condition, result.repetition, result.outcome, result.seconds) == ("ren", 1, "caller_hung_up", 9.0)
    assert result.recording
    assert result.fingerprint == result.recording.call.case.fingerprint
    [step] = result.steps
    assert (step.title, step.text, step.heard) == ("Mit pas er væk", "Mit pas er væk", "mit pas er væk")
    assert step.candidates == (("pas-mistet", 0.8), ("rotter", 0.1))
    assert (step.begins, step.ends) == (1.5, 2.5)
    assert step.answer_sound == step.first_sound == pytest.approx(1.15)
    assert step.decision == PASSPORT


def test_a_reply_that_nobody_heard_comes_never() -> None:
    assert a_call({"within": 5}, PASSPORT, heard=None).steps[0].misses == ("no reply was heard, within 5 s or later",)


@pytest.mark.parametrize(
    ("others", "cleared"),
    [([(2.6, "Interrupted", {"text": "Vel", "heard": 0.2})], ()), ([], (2.6,))],
    ids=["told", "done"],
)
def test_a_bot_falls_silent_by_word_or_by_deed(others: list[Any], cleared: tuple[float, ...]) -> None:
    assert a_call({"interrupts": True}, PASSPORT, *others, cleared=cleared).passed
    assert a_call({"interrupts": False}, PASSPORT, *others, cleared=cleared).steps[0].misses == ("the bot fell silent",)
    assert not a_call({"interrupts": True}, PASSPORT, cleared=(2.4,)).passed  # before the caller spoke


@pytest.mark.parametrize("who", ["46313000", "46 31 30 00", "asked"])
def test_a_human_is_reached_by_number_or_reason(who: str) -> None:
    transferred = (5.0, "Transferred", {"number": "46 31 30 00", "reason": "asked"})
    expect = {"decision": "transfer", "transfer_to": who, "ends": "transferred"}
    right = a_call(expect, decision("transfer"), transferred, outcome="transferred")
    assert (right.passed, right.settled, right.steps[0].outcome) == (True, True, Outcome.RIGHT)
    elsewhere = (5.0, "Transferred", {"number": "11111111", "reason": "fault"})
    wrong = a_call(expect, decision("transfer"), elsewhere, outcome="transferred")
    assert wrong.steps[0].misses == (f"put through to 11111111 (fault) instead of {who}",)
    assert (wrong.settled, wrong.steps[0].outcome) == (False, Outcome.REJECTED)


def test_another_answer_that_nobody_asked_for_is_wrong() -> None:
    again = (6.0, "Decided", decision("answer", "rotter"))
    result = a_call({"answer": "pas-mistet"}, PASSPORT, again)
    assert result.steps[0].misses == ("answered rotter besides, which nobody asked for",)
    assert (result.wrong, result.settled) == (True, True)
    twice = a_call({"answer": "pas-mistet"}, PASSPORT, (6.0, "Decided", PASSPORT))
    assert (twice.passed, twice.wrong) == (False, False)
    asked = (6.0, "DigitPressed", {"digit": "1"})
    assert a_call({"answer": "pas-mistet"}, PASSPORT, asked, again).passed
    assert a_call({"answer": "pas-mistet"}, PASSPORT, (6.0, "Decided", decision("smalltalk"))).passed


def test_a_caller_of_whom_not_a_word_is_heard_gets_a_decision_or_none() -> None:
    call = a_plan({"say": "a.wav", "expect": {"not_answer": True}})
    matched = captions(STARTED, (2.0, "Matched", {"candidates": []}), (2.0, "Decided", decision("reject")))
    turns = [Turn(call.case.script.turns[0], 1, 1.0)]
    result = judge(Recording(call, turns, matched, hung_up=True))
    assert (result.passed, result.steps[0].decision["decision"]) == (True, "reject")
    given_up = a_plan({"say": "a.wav", "expect": {"not_answer": True, "ends": "silence"}})
    told = captions(STARTED, (9.0, "CallEnded", {"outcome": "silence"}))
    left = judge(Recording(given_up, [Turn(given_up.case.script.turns[0], 1, 1.0)], told))
    assert (left.passed, left.settled, left.steps[0].outcome) == (True, True, Outcome.RIGHT)
    through = a_plan({"say": "a.wav", "expect": {"transfer_to": "failures"}})
    alone = judge(Recording(through, [Turn(through.case.script.turns[0], 1, 1.0)], told))
    assert (alone.passed, alone.settled, alone.steps[0].outcome) == (False, False, Outcome.SILENT)
    ignored = judge(Recording(call, turns, captions(STARTED), hung_up=True))
    assert (ignored.passed, ignored.settled, ignored.steps[0].outcome) == (True, True, Outcome.RIGHT)


@pytest.mark.parametrize(
    ("option", "offered", "miss"),
    [
        (2, ["rotter", "sfo"], ()),
        (1, ["rotter", "sfo"], ("answered sfo instead of number 1 of rotter, sfo",)),
        (3, ["rotter", "sfo"], ("answered sfo instead of number 3 of rotter, sfo",)),
        (1, [], ("answered sfo instead of number 1 of none",)),
    ],
)
def test_a_choice_is_held_against_what_was_offered(option: int, offered: list[str], miss: tuple[str, ...]) -> None:
    call = a_plan({"say": "a.wav"}, {"press": "1", "expect": {"option": option}})
    told = captions(
        STARTED,
        (1.0, "Transcribed", {"text": "skadedyr"}),
        (1.0, "Decided", decision("clarify", None, *offered)),
        (2.0, "DigitPressed", {"digit": "1"}),
        (2.0, "Decided", decision("answer", "sfo")),
    )
    turns = [Turn(call.case.script.turns[0], 1, 0.5), Turn(call.case.script.turns[1], 3, 2.0)]
    step = judge(Recording(call, turns, told, hung_up=True)).steps[1]
    assert step.misses == miss
    assert step.outcome == (Outcome.WRONG if miss else Outcome.RIGHT)


@pytest.mark.parametrize(
    ("reply", "words", "there"),
    [
        ("Meld det til Politiet.", "politi", True),
        ("Meld det til\nPolitiet.", "til politi", True),
        ("Det er ubilligt.", "billigt", False),
        ("Det koster 1.150 kroner (cirka).", "(cirka)", True),
        ("Ring 112 nu", "112", True),
        ("Ring 8112", "112", False),
        ("Svar", "svar nej", False),
    ],
)
def test_words_stand_in_a_reply_from_their_beginning(reply: str, words: str, there: bool) -> None:
    assert holds(reply, words) is there
