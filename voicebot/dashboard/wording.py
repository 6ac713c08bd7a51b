"""What the record calls things, in Danish for those who read it."""

import re
from collections.abc import Mapping

DECISIONS: Mapping[str, str] = {
    "answer": "Svarede",
    "clarify": "Spurgte tilbage",
    "transfer": "Stillede om",
    "reject": "Forstod det ikke",
    "smalltalk": "Svarede høfligt",
    "emergency": "Henviste til akut hjælp",
}
"""Of `events.Decided`."""
REASONS: Mapping[str, str] = {
    "asked": "Bad om en medarbejder",
    "failures": "Blev ikke forstået",
    "emergency": "Akut situation",
    "busy": "For mange opkald på én gang",
    "fault": "Teknisk fejl",
}
"""Of `events.Transferred`."""
OUTCOMES: Mapping[str, str] = {
    "caller_hung_up": "Den, der ringede, lagde på",
    "goodbye": "Botten sagde farvel",
    "transferred": "Stillet om til en medarbejder",
    "silence": "Ingen sagde noget, og botten lagde på",
    "fault": "Afbrudt af en teknisk fejl",
    "shutdown": "Afbrudt, fordi botten blev stoppet",
}
"""Of `events.CallEnded`."""
CHANNELS: Mapping[str, str] = {"twilio": "Telefon", "web": "Webtelefon"}
"""Of `events.CallStarted`."""
STAGES: Mapping[str, str] = {
    "asr": "Talegenkendelsen svigtede",
    "matching": "Opslaget i svarene svigtede",
    "speech": "Stemmen svigtede",
    "tts": "Stemmen svigtede",
}
"""Of `events.Failed`; any other is a fault in the call itself."""
MARKS: Mapping[str, str] = {"right": "Rigtigt", "wrong": "Forkert"}
"""Of `tables.Call.mark`."""


def telephone(number: str) -> str:
    """A Danish number as it is written, others as they are: +4546313000 → '46 31 30 00'."""
    danish = re.fullmatch(r"(?:\+45)?(\d\d)(\d\d)(\d\d)(\d\d)", number)
    return " ".join(danish.groups()) if danish else number
