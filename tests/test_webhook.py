"""The carrier's routes: signatures, the TwiML, and the media socket behind them."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect
from twilio.request_validator import RequestValidator

from tests.test_messages import CONNECTED, DTMF, START, STOP
from voicebot.errors import SettingsError
from voicebot.line import CallInfo, Digit, HungUp, LineEvent
from voicebot.settings import Settings
from voicebot.telephony import webhook
from voicebot.telephony.media_stream import MediaStream
from voicebot.telephony.messages import Start
from voicebot.telephony.trouble import Trouble
from voicebot.telephony.webhook import Exchange, carrier_routes

PUBLIC = "https://bot.example.dk"
FORM = {
    "CallSid": "CA1",
    "AccountSid": "AC1",
    "From": "+4512345678",
    "To": "+4546313000",
    "CallStatus": "ringing",
    "Direction": "inbound",
    "ApiVersion": "2010-04-01",
    "CallerName": "",
    "NewField": "æøå & +",
}


class Office:
    """A bot behind the carrier's routes that notes the calls it answers."""

    def __init__(self, **given: Any) -> None:
        self.calls: list[CallInfo] = []
        self.events: list[LineEvent] = []
        self.settings = Settings(**given)
        self.trouble = Trouble()
        exchange = Exchange(self.settings, self.municipality, self.answer_call, self, self.trouble)
        self.client = TestClient(Starlette(routes=carrier_routes(exchange)))

    def municipality(self, number: str) -> tuple[str, str]:
        return ("lejre", "+4546464646") if number == "+4546464600" else ("roskilde", "+4546313000")

    async def answer_call(self, stream: MediaStream, call: CallInfo) -> None:
        self.calls.append(call)
        async for event in stream.events():
            self.events.append(event)

    async def transfer(self, start: Start, number: str) -> bool:
        return False

    async def hang_up(self, start: Start) -> bool:
        return False

    def post(self, path: str = "/twilio/voice", form: Any = FORM, token: str = "current", **given: Any) -> Any:
        """A post signed by the carrier with one of its auth tokens, over `signed_url`, by default the public one."""
        url = given.get("signed_url", PUBLIC + path)
        signature = RequestValidator(token).compute_signature(url, form)
        return self.client.post(path, data=form, headers={"X-Twilio-Signature": signature})

    def ring(self, **changes: str) -> str:
        """Post the webhook; the token in the TwiML."""
        parameter = twiml(self.post(form=FORM | changes).text).find("./Connect/Stream/Parameter")
        assert parameter is not None
        assert parameter.attrib["name"] == "token"
        return parameter.attrib["value"]

    def talk(self, token: str, url: str = "wss://bot.example.dk/twilio/media", auth: str = "current") -> int:
        """Open a signed stream, press a key, stop; the code that the socket was closed with."""
        signature = RequestValidator(auth).compute_signature(url, {})
        with self.client.websocket_connect("/twilio/media", headers={"x-twilio-signature": signature}) as websocket:
            websocket.send_json(CONNECTED)
            websocket.send_json(START | {"start": START["start"] | {"customParameters": {"token": token}}})
            websocket.send_json(DTMF)
            websocket.send_json(STOP)
            with pytest.raises(WebSocketDisconnect) as closed:
                websocket.receive_json()
        return closed.value.code


