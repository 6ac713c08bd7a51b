"""Calls to a real bot over its media stream, the carrier played by streamdouble; and what the record has of them."""

import asyncio
import json
import sqlite3
from pathlib import Path
from typing import Any

from streamdouble.protocol import StreamIdentity
from streamdouble.scenario import Say, Scenario, Step, Wait, parse
from streamdouble.session import Session, SessionConfig, SessionResult

from tests.conftest import RunningBot

CALLERS = Path(__file__).parent.parent / "audio_fixtures" / "callers"
ADDRESS = "adressebeskyttelse-alfa-01.wav"
GREETED = Wait(10.0)  # the greeting is sent at once but takes as long to hear
ANSWERED = [Wait(8.0)]
Ended = tuple[SessionResult, list[tuple[str, Any]]]
"""A call that is over: what the carrier saw, and the record: (event type, data) in order."""


def say(name: str) -> Say:
    (step,) = parse({"steps": [{"say": str(CALLERS / name)}]}).steps
    assert isinstance(step, Say)
    return step


async def call(bot: RunningBot, *steps: Step, **parameters: str) -> Ended:
    config = SessionConfig(quiet_period_s=1.5, response_timeout_s=20, max_drain_s=5, custom_parameters=parameters)
    identity = StreamIdentity()
    scenario = Scenario("test", list(steps))
    result = await Session(f"{bot.ws}/twilio/media", scenario=scenario, config=config, identity=identity).run()
    return result, await record(bot, identity.call_sid)


async def record(bot: RunningBot, call_id: str) -> list[tuple[str, Any]]:
    """The events of a call, once its end is written; AssertionError where it has none within 10 s."""
    query = "select e.type, e.data from events e join calls c on e.call_id = c.id where c.id = ? order by e.seq"
    for _ in range(100):
        with sqlite3.connect(bot.data_dir / "voicebot.db", timeout=5) as database:
            rows = [(kind, json.loads(data)) for kind, data in database.execute(query, (call_id,))]
        if rows and rows[-1][0] == "CallEnded":
            return rows
        await asyncio.sleep(0.1)
    raise AssertionError(f"No ended record: {rows}")


def of(rows: list[tuple[str, Any]], kind: str) -> list[Any]:
    return [data for name, data in rows if name == kind]
