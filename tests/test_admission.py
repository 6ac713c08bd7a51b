"""Who is taken when many call, and what the others hear."""

import os

import pytest

from tests.made_library import LIBRARY
from voicebot import dialogue
from voicebot.admission import CALLS_PER_CORE, LONGEST_WAIT, Admission, admits


@pytest.mark.parametrize(
    ("under_way", "waited", "taken"),
    [(0, 0.0, True), (3, 0.0, True), (4, 0.0, False), (9, 0.0, False), (1, LONGEST_WAIT, False), (1, 0.9, True)],
)
def test_a_call_is_taken_while_there_is_room_and_nobody_waits_long(under_way: int, waited: float, taken: bool) -> None:
    assert admits(under_way, 4, waited) is taken


def test_calls_turned_away_take_no_room() -> None:
    admission = Admission(1)
    with admission.call(0.0) as first, admission.call(0.0) as second, admission.call(0.0) as third:
        assert (first, second, third) == (True, False, False)
        assert admission.under_way == 1
    with admission.call(0.0) as next_one:
        assert next_one
    assert admission.under_way == 0


def test_a_call_that_fails_gives_its_room_back() -> None:
    admission = Admission(1)
    with pytest.raises(RuntimeError), admission.call(0.0):
        raise RuntimeError
    assert admission.under_way == 0


def test_without_a_setting_the_cores_decide() -> None:
    assert Admission(0).limit == CALLS_PER_CORE * len(os.sched_getaffinity(0))


def test_who_is_turned_away_is_greeted_told_why_and_put_through() -> None:
    _, decision = dialogue.turned_away(LIBRARY)
    assert (decision.kind, decision.then, decision.reason) == (dialogue.Kind.TRANSFER, "transfer", "busy")
    assert decision.reply == LIBRARY.phrases.busy
    assert set(decision.pieces) <= set(dialogue.standing_pieces(LIBRARY)), "ready-made: it must cost nothing to say"
