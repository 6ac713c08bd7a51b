"""What must be done about a silence, moment by moment."""

import pytest

from voicebot.call.watching import ASK_AFTER, CALL_LIMIT, FILL_AFTER, LIMITS, Alarm, Doing, Moment, alarm


@pytest.mark.parametrize("doing", LIMITS)
def test_what_hangs_is_announced_and_then_given_up(doing: Doing) -> None:
    assert alarm(Moment(10 + FILL_AFTER, doing, 10, 10)) is None
    assert alarm(Moment(10.1 + FILL_AFTER, doing, 10, 10)) is Alarm.FILL
    assert alarm(Moment(10.1 + FILL_AFTER, doing, 10, 11)) is None, "a sound in between was heard"
    assert alarm(Moment(10.1 + LIMITS[doing], doing, 10, 10.1 + LIMITS[doing])) is Alarm.GIVE_UP


def test_nothing_is_silent_for_two_seconds() -> None:
    assert FILL_AFTER < 2.0


def test_a_caller_who_says_nothing_is_asked() -> None:
    assert alarm(Moment(10 + ASK_AFTER, Doing.LISTENING, 10, 10)) is None
    assert alarm(Moment(10.1 + ASK_AFTER, Doing.LISTENING, 10, 10)) is Alarm.ASK


@pytest.mark.parametrize("doing", [Doing.HEARING, Doing.SPEAKING])
def test_while_somebody_speaks_nothing_is_amiss(doing: Doing) -> None:
    assert alarm(Moment(100, doing, 10, 10)) is None


@pytest.mark.parametrize("doing", Doing)
def test_the_longest_call_is_closed_once(doing: Doing) -> None:
    late = CALL_LIMIT + 0.1
    assert alarm(Moment(late, doing, late, late)) is Alarm.CLOSE
    assert alarm(Moment(late, doing, late, late, closing=True)) is None


def test_a_closing_that_hangs_is_given_up_too() -> None:
    assert alarm(Moment(CALL_LIMIT + 20, Doing.MAKING, CALL_LIMIT, CALL_LIMIT, closing=True)) is Alarm.GIVE_UP
