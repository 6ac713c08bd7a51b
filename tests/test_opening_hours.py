"""Unit: when people answer the telephone, and what is wrong with hours that are none."""

from datetime import datetime, time
from pathlib import Path

import pytest

from tests.two_answers import MUNICIPALITY, two_answers
from voicebot.answers import Municipality, load_library
from voicebot.errors import ContentError

OPEN = Municipality("by", "By", (), "+4511111111", {}, {"thursday": (time(9), time(17))})


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        ("2026-11-19T08:59", False),
        ("2026-11-19T09:00", True),
        ("2026-11-19T16:59", True),
        ("2026-11-19T17:00", False),
        ("2026-11-20T12:00", False),
    ],
)
def test_open_from_the_first_minute_to_before_the_last(when: str, is_open: bool) -> None:
    assert OPEN.is_open(datetime.fromisoformat(when)) is is_open


def test_hours_nobody_has_written_are_not_known() -> None:
    assert Municipality("by", "By", (), "+4511111111", {}).is_open(datetime(2026, 11, 19, 12)) is None


@pytest.mark.parametrize("hours", ['"9-15"', '"09:00-25:00"', '"15:00-09:00"', "[9, 15]"])
def test_hours_that_are_none_are_a_fault_with_its_line(tmp_path: Path, hours: str) -> None:
    folder = two_answers(tmp_path)
    file = folder / "municipalities" / "lilleby" / "municipality.yaml"
    file.write_text(f"{MUNICIPALITY}opening_hours:\n  monday: {hours}\n", "utf-8")
    with pytest.raises(ContentError, match=r"municipality.yaml:8: opening_hours.monday: .*skal"):
        load_library(folder, "lilleby")
