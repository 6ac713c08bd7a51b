"""The player against a bot of a few lines, over a real WebSocket."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from voicebot.audio import AudioChunk, from_mulaw, joined, silence, to_mulaw, write_wav
from voicebot.errors import ReplayError
from voicebot.replay import Report, load_cases, player, replay

PASSPORT = ("answer", "pas-mistet", "Meld det til politiet.")
TONE = to_mulaw(AudioChunk(np.sin(np.arange(1200, dtype=np.float32)) * 0.3, 8000))


def is_loud(mulaw: bytes) -> bool:
    return bool(np.abs(from_mulaw(mulaw).samples).max() > 0.1)


class HungUp(Exception):
    """The caller has."""


class ScriptedBot:
    """The bot's end of a call: loud sound is a question, and every question gets the reply that is next."""

    def __init__(self, socket: ServerConnection, replies: list[tuple[str, str | None, str]]) -> None:
        self.socket, self.replies = socket, replies
        self.stream = self.filler = ""
        self.seen: list[dict[str, Any]] = []

    async def send(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def tell(self, kind: str, **fields: Any) -> None:
        await self.send(event="voicebot", type=kind, call="1", at=0.0, **fields)

    async def say(self, text: str, until_heard: bool = True) -> None:
        await self.tell("Saying", text=text)
        await self.send(event="media", streamSid=self.stream, media={"payload": base64.b64encode(TONE).decode()})
        await self.send(event="mark", streamSid=self.stream, mark={"name": text})
        while until_heard and await self.read() != ("mark", text):
            pass

    async def read(self) -> tuple[str, str]:
        """The next message that is not silence: what it is and what is in it."""
        while True:
            message = json.loads(await self.socket.recv())
            self.seen.append(message)
            match message["event"]:
                case "media":
                    sound = base64.b64decode(message["media"]["payload"])
                    if is_loud(sound):
                        return "sound", ""
                case "mark":
                    return "mark", message["mark"]["name"]
                case "dtmf":
                    return "dtmf", message["dtmf"]["digit"]
                case "start":
                    self.stream = message["streamSid"]
                case "stop":
                    raise HungUp

    async def begin(self) -> None:
        while not self.stream:
            message = json.loads(await self.socket.recv())
            self.seen.append(message)
            self.stream = message.get("start", {}).get("streamSid", "")
        await self.tell("CallStarted", municipality="roskilde")
        await self.tell("StateChanged", state="speaking")

    async def greet(self) -> None:
        await self.begin()
        await self.say("Velkommen.")
        await self.tell("StateChanged", state="listening")

    async def converse(self) -> None:
        await self.greet()
        for kind, answer, reply in self.replies:
            await self.understand(*await self.read())
            if self.filler:
                await self.say(self.filler)
            await self.decide(kind, answer, reply)
            await self.tell("StateChanged", state="listening")
        await self.read()

    async def decide(self, kind: str, answer: str | None, reply: str) -> None:
        await self.tell("Decided", decision=kind, answer=answer, confidence=0.9, options=[], reply=reply)
        await self.tell("StateChanged", state="speaking")
        await self.say(reply)

    async def understand(self, what: str, digit: str) -> None:
        if what == "dtmf":
            return await self.tell("DigitPressed", digit=digit)
        await self.tell("SpeechStarted")
        quiet = 0
        while quiet < 5:
            message = json.loads(await self.socket.recv())
            self.seen.append(message)
            if message["event"] == "media":
                quiet = 0 if is_loud(base64.b64decode(message["media"]["payload"])) else quiet + 1
        await self.tell("SpeechEnded", speech_end=0.0)
        await self.tell("Transcribed", text="mit pas er væk", confidence=0.9, seconds=1.0)
        return None


Conversation = Callable[[ScriptedBot], Awaitable[None]]


@asynccontextmanager
async def bot(
    *replies: tuple[str, str | None, str], conversation: Conversation = ScriptedBot.converse
) -> AsyncIterator[tuple[str, list[ScriptedBot]]]:
    calls: list[ScriptedBot] = []

    async def answer(socket: ServerConnection) -> None:
        calls.append(ScriptedBot(socket, list(replies)))
        with suppress(ConnectionClosed, HungUp):
            await conversation(calls[-1])

    async with serve(answer, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        yield f"ws://127.0.0.1:{port}", calls


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tone = AudioChunk(np.sin(np.arange(2400, dtype=np.float32)) * 0.3, 8000)
    write_wav(tmp_path / "a.wav", joined([silence(0.1), tone, silence(0.2)]))
    return tmp_path


def case(folder: Path, turns: str, name: str = "case") -> None:
    text = f"title: En sag\nprovenance: made up\nlicence: MPL-2.0\nturns:\n{turns}"
    (folder / f"{name}.yaml").write_text(text, "utf-8")


async def played(folder: Path, url: str, **options: Any) -> Report:
    return await replay(load_cases([folder]), url, **options)


async def test_a_right_answer_passes_and_is_timed(folder: Path) -> None:
    case(folder, "  - say: a.wav\n    expect: {decision: answer, answer: pas-mistet}\n")
    progress: list[str] = []
    async with bot(PASSPORT) as (url, calls):
        report = await played(folder, url, on_progress=progress.append)
    assert report.passed
    assert progress == [f"{folder.name}/case"]
    [result] = report.results
    assert result.outcome == "caller_hung_up"
    assert result.steps[0].heard == "mit pas er væk"
    assert result.steps[0].first_sound == result.steps[0].answer_sound
    assert result.steps[0].answer_sound
    assert result.steps[0].answer_sound > 0
    assert calls[0].socket.request
    assert calls[0].socket.request.path == "/phone/media"


async def test_the_caller_speaks_the_carriers_protocol_and_all_is_heard(folder: Path) -> None:
    case(folder, "  - say: a.wav\n  - press: 1\n")
    async with bot(PASSPORT, PASSPORT) as (url, calls):
        assert (await played(folder, url)).passed
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


async def test_a_wrong_answer_is_a_miss(folder: Path) -> None:
    case(folder, "  - say: a.wav\n    expect: {answer: pas-mistet}\n")
    async with bot(("answer", "rotter", "Ring til rottefængeren.")) as (url, _):
        report = await played(folder, url)
    assert not report.passed
    assert report.results[0].steps[0].misses == ("answered rotter instead of pas-mistet",)


async def test_a_late_answer_is_timed_behind_its_filler(folder: Path) -> None:
    case(folder, "  - say: a.wav\n")

    async def late(call: ScriptedBot) -> None:
        call.filler = "Et øjeblik."
        await call.converse()

    async with bot(PASSPORT, conversation=late) as (url, _):
        [result] = (await played(folder, url)).results
    assert result.passed
    step = result.steps[0]
    assert step.first_sound
    assert step.answer_sound
    assert step.answer_sound >= step.first_sound + len(TONE) / 8000


async def test_a_bot_that_never_decides_is_a_miss(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "REACTION_LIMIT", 0.4)
    case(folder, "  - say: a.wav\n    expect: {answer: pas-mistet}\n")
    async with bot() as (url, _):
        report = await played(folder, url)
    assert report.results[0].steps[0].misses == ("the bot decided nothing",)


async def test_a_bot_that_never_stops_talking_is_a_miss(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "TURN_LIMIT", 0.4)
    case(folder, "  - say: a.wav\n")

    async def never_listens(call: ScriptedBot) -> None:
        await call.begin()
        await call.read()

    async with bot(conversation=never_listens) as (url, _):
        report = await played(folder, url)
    assert report.results[0].steps[0].misses == ("the bot was not done within 0 s",)


async def test_a_bot_that_holds_the_line_is_a_miss(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicebot.replay.handset.HANG_UP_LIMIT", 0.2)
    case(folder, "  - wait: 0.1\n")

    async def holding(call: ScriptedBot) -> None:
        with suppress(HungUp):
            await call.greet()
        await call.socket.wait_closed()

    async with bot(conversation=holding) as (url, _):
        [result] = (await played(folder, url)).results
    assert result.misses == ("the bot still held the line 0 s after the caller had hung up",)


async def test_a_bot_that_hangs_up_early_is_a_miss_of_what_comes_after(folder: Path) -> None:
    case(folder, "  - say: a.wav\n  - say: a.wav\n    expect: {answer: pas-mistet}\n")

    async def curt(call: ScriptedBot) -> None:
        await call.begin()
        await call.say("Farvel.")
        await call.tell("CallEnded", outcome="goodbye")

    async with bot(conversation=curt) as (url, _):
        [result] = (await played(folder, url)).results
    assert result.outcome == "goodbye"
    assert [step.misses for step in result.steps] == [("the bot had ended the call before",)] * 2


async def test_a_call_that_the_bot_ends_as_expected_passes(folder: Path) -> None:
    case(folder, "  - press: 0\n    expect: {decision: transfer, ends: transferred}\n")

    async def transferring(call: ScriptedBot) -> None:
        await call.greet()
        await call.understand(*await call.read())
        await call.decide("transfer", None, "Jeg stiller dig om.")
        await call.tell("CallEnded", outcome="transferred")

    async with bot(conversation=transferring) as (url, _):
        report = await played(folder, url)
    assert report.passed


async def test_a_caller_who_says_nothing_waits_for_the_bot(folder: Path) -> None:
    case(folder, "  - silence: true\n    expect: {decision: smalltalk}\n")

    async def caring(call: ScriptedBot) -> None:
        await call.greet()
        await asyncio.sleep(0.1)
        await call.decide("smalltalk", None, "Er du der?")
        await call.tell("StateChanged", state="listening")
        await call.read()

    async with bot(conversation=caring) as (url, _):
        assert (await played(folder, url)).passed


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


async def test_a_caller_who_breaks_in_is_heard_and_the_cleared_marks_come_back(folder: Path) -> None:
    case(folder, "  - wait: 0.2\n  - {say: a.wav, barge_in: true, expect: {answer: pas-mistet}}\n")
    async with bot(conversation=interrupted) as (url, calls):
        report = await played(folder, url)
    assert report.passed
    marks = [message["mark"]["name"] for message in calls[0].seen if message["event"] == "mark"]
    assert marks == [f"{number}" for number in range(100)]
    assert report.results[0].seconds < 100 * len(TONE) / 8000
    assert report.results[0].steps[0].answer_sound


async def test_a_caller_hangs_up_while_the_bot_speaks(folder: Path) -> None:
    case(folder, "  - wait: 0.2\n  - hang_up: true\n")
    async with bot(conversation=interrupted) as (url, calls):
        report = await played(folder, url)
    assert report.passed
    assert report.results[0].outcome == "caller_hung_up"
    assert len([message for message in calls[0].seen if message["event"] == "mark"]) < 100


@pytest.mark.parametrize("garbage", ["{", "[]", '{"event": "media", "media": {"payload": "%"}}', '{"event": "mark"}'])
async def test_a_bot_that_sends_garbage_is_a_miss(folder: Path, garbage: str) -> None:
    case(folder, "  - say: a.wav\n")

    async def babble(call: ScriptedBot) -> None:
        await call.greet()
        await call.socket.send(garbage)
        await call.read()

    async with bot(conversation=babble) as (url, _):
        [result] = (await played(folder, url)).results
    assert "cannot be read" in result.misses[0]


async def test_calls_at_the_same_time_keep_their_order(folder: Path) -> None:
    for name in ("one", "two", "three"):
        case(folder, "  - say: a.wav\n    expect: {answer: pas-mistet}\n", name)
    async with bot(PASSPORT) as (url, calls):
        report = await played(folder, url, parallel=3)
    assert report.passed
    assert len(calls) == 3
    assert [result.name.split("/")[1] for result in report.results] == ["one", "three", "two"]


async def test_a_bot_that_cannot_be_reached_is_an_error_and_one_that_is_gone_a_miss(folder: Path) -> None:
    for name in ("one", "two"):
        case(folder, "  - say: a.wav\n", name)
    async with bot(PASSPORT) as (url, _):
        pass
    with pytest.raises(ReplayError, match="no bot answers there"):
        await played(folder, url)
    async with bot(PASSPORT) as (url, calls):

        def stop(_: str) -> None:
            calls[0].socket.server.close()

        report = await played(folder, url, on_progress=stop)
    assert [result.passed for result in report.results] == [True, False]
    assert "no bot answers there" in report.results[1].misses[0]


async def test_an_address_that_is_none_is_said(folder: Path) -> None:
    case(folder, "  - say: a.wav\n")
    with pytest.raises(ReplayError, match="not a ws:// or wss:// address"):
        await played(folder, "http://127.0.0.1:8000")
