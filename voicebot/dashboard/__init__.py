"""The operators' pages: what is asked of the record, and templates that show it."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from voicebot.dashboard import (
    account,
    api,
    audit_page,
    call_page,
    calls_page,
    counting_page,
    editor,
    giving,
    group_page,
    history_page,
    library_page,
    live_pages,
    login,
    oidc,
    operations_page,
    overview,
    people_pages,
    unanswered_page,
)
from voicebot.dashboard.office import Office
from voicebot.dashboard.pages import HOME

__all__ = ["Office", "dashboard_routes"]


def dashboard_routes() -> list[BaseRoute]:
    """All routes of the dashboard; `app.state.office` is the `Office` they belong to."""
    return [
        *login.routes(),
        *oidc.routes(),
        *account.routes(),
        *people_pages.routes(),
        *audit_page.routes(),
        *calls_page.routes(),
        *call_page.routes(),
        *api.routes(),
        *library_page.routes(),
        *history_page.routes(),
        *editor.routes(),
        *unanswered_page.routes(),
        *group_page.routes(),
        *giving.routes(),
        *live_pages.routes(),
        *overview.routes(),
        *counting_page.routes(),
        *operations_page.routes(),
        Mount("/statisk", GZipMiddleware(StaticFiles(directory=HOME / "static")), name="static"),
    ]
