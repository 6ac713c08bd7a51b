"""A bot of a few lines, over a real WebSocket, for those who call."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from voicebot.audio import AudioChunk, from_mulaw, joined, silence, to_mulaw, write_wav
from voicebot.replay import CaseResult, Plan, Report, load_cases, replay
from voicebot.replay.runs import Run
from voicebot.replay.sockets import Application, Message, Receive, Send, over_the_web

PASSPORT = ("answer", "pas-mistet", "Meld det til politiet.")
TONE = to_mulaw(AudioChunk(np.sin(np.arange(1200, dtype=np.float32)) * 0.3, 8000))


def is_loud(mulaw: bytes) -> bool:
    return bool(np.abs(from_mulaw(mulaw).samples).max() > 0.1)


class HungUp(Exception):
    """The caller has."""


class Inside:
    """A WebSocket inside this process, as an application has it."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send

    async def recv(self) -> str:
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            raise HungUp
        return message["text"]

    async def send(self, text: str) -> None:
        await self._send({"type": "websocket.send", "text": text})


class ScriptedBot:
    """The bot's end of a call: loud sound is a question, and every question gets the reply that is next."""

    def __init__(self, socket: ServerConnection | Inside, replies: list[tuple[str, str | None, str]]) -> None:
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

    async def decide(self, kind: str, answer: str | None, reply: str, *options: str) -> None:
        await self.tell("Decided", decision=kind, answer=answer, confidence=0.9, options=options, reply=reply)
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


def slow(seconds: float) -> Conversation:
    """Give every question the same answer, so many seconds late."""

    async def converse(call: ScriptedBot) -> None:
        await call.greet()
        while True:
            await call.understand(*await call.read())
            await asyncio.sleep(seconds)
            await call.decide(*PASSPORT)
            await call.tell("StateChanged", state="listening")

    return converse


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


def application(conversation: Conversation) -> Application:
    """The same bot for callers inside this process, for whom time need not pass."""

    async def serve_inside(_: Message, receive: Receive, send: Send) -> None:
        await receive()
        with suppress(HungUp):
            await conversation(ScriptedBot(Inside(receive, send), []))
        await send({"type": "websocket.close", "code": 1000})

    return serve_inside


Reaction = Callable[[ScriptedBot], Awaitable[None]]


def decides(
    kind: str, answer: str | None = None, *options: str, reply: str = "Det er svaret.", after: float = 0.0
) -> Reaction:
    async def react(call: ScriptedBot) -> None:
        await asyncio.sleep(after)
        await call.decide(kind, answer, reply, *options)

    return react


def ends(outcome: str, *before: Reaction, **transferred: str) -> Reaction:
    """End the call, as a bot tells it that puts the caller through where that is given."""

    async def react(call: ScriptedBot) -> None:
        for reaction in before:
            await reaction(call)
        if transferred:
            await call.tell("Transferred", **transferred)
        await call.tell("CallEnded", outcome=outcome)
        raise HungUp

    return react


def reacting(*reactions: Reaction) -> Conversation:
    """Greet, and do one thing after the other as the caller says or presses something."""

    async def converse(call: ScriptedBot) -> None:
        await call.greet()
        for react in reactions:
            await call.understand(*await call.read())
            await react(call)
            await call.tell("StateChanged", state="listening")
        await call.read()

    return converse


def recording() -> AudioChunk:
    """A tone of 0.3 s in the middle of silence."""
    tone = AudioChunk(np.sin(np.arange(2400, dtype=np.float32)) * 0.3, 8000)
    return joined([silence(0.1), tone, silence(0.2)])


def case(folder: Path, turns: str, name: str = "case", tags: str = "") -> None:
    """Write a case, and the recording it plays."""
    write_wav(folder / "a.wav", recording())
    text = f"title: En sag\ntags: [{tags}]\nprovenance: made up\nlicence: MPL-2.0\nturns:\n{turns}"
    (folder / f"{name}.yaml").write_text(text, "utf-8")


async def played(
    folder: Path,
    url: str,
    on_result: Callable[[CaseResult], None] = lambda _: None,
    parallel: int = 1,
    **planned: Any,
) -> Report:
    """Play the cases in a folder over a real WebSocket."""
    results = await replay(Plan(load_cases([folder]), **planned), over_the_web(url), on_result, parallel)
    return Report(results, Run("real", 1, ("ren",), 1, 1, "", "", "", "", 0.0))
