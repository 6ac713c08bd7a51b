"""What is understood from the words themselves, without matching: courtesy, yes and no, once more."""

import re
from enum import Enum


def words(text: str) -> list[str]:
    """The words of an utterance in lower case, without punctuation."""
    return re.findall(r"[0-9a-zæøåäöéü]+", text.lower())


def any_of(*patterns: str) -> re.Pattern[str]:
    """One pattern for all of these."""
    return re.compile("|".join(patterns))


_NO = any_of(
    r"^(\w+ )?(nej|næ|næh|niks|nope|no)\b|\b(er|var|gør|vil|skal|handler) (det|jeg) (faktisk |nu )?ikke\b",
    r"^(helst|slet|overhovedet) ikke\b|^ikke (rigtig|helt|det)|\bhverken\b|\bingen\b( af|$)|^nog(et|en) (helt )?andet$",
)
_YES = any_of(
    r"^(øh |jamen |jo |nå )?(ja|jo|jep|jeps|japs|jada|javist|yes|ok|okay|gerne|endelig|selvfølgelig|naturligvis)\b",
    r"^(det er |lige )?(netop|præcist?|korrekt|rigtigt)\b|^det (er|gør|var|må|vil) (det|du|jeg)( gerne)?$",
)


def yes_or_no(text: str) -> bool | None:
    """Whether an utterance says yes (True), no (False) or neither (None); "ja, nej" is a no."""
    said = " ".join(words(text))
    if _NO.search(said):
        return False
    return True if _YES.search(said) else None


_UNSURE = any_of(
    r"^(\w+ )?(det )?(ved|aner|husker) (jeg )?(det )?(\w+ )?ikke$",
    r"^(\w+ )?jeg (ved|aner|husker) (det )?(\w+ )?ikke( det)?$",
    r"^(\w+ )?(det er jeg|jeg er) (ikke (helt |så )?sikker( på)?|i tvivl( om)?)$",
)


def unsure(text: str) -> bool:
    """Whether an utterance says that the caller does not know, and nothing else."""
    return bool(_UNSURE.search(" ".join(words(text))))


_FAREWELL = any_of(
    r"\bfarvel\b|\b(far|for) vel$|\bhej hej( og tak)?$|\b(vi ses|på gensyn|på genhør)$",
    r"\bha(v|ve)? en (rigtig )?(god|dejlig|fin)|^((nej|tak) )+\w+ var det hele$",
    r"\bdet var (bare |vist )?(det|alt)( hele)?( tak| for nu| for i dag)?$",
    r"^((nej|tak|der er) )*ikke (andet|mere)( tak)?$",
    r"\b(der er|har jeg|har vi) ikke (mere|andet|flere)( spørgsmål)?$",
)
_AGAIN = any_of(
    r"^(undskyld )?(hvad|hva|hvabehar|hvad behager|hvad var det|hvad siger du|hvad sagde du|hvad sagde du lige)$",
    r"\bgentag|\bsige? det (lige )?(igen|en gang til|lidt)|^(lige )?en gang til\b|\btag den lige igen\b",
    r"\bhørte (det )?ikke|\bkan ikke høre (dig|det|hvad)\b|\bhvad var det du sagde\b",
    r"\bfik (det )?ikke (fat i det|med)\b",
)
_SLOWER = any_of(
    r"\blangsomm?ere\b|\blangsomt\b|\bikke så hurtigt\b",
    r"\b(taler|snakker|går|sagde det) (lidt |alt )?for (hurtigt|stærkt)\b",
)
_SHORTER = any_of(
    r"\bkortere\b|\bkort (sagt|fortalt|version)|\bden korte\b|\b(bare|kun|lige|var) det vigtigste\b|\bi korte træk\b",
    r"\bfor langt (svar|for mig)\b|\bdet var (lidt |for |alt for )*langt$",
)
MOST_AGAIN = 8
"""Words from which an utterance asks for more than to hear something again."""
_THANKS = frozenset(
    words(
        "tak mange tusind tusinde det er var for hjælpen hjælp svaret du skal have ok okay super fint godt så ja "
        "dejligt perfekt jamen jo rigtig en stor venligt pænt"
    )
)


_WELL = ("tak", "fint", "super", "godt", "dejligt", "perfekt")


def farewell(text: str) -> bool:
    """Whether a short utterance takes leave: "farvel", "tak, det var det hele"."""
    heard = words(text)
    return len(heard) <= 10 and bool(_FAREWELL.search(" ".join(heard)))


def thanks(text: str) -> bool:
    """Whether an utterance says thank you, or that all is well, and nothing else."""
    heard = words(text)
    return _THANKS.issuperset(heard) and any(word in _WELL for word in heard)


class Manner(Enum):
    """How the caller wants to hear the same again."""

    SAME = "same"
    SLOWER = "slower"
    SHORTER = "shorter"


def again(text: str) -> Manner | None:
    """How a short utterance asks to hear the same again; None where it does not."""
    said = " ".join(words(text))
    if said.count(" ") >= MOST_AGAIN:
        return None
    patterns = {Manner.SLOWER: _SLOWER, Manner.SHORTER: _SHORTER, Manner.SAME: _AGAIN}
    return next((manner for manner, pattern in patterns.items() if pattern.search(said)), None)
