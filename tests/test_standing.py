"""Work beside the calls does not end unseen."""

import asyncio

import pytest

from voicebot.standing import standing


async def forever(fault: Exception | None = None) -> None:
    await asyncio.sleep(0)
    if fault:
        raise fault
    await asyncio.Event().wait()


async def test_what_ended_it_is_logged_by_its_type(caplog: pytest.LogCaptureFixture) -> None:
    await asyncio.wait([standing(forever(KeyError("mit pas er væk")), "deleting")])
    assert [line.message for line in caplog.records] == [
        "Standing work (deleting) has ended (KeyError); restart the bot."
    ]
    assert "pas" not in caplog.text


async def test_being_told_to_stop_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    task = standing(forever(), "deleting")
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert caplog.records == []
