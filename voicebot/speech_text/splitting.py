"""Written Danish cut into the pieces that are spoken one at a time."""

import re

LONG = 11
"""Words from which a sentence may be cut into clauses: about four seconds of speech."""
STANDS = 5
"""Words a clause has at least: fewer sound chopped off."""

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
_CLAUSE = re.compile(
    r"(?<=,)\s+(?=(?:og|eller|ellers|men|for|så|også|hvis|når|mens|selvom|medmindre|indtil"
    r"|er|har|kan|skal|må|vil|får|bliver)\b)"
    r"|(?<=[;:–—])\s+(?!\d)"
)
"""Where a speaker pauses: a comma before words like these, never one inside a list, an address or "se, hvem"."""
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


def clauses(text: str) -> tuple[str, ...]:
    """Written text cut into the pieces that are spoken one at a time: sentences, and the clauses of long ones.

    A clause that goes on ends in a comma, semicolon, colon or dash. A question is never cut: who is asked half a
    question cannot answer it.
    Joined by spaces, the pieces are the text again.
    """
    return tuple(clause for sentence in sentences(text) for clause in _clauses_of(sentence))


def _clauses_of(sentence: str) -> list[str]:
    first, *parts = _CLAUSE.split(sentence)
    left = len(sentence.split())
    if left < LONG or sentence.rstrip("\"'”»)]").endswith("?"):
        return [sentence]
    pieces = [first]
    for part in parts:
        spoken = len(pieces[-1].split())
        if spoken >= STANDS and left - spoken >= STANDS:
            pieces.append(part)
            left -= spoken
        else:
            pieces[-1] += f" {part}"
    return pieces


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
