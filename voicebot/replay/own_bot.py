"""A bot of one's own for as long as it is needed, as a process beside this one."""

import asyncio
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from voicebot.errors import ReplayError
from voicebot.replay.runs import Standing

START_LIMIT = 600.0
"""Seconds to load the models and, the first time, to make the standing phrases ready."""
STOP_LIMIT = 15.0
LOOK, LOOK_LIMIT = 0.1, 2.0
"""Seconds between two looks whether it is ready, and that one may take."""
PORT = "{port}"


@dataclass(frozen=True)
class OwnBot:
    """A bot that was started here. url: its ws:// address; pid: its process, to be measured."""

    url: str
    pid: int


@asynccontextmanager
async def own_bot(**settings: str) -> AsyncIterator[OwnBot]:
    """Start a bot with the settings in force, but for `settings` by name, and a record that is thrown away.

    ReplayError holds what it said if it does not start.
    """
    command = (sys.executable, "-m", "voicebot", "serve", "--host", "127.0.0.1", "--port", PORT)
    with tempfile.TemporaryDirectory(prefix="voicebot-replay-") as folder:
        given = settings | {"database_url": f"sqlite+aiosqlite:///{folder}/record.db"}
        async with running(command, {f"VOICEBOT_{name.upper()}": value for name, value in given.items()}) as bot:
            yield bot


@asynccontextmanager
async def running(command: Sequence[str], environment: Mapping[str, str]) -> AsyncIterator[OwnBot]:
    """Start `command`, with a free port in the place of PORT, as soon as its /readyz says that it is ready.

    ReplayError holds what it said if it does not start.
    """
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="voicebot-log-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as file:
            process = await asyncio.create_subprocess_exec(
                *(str(port) if word == PORT else word for word in command),
                env=os.environ | environment,
                stdout=file,
                stderr=file,
            )
        try:
            await _ready(process, port, log)
            yield OwnBot(f"ws://127.0.0.1:{port}", process.pid)
        finally:
            await _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _ready(process: asyncio.subprocess.Process, port: int, log: Path) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=LOOK_LIMIT) as client:
        for _ in range(round(START_LIMIT / LOOK)):
            if process.returncode is not None:
                break
            try:
                if (await client.get(f"http://127.0.0.1:{port}/readyz")).is_success:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(LOOK)
    raise ReplayError("replay.start", "\n".join(["The bot to play against did not start:", *_last_words(log)]))


def _last_words(log: Path) -> list[str]:
    return log.read_text("utf-8", "replace").strip().splitlines()[-5:]


async def standing_of(url: str) -> Standing:
    """What the bot at `url` (ws:// or wss://) tells of itself."""
    parts = urlsplit(url)
    ready = f"{'https' if parts.scheme == 'wss' else 'http'}://{parts.netloc}/readyz"
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=LOOK_LIMIT) as client:
            told = (await client.get(ready)).json()
            return Standing(str(told["content"]["version"]), str(told["recogniser"]), str(told["voice"]))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
        return Standing()


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_LIMIT)
    except TimeoutError:
        process.kill()
        await process.wait()
