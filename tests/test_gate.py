"""Every rule of the gate, seen both ways."""

from dataclasses import replace

import pytest

from voicebot.replay.baseline import Baseline
from voicebot.replay.comparing import compare
from voicebot.replay.gate import Rule, judged, unfit
from voicebot.replay.judging import CaseResult, Outcome, StepResult
from voicebot.replay.report import Report
from voicebot.replay.runs import Run

RUN = Run("virtual", 1, ("ren",), 1, 0, "roskilde", "abc", "whisper-base", "", 1.0)
STEP = StepResult(
    title="Jeg har mistet mit pas.",
    text="Jeg har mistet mit pas.",
    heard="jeg har mistet mit pas",
    decision={"decision": "answer", "answer": "pas-mistet", "options": []},
    candidates=(),
    outcome=Outcome.RIGHT,
    begins=9.0,
    ends=11.0,
    first_sound=0.8,
    answer_sound=0.8,
    misses=(),
)
RIGHT = CaseResult(
    name="pas/mistet",
    title="Mistet pas",
    tags=("in_scope",),
    fingerprint="f",
    condition="ren",
    repetition=1,
    outcome="caller_hung_up",
    seconds=20.0,
    steps=(STEP, STEP),
    misses=(),
    recording=None,
)
MISSED = replace(RIGHT, steps=(STEP, replace(STEP, outcome=Outcome.ASKED, misses=("asked back",))))
WRONG = replace(RIGHT, steps=(STEP, replace(STEP, outcome=Outcome.WRONG, misses=("answered pas-barn",))))
SLOW = replace(RIGHT, steps=(replace(STEP, first_sound=9.0), STEP))
UNPLAYED = replace(RIGHT, steps=(), misses=("no bot answers",))


def vital(case: CaseResult) -> CaseResult:
    return replace(case, tags=("emergency", "vital"))


def other(case: CaseResult) -> CaseResult:
    """Another script by the same name."""
    return replace(case, fingerprint="g")


def rules(before: list[CaseResult], now: list[CaseResult]) -> list[Rule]:
    verdict = gate(before, now)
    assert verdict.passed is not bool(verdict.reasons)
    return [reason.rule for reason in verdict.reasons]


def gate(before: list[CaseResult], now: list[CaseResult]):
    plays = [[replace(case, repetition=number) for number, case in enumerate(run, 1)] for run in (before, now)]
    report = Report(tuple(plays[1]), RUN)
    return judged(compare(Baseline("base.json", RUN, tuple(plays[0])), report), report)


@pytest.mark.parametrize(
    ("before", "now", "rule"),
    [
        ([RIGHT], [RIGHT], None),
        ([RIGHT], [MISSED], Rule.TURNED),
        ([RIGHT], [UNPLAYED], Rule.TURNED),
        ([MISSED], [MISSED], None),
        ([MISSED], [RIGHT], None),
        ([RIGHT], [SLOW], None),
        ([RIGHT], [WRONG], Rule.WRONG),
        ([MISSED], [WRONG], Rule.WRONG),
        ([WRONG], [WRONG], None),
        ([WRONG], [MISSED], None),
        ([RIGHT, MISSED], [MISSED], None),
        ([RIGHT], [RIGHT, WRONG], Rule.WRONG),
        ([other(RIGHT)], [MISSED], None),
        ([other(RIGHT)], [WRONG], Rule.WRONG),
        ([other(WRONG)], [WRONG], Rule.WRONG),
        ([vital(RIGHT)], [vital(RIGHT)], None),
        ([vital(RIGHT)], [vital(MISSED)], Rule.VITAL),
        ([vital(RIGHT)], [vital(UNPLAYED)], Rule.VITAL),
        ([vital(MISSED)], [vital(MISSED)], None),
        ([vital(MISSED)], [vital(WRONG)], Rule.VITAL),
        ([], [vital(RIGHT)], None),
        ([], [vital(MISSED)], Rule.VITAL),
        ([vital(WRONG)], [vital(WRONG)], Rule.VITAL),
        ([other(vital(RIGHT))], [vital(MISSED)], Rule.VITAL),
        ([other(vital(RIGHT))], [vital(WRONG)], Rule.VITAL),
    ],
)
def test_what_shuts_the_gate(before, now, rule):
    assert rules(before, now) == [rule] * (rule is not None)


