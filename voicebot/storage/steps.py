"""How a period is divided for pictures: by days, weeks or months, here and in the database."""

from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

from voicebot.storage.period import WEEK, Period

DAYS_SINGLY = 62
"""Up to so many days are shown one by one,"""
DAYS_IN_WEEKS = 200
"""up to so many by weeks, longer periods by months."""


class Step(StrEnum):
    """How finely a period is divided."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @classmethod
    def of(cls, period: Period) -> "Step":
        """The one that shows a period best."""
        if period.days <= DAYS_SINGLY:
            return cls.DAY
        return cls.WEEK if period.days <= DAYS_IN_WEEKS else cls.MONTH

    def first_day(self, day: date) -> date:
        """The first day of the week or month that `day` lies in."""
        if self is Step.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self is Step.MONTH else day

    def next(self, first: date) -> date:
        """The first day of the step after the one that begins on `first`."""
        return self.first_day(first + timedelta(days={Step.DAY: 1, Step.WEEK: WEEK, Step.MONTH: 31}[self]))


def first_day(step: Step, day: InstrumentedAttribute[date]) -> ColumnElement[date]:
    """`Step.first_day`, as the database works it out."""
    match step:
        case Step.WEEK:
            return _FirstOfWeek(day)
        case Step.MONTH:
            return _FirstOfMonth(day)
    return day.expression


class _FirstOfWeek(FunctionElement[date]):
    type = Date()
    inherit_cache = True


class _FirstOfMonth(FunctionElement[date]):
    type = Date()
    inherit_cache = True


@compiles(_FirstOfWeek, "sqlite")
def _week_in_sqlite(element: _FirstOfWeek, compiler: SQLCompiler, **_: object) -> str:
    return f"date({compiler.process(element.clauses)}, 'weekday 0', '-6 days')"


@compiles(_FirstOfMonth, "sqlite")
def _month_in_sqlite(element: _FirstOfMonth, compiler: SQLCompiler, **_: object) -> str:
    return f"date({compiler.process(element.clauses)}, 'start of month')"


@compiles(_FirstOfWeek, "postgresql")
def _week_in_postgresql(element: _FirstOfWeek, compiler: SQLCompiler, **_: object) -> str:
    return f"CAST(date_trunc('week', {compiler.process(element.clauses)}) AS DATE)"


@compiles(_FirstOfMonth, "postgresql")
def _month_in_postgresql(element: _FirstOfMonth, compiler: SQLCompiler, **_: object) -> str:
    return f"CAST(date_trunc('month', {compiler.process(element.clauses)}) AS DATE)"
