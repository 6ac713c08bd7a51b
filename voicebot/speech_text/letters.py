"""Words that are spelled, and addresses on the net."""

import re

_SPELLED = "bbr|cpr|cvr|dk|eu|gps|id|it|ndr|pdf|sfo|sms|su|tv|url|usb|wc"
"""Abbreviations that Danes spell aloud even where they stand in small letters."""

_SAID_AS_WORDS = frozenset(
    {"AIDS", "COVID", "FAQ", "ICE", "IKKE", "JA", "MÅ", "NATO", "NEJ", "OBS", "OG", "PIN", "SKAT"}
)
_LONGEST_SPELLED = 4
"""Capitals of more letters than this are a word written large."""

_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?(?P<mailbox>[\w.+-]+@)?"
    r"(?P<host>(?:[\w-]+\.)+(?:dk|com|eu|info|net|nu|org))\b(?P<path>(?:/[\w.-]*\w)*)/?",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"\b[A-ZÆØÅ]?[a-zæøå]+(?:[A-ZÆØÅ][a-zæøå]*)+\b")
_CAPITALS = re.compile(r"\b[A-ZÆØÅ]{2,}\b")
_SMALL = re.compile(rf"\b(?:{_SPELLED})\b")
_INITIALS = re.compile(r"\b(?:[A-ZÆØÅ]\.\s?)+(?=[A-ZÆØÅ])")


def spell(text: str) -> str:
    """Addresses, abbreviations and names such as MitID, as letters with a space between ("mit i d")."""
    text = _ADDRESS.sub(_address, text)
    text = _INITIALS.sub(lambda m: " ".join(re.findall(r"\w", m[0].lower())) + " ", text)
    text = _CAMEL.sub(_camel, text)
    text = re.sub(r"\b([A-ZÆØÅa-zæøå])(\d+)\b", lambda m: f"{m[1].lower()} {m[2]}", text)
    text = re.sub(r"\b(\d+)([A-ZÆØÅ])\b", lambda m: f"{m[1]} {m[2].lower()}", text)
    text = re.sub(r"(?<=[A-ZÆØÅ])(?=\d)|(?<=\d)(?=[A-ZÆØÅ])", " ", text)
    text = _CAPITALS.sub(_capitals, text)
    return _SMALL.sub(lambda m: " ".join(m[0]), text)


def _address(found: re.Match[str]) -> str:
    text = ((found["mailbox"] or "") + found["host"] + found["path"]).lower()
    for sign, name in ((".", "punktum"), ("@", "snabel-a"), ("/", "skråstreg"), ("_", "understreg"), ("+", "plus")):
        text = text.replace(sign, f" {name} ")
    return re.sub(r"(?<=\w)-(?=\w)", " bindestreg ", text).replace("snabel bindestreg a", "snabel-a").strip()


def _camel(found: re.Match[str]) -> str:
    parts = re.findall(r"[A-ZÆØÅ]{2,}|[A-ZÆØÅ]?[a-zæøå]+|[A-ZÆØÅ]", found[0])
    return " ".join(" ".join(part.lower()) if part.isupper() else part.lower() for part in parts)


def _capitals(found: re.Match[str]) -> str:
    word = found[0]
    if len(word) > _LONGEST_SPELLED or word in _SAID_AS_WORDS:
        return word.lower()
    return " ".join(word.lower())
