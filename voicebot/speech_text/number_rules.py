"""Numbers as they stand in Danish text, each kind with its own way of being said."""

import re

from voicebot.speech_text.number_words import cardinal, clock, digits, figures, ordinal, pairs, year

_MONTH_NAMES = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
_COMMON = (
    "dag|uge|måned|time|krone|kroner|gang|person|million|millioner|milliard|milliarder|kilometer|meter|liter|"
    "voksen|forælder|kopi|side|plads|ansøgning|kvittering|regning"
)
_NEUTER_HALF = "år|døgn|minut"
_COUNTED = r"\s*(?:kroner|procent|meter|kilometer|kvadratmeter|dage|uger|måneder|år|timer|minutter|styk|personer)\b"
"""What follows a number that counts something; before it, 112 is no emergency number and 1500 no year."""

_PHONE = re.compile(
    r"(?<![\d.,-])(?!\d{4}-\d{4}(?!\d)|\d{4}-\d\d-)(\+\s?45\s?)?"
    r"(\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}|\d{2} \d{3} \d{3}|\d{3} \d{3} \d{2})(?![\d.,]?\d)"
)
_CPR = re.compile(r"(?<!\d)(\d{6})-?(\d{4})(?!\d)")
_SHORT_NUMBER = re.compile(rf"(?<![\d.,])(11[234]|116 ?\d{{3}}|1813|1888)(?![\d.,]?\d)(?!{_COUNTED})")
"""Emergency and help lines: 112, 113, 114, the European 116 numbers, the acute line 1813, and 1888 against violence."""
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})(?:\2| )(\d{4})(?!\d)")
_DAY_AND_MONTH = re.compile(r"(?<=[Dd]en )(\d{1,2})/(\d{1,2})(?!\d)")
_TIME = r"(\d{1,2})(?:[.:](\d{2}))?(?!\d)"
_CLOCK = re.compile(rf"\b([Kk]lokken\s+){_TIME}(?:\s*(-|til|og)\s*{_TIME}(?!\.\s?[a-zæøå]))?")
_BARE_TIME = re.compile(
    r"(?<![\d.,:])(\d{1,2})[.:](\d{2})(?:\s*(-)\s*(\d{1,2})(?:[.:](\d{2}))?)?(?![\d:]|[.,]\d| procent| kroner)"
)
_YEAR = re.compile(
    rf"\b((?:{'|'.join(_MONTH_NAMES)}|i|I|år|året|fra|siden|før|efter|til|og|født)\s+)(1[1-9]\d\d)\b(?![.,]\d)(?!{_COUNTED})"
)
_POSTAL_CODE = re.compile(r"(?<![\d.,])(?!19\d\d|20[1-9]\d)([1-9]\d{3})(?= [A-ZÆØÅ][a-zæøå])")
_ORDINAL_RANGE = re.compile(r"\b(\d{1,3})\.\s?-\s?(\d{1,3})\.(?=\s)")
_ORDINAL = re.compile(r"\b(\d{1,3})\.(?=,?\s*-?[a-zæøå])")
_ORDINAL_LAST = re.compile(r"(?<=\b[Dd]en )([1-9]|[12]\d|3[01])(?=\.(?:\s|$))")
_FRACTIONS = {
    "½": "en halv",
    "¼": "en kvart",
    "¾": "tre kvart",
    "1/2": "en halv",
    "1/4": "en kvart",
    "3/4": "tre kvart",
}
_FRACTION = re.compile(r"(?<![\d/])(\d*)\s?([½¼¾])|(?<![\d/.])(1/2|1/4|3/4)(?![\d/])")
_THOUSANDS = r"\d{1,3}(?:[. ]\d{3})+(?!\d)|\d+"
_AMOUNT = re.compile(rf"(?<![\d,])({_THOUSANDS}),(\d{{2}}) kroner\b")
_NUMBER = re.compile(rf"({_THOUSANDS})(?:,(\d+))?(?=\s?({_COMMON})?\b)")


