"""Abbreviations, signs and letters written out."""

import re

_WORDS = {
    "adr": "adresse",
    "afd": "afdeling",
    "ang": "angående",
    "bl.a": "blandt andet",
    "ca": "cirka",
    "d.v.s": "det vil sige",
    "dvs": "det vil sige",
    "ekskl": "eksklusive",
    "evt": "eventuelt",
    "f.eks": "for eksempel",
    "fx": "for eksempel",
    "gl": "gammel",
    "hhv": "henholdsvis",
    "ifm": "i forbindelse med",
    "iflg": "ifølge",
    "ift": "i forhold til",
    "inkl": "inklusive",
    "jf": "jævnfør",
    "kap": "kapitel",
    "kl": "klokken",
    "kr": "kroner",
    "dkk": "kroner",
    "kvm": "kvadratmeter",
    "m.fl": "med flere",
    "mfl": "med flere",
    "md": "måned",
    "m.m": "med mere",
    "m.v": "med videre",
    "mv": "med videre",
    "maks": "højst",
    "max": "højst",
    "mht": "med hensyn til",
    "mia": "milliarder",
    "mio": "millioner",
    "nr": "nummer",
    "o.l": "og lignende",
    "o.lign": "og lignende",
    "o.s.v": "og så videre",
    "osv": "og så videre",
    "p.t": "for tiden",
    "pct": "procent",
    "pga": "på grund af",
    "pkt": "punkt",
    "pr": "per",
    "skt": "sankt",
    "stk": "stykke",
    "t.h": "til højre",
    "t.v": "til venstre",
    "tlf": "telefon",
    "vedr": "vedrørende",
}
_BARE = frozenset(
    {"fx", "ca", "dvs", "evt", "mv", "osv", "inkl", "ekskl", "pga", "mht", "tlf", "kr", "kvm", "pct", "nr"}
)
"""Those that are also written without a full stop."""

_WEEKDAYS = {"man": "mandag", "tir": "tirsdag", "tirs": "tirsdag", "ons": "onsdag", "tor": "torsdag",
             "tors": "torsdag", "fre": "fredag", "lør": "lørdag", "søn": "søndag"}  # fmt: skip
_MONTHS = {"jan": "januar", "feb": "februar", "mar": "marts", "apr": "april", "jun": "juni", "jul": "juli",
           "aug": "august", "sep": "september", "sept": "september", "okt": "oktober", "nov": "november",
           "dec": "december"}  # fmt: skip
_UNITS = {"km/t": "kilometer i timen", "km": "kilometer", "m²": "kvadratmeter", "m³": "kubikmeter", "m": "meter",
          "cm": "centimeter", "mm": "millimeter", "kg": "kilo", "g": "gram", "l": "liter", "ha": "hektar",
          "min": "minutter", "sek": "sekunder", "md": "måneder", "mdr": "måneder", "stk": "styk",
          "°C": "grader", "°": "grader", "%": "procent"}  # fmt: skip


def _any(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_DAY = _any(_WEEKDAYS)
_DOTTED = re.compile(rf"(?<![\w.])({_any(_WORDS)})\.(?!\w)", re.IGNORECASE)
_UNDOTTED = re.compile(rf"(?<![\w.])({'|'.join(sorted(_BARE))})(?![\w.-])")
_UNIT = re.compile(rf"(?<=\d)\s*({_any(_UNITS)})(?![\w/])(\.?)")
_DAY_RANGE = re.compile(rf"\b({_DAY})\.?\s*-\s*({_DAY})\b(\.?)", re.IGNORECASE)
_DAY_OR_MONTH = "|".join([*_WEEKDAYS.values(), *_MONTHS.values(), "maj"])
_FULL_DAYS_OR_MONTHS = re.compile(rf"\b({_DAY_OR_MONTH})\s?-\s?({_DAY_OR_MONTH})\b", re.IGNORECASE)
_DAY_ALONE = re.compile(rf"\b({_DAY})\.(?!\w)", re.IGNORECASE)
_MONTH = re.compile(rf"(?<=\d\. )({_any(_MONTHS)})\b(\.?)", re.IGNORECASE)
_GROUND_FLOOR = re.compile(r"(?<=[\w,] )st\.(?=,?\s*(?:t\.?[hv]\.?|\d{4}\b)|$)")
_SIDE = re.compile(r"((?:sal|stuen|\d\.),?\s+)t\.?([hv])\b(\.?)")


def expand(text: str) -> str:
    """Abbreviations and units in words; a full stop that also ended a sentence stays."""
    text = text.replace("kr./", "kr. pr. ")
    text = re.sub(r"\b([Kk])l\.?\s*(?=\d)", r"\1lokken ", text)
    text = re.sub(r"\b([Tt])lf\.(?=[a-zæøå])", r"\1elefon", text)
    text = _FULL_DAYS_OR_MONTHS.sub(r"\1 til \2", text)
    text = re.sub(r"\bkr\.?\s*(\d[\d.]*(?:,\d+)?)(?![\d.]*\s*-?\s*(?:kr|\d))", r"\1 kroner", text)
    text = re.sub(r"(?<=\d),-", " kroner", text)
    text = _GROUND_FLOOR.sub("stuen", text)
    text = _SIDE.sub(lambda m: m[1] + ("til højre" if m[2] == "h" else "til venstre") + _stop(m, m[3]), text)
    text = _UNIT.sub(lambda m: f" {_UNITS[m[1]]}{_stop(m, m[2])}", text)
    text = _MONTH.sub(lambda m: _MONTHS[m[1].lower()] + _stop(m, m[2]), text)
    text = _DAY_RANGE.sub(lambda m: f"{_WEEKDAYS[m[1].lower()]} til {_WEEKDAYS[m[2].lower()]}{_stop(m, m[3])}", text)
    text = _DAY_ALONE.sub(_weekday, text)
    text = re.sub(r"\bd\.\s*(?=\d)", "den ", text)
    text = re.sub(r"\b[Mm]in\.(?=\s*\d)", "mindst", text)
    text = _DOTTED.sub(lambda m: _capital(m[1], _WORDS[m[1].lower()]) + _stop(m, "."), text)
    return _UNDOTTED.sub(lambda m: _WORDS[m[1].lower()], text)


def _weekday(found: re.Match[str]) -> str:
    """Monday is meant by "man." before a time or another day; else it is a word at the end of a sentence."""
    following = found.string[found.end() :].lstrip(" ,:")
    if following[:1].isdigit() or following.startswith(("klokken", "kl.", "og ")):
        return _WEEKDAYS[found[1].lower()]
    return found[0]


def _capital(short: str, full: str) -> str:
    return full[0].upper() + full[1:] if short[0].isupper() else full


def _stop(found: re.Match[str], dot: str) -> str:
    """The full stop of an abbreviation that ends the sentence too: before a capital letter or at the very end."""
    following = found.string[found.end() :].lstrip(" \"'”»)")
    ends = following[0].isupper() if following else found.string[:1].isupper()
    return "." if dot and ends else ""
