"""Putting a caller through to a human, and hanging up, by the carrier's REST interface."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from twilio.http import HttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.twiml.voice_response import VoiceResponse

from voicebot.settings import Settings
from voicebot.telephony.messages import Start
from voicebot.telephony.trouble import Trouble

REST_LIMIT = 5.0
"""Seconds that a request to the carrier may take."""
RING_LIMIT = 40
"""Seconds that a human's telephone rings; the carrier takes 5 to 600."""
AT_ONCE = 4
"""Requests to the carrier under way at once; callers never wait for what else threads are used for."""
_log = logging.getLogger(__name__)


def put_through(response: VoiceResponse, number: str) -> VoiceResponse:
    """Add to `response`: ring `number` (E.164) with the Danish tone."""
    response.dial(number, timeout=RING_LIMIT, ring_tone="dk")
    return response


class CarrierHandover:
    """A `Handover` over the carrier's REST interface; every method answers False where that fails.

    The account is the one in the settings, or the one the call came from. Without an auth token
    (`insecure`) nothing is asked of the carrier.
    """

    def __init__(
        self, settings: Settings, http_client: HttpClient | None = None, trouble: Trouble | None = None
    ) -> None:
        """trouble: told where the carrier does not do what it is asked."""
        tokens = settings.twilio_auth_tokens
        self._token = tokens[0].get_secret_value() if tokens else ""
        self._account = settings.twilio_account_sid
        self._trouble = trouble or Trouble()
        self._http = http_client or TwilioHttpClient(timeout=REST_LIMIT)
        self._threads = ThreadPoolExecutor(AT_ONCE, "handover")

    async def transfer(self, start: Start, number: str) -> bool:
        """Have the carrier ring `number` (E.164) and connect the caller."""
        return await self._update(start, twiml=str(put_through(VoiceResponse(), number)))

    async def hang_up(self, start: Start) -> bool:
        """Have the carrier end the call."""
        return await self._update(start, status="completed")

    async def _update(self, start: Start, **change: str) -> bool:
        if not self._token:
            return False
        try:
            async with asyncio.timeout(REST_LIMIT):
                await asyncio.get_running_loop().run_in_executor(self._threads, self._request, start, change)
        except Exception as fault:  # whatever the client raises, over the net or over an odd answer
            status = getattr(fault, "status", "no answer")
            _log.error("Call %s: the carrier did not take an update: %s, %s", start.call, type(fault).__name__, status)
            self._trouble.note("telephony.update")
            return False
        return True

    def _request(self, start: Start, change: dict[str, str]) -> None:
        """Blocks; the client also loads its modules at the first call."""
        Client(self._account or start.account, self._token, http_client=self._http).calls(start.call).update(**change)
