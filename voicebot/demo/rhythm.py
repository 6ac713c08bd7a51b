"""When citizens call: by the hour, the day of the week, the season and the holidays."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from voicebot.storage.period import ZONE

DAYS = 365
_HOURS = (1, 1, 1, 1, 1, 3, 8, 30, 80, 120, 125, 105, 80, 85, 75, 55, 38, 30, 22, 18, 14, 9, 5, 2)
_WEEKDAYS = (1.35, 1.1, 1.0, 1.05, 0.8, 0.22, 0.2)
_MONTHS = (1.25, 1.0, 1.0, 0.95, 1.0, 0.95, 0.6, 1.1, 1.05, 1.0, 1.0, 0.85)
_HOLIDAY = 0.12
_GROWTH = 0.25
"""How many more call at the end of the year than at its beginning, all else being equal."""


def moments(random: Random, calls: int, now: datetime) -> list[float]:
    """When each of so many calls of the year before `now` begins, in order, as seconds since 1970."""
    end = now.timestamp()
    starts, weights = zip(*_hours_until(now), strict=True)
    chosen = random.choices(starts, cum_weights=list(accumulate(weights)), k=calls)
    return sorted(start + random.randrange(min(3600, max(1, int(end - start)))) for start in chosen)


def _hours_until(now: datetime) -> Iterator[tuple[float, float]]:
    """Every hour of the year with how much is called in it."""
    today = now.astimezone(ZONE).date()
    for number in range(DAYS):
        day = today - timedelta(days=DAYS - 1 - number)
        weight = _weight(day) * (1 + _GROWTH * number / DAYS)
        for hour, share in enumerate(_HOURS):
            start = datetime.combine(day, time(hour), ZONE).timestamp()
            if start < now.timestamp():
                yield start, weight * share


def _weight(day: date) -> float:
    if day in holidays(day.year):
        return _HOLIDAY
    return _WEEKDAYS[day.weekday()] * _MONTHS[day.month - 1]


def holidays(year: int) -> set[date]:
    """The days on which nobody in a Danish town hall works, but for the weekends."""
    fixed = {date(year, *day) for day in ((1, 1), (6, 5), (12, 24), (12, 25), (12, 26), (12, 31))}
    return fixed | {easter(year) + timedelta(days=days) for days in (-3, -2, 1, 39, 50)}


def easter(year: int) -> date:
    """Easter Sunday, by the rule of Butcher (Meeus: Astronomical Algorithms, chapter 8)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
