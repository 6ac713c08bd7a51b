"""Pages made of templates, with Danish figures and times."""

from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from voicebot.dashboard.definitions import DEFINITIONS
from voicebot.dashboard.office import office
from voicebot.storage.people import Role
from voicebot.storage.period import danish

HOME = Path(str(files("voicebot.dashboard")))
_MONTHS = [
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
]
_DAYS = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]


def number(value: float | None, digits: int = 0) -> str:
    """1234.5 → '1.234,5'; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def percent(share: float | None, digits: int = 0) -> str:
    """0.69 → '69 %'."""
    return "–" if share is None else f"{number(share * 100, digits)} %"


def seconds(value: float | None) -> str:
    """A short time with one or two decimals: 0.58 → '0,58 s', 12.3 → '12 s'."""
    return "–" if value is None else f"{number(value, 2 if value < 10 else 0)} s"


def length(value: float | None) -> str:
    """The length of a call: 75 → '1:15'."""
    return "–" if value is None else f"{int(value) // 60}:{int(value) % 60:02d}"


def moment(value: datetime | None) -> str:
    """'22. november 2026 kl. 14:05', Danish time."""
    return "–" if value is None else f"{day(danish(value))} {danish(value).year} kl. {clock(value)}"


def exactly(value: datetime) -> str:
    """'22. november 2026 kl. 14:05:12', Danish time."""
    return f"{moment(value)}:{value:%S}"


def clock(value: datetime) -> str:
    """'14:05', Danish time."""
    return f"{danish(value):%H:%M}"


def day(value: date, today: date | None = None) -> str:
    """'22. november', with the year where it is not that of `today`."""
    its = f"{value.day}. {_MONTHS[value.month - 1]}"
    return its if today is None or value.year == today.year else f"{its} {value.year}"


def weekday(value: date) -> str:
    """'mandag'."""
    return _DAYS[value.weekday()]


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HOME / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        {each.__name__: each for each in (number, percent, seconds, length, moment, exactly, clock, day, weekday)}
    )
    made.globals["definitions"] = DEFINITIONS
    return made


_TEMPLATES = _environment()


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401
    """A page or fragment; templates always have person, role, csrf, municipality, path."""
    login = getattr(request.state, "login", None)
    common = {
        "person": login.person if login else None,
        "role": Role(login.person.role) if login else None,
        "csrf": login.csrf if login else "",
        "Role": Role,
        "municipality": office(request).library().municipality,
        "path": request.url.path,
    }
    return HTMLResponse(_TEMPLATES.get_template(template).render(common | values), status)
