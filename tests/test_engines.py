"""The models behind their desks: speech in advance gives way to calls; what was not heard is not matched."""

import asyncio

import pytest

from tests.made_library import LIBRARY
from tests.scripted import LoudIsSpeech, Script
from voicebot.audio import silence
from voicebot.content import Content
from voicebot.dialogue import Heard, State
from voicebot.engines import Engines, Need


async def test_speech_in_advance_waits_while_a_call_goes_on() -> None:
    script = Script()
    script.unready = {"a", "b"}
    engines = Engines(LoudIsSpeech(), script, script)  # type: ignore[arg-type]
    done: list[int] = []
    async with engines.running():
        async with engines.call_under_way():
            ahead = asyncio.create_task(engines.make_ready(["a", "ready", "b"], done.append))
            await asyncio.sleep(0.02)
            assert script.made == []
            assert await engines.say("b", Need(0.0)) == b"<b>", "the caller does not wait for what is made in advance"
        await ahead
    assert script.made == ["b", "a"], "what the caller made need not be made again"
    assert done == [1, 2, 3]


async def test_nothing_heard_is_not_matched() -> None:
    script = Script()
    script.hears = [""]
    script.match = lambda text: pytest.fail("matched nothing")  # type: ignore[method-assign]
    engines = Engines(LoudIsSpeech(), script, script)  # type: ignore[arg-type]
    async with engines.running():
        content = Content(LIBRARY, script)  # type: ignore[arg-type]
        understood = await engines.understand(silence(1.0), Need(0.0), content, State(topic="rotter"))
        assert understood.heard == Heard("", 0.0, ())
