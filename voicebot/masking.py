"""CPR numbers taken out of text, in whatever form a transcript or a keypad gives them."""

import re
from collections.abc import Iterable, Iterator

MASK = "[CPR]"

_Token = tuple[int, int, str]
"""Start and end in the text, and the digits it stands for."""

_ONES = {"en": 1, "et": 1, "ét": 1, "én": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8,
         "ni": 9}  # fmt: skip
_TENS = {"tyve": 20, "tredive": 30, "fyrre": 40, "fyrretyve": 40, "halvtreds": 50, "halvtredsindstyve": 50, "tres": 60,
         "tresindstyve": 60, "halvfjerds": 70, "halvfjerdsindstyve": 70, "firs": 80, "firsindstyve": 80,
         "halvfems": 90, "halvfemsindstyve": 90}  # fmt: skip
_TEENS = {"ti": 10, "elleve": 11, "tolv": 12, "tretten": 13, "fjorten": 14, "femten": 15, "seksten": 16, "sytten": 17,
          "atten": 18, "nitten": 19}  # fmt: skip
_ORDINALS = {"første": 1, "anden": 2, "andet": 2, "tredje": 3, "fjerde": 4, "femte": 5, "sjette": 6, "syvende": 7,
             "ottende": 8, "niende": 9, "tiende": 10, "ellevte": 11, "tolvte": 12, "trettende": 13, "fjortende": 14,
             "femtende": 15, "sekstende": 16, "syttende": 17, "attende": 18, "nittende": 19, "tyvende": 20,
             "tredivte": 30}  # fmt: skip
_MONTHS = {"januar": 1, "februar": 2, "marts": 3, "april": 4, "maj": 5, "juni": 6, "juli": 7, "august": 8,
           "september": 9, "oktober": 10, "november": 11, "december": 12}  # fmt: skip

_SPOKEN = {word: str(value) for word, value in (_ONES | _TEENS | _TENS).items()} | {"nul": "0"}
_DATED = {word: f"{value:02d}" for word, value in (_ORDINALS | _MONTHS).items()}
_ROUND = _TENS | {"tyvende": 20, "tredivte": 30}


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_START = r"(?:\b|(?<=hundrede)|(?<=hundredeog))"
_TOKEN = re.compile(
    rf"""(?<![0-9])(?P<day>[0-9]{{1,2}})(?:\.?\s+(?P<month>{_either(_MONTHS)})\b|[./-](?P<mm>[0-9]{{1,2}})[./-](?=[0-9]{{2}}))
    | (?P<digits>[0-9]+)
    | {_START}(?P<one>{_either(_ONES)})[\s-]*og[\s-]*(?P<ten>{_either(_ROUND)})\b      # fire og tredive, enogtyvende
    | \b(?P<many>{_either(_ONES | _TEENS)})[\s-]?(?:hundrede?|tusinde?)(?:[\s-]*og)?   # nitten hundrede og ...
    | {_START}(?P<spoken>{_either(_SPOKEN)})\b
    | (?:\bi\s+)?(?:\bden\s+)?\b(?P<dated>{_either(_DATED)})\b                         # i første, januar""",
    re.IGNORECASE | re.VERBOSE,
)
_GAP = re.compile(r"[\s.,;:/_–—-]{0,6}(?:(?:øh+m?|bindestreg|streg|minus|punktum|så)[\s.,;:/_–—-]{1,6}){0,2}", re.I)
_SAFE = re.compile(
    rf"""(?:\+|\b00)45(?:[\s.-]{{0,2}}[0-9]){{8}}(?![0-9])                        # +45 46 31 30 00
    | \b[0-9]{{1,2}}\.?\s?[-–]\s?[0-9]{{1,2}}\.\s(?:{_either(_MONTHS)})(?:\s[0-9]{{4}})?\b  # 12.-14. maj 2026""",
    re.IGNORECASE | re.VERBOSE,
)
"""Ten digits that are no CPR number: a Danish telephone number with its country code, days from and to."""
_BIRTHDAY = re.compile(r"(?:[06][1-9]|[1278][0-9]|[39][01])(?:0[1-9]|1[0-2])[0-9]{6}")
"""Day, month, year and four more; replacement numbers have 60 added to the day (CPR-kontoret: Personnummeret i CPR)."""


def mask_cpr(text: str) -> str:
    """`text` with every CPR number in it replaced by "[CPR]".

    A CPR number is ten digits in a row, written or spoken in Danish, with no more than punctuation or a hesitation
    between them; of more digits in a row, those that hold a date followed by six digits are taken out whole. Danish
    telephone numbers with their country code and days from and to stay. Rather too much is masked than too little.
    """
    pieces, done = [], 0
    for run in _runs(text):
        if _holds_cpr([digits for _, _, digits in run]):
            pieces += [text[done : run[0][0]], MASK]
            done = run[-1][1]
    return "".join(pieces) + text[done:]


def long_numbers(text: str, least: int) -> list[tuple[int, int]]:
    """Where numbers of at least `least` digits stand, as (start, end): those with a spoken part, none in figures only.

    The digits are in a row as in `mask_cpr`.
    """
    places = [(run[0][0], run[-1][1], "".join(digits for _, _, digits in run)) for run in _runs(text)]
    return [
        (start, end)
        for start, end, digits in places
        if len(digits) >= least and any(sign.isalpha() for sign in text[start:end])
    ]


def _runs(text: str) -> list[list[_Token]]:
    """Tokens with no more than a gap between them, run by run."""
    runs: list[list[_Token]] = []
    for token in _tokens(text):
        if runs and runs[-1] and token[2] and _GAP.fullmatch(text, runs[-1][-1][1], token[0]):
            runs[-1].append(token)
        else:
            runs.append([token] if token[2] else [])
    return [run for run in runs if run]


def _tokens(text: str) -> Iterator[_Token]:
    """Every number in `text` with the digits it stands for; none for what is no CPR number, which ends a run."""
    at = 0
    while match := _TOKEN.search(text, at):
        safe = _SAFE.search(text, at)
        if safe and safe.start() <= match.start():
            yield safe.start(), safe.end(), ""
            at = safe.end()
        else:
            yield match.start(), match.end(), _digits(match)
            at = match.end()


def _digits(match: re.Match[str]) -> str:
    part = {name: value.lower() for name, value in match.groupdict().items() if value}
    if "day" in part:
        return part["day"].zfill(2) + (_DATED[part["month"]] if "month" in part else part["mm"].zfill(2))
    if "ten" in part:
        return str(_ROUND[part["ten"]] + _ONES[part["one"]])
    if "many" in part:
        return _SPOKEN[part["many"]]
    if "spoken" in part:
        return _SPOKEN[part["spoken"]]
    return part.get("digits") or _DATED[part["dated"]]


def _holds_cpr(parts: list[str]) -> bool:
    digits = "".join(parts)
    if len(digits) == 10 or any(len(part) == 10 for part in parts):
        return True
    return bool(_BIRTHDAY.search(digits))
