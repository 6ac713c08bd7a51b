"""The comparison as one self-contained page."""

from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from voicebot.errors import ComparisonError
from voicebot.rival.comparison import Comparison


def as_html(comparison: Comparison) -> str:
    """A page with the table, and each question's answer time as bars."""
    template = files("voicebot.rival").joinpath("report.html").read_text("utf-8")
    columns, rows = comparison.table()
    sides = (comparison.ours, *comparison.others)
    longest = max([each.answer or 0.0 for side in sides for each in side.heard] or [1.0])
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return page.from_string(template).render(
        comparison=comparison, columns=columns, rows=rows, sides=sides, longest=longest
    )


def check_place(html: Path) -> None:
    """ComparisonError where no file can be written there."""
    if html.is_dir() or not html.parent.is_dir():
        raise ComparisonError("comparison.report", f"{html}: no place for a file; choose another, or make the folder.")