def numbers(text: str) -> str:
    """Text without a digit: dates, times, telephone numbers, prices and plain numbers in words."""
    text = _CPR.sub(lambda m: f"{pairs(m[1])} {pairs(m[2])}", text)
    text = _PHONE.sub(_phone, text)
    text = _SHORT_NUMBER.sub(lambda m: pairs(m[1]) if m[1].startswith("18") else digits(m[1].replace(" ", "")), text)
    text = _ISO_DATE.sub(lambda m: _date(m[0], m[3], m[2], m[1]), text)
    text = _NUMERIC_DATE.sub(lambda m: _date(m[0], m[1], m[3], m[4]), text)
    text = _DAY_AND_MONTH.sub(lambda m: _date(m[0], m[1], m[2], ""), text)
    text = _CLOCK.sub(lambda m: m[1] + _times(m[0][len(m[1]) :], *m.groups()[1:]), text)
    text = _BARE_TIME.sub(lambda m: _times(m[0], *m.groups()), text)
    text = _FRACTION.sub(_fraction, text)
    text = _POSTAL_CODE.sub(lambda m: figures(m[1]) if m[1].endswith("00") else pairs(m[1]), text)
    text = _YEAR.sub(lambda m: m[1] + year(int(m[2])), text)
    text = _ORDINAL_RANGE.sub(lambda m: f"{ordinal(int(m[1]))} til {ordinal(int(m[2]))}", text)
    text = _ORDINAL.sub(lambda m: ordinal(int(m[1])), text)
    text = _ORDINAL_LAST.sub(lambda m: ordinal(int(m[1])), text)
    text = re.sub(r"(?<=\d)\s?-\s?(?=\d)", " til ", text)
    text = re.sub(r"(?<![\w])-(?=\d)", "minus ", text)
    text = re.sub(r"(\d)\s?\+(?!\d)", r"\1 plus", text)
    text = re.sub(r"(?<=\d)\s?/\s?(?=\d)", " ", text)
    text = re.sub(r"(?<![\d.,])1 (krone|million|milliard)(?:r|er)\b", r"1 \1", text)
    text = _AMOUNT.sub(_amount, text)
    return _NUMBER.sub(_plain, text)


def _phone(found: re.Match[str]) -> str:
    number = pairs("".join(re.findall(r"\d", found[2])))
    return f"plus femogfyrre {number}" if found[1] else number


def _date(written: str, day: str, month: str, of_year: str) -> str:
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return written
    return f"{ordinal(int(day))} {_MONTH_NAMES[int(month) - 1]}" + (f" {year(int(of_year))}" if of_year else "")


def _times(written: str, hour: str, minute: str | None, *second: str | None) -> str:
    """One time or two (`second`: the word between, hour, minute); talk's own words only if none is past noon."""
    between, hour_to, minute_to = second
    times = [(int(hour), int(minute or 0))]
    if hour_to:
        times.append((int(hour_to), int(minute_to or 0)))
    if any(h > 24 or m > 59 for h, m in times):
        return written
    spoken = all(1 <= h <= 12 for h, _ in times)
    return f" {'og' if between == 'og' else 'til'} ".join(clock(h, m, spoken=spoken) for h, m in times)


def _fraction(found: re.Match[str]) -> str:
    neuter = re.match(rf"\s?(?:{_NEUTER_HALF})\b", found.string[found.end() :])
    if found[2] == "½" and found[1] == "1":
        words = "halvandet" if neuter else "halvanden"
    else:
        words = _FRACTIONS[found[2] or found[3]]
        words = f"{found[1]} og {words}" if found[1] else words
        words = words.replace("en halv", "et halvt") if neuter else words
    return words if found.string[found.end() : found.end() + 1] in ("", " ") else f"{words} "


def _amount(found: re.Match[str]) -> str:
    crowns, cents = _whole(found[1], "en"), int(found[2])
    return f"{crowns} kroner" + (f" og {cardinal(cents, 'en')} øre" if cents else "")


def _plain(found: re.Match[str]) -> str:
    words = _whole(found[1], "en" if found[3] else "et")
    if found[2]:
        words += f" komma {figures(found[2]) if len(found[2]) < 3 else digits(found[2])}"
    before, after = found.string[found.start() - 1 : found.start()], found.string[found.end() : found.end() + 1]
    return (" " if before.isalnum() else "") + words + (" " if after.isalnum() else "")


def _whole(text: str, one: str) -> str:
    return figures(re.sub(r"[. ]", "", text), one)
