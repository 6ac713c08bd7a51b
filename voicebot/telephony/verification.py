"""What makes a carrier's request trusted: settings that fit, signatures, and single-use tokens."""

import secrets
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from voicebot.errors import SettingsError
from voicebot.line import CallInfo
from voicebot.settings import Settings

TOKEN_SECONDS = 60.0
"""Seconds from the webhook's answer within which the stream must open."""
MOST_TOKENS = 10_000
"""Calls between webhook and stream at one time; more than that, and the oldest is forgotten."""


def check_telephony_settings(settings: Settings) -> None:
    """SettingsError: unsigned requests where others can send them, an empty token, a public_url not for a carrier."""
    if settings.insecure and not _is_loopback(settings.host):
        raise SettingsError(
            "settings.insecure",
            f"insecure accepts unsigned requests, so the host must be a loopback address, not {settings.host}: "
            "drop --insecure, or listen on 127.0.0.1.",
        )
    if any(not token.get_secret_value().strip() for token in settings.twilio_auth_tokens):
        raise SettingsError("settings.twilio_auth_tokens", "An auth token in twilio_auth_tokens is empty: remove it.")
    if (settings.twilio_auth_tokens or settings.public_url) and not _is_public(settings.public_url):
        raise SettingsError(
            "settings.public_url",
            "public_url must be the address the carrier calls, such as https://bot.kommune.dk: https, no port, "
            "no query; it is needed with twilio_auth_tokens.",
        )


def socket_url(settings: Settings, path: str) -> str:
    """The address of a WebSocket for the carrier; without a public one, whoever asks is on this machine."""
    if settings.public_url:
        return "wss" + settings.public_url.rstrip("/").removeprefix("https") + path
    return f"ws://{settings.host}:{settings.port}{path}"


class Signatures:
    """Checks that a request was signed with one of several auth tokens, for the public address alone."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._validators = [RequestValidator(token.get_secret_value()) for token in settings.twilio_auth_tokens]

    @property
    def configured(self) -> bool:
        """Whether there is any auth token to check with."""
        return bool(self._validators)

    def accept_post(self, path: str, query: str, form: ImmutableMultiDict[str, str], signature: str) -> bool:
        """Whether a form post to `path` is the carrier's; all received fields are part of what was signed."""
        url = self._settings.public_url.rstrip("/") + path + (f"?{query}" if query else "")
        return self._accept([url], form, signature)

    def accept_upgrade(self, path: str, signature: str) -> bool:
        """Whether a WebSocket upgrade is the carrier's: it signs the wss address, with or without a last slash."""
        url = socket_url(self._settings, path)
        return self._accept([url, url + "/"], {}, signature)

    def _accept(self, urls: Iterable[str], params: Mapping[str, str], signature: str) -> bool:
        return any(validator.validate(url, params, signature) for url in urls for validator in self._validators)


class Tokens:
    """Short-lived secrets, each good for one stream of one call; time comes in as data (seconds, rising).

    The WebSocket signature alone could be replayed.
    """

    def __init__(self) -> None:
        self._issued: dict[str, tuple[float, CallInfo]] = {}

    def __len__(self) -> int:
        return len(self._issued)

    def issue(self, call: CallInfo, now: float) -> str:
        """A new token for `call`; it keeps what is known of the call on this side of the line."""
        for token, (until, _) in list(self._issued.items()):
            if until > now and len(self._issued) < MOST_TOKENS:
                break
            del self._issued[token]
        token = secrets.token_urlsafe(24)
        self._issued[token] = (now + TOKEN_SECONDS, call)
        return token

    def redeem(self, token: str, call_id: str, now: float) -> CallInfo | None:
        """The call that `token` was issued for, once; None: unknown, used, too old, or another call's."""
        until, call = self._issued.pop(token, (now, None))
        return call if call and until > now and call.call_id == call_id else None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_public(url: str) -> bool:
    try:
        parts = urlsplit(url)
        bare = not (parts.port or parts.query or parts.fragment or parts.username)
    except ValueError:
        return False
    return bare and parts.scheme == "https" and bool(parts.hostname)
