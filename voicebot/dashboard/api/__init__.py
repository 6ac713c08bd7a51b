"""The dashboard for programs: what its pages show as JSON, behind the same log-in and the same roles."""

from collections.abc import Mapping
from importlib.metadata import version

from pydantic import ConfigDict
from starlette.requests import Request
from starlette.routing import BaseRoute

from voicebot.dashboard.api import calls, library, overview
from voicebot.dashboard.api.endpoint import Endpoint, Given, document
from voicebot.storage.people import Role

COOKIE = "__Host-voicebot"
"""The session's cookie over https; over plain http on the bot's own machine it is 'voicebot'."""


def routes() -> list[BaseRoute]:
    """Everything under `/api`."""
    return [endpoint.route() for endpoint in ENDPOINTS]


class Me(Given):
    """Who is logged in. csrf: goes into the header X-CSRF-Token of every POST."""

    name: str
    role: Role
    csrf: str


class Description(Given):
    """OpenAPI 3.1."""

    model_config = ConfigDict(extra="allow")

    openapi: str
    info: Mapping[str, object]
    paths: Mapping[str, object]
    components: Mapping[str, object]


async def me(request: Request, _: None) -> Me:
    """Who is logged in."""
    login = request.state.login
    return Me(name=login.person.name, role=Role(login.person.role), csrf=login.csrf)


async def description(request: Request, _: None) -> Description:
    """What can be asked, and what comes back."""
    made = document(ENDPOINTS, "Voicebot: the operators' dashboard", version("voicebot"), COOKIE)
    return Description.model_validate(made)


ENDPOINTS = [
    Endpoint("/api/mig", "Who is logged in, and their CSRF token", me, Me),
    *overview.ENDPOINTS,
    *calls.ENDPOINTS,
    *library.ENDPOINTS,
    Endpoint("/api/openapi.json", "What can be asked, in OpenAPI 3.1", description, Description),
]
