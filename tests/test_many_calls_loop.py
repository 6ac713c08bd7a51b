"""Eight calls at once on real models: no step of the bot's event loop takes long enough to hold up another call."""

import asyncio

import pytest
from streamdouble.scenario import Step, Wait

from tests.calling import CALLERS, call, of, say
from tests.conftest import RunningBot

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

CLIPS = sorted(path.name for path in CALLERS.glob("*-01.wav"))[:8]


async def test_eight_calls_at_once_never_block_the_event_loop(running_bot: RunningBot) -> None:
    slow_steps = running_bot.data_dir / "slow-steps"
    before = slow_steps.read_text() if slow_steps.exists() else ""

    def steps(place: int) -> list[Step]:
        return [Wait(0.5 + place / 4), say(CLIPS[place]), Wait(4.0), say(CLIPS[-place]), Wait(4.0)]

    ended = await asyncio.gather(*(call(running_bot, *steps(place)) for place in range(len(CLIPS))))
    answered = [rows for _, rows in ended if of(rows, "TurnTimed")]
    assert len(answered) >= len(CLIPS) // 2, "the machine had something to do"
    after = slow_steps.read_text() if slow_steps.exists() else ""
    assert after[len(before) :] == ""
