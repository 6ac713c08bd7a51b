"""Written Danish cut into the pieces that are spoken one at a time."""

import re

# fmt: off
_NEVER_LAST = frozenset({
    "adr", "afd", "art", "bl.a", "ca", "d", "d.v.s", "dvs", "eks", "ekskl", "evt", "f.eks", "fx", "gl", "hhv", "hr",
    "iht", "inkl", "jf", "kap", "kl", "maks", "max", "mht", "mia", "min", "mio", "nr", "obs", "pga", "pkt", "s",
    "skt", "st", "stk", "tel", "tlf", "vedr",
})
# fmt: on
"""Abbreviations that something always follows: their full stop never ends a sentence."""

# fmt: off
_MAY_BE_LAST = frozenset({
    "dkk", "f.kr", "kr", "kvm", "m.fl", "m.m", "m.v", "mfl", "mm", "mv", "o.l", "o.lign", "o.s.v", "osv", "pct",
})
# fmt: on
"""Abbreviations that end a sentence when the next word has a capital letter."""

_STOP = re.compile(r"(?P<mark>[.!?…]+)[\"'”»)\]]*(?P<gap>\s+)")
_WORD_BEFORE = re.compile(r"[\w.]+$")


def sentences(text: str) -> tuple[str, ...]:
    """Written text cut into sentences, trimmed, none of them empty.

    A full stop after an abbreviation ("kl. 9.30", "f.eks.") or an ordinal ("12. maj") never cuts; a blank line does.
    """
    pieces: list[str] = []
    for block in re.split(r"\n\s*\n", text):
        start = 0
        for stop in _STOP.finditer(block):
            if _ends_sentence(block, start, stop):
                pieces.append(block[start : stop.end()])
                start = stop.end()
        pieces.append(block[start:])
    return tuple(piece for piece in (" ".join(piece.split()) for piece in pieces) if piece)


def _ends_sentence(block: str, start: int, stop: re.Match[str]) -> bool:
    following = block[stop.end() : stop.end() + 2].lstrip("\"'”»«„([")
    if stop["mark"] != ".":
        return not following[:1].islower()
    before = _WORD_BEFORE.search(block, start, stop.start("mark"))
    word = before.group().lower() if before else ""
    if word in _NEVER_LAST:
        return False
    if word in _MAY_BE_LAST or word[-1:].isdigit():
        return following[:1].isupper()
    return not (len(word) == 1 and word.isalpha() and word not in "åøi")
