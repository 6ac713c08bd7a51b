"""Changed answers without a restart: a real bot, and calls on the way."""

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from sqlalchemy.ext.asyncio import async_sessionmaker
from streamdouble.protocol import MediaStreamEncoder, StreamIdentity
from websockets.asyncio.client import ClientConnection, connect

from tests.calling import ADDRESS, of, record, say
from tests.conftest import RunningBot
from voicebot.storage import versions
from voicebot.storage.database import connect as connect_record
from voicebot.storage.database import parsed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

SILENCE = b"\xff" * 160
"""20 ms of it in mu-law."""


def standing(bot: RunningBot) -> dict[str, Any]:
    return dict(httpx.get(f"{bot.http}/readyz").json()["content"])


async def until_bot(bot: RunningBot, happened: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while not happened(now := await asyncio.to_thread(standing, bot)):
            await asyncio.sleep(0.2)
    return now


def look_now(bot: RunningBot) -> None:
    os.kill(bot.process.pid, signal.SIGHUP)


@pytest.fixture
async def bot(running_bot: RunningBot) -> AsyncIterator[RunningBot]:
    """The bot; afterwards its answers are as they were, for the tests that come."""
    version = standing(running_bot)["version"]
    kept = {file: file.read_bytes() for file in (running_bot.data_dir / "answers").rglob("*.yaml")}
    yield running_bot
    for file, data in kept.items():
        if file.read_bytes() != data:
            file.write_bytes(data)
    look_now(running_bot)
    await until_bot(running_bot, lambda content: content["version"] == version and not content["faults"])


class Caller:
    """A call whose clock stands still until the caller makes a sound; all that is sent to it is heard at once."""

    def __init__(self, line: ClientConnection) -> None:
        self.line, self.identity = line, StreamIdentity()
        self.sends = MediaStreamEncoder(self.identity)

    async def listen(self) -> None:
        async for message in self.line:
            if (heard := json.loads(message))["event"] == "mark":
                mark = {"event": "mark", "streamSid": self.identity.stream_sid, "mark": heard["mark"]}
                await self.line.send(json.dumps(mark))

    async def sound(self, frames: Sequence[bytes]) -> None:
        for frame in frames:
            await self.line.send(json.dumps(self.sends.media(frame)))
            await asyncio.sleep(0.02)

    async def press(self, digit: str) -> None:
        await self.line.send(json.dumps(self.sends.dtmf(digit)))

    def recorded(self, bot: RunningBot, kind: str) -> list[Any]:
        query = "select data from events where type = ? and call_id = ? order by seq"
        with sqlite3.connect(bot.data_dir / "voicebot.db", timeout=5) as database:
            rows = database.execute(query, (kind, self.identity.call_sid)).fetchall()
        return [json.loads(data) for (data,) in rows]

    async def until_decided(self, bot: RunningBot, decisions: int) -> list[Any]:
        """Be quiet until so many things have been decided, the greeting with them."""
        async with asyncio.timeout(60):
            while len(decided := self.recorded(bot, "Decided")) < decisions:
                await self.sound([SILENCE] * 10)
        return decided

    async def ask(self, bot: RunningBot, answer: str) -> None:
        """Ask about a secret address, agree if asked back, and listen until the words of `answer` have been heard."""
        await self.sound(say(ADDRESS).frames)
        decided = await self.until_decided(bot, 2)
        if decided[-1]["options"] == ["adressebeskyttelse"]:
            await self.press("1")
            decided = await self.until_decided(bot, 3)
        assert decided[-1]["answer"] == "adressebeskyttelse"
        async with asyncio.timeout(60):
            while not any(answer in said["text"] for said in self.recorded(bot, "Said")):
                await self.sound([SILENCE] * 10)

    async def hear_transfer(self, bot: RunningBot) -> str:
        """Press 0, and tell which number the call goes to."""
        await self.press("0")
        return str(of(await record(bot, self.identity.call_sid), "Transferred")[0]["number"])


@contextlib.asynccontextmanager
async def calling(bot: RunningBot) -> AsyncIterator[Caller]:
    """A call that has begun: the greeting is on its way."""
    async with connect(f"{bot.ws}/twilio/media") as line:
        caller = Caller(line)
        for message in (caller.sends.connected(), caller.sends.start()):
            await line.send(json.dumps(message))
        assert json.loads(await asyncio.wait_for(line.recv(), 10))["event"] == "media"
        listening = asyncio.create_task(caller.listen())
        yield caller
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_a_call_keeps_the_texts_it_began_with(bot: RunningBot) -> None:
    before = standing(bot)
    (file,) = (bot.data_dir / "answers").rglob("adressebeskyttelse.yaml")
    old = file.read_text("utf-8")
    new = old[: old.index("answer:")] + "answer: Det klarer du nu på rådhuset.\n" + old[old.index("source:") :]
    async with calling(bot) as under_way:
        file.write_text(new, "utf-8")
        now = await until_bot(bot, lambda content: content["version"] != before["version"])
        assert (now["answers"], now["faults"]) == (before["answers"], 0)
        assert now["loaded"] > before["loaded"]
        await under_way.ask(bot, "under navne- og adressebeskyttelse")
    async with calling(bot) as after:
        await after.ask(bot, "Det klarer du nu på rådhuset.")


async def test_a_new_transfer_number_is_for_new_calls(bot: RunningBot) -> None:
    before = standing(bot)
    file = bot.data_dir / "answers" / "municipalities" / "roskilde" / "municipality.yaml"
    async with calling(bot) as under_way:
        file.write_text(file.read_text("utf-8").replace("+4546313000", "+4511223344"), "utf-8")
        look_now(bot)
        await until_bot(bot, lambda content: content["version"] != before["version"])
        form = {"CallSid": "CA" + "2" * 32, "From": "+4512345678", "To": "+4546313000"}
        twiml = ElementTree.fromstring(httpx.post(f"{bot.http}/twilio/voice", data=form).text)
        assert "".join(twiml.find("Dial").itertext()) == "+4511223344"  # type: ignore[union-attr]
        assert await under_way.hear_transfer(bot) == "+4546313000"
    async with calling(bot) as after:
        assert await after.hear_transfer(bot) == "+4511223344"


async def test_a_fault_is_logged_and_callers_hear_what_they_heard(bot: RunningBot) -> None:
    before = standing(bot)
    file = bot.data_dir / "answers" / "common" / "noed" / "noed-112.yaml"
    good = file.read_bytes()
    file.write_bytes(good[: len(good) // 2] + b"\nanswer: {{ ingen.saadan }}\n")
    now = await until_bot(bot, lambda content: content["faults"] > 0)
    assert now["version"] == before["version"]
    log = bot.log.read_text("utf-8").replace("\n", " ")
    assert f"{file}:" in log
    assert "correct" in log
    assert httpx.get(f"{bot.http}/readyz").status_code == 200
    file.write_bytes(good)
    look_now(bot)
    assert (await until_bot(bot, lambda content: content["faults"] == 0))["version"] == before["version"]


async def test_a_hangup_signal_has_it_read_at_once(bot: RunningBot) -> None:
    told = bot.log.read_text("utf-8").count("nothing new")
    look_now(bot)
    async with asyncio.timeout(60):
        while bot.log.read_text("utf-8").count("nothing new") == told:
            await asyncio.sleep(0.2)
    assert bot.process.poll() is None


async def published(bot: RunningBot, changed: dict[str, str | None], before: dict[str, str | None]) -> None:
    """Publish as the dashboard does, and have the bot look."""
    engine = connect_record(parsed(f"sqlite+aiosqlite:///{bot.data_dir / 'voicebot.db'}"))
    async with async_sessionmaker(engine)() as session:
        await versions.publish(session, changed, "Mette", "prøve", before=before)
        await session.commit()
    await engine.dispose()
    look_now(bot)


async def test_a_published_text_is_for_new_calls_and_can_be_rolled_back(bot: RunningBot) -> None:
    before = standing(bot)
    (file,) = (bot.data_dir / "answers").rglob("adressebeskyttelse.yaml")
    path, old = file.relative_to(bot.data_dir / "answers").as_posix(), file.read_text("utf-8")
    new = old[: old.index("answer:")] + "answer: Det klarer du nu på biblioteket.\n" + old[old.index("source:") :]
    async with calling(bot) as under_way:
        await published(bot, {path: new}, {path: old})
        await until_bot(bot, lambda content: content["version"] != before["version"])
        await under_way.ask(bot, "under navne- og adressebeskyttelse")
    async with calling(bot) as after:
        await after.ask(bot, "Det klarer du nu på biblioteket.")
    assert file.read_text("utf-8") == old
    await published(bot, {path: old}, {path: new})
    await until_bot(bot, lambda content: content["version"] == before["version"])
