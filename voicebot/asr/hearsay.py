"""Telling what a caller said from what a recogniser makes up: loops and sentences learnt from film subtitles."""

import re
import zlib

_WORD = re.compile(r"\w+(?:[-'’.,:]\w+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_MOST_COMPRESSION = 2.4
"""UTF-8 bytes per zlib byte above which a text repeats itself (Whisper's own `compression_ratio_threshold`)."""
_PHANTOM = re.compile(
    r"tak (fordi|for at) (du|i|de) (har )?(så|set|ser|kiggede|kigget|lyttede|lyttet|lytter|fulgte)( med| på)?"
    r"( i dag| denne gang| på videoen)?"
    r"|takk? for at (du|dere) så (på|med)"
    r"|tak for at (se|have set|kigge|have kigget|lytte|have lyttet)( med| på)?( i dag)?"
    r"|tak for (din|jeres|deres) opmærksomhed"
    r"|(danske |norske |nordiske? )?(under)?(tekst|tekster|tekstet|tekstning|teksting) (af|av|ved|fra|er lavet af) .*"
    r"|(danske |norske )?undertekster"
    r"|(oversat|oversættelse) (af|ved) .* (19|20)\d\d"
    r"|.*\b(amara\.?org|scandinavian text service|broadcast text international|dansk video ?tekst|jesper buhl"
    r"|nicolai winther|sdi media|bti studios|nordisk undertekst|ai-media)\b.*"
    r"|(husk at |glem ikke at )?(abonn[eé]re?|(like|del) og (abonn[eé]re?|del))( på (min |vores )?kanal(en)?)?"
    r"|vi ses i (den |det )?næste (video|afsnit|episode)"
    r"|(thanks|thank you)( so much| very much)? for (watching|listening)"
    r"|(please )?subscribe( to (my|our|the) channel)?"
)
"""Sentences that Whisper writes where nobody speaks Danish: the credits and partings of the films it was trained on."""


def words(text: str) -> list[str]:
    """The words of a text in small letters, without punctuation around them."""
    return _WORD.findall(text.lower())


def looping(text: str) -> bool:
    """Whether a phrase follows itself (of three words or more: twice; shorter: six times), or all is too regular."""
    return _first_loop(words(text)) is not None or _compression(text) > _MOST_COMPRESSION


def collapsed(text: str) -> str:
    """The text without the repetitions that make it a loop; "" where it stays too regular even so."""
    written = text.split()
    while loop := _first_loop([" ".join(words(part)) or part for part in written]):
        start, length = loop
        del written[start : start + length]
    once = " ".join(written)
    return "" if _compression(once) > _MOST_COMPRESSION else once


def without_phantoms(text: str) -> str:
    """The text without sentences that stem from subtitles; "" where nothing else is left."""
    sentences = _SENTENCE_END.split(text)
    return " ".join(sentence for sentence in sentences if not _PHANTOM.fullmatch(" ".join(words(sentence))))


def _first_loop(parts: list[str]) -> tuple[int, int] | None:
    """Start and length of a phrase that follows itself, longest phrases first."""
    for length in range(len(parts) // 2, 0, -1):
        times = 2 if length >= 3 else 6
        for start in range(len(parts) - times * length + 1):
            if parts[start : start + (times - 1) * length] == parts[start + length : start + times * length]:
                return start, length
    return None


def _compression(text: str) -> float:
    data = text.encode()
    return len(data) / len(zlib.compress(data))
