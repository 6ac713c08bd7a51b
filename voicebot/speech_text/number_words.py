"""Danish number words: cardinals, ordinals, digits, pairs, years and the clock."""

# fmt: off
_SMALL = (
    "nul", "et", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti", "elleve", "tolv", "tretten",
    "fjorten", "femten", "seksten", "sytten", "atten", "nitten",
)
_TENS = (
    "tyve", "tredive", "fyrre", "halvtreds", "tres", "halvfjerds", "firs", "halvfems",
)
_SMALL_ORDINALS = (
    "nulte", "første", "anden", "tredje", "fjerde", "femte", "sjette", "syvende", "ottende", "niende", "tiende",
    "ellevte", "tolvte", "trettende", "fjortende", "femtende", "sekstende", "syttende", "attende", "nittende",
)
_TENS_ORDINALS = (
    "tyvende", "tredivte", "fyrretyvende", "halvtredsindstyvende", "tresindstyvende", "halvfjerdsindstyvende",
    "firsindstyvende", "halvfemsindstyvende",
)
# fmt: on
_LONGEST = 12
"""Numbers of more digits than this are read digit by digit."""


def cardinal(number: int, one: str = "et") -> str:
    """A number from 0 to 10**12 - 1 in words; `one` is "en" or "et" after the gender of what is counted."""
    for size, name, names in ((10**9, "milliard", "milliarder"), (10**6, "million", "millioner")):
        if number >= size:
            many, rest = divmod(number, size)
            head = f"en {name}" if many == 1 else f"{cardinal(many, 'en')} {names}"
            return head + _rest(rest, one)
    if number >= 1000:
        many, rest = divmod(number, 1000)
        return ("tusind" if many == 1 else f"{cardinal(many)} tusind") + _rest(rest, one)
    if number >= 100:
        many, rest = divmod(number, 100)
        return ("hundrede" if many == 1 else f"{_SMALL[many]} hundrede") + _rest(rest, one)
    return _below_hundred(number, one)


def _rest(rest: int, one: str) -> str:
    """What follows the thousands or hundreds: "og" stands before the last part below a hundred."""
    if rest == 0:
        return ""
    if rest < 100:
        return f" og {_below_hundred(rest, one)}"
    return (" et " if rest < 200 else " ") + cardinal(rest, one)


def _below_hundred(number: int, one: str) -> str:
    if number == 1:
        return one
    if number < 20:
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    return (("en" if ones == 1 else _SMALL[ones]) + "og" if ones else "") + _TENS[tens - 2]


def ordinal(number: int) -> str:
    """A place in a row ("tredje"); from a hundred up, where Danes avoid ordinals, "nummer hundrede"."""
    if number < 20:
        return _SMALL_ORDINALS[number]
    if number >= 100:
        return f"nummer {cardinal(number)}"
    tens, ones = divmod(number, 10)
    return (("en" if ones == 1 else _SMALL[ones]) + "og" if ones else "") + _TENS_ORDINALS[tens - 2]


def digits(text: str) -> str:
    """Every digit on its own: "112" is "et et to"."""
    return " ".join(_SMALL[int(digit)] for digit in text)


def pairs(text: str) -> str:
    """An even number of digits two by two, as telephone numbers are said; "05" is "nul fem"."""
    cut = (text[at : at + 2] for at in range(0, len(text), 2))
    return " ".join(digits(pair) if pair[0] == "0" else cardinal(int(pair)) for pair in cut)


def figures(text: str, one: str = "et") -> str:
    """Any run of digits: a cardinal, or digit by digit if it begins with a nought or is very long."""
    if len(text) > _LONGEST or (len(text) > 1 and int(text[0]) == 0):
        return digits(text)
    return cardinal(int(text), one)


def year(number: int) -> str:
    """A year: "nitten hundrede og otteoghalvfems", "to tusind og seksogtyve"."""
    if 1100 <= number < 2000:
        return f"{_SMALL[number // 100]} hundrede" + _rest(number % 100, "et")
    return cardinal(number)


def clock(hour: int, minute: int, *, spoken: bool) -> str:
    """A time of day, 0:00 to 24:59.

    spoken: "halv ti", "kvart over ni" as in talk; else hour and minute as figures ("femten tredive").
    """
    if minute == 0:
        return cardinal(hour)
    if spoken and minute in (15, 30, 45):
        following = cardinal(hour % 12 + 1)
        return {15: f"kvart over {cardinal(hour)}", 30: f"halv {following}", 45: f"kvart i {following}"}[minute]
    return f"{cardinal(hour)} {'nul ' if minute < 10 else ''}{cardinal(minute)}"