def twiml(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


@pytest.fixture
def office() -> Iterator[Office]:
    tokens = [SecretStr("current"), SecretStr("former")]
    office = Office(twilio_auth_tokens=tokens, public_url=PUBLIC, host="0.0.0.0")
    with office.client:
        yield office


def test_a_call_is_connected_with_a_human_behind_it(office: Office) -> None:
    answer = office.post()
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/xml")
    response = twiml(answer.text)
    assert [verb.tag for verb in response] == ["Connect", "Say", "Dial"]
    stream = response.find("./Connect/Stream")
    assert stream is not None
    assert stream.attrib == {"url": "wss://bot.example.dk/twilio/media"}
    assert response[1].attrib == {"language": "da-DK", "voice": "Polly.Naja"}
    assert response[1].text == "Et øjeblik, du bliver stillet om til en medarbejder."
    assert (response[2].text, response[2].attrib) == ("+4546313000", {"ringTone": "dk", "timeout": "40"})
    assert "12345678" not in answer.text


def test_the_number_called_chooses_the_municipality(office: Office) -> None:
    assert twiml(office.post(form=FORM | {"To": "+4546464600"}).text)[2].text == "+4546464646"
    assert twiml(office.post(form=FORM | {"To": "+4599999999"}).text)[2].text == "+4546313000"
    assert office.talk(office.ring(To="+4546464600")) == 1000
    assert office.calls == [CallInfo("CA1", "twilio", "lejre", "+4512345678")]


@pytest.mark.parametrize("token", ["current", "former"])
def test_each_of_several_auth_tokens_is_good(office: Office, token: str) -> None:
    assert office.post(token=token).status_code == 200
    assert office.post("/twilio/status", token=token).status_code == 204
    assert office.talk(office.ring(), auth=token) == 1000


def test_the_query_is_part_of_what_is_signed(office: Office) -> None:
    assert office.post("/twilio/voice?a=1&b=%C3%A6").status_code == 200
    assert office.post("/twilio/voice?a=1", signed_url=PUBLIC + "/twilio/voice").status_code == 403


def test_fields_that_come_twice_are_both_signed(office: Office) -> None:
    fields = [*FORM.items(), ("Media", "b"), ("Media", "a")]
    signature = RequestValidator("current").compute_signature(PUBLIC + "/twilio/voice", ImmutableMultiDict(fields))
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
    assert office.client.post("/twilio/voice", content=urlencode(fields), headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/twilio/voice", "/twilio/status"])
def test_a_bad_signature_is_refused(office: Office, path: str, caplog: pytest.LogCaptureFixture) -> None:
    assert office.client.post(path, data=FORM).status_code == 403
    assert office.client.post(path, data=FORM, headers={b"X-Twilio-Signature": b"\xe6"}).status_code == 403
    assert office.post(path, token="another").status_code == 403
    assert office.post(path, signed_url=f"http://testserver{path}").status_code == 403, "Host is never believed"
    assert office.post(path, signed_url=f"https://testserver{path}").status_code == 403
    signature = RequestValidator("current").compute_signature(PUBLIC + path, FORM)
    changed = FORM | {"To": "+4599999999"}
    assert office.client.post(path, data=changed, headers={"X-Twilio-Signature": signature}).status_code == 403
    assert "12345678" not in caplog.text


def test_whoever_looks_after_the_line_is_told_of_refusals_and_broken_streams(office: Office) -> None:
    ever = datetime.min.replace(tzinfo=UTC)
    office.talk(office.ring())
    assert office.trouble.since(ever) == {}
    office.post(token="another")
    with pytest.raises(WebSocketDenialResponse):
        office.talk(office.ring(), auth="another")
    office.talk("a token nobody gave out")
    assert office.trouble.since(ever) == {"telephony.signature": 2, "telephony.token": 1}


def test_the_callers_number_is_in_no_log(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        office.talk(office.ring())
        office.post("/twilio/status", form=FORM | {"CallStatus": "completed"})
    assert office.calls[0].caller == "+4512345678"
    assert "'completed'" in caplog.text
    assert "12345678" not in caplog.text


@pytest.mark.parametrize("number", ["anonymous", "Anonymous", "+266696687", ""])
def test_a_withheld_number_is_none(office: Office, number: str) -> None:
    office.talk(office.ring(From=number))
    assert office.calls[0].caller == ""


def test_a_form_that_is_none(office: Office) -> None:
    url = "/twilio/voice"
    assert office.client.post(url, json=FORM).status_code == 400
    assert office.client.post(url, files={"CallSid": b"CA1"}).status_code == 400
    assert office.client.post(url).status_code == 400
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert office.client.post(url, content=b"CallSid=%ff", headers=form).status_code == 400
    assert office.client.post(url, content=b"CallSid=\xff", headers=form).status_code == 400
    assert office.client.post(url, content=b"a=" + b"x" * 70000, headers=form).status_code == 413
    assert office.post(form={"To": "+4546313000"}).status_code == 400
    assert office.client.get(url).status_code == 405


async def test_a_form_that_does_not_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "FORM_LIMIT", 0.02)
    scope = {
        "type": "http",
        "method": "POST",
        "headers": [(b"content-type", b"application/x-www-form-urlencoded")],
    }
    with pytest.raises(webhook.HTTPException) as refused:
        await webhook._read_form(Request(scope, asyncio.Queue[Any]().get))
    assert refused.value.status_code == 408


def test_without_an_auth_token_the_carrier_is_told_so() -> None:
    client = Office().client
    for path in ("/twilio/voice", "/twilio/status"):
        answer = client.post(path, data=FORM)
        assert answer.status_code == 503
        assert "VOICEBOT_TWILIO_AUTH_TOKENS" in answer.text
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect("/twilio/media"):
        pass
    assert refused.value.status_code == 503


def test_settings_that_do_not_fit_lay_no_routes() -> None:
    with pytest.raises(SettingsError):
        Office(insecure=True, host="0.0.0.0")


# The media socket


def test_a_stream_carries_its_call_once(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    token = office.ring()
    assert office.talk(token) == 1000
    assert office.calls == [CallInfo("CA1", "twilio", "roskilde", "+4512345678")]
    assert office.events == [Digit("1"), HungUp("caller")]
    office.talk(token)
    office.talk(office.ring(CallSid="CA2"))
    office.talk("")
    assert len(office.calls) == 1, "a token used, of another call, or none"
    assert caplog.text.count("telephony.token") == 3


def test_the_upgrade_may_be_signed_with_a_last_slash(office: Office) -> None:
    office.talk(office.ring(), "wss://bot.example.dk/twilio/media/")
    assert len(office.calls) == 1


@pytest.mark.parametrize(
    ("url", "auth"),
    [
        ("https://bot.example.dk/twilio/media", "current"),
        ("wss://testserver/twilio/media", "current"),
        ("wss://bot.example.dk/twilio/media", "another"),
    ],
)
def test_an_upgrade_with_a_bad_signature_is_refused(office: Office, url: str, auth: str) -> None:
    with pytest.raises(WebSocketDenialResponse) as refused:
        office.talk(office.ring(), url, auth)
    assert refused.value.status_code == 403
    assert office.calls == []


def test_an_upgrade_without_a_signature_is_refused(office: Office) -> None:
    with pytest.raises(WebSocketDenialResponse) as refused, office.client.websocket_connect("/twilio/media"):
        pass
    assert refused.value.status_code == 403


def test_insecure_takes_unsigned_requests() -> None:
    office = Office(insecure=True, port=8010)
    answer = office.client.post("/twilio/voice", data=FORM)
    stream = twiml(answer.text).find("./Connect/Stream")
    assert stream is not None
    assert stream.attrib["url"] == "ws://127.0.0.1:8010/twilio/media"
    assert office.client.post("/twilio/status", data=FORM).status_code == 204
    office.talk(stream[0].attrib["value"])
    office.talk("")
    assert office.calls == [
        CallInfo("CA1", "twilio", "roskilde", "+4512345678"),
        CallInfo("CA1", "twilio", "roskilde", ""),
    ]
