"""A believable year of calls, for trying out the dashboard and for measuring it."""

from voicebot.demo.filling import fill
from voicebot.demo.town import Town
from voicebot.demo.year import Year

__all__ = ["Town", "Year", "fill"]
