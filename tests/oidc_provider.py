"""A municipality's directory for tests: a real server that speaks OpenID Connect, and can be told to lie."""

import asyncio
import base64
import hashlib
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.conftest import free_port

CLIENT, SECRET = "voicebot", "en meget hemmelig ting"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
"""What it signs with, and tells all of."""
FOREIGN_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


class Directory:
    """What it answers can be changed between a test's steps."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.person: dict[str, Any] = {"sub": "7f3a", "name": "Karen Holm", "roles": ["redaktør", "andet"]}
        self.metadata: dict[str, Any] = {}
        """Over what it says of itself."""
        self.claims: dict[str, Any] = {}
        """Over what its ID tokens say; None: they do not say it."""
        self.key = KEY
        self.algorithm = "RS256"
        self.slow = 0.0
        """Seconds before it tells of itself."""
        self.told = 0
        """How often it told of itself."""
        self._codes: dict[str, dict[str, str]] = {}

    @property
    def settings(self) -> dict[str, Any]:
        """What a bot is to be told of it."""
        roles = {"redaktør": "rediger", "leder": "administrer", "alle": "se"}
        asked = {"issuer": self.issuer, "client_id": CLIENT, "client_secret": SECRET, "roles": roles}
        return {f"oidc_{name}": value for name, value in asked.items()}

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._about),
                Route("/keys", self._keys),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    async def _about(self, _: Request) -> Response:
        self.told += 1
        await asyncio.sleep(self.slow)
        places = {"authorization": "authorize", "token": "token"}
        told = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in places.items()}
        return JSONResponse({"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"} | told | self.metadata)

    async def _keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [{"kty": "AKP", "kid": "unknown"}, KEY.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == (CLIENT, "code", "S256")
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe()
        self._codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.issuer}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}")

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        asked = self._codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if not asked or challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}" and form.get("client_secret") != SECRET:
            return JSONResponse({"error": "invalid_client"}, 401)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        said = {name: value for name, value in (claims | self.person | self.claims).items() if value is not None}
        header = {"alg": self.algorithm, "kid": "one"}
        signed = jwt.encode(header, said, self.key, algorithms=[self.algorithm])
        return JSONResponse({"id_token": signed, "access_token": "x", "token_type": "Bearer"})


@asynccontextmanager
async def directory() -> AsyncIterator[Directory]:
    """A directory that listens until the context closes."""
    port = free_port()
    its = Directory(f"http://127.0.0.1:{port}")
    server = uvicorn.Server(uvicorn.Config(its.app(), port=port, log_config=None, ws="none"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield its
    finally:
        server.should_exit = True
        await serving
