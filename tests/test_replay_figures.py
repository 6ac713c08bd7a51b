"""The figures of a run: what is counted, and how sure a share is."""

import pytest

from tests.plays import REJECTED, SAID, play, turn
from tests.reports import step
from voicebot.replay.figures import Share, Spread, by_condition, by_tag, figures
from voicebot.replay.flaky import together
from voicebot.replay.judging import Outcome


def test_cases_are_counted_by_what_became_of_them() -> None:
    its = figures([play("a/right"), play("a/missed", was="missed", settled=True), play("a/wrong", was="wrong")])
    assert (its.n, its.passed.count, its.settled.count, its.wrong.count) == (3, 1, 2, 1)
    assert its.steps[Outcome.RIGHT] == its.steps[Outcome.REJECTED] == its.steps[Outcome.WRONG] == 1


def test_asked_back_is_a_share_of_the_steps_that_expect_something() -> None:
    steps = [turn(outcome=outcome) for outcome in (Outcome.OFFERED, Outcome.ASKED, Outcome.RIGHT, None)]
    asked = figures([play(steps=steps)]).asked_back
    assert (asked.count, asked.of, asked.interval) == (2, 3, None)


def test_a_share_has_its_wilson_interval() -> None:
    """Figures of the worked example in Newcombe (1998), Statistics in Medicine 17: 15 of 148 are 0.0624 to 0.1605."""
    results = [play(f"a/{number}", was="right" if number < 15 else "missed") for number in range(148)]
    assert figures(results).passed.interval == (0.0624, 0.1605)


def test_where_a_case_counts_more_than_once_no_interval_is_told() -> None:
    both = [play(), play(condition="telefon")]
    assert figures(both).passed == Share(2, 2, None)
    assert by_condition(both)["telefon"].passed.interval is not None


def test_word_error_is_of_all_words_whose_text_is_known() -> None:
    """Five words heard with two errors, none of five heard, one text unknown, one that was never said."""
    steps = [turn("jeg har tisset mit bas"), turn(""), step("", "noget", 3.0, 4.0), step(SAID, "", None, None)]
    its = figures([play(steps=steps)])
    assert (its.word_errors, its.words) == (7, 10)
    assert its.word_error == pytest.approx(0.7)
    assert figures([play(steps=steps[2:])]).word_error is None


def test_latency_is_that_of_steps_in_which_something_was_heard() -> None:
    seconds = [0.5, 1.0, 1.5, None]
    steps = [turn(first_sound=0.4, answer_sound=each) for each in seconds] + [turn("", answer_sound=9.0)]
    its = figures([play(steps=steps)])
    assert its.answer_sound == Spread(1.0, 1.45, 3, 4)
    assert its.first_sound == Spread(0.4, 0.4, 4, 4)


def test_replies_that_never_came_are_told_beside_the_seconds() -> None:
    silent = {"decision": {}, "first_sound": None, "answer_sound": None}
    missed = [turn("", outcome=Outcome.SILENT, **silent), turn(outcome=Outcome.SILENT, **silent)]
    let_pass = turn("mm", outcome=None, **silent)
    its = figures([play(steps=[turn(answer_sound=0.5), *missed, let_pass])])
    assert its.answer_sound == Spread(0.5, 0.5, 1, 3)


def test_a_case_played_more_than_once_is_right_where_it_always_was() -> None:
    plays = [play(was=was, repetition=number) for number, was in enumerate(("right", "missed", "right"), start=1)]
    [played] = together(plays)
    assert (played.right, played.passed, played.settled, played.flaky) == (2, False, False, True)
    assert played.telling is plays[1]
    its = figures(plays)
    assert (its.passed.count, its.n, its.steps[Outcome.RIGHT]) == (0, 1, 2)
    assert not together([plays[1], plays[1]])[0].flaky
    assert together([*plays, play(was="wrong", repetition=4)])[0].telling.wrong


def test_each_condition_and_each_tag_has_its_figures() -> None:
    first = play("a/one", tags=("digit", "gate"))
    second = play("a/two", "telefon", steps=[turn(**REJECTED)], tags=("gate",))
    assert {name: (its.n, its.passed.count) for name, its in by_condition([first, second]).items()} == {
        "ren": (1, 1),
        "telefon": (1, 0),
    }
    assert {name: (its.n, its.passed.count) for name, its in by_tag([first, second]).items()} == {
        "digit": (1, 1),
        "gate": (2, 1),
    }


def test_nothing_has_figures_too() -> None:
    its = figures([])
    assert (its.n, its.passed.share, its.word_error, its.answer_sound) == (0, None, None, Spread(None, None, 0, 0))
    assert its.to_json()["n"] == 0
