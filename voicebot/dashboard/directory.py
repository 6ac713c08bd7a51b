"""A municipality's own directory of people, asked by OpenID Connect who somebody is and what they may do.

Authorization code with PKCE, state and nonce (OpenID Connect Core 1.0; RFC 9700). Its keys are asked for anew at each
log-in and where its doors are every few minutes, so what was changed there needs no restart here. Anybody may begin a
log-in: one costs next to nothing, and no more than a few ask the directory at once.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from voicebot.errors import DirectoryError, SettingsError
from voicebot.settings import Settings
from voicebot.storage.people import Role

TIME_LIMIT = 5.0
"""Seconds that each question to the directory may take."""
KEPT = 300.0
"""Seconds that what it says of itself is kept."""
AT_ONCE = 8
"""Log-ins that may be asking it at once; it is there for all of the municipality."""
LEEWAY = 60
"""Seconds that its clock and ours may be apart."""
ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures that are taken; none that our own secret or nothing at all could make."""
_tls = cache(httpx2.create_ssl_context)
"""The one context of the process: to make one takes 25 ms, reading all authorities that are trusted."""
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Question:
    """What a browser keeps while it is away at the directory, and must come back with. onward: where it goes then."""

    onward: str
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))


@dataclass(frozen=True)
class Known:
    """Somebody as the directory knows them. subject: theirs alone, for ever; role: None where they have none here."""

    subject: str
    name: str
    role: Role | None


def check_directory_settings(settings: Settings) -> None:
    """SettingsError where a directory is named but cannot be used so."""
    if not settings.oidc_issuer:
        return
    if not _is_safe(settings.oidc_issuer):
        raise SettingsError("settings.oidc", "oidc_issuer must be an address that begins with https://.")
    if not settings.oidc_client_id or not settings.oidc_roles:
        needed = 'oidc_client_id, and oidc_roles like \'{"voicebot-admin": "administrer"}\''
        raise SettingsError("settings.oidc", f"oidc_issuer is set; set {needed} too, or nobody gets in by it.")


class Directory:
    """One municipality's directory."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._asking = 0
        self._told: tuple[float, Mapping[str, Any]] | None = None

    async def address(self, question: Question, back: str) -> str:
        """Where the browser is sent to log in; back: our own address that it returns to. DirectoryError."""
        async with self._client(back) as client:
            told = await self._metadata(client)
            address, _ = client.create_authorization_url(
                _endpoint(told, "authorization_endpoint"),
                state=question.state,
                code_verifier=question.verifier,
                nonce=question.nonce,
            )
            return str(address)

    async def who(self, code: str, question: Question, back: str) -> Known:
        """Who came back with `code`; DirectoryError where the directory cannot be reached or believed."""
        async with self._client(back) as client:
            told = await self._metadata(client)
            ways = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
            if client.client_secret and "client_secret_basic" not in ways:
                client.token_endpoint_auth_method = "client_secret_post"  # noqa: S105 (the name of a method)
            tokens = await client.fetch_token(
                _endpoint(told, "token_endpoint"),
                grant_type="authorization_code",
                code=code,
                code_verifier=question.verifier,
            )
            keys = KeySet.import_key_set(await _got(client, _endpoint(told, "jwks_uri")))
            return self._known(self._claims(str(tokens["id_token"]), keys, question.nonce))

    @asynccontextmanager
    async def _client(self, back: str) -> AsyncIterator[AsyncOAuth2Client]:
        """A client of the directory's; every fault of it becomes a DirectoryError."""
        if self._asking >= AT_ONCE:
            raise DirectoryError("directory.busy", "Too many log-ins are begun at once.")
        self._asking += 1
        try:
            async with self._alone(back) as client:
                yield client
        finally:
            self._asking -= 1

    @asynccontextmanager
    async def _alone(self, back: str) -> AsyncIterator[AsyncOAuth2Client]:
        its, secret = self._settings, self._settings.oidc_client_secret.get_secret_value()
        client = AsyncOAuth2Client(
            its.oidc_client_id,
            secret or None,
            scope="openid profile",
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=TIME_LIMIT,
            verify=await asyncio.to_thread(_tls),
        )
        try:
            async with asyncio.timeout(3 * TIME_LIMIT), client:
                yield client
        except (httpx2.HTTPError, TimeoutError, OSError) as fault:
            raise DirectoryError("directory.away", f"The directory does not answer ({type(fault).__name__}).") from None
        except (AuthlibBaseError, JoseError, KeyError, TypeError, ValueError) as fault:
            said = getattr(fault, "error", "") or type(fault).__name__
            raise DirectoryError("directory.untrue", f"The directory's answer cannot be used ({said}).") from None

    async def _metadata(self, client: AsyncOAuth2Client) -> Mapping[str, Any]:
        issuer, now = self._settings.oidc_issuer, asyncio.get_running_loop().time()
        if self._told and now - self._told[0] < KEPT:
            return self._told[1]
        told: Mapping[str, Any] = await _got(client, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if told["issuer"] != issuer:
            raise DirectoryError(
                "directory.issuer", "The directory calls itself otherwise: set oidc_issuer to its own issuer."
            )
        self._told = now, told
        return told

    def _claims(self, token: str, keys: KeySet, nonce: str) -> Mapping[str, Any]:
        its = self._settings
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": its.oidc_issuer},
            aud={"essential": True, "value": its.oidc_client_id},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        ).validate(claims)
        if claims.get("azp", its.oidc_client_id) != its.oidc_client_id:
            raise ValueError("azp")
        return claims

    def _known(self, claims: Mapping[str, Any]) -> Known:
        names = (claims.get(name) for name in ("name", "preferred_username", "email", "sub"))
        given = claims.get(self._settings.oidc_claim, [])
        values = [value for value in (given if isinstance(given, list) else [given]) if isinstance(value, str)]
        roles = {Role(self._settings.oidc_roles[value]) for value in values if value in self._settings.oidc_roles}
        highest = next((role for role in reversed(Role) if role in roles), None)
        return Known(f"{claims['iss']} {claims['sub']}", next(str(name) for name in names if name), highest)


async def _got(client: AsyncOAuth2Client, address: str) -> Any:  # noqa: ANN401 - whatever JSON the directory has
    answer = await client.request("GET", address, withhold_token=True)
    return answer.raise_for_status().json()


def _endpoint(told: Mapping[str, Any], name: str) -> str:
    address = str(told[name])
    if not _is_safe(address):
        raise DirectoryError("directory.address", f"The directory's {name} is no address that begins with https://.")
    return address


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
