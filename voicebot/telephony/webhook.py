"""The carrier's way in: the voice webhook that answers TwiML, the status webhook, and the media socket."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket
from twilio.twiml.voice_response import Connect, VoiceResponse

from voicebot.errors import TelephonyError
from voicebot.line import CallInfo
from voicebot.settings import Settings
from voicebot.telephony.handover import CarrierHandover, put_through
from voicebot.telephony.media_stream import AnswerCall, Handover, MediaStream, serve_stream
from voicebot.telephony.messages import Start
from voicebot.telephony.trouble import Trouble
from voicebot.telephony.verification import Signatures, Tokens, check_telephony_settings, socket_url

VOICE_PATH, STATUS_PATH, MEDIA_PATH = "/twilio/voice", "/twilio/status", "/twilio/media"
LONGEST_FORM = 65536
"""Bytes of one form post; the carrier's take about 1,000."""
FORM_LIMIT = 5.0
"""Seconds for a form post to arrive; the carrier gives up after 15 in all."""
NET = "Et øjeblik, du bliver stillet om til en medarbejder."
"""Said by the carrier when the stream ends before the call does: the bot failed, or could not transfer."""
LANGUAGE, VOICE = "da-DK", "Polly.Naja"
"""The carrier's own Danish voice, for when the bot cannot speak."""
WITHHELD = frozenset({"", "anonymous", "unavailable", "restricted", "unknown", "+266696687"})
"""What stands for a caller's number that is not shown (+266696687 spells ANONYMOUS on a keypad)."""

_NO_TOKEN = "No auth token of the carrier is configured: set VOICEBOT_TWILIO_AUTH_TOKENS and restart."  # noqa: S105
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Exchange:
    """What the carrier's routes need.

    municipality: for a number that was called, the municipality's id and the number (E.164) it transfers to;
    for any other number, those of the default one. answer_call: the call itself. handover: how calls leave
    the bot, by default over the carrier's REST interface. trouble: told of whatever goes wrong with the carrier.
    """

    settings: Settings
    municipality: Callable[[str], tuple[str, str]]
    answer_call: AnswerCall
    handover: Handover | None = None
    trouble: Trouble = field(default_factory=Trouble)


def carrier_routes(exchange: Exchange) -> list[BaseRoute]:
    """The carrier's routes; SettingsError where the settings do not fit (see `check_telephony_settings`)."""
    check_telephony_settings(exchange.settings)
    carrier = _Carrier(exchange)
    return [
        Route(VOICE_PATH, carrier.voice, methods=["POST"]),
        Route(STATUS_PATH, carrier.status, methods=["POST"]),
        WebSocketRoute(MEDIA_PATH, carrier.media),
        WebSocketRoute(MEDIA_PATH + "/", carrier.media),
    ]


class _Carrier:
    """The three routes and what they share."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._insecure = exchange.settings.insecure
        self._signatures = Signatures(exchange.settings)
        self._tokens = Tokens()
        self._trouble = exchange.trouble
        self._handover = exchange.handover or CarrierHandover(exchange.settings, trouble=exchange.trouble)

    async def voice(self, request: Request) -> Response:
        """A call comes in: connect it to the media socket, with a human behind it should the socket fail."""
        form = await self._signed_form(request, VOICE_PATH)
        call_id, called = form.get("CallSid", ""), form.get("To", "")
        if not call_id:
            raise HTTPException(400, "The form has no CallSid.")
        municipality, transfer_number = self._exchange.municipality(called)
        caller = form.get("From", "")
        caller = "" if caller.lower() in WITHHELD else caller
        token = self._tokens.issue(CallInfo(call_id, "twilio", municipality, caller), time.monotonic())
        url = socket_url(self._exchange.settings, MEDIA_PATH)
        return Response(_twiml(url, token, transfer_number), media_type="application/xml")

    async def status(self, request: Request) -> Response:
        """The carrier tells how a call stands."""
        form = await self._signed_form(request, STATUS_PATH)
        _log.info("Call %.64r stands at %.16r.", form.get("CallSid", ""), form.get("CallStatus", ""))
        return Response(status_code=204)

    async def media(self, websocket: WebSocket) -> None:
        """The stream of one call."""
        signature = websocket.headers.get("x-twilio-signature", "")
        if not self._insecure and not self._signatures.configured:
            await websocket.send_denial_response(PlainTextResponse(_NO_TOKEN, 503))
        elif not self._insecure and not self._signatures.accept_upgrade(MEDIA_PATH, signature):
            _log.warning("A media stream was refused: its signature does not fit (telephony.signature)")
            self._trouble.note("telephony.signature")
            await websocket.send_denial_response(PlainTextResponse("The signature does not fit.", 403))
        else:
            await websocket.accept()
            stream = MediaStream(websocket, self._handover)
            await serve_stream(stream, self._admit, self._exchange.answer_call)
            if stream.fault:
                self._trouble.note(stream.fault)

    def _admit(self, start: Start) -> CallInfo:
        call = self._tokens.redeem(start.parameters.get("token", ""), start.call, time.monotonic())
        if call:
            return call
        if self._insecure:
            return CallInfo(start.call, "twilio", self._exchange.municipality("")[0], "")
        raise TelephonyError("telephony.token", "The stream's token is unknown, used, too old or another call's.")

    async def _signed_form(self, request: Request, path: str) -> ImmutableMultiDict[str, str]:
        if not self._insecure and not self._signatures.configured:
            raise HTTPException(503, _NO_TOKEN)
        form = await _read_form(request)
        signature = request.headers.get("x-twilio-signature", "")
        query = request.scope["query_string"].decode("latin-1")
        if not self._insecure and not self._signatures.accept_post(path, query, form, signature):
            _log.warning("A post to %s was refused: its signature does not fit (telephony.signature)", path)
            self._trouble.note("telephony.signature")
            raise HTTPException(403, "The signature does not fit.")
        return form


def _twiml(media_url: str, token: str, transfer_number: str) -> str:
    response = VoiceResponse()
    connect = Connect()
    connect.stream(url=media_url).parameter(name="token", value=token)
    response.append(connect)
    response.say(NET, language=LANGUAGE, voice=VOICE)
    return str(put_through(response, transfer_number))


async def _read_form(request: Request) -> ImmutableMultiDict[str, str]:
    """The fields of a form post; HTTPException: 400 no form, 408 too slow, 413 over `LONGEST_FORM`."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise HTTPException(400, "The body must be a form (application/x-www-form-urlencoded).")
    body = bytearray()
    try:
        async with asyncio.timeout(FORM_LIMIT):
            async for part in request.stream():
                body += part
                if len(body) > LONGEST_FORM:
                    raise HTTPException(413, f"The form is over {LONGEST_FORM} bytes.")
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict")
    except TimeoutError:
        raise HTTPException(408, f"The form took over {FORM_LIMIT:.0f} s to arrive.") from None
    except (ClientDisconnect, ValueError):
        raise HTTPException(400, "The form cannot be read.") from None
    return ImmutableMultiDict(fields)
