"""What a bot of a few lines does wrong is a miss, and no bot at all an error."""

from contextlib import suppress
from pathlib import Path

import pytest

from tests.scripted_bot import PASSPORT, HungUp, ScriptedBot, bot, case, played
from voicebot.errors import ReplayError
from voicebot.replay import CaseResult, player


async def test_a_wrong_answer_is_a_miss(tmp_path: Path) -> None:
    case(tmp_path, "  - say: a.wav\n    expect: {answer: pas-mistet}\n")
    async with bot(("answer", "rotter", "Ring til rottefængeren.")) as (url, _):
        report = await played(tmp_path, url)
    assert not report.passed
    assert report.results[0].steps[0].misses == ("answered rotter instead of pas-mistet",)


async def test_a_bot_that_never_decides_is_a_miss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "REACTION_LIMIT", 0.4)
    case(tmp_path, "  - say: a.wav\n    expect: {answer: pas-mistet}\n")
    async with bot() as (url, _):
        report = await played(tmp_path, url)
    assert report.results[0].steps[0].misses == ("the bot decided nothing",)


async def test_a_bot_that_never_stops_talking_is_a_miss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "TURN_LIMIT", 0.4)
    case(tmp_path, "  - say: a.wav\n")

    async def never_listens(call: ScriptedBot) -> None:
        await call.begin()
        await call.read()

    async with bot(conversation=never_listens) as (url, _):
        report = await played(tmp_path, url)
    assert report.results[0].steps[0].misses == ("the bot was not done within 0 s",)


async def test_a_bot_that_holds_the_line_is_a_miss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicebot.replay.handset.HANG_UP_LIMIT", 0.2)
    case(tmp_path, "  - wait: 0.1\n  - hang_up: true\n")

    async def holding(call: ScriptedBot) -> None:
        with suppress(HungUp):
            await call.greet()
        await call.socket.wait_closed()

    async with bot(conversation=holding) as (url, _):
        [result] = (await played(tmp_path, url)).results
    assert result.misses == ("the bot still held the line 0 s after the caller had hung up",)


async def test_a_bot_that_hangs_up_early_is_a_miss_of_what_comes_after(tmp_path: Path) -> None:
    case(tmp_path, "  - say: a.wav\n  - say: a.wav\n    expect: {answer: pas-mistet}\n")

    async def curt(call: ScriptedBot) -> None:
        await call.begin()
        await call.say("Farvel.")
        await call.tell("CallEnded", outcome="goodbye")

    async with bot(conversation=curt) as (url, _):
        [result] = (await played(tmp_path, url)).results
    assert result.outcome == "goodbye"
    assert [step.misses for step in result.steps] == [("the bot had ended the call before",)] * 2


ODD = '{"event": "voicebot", "type": "Matched", "candidates": [[1, 2, 3]]}'


@pytest.mark.parametrize(
    "garbage",
    [
        pytest.param("{", id="no-json"),
        pytest.param("[]", id="list"),
        pytest.param('{"event": "media", "media": {"payload": "%"}}', id="payload"),
        pytest.param('{"event": "mark"}', id="mark"),
        pytest.param(ODD, id="caption"),
        pytest.param("[" * 100_000, id="deep"),
    ],
)
async def test_a_bot_that_sends_garbage_is_a_miss(tmp_path: Path, garbage: str) -> None:
    case(tmp_path, "  - say: a.wav\n")

    async def babble(call: ScriptedBot) -> None:
        await call.greet()
        await call.socket.send(garbage)
        await call.read()

    async with bot(conversation=babble) as (url, _):
        [result] = (await played(tmp_path, url)).results
    assert "cannot be read" in result.misses[0]


async def test_a_bot_that_sends_sound_without_end_is_a_miss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicebot.replay.handset.MOST_AHEAD", 1.0)
    case(tmp_path, "  - say: a.wav\n")

    async def endless(call: ScriptedBot) -> None:
        await call.greet()
        while True:
            await call.say("Og så videre.", until_heard=False)

    async with bot(conversation=endless) as (url, _):
        [result] = (await played(tmp_path, url)).results
    assert result.misses == ("the bot sent more than 1 s of sound ahead",)


async def test_a_bot_that_cannot_be_reached_is_an_error_and_one_that_is_gone_a_miss(tmp_path: Path) -> None:
    for name in ("one", "two"):
        case(tmp_path, "  - say: a.wav\n", name)
    async with bot(PASSPORT) as (url, _):
        pass
    with pytest.raises(ReplayError, match="no bot answers there"):
        await played(tmp_path, url)
    async with bot(PASSPORT) as (url, calls):

        def stop(_: CaseResult) -> None:
            calls[0].socket.server.close()

        report = await played(tmp_path, url, on_result=stop)
    assert [result.passed for result in report.results] == [True, False]
    assert "no bot answers there" in report.results[1].misses[0]


async def test_an_address_that_is_none_is_said(tmp_path: Path) -> None:
    case(tmp_path, "  - say: a.wav\n")
    with pytest.raises(ReplayError, match="not a ws:// or wss:// address"):
        await played(tmp_path, "http://127.0.0.1:8000")
