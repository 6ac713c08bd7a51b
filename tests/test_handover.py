"""Handing a call over by the carrier's REST interface: the request made, and what follows when it fails."""

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr
from twilio.http import HttpClient
from twilio.http.response import Response

from voicebot.settings import Settings
from voicebot.telephony import handover
from voicebot.telephony.handover import CarrierHandover
from voicebot.telephony.messages import Start
from voicebot.telephony.trouble import Trouble

CALL = Start("MZ1", "CA" + "1" * 32, "AC" + "a" * 32, {})
URL = "https://api.twilio.com/2010-04-01/Accounts/{}/Calls/{}.json"


class Rest(HttpClient):  # type: ignore[misc]
    """The carrier's REST interface, played by the test."""

    def __init__(self, status: int = 200, text: str = "{}", fault: Exception | None = None) -> None:
        super().__init__(logging.getLogger("rest"), is_async=False)
        self.status, self.text, self.fault = status, text, fault
        self.asked: list[tuple[str, str, dict[str, Any], tuple[str, str]]] = []

    def request(self, method: str, uri: str, **given: Any) -> Response:
        self.asked.append((method, uri, given["data"], given["auth"]))
        if self.fault:
            raise self.fault
        return Response(self.status, self.text)


def settings(**given: Any) -> Settings:
    tokens = [SecretStr("current"), SecretStr("former")]
    return Settings(twilio_auth_tokens=tokens, public_url="https://bot.example.dk", **given)


async def test_a_transfer_rings_the_human_with_the_danish_tone() -> None:
    rest = Rest()
    assert await CarrierHandover(settings(), rest).transfer(CALL, "+4546313000")
    ((method, uri, data, auth),) = rest.asked
    assert (method, uri) == ("POST", URL.format(CALL.account, CALL.call))
    assert auth == (CALL.account, "current")
    assert data == {
        "Twiml": '<?xml version="1.0" encoding="UTF-8"?><Response>'
        '<Dial ringTone="dk" timeout="40">+4546313000</Dial></Response>'
    }


async def test_hanging_up_completes_the_call_of_the_account_in_the_settings() -> None:
    rest = Rest()
    assert await CarrierHandover(settings(twilio_account_sid="AC0"), rest).hang_up(CALL)
    assert rest.asked == [("POST", URL.format("AC0", CALL.call), {"Status": "completed"}, ("AC0", "current"))]


@pytest.mark.parametrize(
    "rest",
    [
        Rest(status=404, text='{"code": 20404, "message": "hemmeligt"}'),
        Rest(status=500, text="<html>hemmeligt</html>"),
        Rest(text="no JSON: hemmeligt"),
        Rest(text='["hemmeligt"]'),
        Rest(fault=ConnectionError("hemmeligt")),
    ],
)
async def test_a_failure_is_told_and_logged_in_one_line(rest: Rest, caplog: pytest.LogCaptureFixture) -> None:
    hand = CarrierHandover(settings(), rest, trouble := Trouble())
    assert not await hand.transfer(CALL, "+4546313000")
    assert not await hand.hang_up(CALL)
    assert trouble.since(datetime.min.replace(tzinfo=UTC)) == {"telephony.update": 2}
    assert len(caplog.records) == 2
    for record in caplog.records:
        assert CALL.call in record.getMessage()
        assert "hemmeligt" not in record.getMessage()
        assert "4546313000" not in record.getMessage()
        assert record.exc_info is None


class Stuck(Rest):
    """A carrier that does not answer until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()

    def request(self, method: str, uri: str, **given: Any) -> Response:
        self.released.wait(30)
        return super().request(method, uri, **given)


async def test_a_carrier_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(handover, "REST_LIMIT", 0.05)
    rest = Stuck()
    assert not await CarrierHandover(settings(), rest).transfer(CALL, "+4546313000")
    assert "TimeoutError" in caplog.text
    assert rest.asked == [], "the answer did not wait for the carrier"
    rest.released.set()


async def test_a_transfer_does_not_wait_for_other_work_in_threads() -> None:
    free, loop = threading.Event(), asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as usual:
        loop.set_default_executor(usual)
        busy = loop.run_in_executor(None, free.wait, 30)
        try:
            assert await CarrierHandover(settings(), Rest()).transfer(CALL, "+4546313000")
            assert not busy.done()
        finally:
            free.set()
            await busy


async def test_nothing_is_asked_without_an_auth_token() -> None:
    rest = Rest()
    hand = CarrierHandover(Settings(insecure=True), rest)
    assert not await hand.transfer(CALL, "+4546313000")
    assert not await hand.hang_up(CALL)
    assert rest.asked == []
