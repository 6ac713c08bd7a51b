"""The player against a bot of a few lines, over a real WebSocket."""

import asyncio
import base64
from pathlib import Path

import numpy as np
import pytest

from tests.scripted_bot import PASSPORT, TONE, ScriptedBot, bot, case, played
from voicebot.audio import from_mulaw
from voicebot.replay import CaseResult


async def test_a_right_answer_passes_and_is_timed(tmp_path: Path) -> None:
    case(tmp_path, "  - say: a.wav\n    expect: {decision: answer, answer: pas-mistet}\n")
    progress: list[CaseResult] = []
    async with bot(PASSPORT) as (url, calls):
        report = await played(tmp_path, url, on_result=progress.append)
    assert report.passed
    assert [result.name for result in progress] == [f"{tmp_path.name}/case"]
    [result] = report.results
    assert result.outcome == "caller_hung_up"
    assert result.steps[0].heard == "mit pas er væk"
    assert result.steps[0].first_sound == result.steps[0].answer_sound
    assert result.steps[0].answer_sound
    assert result.steps[0].answer_sound > 0
    assert calls[0].socket.request
    assert calls[0].socket.request.path == "/phone/media"


async def test_the_caller_speaks_the_carriers_protocol_and_all_is_heard(tmp_path: Path) -> None:
    case(tmp_path, "  - say: a.wav\n  - press: 1\n")
    async with bot(PASSPORT, PASSPORT) as (url, calls):
        assert (await played(tmp_path, url)).passed
    seen = calls[0].seen
    assert [message["event"] for message in seen[:3]] == ["connected", "start", "media"]
    assert seen[1]["start"]["mediaFormat"] == {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
    numbered = [message for message in seen if "sequenceNumber" in message]
    assert [int(message["sequenceNumber"]) for message in numbered] == list(range(1, len(numbered) + 1))
    sounds = [message["media"] for message in seen if message["event"] == "media"]
    assert [int(media["chunk"]) for media in sounds] == list(range(1, len(sounds) + 1))
    assert [int(media["timestamp"]) for media in sounds] == [20 * number for number in range(len(sounds))]
    assert {len(base64.b64decode(media["payload"])) for media in sounds} == {160}
    sound = from_mulaw(b"".join(base64.b64decode(media["payload"]) for media in sounds)).samples
    assert np.sum(np.abs(sound) > 0.25) == pytest.approx(2400 * 0.37, rel=0.05)
    quiet = 20 * np.log10(np.sqrt(np.mean(sound[np.abs(sound) < 0.01] ** 2)))
    assert -66 < quiet < -58
    marks = [message["mark"]["name"] for message in seen if message["event"] == "mark"]
    assert marks == ["Velkommen.", "Meld det til politiet."]
    [key] = [message["dtmf"] for message in seen if message["event"] == "dtmf"]
    assert key == {"track": "inbound_track", "digit": "1"}
    assert seen[-1]["event"] == "stop"


async def test_a_late_answer_is_timed_behind_its_filler(tmp_path: Path) -> None:
    case(tmp_path, "  - say: a.wav\n")

    async def late(call: ScriptedBot) -> None:
        call.filler = "Et øjeblik."
        await call.converse()

    async with bot(PASSPORT, conversation=late) as (url, _):
        [result] = (await played(tmp_path, url)).results
    assert result.passed
    step = result.steps[0]
    assert step.first_sound
    assert step.answer_sound
    assert step.answer_sound >= step.first_sound + len(TONE) / 8000


async def test_a_call_that_the_bot_ends_as_expected_passes(tmp_path: Path) -> None:
    case(tmp_path, "  - press: 0\n    expect: {decision: transfer, ends: transferred}\n")

    async def transferring(call: ScriptedBot) -> None:
        await call.greet()
        await call.understand(*await call.read())
        await call.decide("transfer", None, "Jeg stiller dig om.")
        await call.tell("CallEnded", outcome="transferred")

    async with bot(conversation=transferring) as (url, _):
        report = await played(tmp_path, url)
    assert report.passed


async def test_a_caller_who_says_nothing_waits_for_the_bot(tmp_path: Path) -> None:
    case(tmp_path, "  - silence: true\n    expect: {decision: smalltalk}\n")

    async def caring(call: ScriptedBot) -> None:
        await call.greet()
        await asyncio.sleep(0.1)
        await call.decide("smalltalk", None, "Er du der?")
        await call.tell("StateChanged", state="listening")
        await call.read()

    async with bot(conversation=caring) as (url, _):
        assert (await played(tmp_path, url)).passed


async def interrupted(call: ScriptedBot) -> None:
    await call.begin()
    for number in range(100):
        await call.say(f"{number}", until_heard=False)
    while (what := await call.read())[0] == "mark":
        pass
    if what[0] == "sound":
        await call.send(event="clear", streamSid=call.stream)
        await call.understand(*what)
        await call.decide(*PASSPORT)
        await call.tell("StateChanged", state="listening")
        await call.read()


async def test_a_caller_who_breaks_in_is_heard_and_the_cleared_marks_come_back(tmp_path: Path) -> None:
    case(tmp_path, "  - wait: 0.2\n  - {say: a.wav, barge_in: true, expect: {answer: pas-mistet}}\n")
    async with bot(conversation=interrupted) as (url, calls):
        report = await played(tmp_path, url)
    assert report.passed
    marks = [message["mark"]["name"] for message in calls[0].seen if message["event"] == "mark"]
    assert marks == [f"{number}" for number in range(100)]
    assert report.results[0].seconds < 100 * len(TONE) / 8000
    assert report.results[0].steps[0].answer_sound


async def test_a_caller_hangs_up_while_the_bot_speaks(tmp_path: Path) -> None:
    case(tmp_path, "  - wait: 0.2\n  - hang_up: true\n")
    async with bot(conversation=interrupted) as (url, calls):
        report = await played(tmp_path, url)
    assert report.passed
    assert report.results[0].outcome == "caller_hung_up"
    assert len([message for message in calls[0].seen if message["event"] == "mark"]) < 100


async def test_calls_at_the_same_time_keep_their_order(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        case(tmp_path, "  - say: a.wav\n    expect: {answer: pas-mistet}\n", name)
    async with bot(PASSPORT) as (url, calls):
        report = await played(tmp_path, url, parallel=3)
    assert report.passed
    assert len(calls) == 3
    assert [result.name.split("/")[1] for result in report.results] == ["one", "three", "two"]


async def test_without_a_page_no_sound_is_kept(tmp_path: Path) -> None:
    case(tmp_path, "  - press: 1\n    expect: {answer: pas-mistet}\n")
    async with bot(PASSPORT) as (url, _):
        [result] = (await played(tmp_path, url, recorded=False)).results
    assert (result.recording, result.municipality, result.passed) == (None, "roskilde", True)
