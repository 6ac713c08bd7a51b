"""Many calls on one server: a thousand in a row leave nothing behind, and who finds no room is put through."""

import asyncio
import base64
import ctypes
import gc
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from types import SimpleNamespace
from typing import Any

import httpx
import psutil
import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect

from tests.made_library import LIBRARY
from tests.scripted import LoudIsSpeech, Script
from voicebot.app import Bot, bind, bot_routes
from voicebot.asr import Transcript
from voicebot.audio import AudioChunk
from voicebot.content import Content
from voicebot.engines import Engines
from voicebot.engines.desk import MOST_HUNG
from voicebot.matching import Candidate
from voicebot.settings import Settings

FRAME = 800
"""Samples in a message, five times a carrier's: a call is over sooner."""
LOUD, SILENT = (base64.b64encode(code * (FRAME // 2)).decode() for code in (b"\x80\x00", b"\xff\xff"))
AT_ONCE = 10


class Models(Script):
    """Models that always hear the same question."""

    def transcribe(self, sound: AudioChunk) -> Transcript:
        return Transcript("hvad koster et pas", ("hvad", "koster", "et", "pas"), 0.9, sound.seconds)

    def match(self, text: str) -> tuple[Candidate, ...]:
        return (Candidate("pas-pris", 0.97),)


class Caller:
    """The other end of one line, as fast as the bot goes along."""

    def __init__(self, socket: ClientConnection, number: int) -> None:
        self._socket, self._number, self._sent = socket, f"CA{number}", count(1)
        self.captions: Counter[str] = Counter()
        self.seen: list[dict[str, Any]] = []

    async def send(self, event: str, **fields: object) -> None:
        message = {"event": event, "sequenceNumber": str(next(self._sent)), "streamSid": "MZ1", **fields}
        await self._socket.send(json.dumps(message))

    async def start(self) -> None:
        shape = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
        body = {"accountSid": "AC0", "streamSid": "MZ1", "callSid": self._number, "tracks": ["inbound"]}
        await self.send("start", start={**body, "mediaFormat": shape, "customParameters": {}})

    async def sound(self, payload: str, messages: int) -> None:
        for chunk in range(messages):
            await self.send(
                "media", media={"track": "inbound", "chunk": str(chunk), "timestamp": "0", "payload": payload}
            )

    async def listen(self, until: str, times: int = 1) -> None:
        """Take what comes, give marks back, until `times` marks or captions of a type have been seen in all."""
        while self.captions[until] < times:
            message = json.loads(await self._socket.recv())
            if message["event"] == "mark":
                await self.send("mark", mark={"name": message["mark"]["name"]})
                self.captions["mark"] += 1
            elif message["event"] == "voicebot":
                self.captions[message["type"]] += 1
                self.seen.append(message)

    async def ask(self) -> None:
        await self.sound(LOUD, 12)
        await self.sound(SILENT, 16)

    async def stop(self) -> None:
        await self.send("stop", stop={"accountSid": "AC0", "callSid": self._number})
        await self._socket.wait_closed()


@asynccontextmanager
async def exchange(calls: int) -> AsyncIterator[tuple[Bot, str]]:
    """A real server with scripted models, and its address."""
    models, settings = Models(), Settings(calls=calls, insecure=True)
    engines = Engines(LoudIsSpeech(), models, models)  # type: ignore[arg-type]
    answers: Any = SimpleNamespace(content=Content(LIBRARY, models), standing=dict)  # type: ignore[arg-type]
    rest: Any = SimpleNamespace(title="", try_out=False, ready=0, total=0, record=lambda event: None)
    bot = Bot(settings, answers, rest, engines, rest, rest, rest)
    nowhere: Any = SimpleNamespace(host="127.0.0.1", port=0)
    socket = bind(nowhere)
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=bot_routes(bot)), log_config=None, access_log=False))
    async with engines.running():
        serving = asyncio.create_task(server.serve(sockets=[socket]))
        while not server.started:
            await asyncio.sleep(0.01)
        gc.freeze()  # as `serve` does: what is loaded is not looked through again and again
        try:
            yield bot, f"ws://127.0.0.1:{socket.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
            gc.unfreeze()


@asynccontextmanager
async def calling(address: str, number: int) -> AsyncIterator[Caller]:
    async with connect(address, proxy=None, compression=None) as line:
        caller = Caller(line, number)
        await caller.start()
        yield caller


async def used() -> tuple[int, int, int, int]:
    """Tasks, open files, objects and bytes of this process, once what is over has gone."""
    await asyncio.sleep(0.2)
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # what is free goes back to the system: the rest is in use
    process = psutil.Process()
    return len(asyncio.all_tasks()), process.num_fds(), len(gc.get_objects()), process.memory_info().rss


async def test_a_thousand_short_calls_leave_nothing_behind() -> None:
    async with exchange(AT_ONCE) as (bot, address):
        numbers = iter(range(1000))

        async def line(calls: int) -> None:
            for _ in range(calls):
                async with calling(f"{address}/twilio/media", next(numbers)) as caller:
                    await caller.listen("mark", 2)
                    await caller.ask()
                    await caller.listen("mark", 4)
                    await caller.stop()

        await asyncio.gather(*(line(20) for _ in range(AT_ONCE)))
        before = await used()
        await asyncio.gather(*(line(80) for _ in range(AT_ONCE)))
        after = await used()
        shown = bot.metrics.page().decode()
    assert 'voicebot_calls_total{outcome="caller_hung_up"} 1000.0' in shown
    assert "voicebot_calls_under_way 0.0" in shown
    assert 'voicebot_decisions_total{decision="answer"} 1000.0' in shown
    assert after[:2] == before[:2], "tasks, open files"
    assert after[2] - before[2] < 800, "less than an object a call"
    assert after[3] - before[3] < 10e6, "bytes"


async def test_a_desk_that_hangs_shows_in_readiness_and_figures() -> None:
    async with exchange(AT_ONCE) as (bot, address), httpx.AsyncClient(base_url=f"http{address[2:]}") as client:
        assert (await client.get("/readyz")).json()["status"] == "ok"
        bot.engines.desks[0].hung = MOST_HUNG
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (503, "hung: recognition; restart the bot")
        assert (await client.get("/healthz")).status_code == 200
        figures = await client.get("/metrics")
        assert figures.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert f'voicebot_desk_hung{{desk="recognition"}} {MOST_HUNG}.0' in figures.text
        assert f"voicebot_calls_limit {AT_ONCE}.0" in figures.text


async def test_who_finds_no_room_is_greeted_and_put_through() -> None:
    async with exchange(1) as (bot, address), calling(f"{address}/phone/media", 1) as first:
        await first.listen("Said", 2)
        async with calling(f"{address}/phone/media", 2) as other:
            await other.listen("CallEnded")
        told = [caption["text"] for caption in other.seen if caption["type"] == "Said"]
        assert " ".join(told) == LIBRARY.phrases.busy
        assert [caption["reason"] for caption in other.seen if caption["type"] == "Transferred"] == ["busy"]
        assert other.seen[-1]["outcome"] == "transferred"
        await first.ask()
        await first.listen("Said", 4)
        await first.stop()
        async with calling(f"{address}/phone/media", 3) as next_one:
            await next_one.listen("Said", 2)
            assert next_one.captions["Transferred"] == 0
            await next_one.stop()
        assert 'voicebot_transfers_total{reason="busy"} 1.0' in bot.metrics.page().decode()
