"""A call goes on whatever those do who are told of it."""

from typing import Any
from unittest.mock import Mock

import pytest

from tests.recording import A_CALL
from voicebot.app import Bot
from voicebot.events import Event


@pytest.mark.parametrize("broken", ["record", "hear", "tell"])
def test_a_fault_of_one_who_is_told_is_nobody_elses(broken: str, caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []

    def note(name: str) -> Any:
        return Mock(side_effect=KeyError("mit pas er væk") if name == broken else lambda *_: told.append(name))

    bot: Any = object.__new__(Bot)
    bot.recorder, bot.metrics, bot.notices = (
        Mock(record=note("record")),
        Mock(hear=note("hear")),
        Mock(tell=note("tell")),
    )
    seen: list[Event] = []
    bot.tell(seen.append, A_CALL[1])
    assert told == [name for name in ("record", "hear", "tell") if name != broken]
    assert seen == [A_CALL[1]]
    assert [line.message for line in caplog.records] == ["An event (Transcribed) was not taken in (KeyError)."]


def test_nor_is_a_fault_of_who_watches_the_calls(caplog: pytest.LogCaptureFixture) -> None:
    bot: Any = object.__new__(Bot)
    bot.recorder, bot.metrics, bot.notices = Mock(), Mock(), Mock()
    bot.tell(Mock(side_effect=ValueError), A_CALL[0])
    assert "(CallStarted) was not taken in (ValueError)" in caplog.text
