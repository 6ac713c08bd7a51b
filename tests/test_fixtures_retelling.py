"""A stored call retold: every turn of the caller once, with what the bot did as what is right."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.stored_calls import CONVERSATION, Row, a_real_call, asked, stored
from voicebot.errors import ReplayError
from voicebot.fixtures.retelling import CORRECT, Retold, retell
from voicebot.replay.cases import CaseFile
from voicebot.storage.tables import Call

GREETED: list[Row] = CONVERSATION[:3]
HUNG_UP: Row = ("CallEnded", 40.0, {"outcome": "caller_hung_up"})


def retold(turns: Sequence[Row], end: Row = HUNG_UP, **columns: Any) -> Retold:
    """Of a call that began with a greeting, what the caller said in capitals."""
    return retell(stored("CA1", [*GREETED, *turns, end], **columns), str.upper)


def steps(told: Retold) -> list[dict[str, Any]]:
    return [dict(each.step) for each in told.steps]


def decided(at: float, decision: str, answer: str | None = None, options: Sequence[str] = ()) -> Row:
    return ("Decided", at, {"decision": decision, "answer": answer, "confidence": 0.9, "options": list(options)})


def test_a_call_is_retold_step_by_step() -> None:
    told = retell(stored(), str.upper)
    assert (told.call, told.municipality, told.name) == ("CA1", "roskilde", "jeg-har-mistet-mit-pas")
    assert told.title == "JEG HAR MISTET MIT PAS"
    assert steps(told) == [
        {
            "say": "jeg-har-mistet-mit-pas-1.wav",
            "text": "JEG HAR MISTET MIT PAS",
            "expect": {"offers": "pas-mistet"},
        },
        {
            "say": "jeg-har-mistet-mit-pas-2.wav",
            "text": "HVOR HAR I ÅBENT",
            "barge_in": 3.9,
            "expect": {"decision": "clarify"},
        },
        {"press": "0", "expect": {"decision": "transfer", "transfer_to": "asked", "ends": "transferred"}},
    ]
    assert all(each.behind == CORRECT for each in told.steps)
    assert set(told.tags) == {"in_scope", "ask_back", "digit", "human_request", "barge_in"}


async def test_what_the_bot_itself_recorded_is_retold() -> None:
    told = retell(stored("CA1", await a_real_call()), str.lower)
    first, silent, *_, pressed = told.steps
    assert (first.step["text"], first.step["expect"]) == ("jeg har mistet mit pas", {"offers": "pas-mistet"})
    assert (silent.step["silence"], silent.step["expect"]) == (True, {"decision": "smalltalk"})
    assert silent.above == ("Here something was said that the bot let pass.",)
    assert pressed.step == {
        "press": "0",
        "expect": {"decision": "transfer", "transfer_to": "asked", "ends": "transferred"},
    }
    CaseFile.model_validate({"title": "t", "provenance": "p", "licence": "l", "turns": steps(told)})


def test_a_question_back_is_right_where_it_led_to_the_answer() -> None:
    asks = asked(6.0, "mit kort", "clarify", None)
    asks[4][2]["options"] = ["koerekort-mistet", "pas-mistet"]
    took = [("DigitPressed", 15.0, {"digit": "2"}), decided(15.0, "answer", "pas-mistet")]
    assert steps(retold([*asks, *took])) == [
        {"say": "mit-kort-1.wav", "text": "MIT KORT", "expect": {"offers": "pas-mistet"}},
        {"choose": "pas-mistet", "expect": {"answer": "pas-mistet"}},
    ]
    (alone,) = steps(retold(asks))
    assert alone["expect"] == {"offers": ["koerekort-mistet", "pas-mistet"]}


def test_words_that_were_only_a_beginning_are_said_once() -> None:
    begun = asked(6.0, "jeg har", "reject", None)[:-1]
    whole = asked(9.0, "jeg har mistet mit pas", "answer", "pas-mistet")
    assert [step["text"] for step in steps(retold([*begun, *whole]))] == ["JEG HAR MISTET MIT PAS"]
    heard: Row = ("Said", 8.9, {"text": "Det forstod jeg ikke."})
    assert len(steps(retold([*begun, heard, *whole]))) == 2


def test_what_cannot_be_done_again_is_told_of() -> None:
    key: list[Row] = [("DigitPressed", 9.0, {"digit": "•"}), decided(9.0, "reject")]
    noise = asked(10.0, "", "reject", None)
    (step,) = retold([*key, *noise, ("Said", 14.0, {"text": "Hvad?"}), *asked(16.0, "hej", "smalltalk", None)]).steps
    assert [note.split(" ", 2)[:2] for note in step.above] == [["Here", "a"], ["Here", "the"]]
    assert step.step["expect"] == {"decision": "smalltalk"}


def test_words_without_a_word_are_not_said() -> None:
    """The recogniser writes "..." for a cough; no case can be called so, and no voice can say it."""
    told = retold([*asked(6.0, "...", "reject", None), *asked(16.0, ", hej", "smalltalk", None)])
    assert (told.title, told.name) == ("HEJ", "hej")
    (step,) = told.steps
    assert (step.step["text"], step.above) == (", HEJ", ("Here the bot heard something without a word in it.",))
    with pytest.raises(ReplayError, match="neither said nor pressed"):
        retold(asked(6.0, ",", "reject", None))


def test_a_long_word_makes_no_long_name() -> None:
    assert retold(asked(6.0, "æ" * 333, "reject", None)).name == "ae" * 30


@pytest.mark.parametrize(
    ("decision", "answer", "expect", "tag"),
    [
        ("answer", "pas-mistet", {"offers": "pas-mistet"}, "in_scope"),
        ("reject", None, {"not_answer": True}, "out_of_scope"),
        ("emergency", "noed-112", {"decision": "emergency"}, "emergency"),
        ("transfer", None, {"decision": "transfer"}, None),
    ],
)
def test_each_decision_is_expected_in_its_own_way(
    decision: str, answer: str | None, expect: dict[str, Any], tag: str | None
) -> None:
    told = retold(asked(6.0, "hej", decision, answer))
    assert steps(told)[0]["expect"] == expect
    assert told.tags == ((tag,) if tag else ())


@pytest.mark.parametrize(
    ("outcome", "reason", "ends"),
    [
        ("goodbye", None, {"ends": "goodbye"}),
        ("silence", None, {"ends": "silence"}),
        ("transferred", "failures", {"ends": "transferred", "transfer_to": "failures"}),
        ("transferred", "fault", {}),
        ("fault", None, {}),
        ("shutdown", None, {}),
    ],
)
def test_the_end_is_right_unless_the_bot_failed(outcome: str, reason: str | None, ends: dict[str, str]) -> None:
    handed: list[Row] = [("Transferred", 39.0, {"number": "+4546313000", "reason": reason})] if reason else []
    told = retold([*asked(6.0, "hej", "reject", None), *handed], ("CallEnded", 40.0, {"outcome": outcome}))
    assert steps(told)[-1]["expect"] == {"not_answer": True} | ends
    assert any("failed" in remark for remark in told.remarks) is not bool(ends)


def test_who_hangs_up_on_the_bot_does_so_again() -> None:
    spoken: Row = ("StateChanged", 9.0, {"state": "speaking"})
    told = retold([*asked(6.0, "hej", "reject", None), spoken])
    assert steps(told)[1:] == [{"wait": pytest.approx(31.6)}, {"hang_up": True}]
    assert "hang_up" in told.tags
    listening: Row = ("StateChanged", 20.0, {"state": "listening"})
    assert len(steps(retold([*asked(6.0, "hej", "reject", None), spoken, listening]))) == 1


def test_a_call_of_keys_and_silence_has_a_name_too() -> None:
    told = retold([("DigitPressed", 9.0, {"digit": "0"}), decided(9.0, "transfer"), decided(20.0, "smalltalk")])
    assert (told.title, told.name) == ("Opkald uden ord", "opkald-uden-ord")
    assert steps(told) == [
        {"press": "0", "expect": {"decision": "transfer"}},
        {"silence": True, "expect": {"decision": "smalltalk"}},
    ]
    assert told.tags == ("digit", "silence", "small_talk")


def test_what_an_operator_says_of_the_call_is_passed_on() -> None:
    told = retold(asked(6.0, "hej", "reject", None), mark="wrong")
    assert "An operator marked the call as wrong." in told.remarks


def forgotten() -> Call:
    call = stored()
    call.events = []
    return call


@pytest.mark.parametrize(
    ("call", "why"),
    [
        pytest.param(lambda: stored(ended=None), "still going on", id="going-on"),
        pytest.param(forgotten, "no longer kept", id="forgotten"),
        pytest.param(lambda: stored("CA1", [*GREETED, HUNG_UP]), "neither said nor pressed", id="nothing"),
    ],
)
def test_what_cannot_be_retold_is_said(call: Any, why: str) -> None:
    with pytest.raises(ReplayError, match=why):
        retell(call(), str.upper)
