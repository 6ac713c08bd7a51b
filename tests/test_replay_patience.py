"""What takes a bot of a few lines long: verdicts for which a caller waits, in time that nobody has to wait for."""

from contextlib import suppress
from pathlib import Path

import pytest

from tests.scripted_bot import Conversation, HungUp, ScriptedBot, application, case, decides, ends, reacting
from voicebot.replay import CaseResult, Plan, load_cases, replay
from voicebot.replay.judging import Outcome
from voicebot.replay.sockets import inside
from voicebot.replay.virtual import run_virtually

ANSWER = decides("answer", "pas-mistet")


async def holds_the_line(call: ScriptedBot) -> None:
    with suppress(HungUp):
        await reacting(ANSWER)(call)
    while await call.socket.recv():
        pass


async def says_that_it_has_ended(call: ScriptedBot) -> None:
    await ANSWER(call)
    await call.tell("CallEnded", outcome="goodbye")
    while await call.read():
        pass


async def hears_nothing(call: ScriptedBot) -> None:
    await call.tell("StateChanged", state="listening")
    await call.read()


async def never_says_that_it_listens(call: ScriptedBot) -> None:
    await call.begin()
    await call.say("Velkommen.")
    await call.read()


async def says_too_early_that_it_listens(call: ScriptedBot) -> None:
    await call.begin()
    for number in range(10):
        await call.say(f"{number}", until_heard=False)
    await call.tell("StateChanged", state="listening")
    while (what := await call.read())[0] == "mark":
        pass
    await call.understand(*what)
    await ANSWER(call)
    await call.read()


def call_to(folder: Path, conversation: Conversation, turns: str) -> CaseResult:
    case(folder, turns)
    [result] = run_virtually(replay(Plan(load_cases([folder])), inside(application(conversation))))
    return result


PRESS = "  - {press: 1, expect: {%s}}\n"


@pytest.mark.parametrize(
    ("turns", "wrong", "said", "seconds"),
    [
        (PRESS % "answer: pas-mistet", reacting(hears_nothing), "the bot decided nothing", 20),
        (PRESS % "answer: pas-mistet", never_says_that_it_listens, "the bot was not done within 90 s", 90),
        (PRESS % "answer: pas-mistet", holds_the_line, "the bot still held the line 5 s after", 5),
        (PRESS % "ends: goodbye", reacting(says_that_it_has_ended), "ended as caller_hung_up instead of goodbye", 90),
        (PRESS % "within: 15", reacting(decides("answer", after=16.0)), "instead of 15 s at most", 16),
        ("  - {silence: true, expect: {decision: smalltalk}}\n", reacting(), "the bot decided nothing", 20),
    ],
    ids=["silent", "never listens", "holds the line", "only says so", "late", "leaves one alone"],
)
def test_patience_has_an_end(tmp_path: Path, turns: str, wrong: Conversation, said: str, seconds: float) -> None:
    result = call_to(tmp_path, wrong, turns)
    told = [*result.misses, *(miss for step in result.steps for miss in step.misses)]
    assert any(said in miss for miss in told), told
    assert result.seconds == pytest.approx(seconds, abs=2)


@pytest.mark.parametrize(
    ("turns", "right"),
    [
        (PRESS % "answer: pas-mistet", reacting(ANSWER)),
        (PRESS % "ends: goodbye", reacting(ends("goodbye", ANSWER))),
        (PRESS % "within: 15", reacting(decides("answer", after=14.0))),
        (PRESS % "answer: pas-mistet", reacting(decides("answer", "pas-mistet", after=19.0))),
    ],
    ids=["answers", "ends", "in time", "just in time"],
)
def test_a_bot_that_keeps_within_it_passes(tmp_path: Path, turns: str, right: Conversation) -> None:
    assert call_to(tmp_path, right, turns).passed


def test_what_is_not_heeded_is_right_where_nothing_may_be_answered(tmp_path: Path) -> None:
    noise = "  - {say: a.wav, expect: {not_answer: true}}\n"
    ignored = call_to(tmp_path, reacting(hears_nothing), noise)
    assert (ignored.passed, ignored.steps[0].outcome) == (True, Outcome.RIGHT)
    assert not call_to(tmp_path, reacting(ANSWER), noise).passed


def test_a_caller_is_not_taken_in_by_a_bot_that_still_speaks(tmp_path: Path) -> None:
    result = call_to(tmp_path, says_too_early_that_it_listens, "  - {say: a.wav, expect: {answer: pas-mistet}}\n")
    assert result.passed
    assert result.steps[0].begins == pytest.approx(1.6, abs=0.1)  # ten tones of 0.15 s, and the caller's own silence


def test_the_same_call_in_virtual_time_is_the_same_call(tmp_path: Path) -> None:
    said = "  - {say: a.wav, expect: {answer: pas-mistet}}\n"
    first, again = (call_to(tmp_path, reacting(ANSWER), said) for _ in range(2))
    assert first.steps == again.steps
    assert first.recording
    assert again.recording
    assert (first.recording.caller, first.recording.bot) == (again.recording.caller, again.recording.bot)
