"""Who may come in."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from voicebot.storage.people import Role

Handler = Callable[[Request], Awaitable[Response]]


def guarded(
    path: str, handler: Handler, role: Role = Role.SEE, methods: Sequence[str] = ("GET",), name: str | None = None
) -> Route:
    """A route for those who are logged in with at least `role`; `request.state.login` says who it is."""
    raise NotImplementedError
