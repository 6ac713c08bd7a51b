"""Unanswered questions put together with those that mean the same, while no call goes on."""

from voicebot.grouping.describing import Describe, describing
from voicebot.grouping.keeping import keep_grouping
from voicebot.grouping.placing import Groups

__all__ = ["Describe", "Groups", "describing", "keep_grouping"]