def test_a_new_call_is_wrong_or_let_through():
    there = replace(RIGHT, name="pas/barn")
    assert rules([there], [MISSED]) == []
    assert rules([there], [WRONG]) == [Rule.WRONG]


def test_a_call_that_is_gone_shuts_the_gate_where_all_were_to_be_played():
    report = Report((RIGHT,), RUN)
    comparison = compare(Baseline("base.json", RUN, (RIGHT, replace(RIGHT, name="pas/barn"))), report)
    assert judged(comparison, report).passed
    verdict = judged(comparison, report, whole=True)
    assert (verdict.passed, verdict.reasons, verdict.gone) == (False, (), ("pas/barn (ren)",))


def test_what_was_wrong_and_is_so_in_more_places_is_told():
    worse = replace(WRONG, steps=WRONG.steps[1:] * 2)
    assert (gate([WRONG], [worse]).passed, gate([WRONG], [worse]).more_wrong) == (True, ("pas/mistet (ren)",))
    assert gate([WRONG], [WRONG]).more_wrong == gate([worse], [WRONG]).more_wrong == ()


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"mode": "real"}, "mode was real, is virtual"),
        ({"municipality": "storeby"}, "municipality was storeby, is roskilde"),
        ({"recogniser": "whisper-tiny"}, f"recogniser was whisper-tiny, is {RUN.recogniser or 'unknown'}"),
        ({"conditions": ("telefon", "ren")}, "conditions was ren and telefon, is ren"),
        ({"content": "other texts"}, ""),
        ({"took": 7.0}, ""),
    ],
)
def test_only_a_run_of_the_same_bot_on_the_same_lines_is_held_against(other, told):
    assert unfit(replace(RUN, **other), RUN) == (told,) * bool(told)


def test_the_gravest_reason_comes_first_and_shows_the_step_that_is_its_cause():
    names = ("a/en", "b/to", "c/tre")
    before = [replace(RIGHT, name=name) for name in names]
    now = [replace(case, name=name) for case, name in zip((MISSED, WRONG, vital(WRONG)), names, strict=True)]
    reasons = gate(before, now).reasons
    assert [(reason.rule, reason.now.name) for reason in reasons] == [
        (Rule.VITAL, "c/tre"), (Rule.WRONG, "b/to"), (Rule.TURNED, "a/en"),
    ]  # fmt: skip
    was, is_ = reasons[1].steps
    assert (was, is_.misses) == (STEP, ("answered pas-barn",))


def test_an_answer_nobody_asked_for_shows_although_an_earlier_step_was_missed_too():
    asked = replace(STEP, misses=("asked back",), outcome=Outcome.ASKED)
    (reason,) = gate([MISSED], [replace(WRONG, steps=(asked, WRONG.steps[1]))]).reasons
    assert reason.steps == (MISSED.steps[1], WRONG.steps[1])


def test_a_step_is_held_against_itself_also_where_one_is_passed_over():
    first, second = (replace(STEP, title=title, text=title) for title in ("en", "to"))
    before = replace(RIGHT, steps=(first, replace(second, misses=("late",))))
    now = replace(before, steps=(replace(second, misses=("another",), outcome=Outcome.WRONG),))
    (reason,) = gate([before], [now]).reasons
    assert reason.steps == (before.steps[1], now.steps[0])


def test_a_call_that_was_not_played_has_no_step_to_show():
    (reason,) = gate([RIGHT], [UNPLAYED]).reasons
    assert reason.steps == (None, None)
    (reason,) = gate([], [WRONG]).reasons
    assert reason.steps == (None, WRONG.steps[1])
