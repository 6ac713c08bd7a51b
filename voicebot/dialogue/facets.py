"""One side of the last answer: "og hvad koster det?" names no topic, only what about it the caller wants to know."""

from enum import Enum

from voicebot.answers import Answer, Library
from voicebot.dialogue.choosing import telling
from voicebot.dialogue.cues import any_of, words
from voicebot.matching import Candidate
from voicebot.speech_text import sentences


class Facet(Enum):
    """What can be asked about an answer without naming it."""

    PRICE = "price"
    BRING = "bring"
    TIME = "time"
    ONLINE = "online"
    WHERE = "where"
    CHILD = "child"


_ASKED = {
    Facet.PRICE: any_of(
        r"\b(hvor meget|hvor mange penge|hvor dyrt?)\b|\bkoster?\b|\bpris(en)?\b|\bgebyr(et)?\b|\bgratis\b|\bdyrt\b",
        r"\b(skal|kommer) (jeg|man|vi|det) (til at )?(betale|give|af med)\b|\bbetale (noget|for det)\b",
    ),
    Facet.BRING: any_of(
        r"\b(have|tage|bringe) (noget |nogen ting |papirer )?med\b|\b(med)?bringe\b",
        r"\b(papirer|dokumenter|legitimation)\b|\bhvad skal (jeg|man|vi) (bruge|huske)\b|\bhuske at tage\b",
    ),
    Facet.TIME: any_of(
        r"\bhvor (længe|lang tid|hurtigt|mange (dage|uger|måneder))\b|\b(vente|behandlings|leverings)tid(en)?\b",
        r"\bhvornår\b|\bfrist(en)?\b|\btager det (så )?(lang tid|længe)\b",
    ),
    Facet.ONLINE: any_of(
        r"\b(på|over|via) (nettet|internettet|computeren|mobilen|hjemmesiden)\b|\bonline\b|\bdigitalt\b",
        r"\bselvbetjening\b|\bhjemmefra\b|\bpå computer\b",
    ),
    Facet.WHERE: any_of(
        r"\bhvor (skal|går|kan|gør|foregår|er|ligger|henvender|afleverer|møder)\b|\bhvem (skal|kan|ringer)\b",
        r"\bhvilket nummer\b|\b(nummeret|adressen)\b|\bhvor henne\b|\bhvorhen\b|\bskal (jeg|man) møde op\b",
    ),
    Facet.CHILD: any_of(
        r"\b((mit|mine|vores|et|også) )?(lille |små |yngste |ældste )?(barn|børn|børnene|barnet|barnebarn)\b",
        r"\b(min|vores) (lille |yngste |ældste )?(søn|datter|dreng|pige|baby|teenager)\b",
    ),
}
_TOLD = {
    Facet.PRICE: any_of(r"\bkr\b|kroner|\bkoste|\bgratis\b|gebyr|\bbetal|\bpris|\bdobbelte\b|\btakst"),
    Facet.BRING: any_of(
        r"\btag(e|er)? .*\bmed\b|medbring|\bhusk\b|legitimation|\bhav .*\b(klar|ved hånden)\b|\bhave .*\bmed\b",
        r"\bdu skal bruge\b|\bskal du bruge\b",
    ),
    Facet.TIME: any_of(
        r"\b(dag|dage|uger?|måned\w*|år|timer?|minutter|hverdage?)\b|\bstraks\b|\bmed det samme\b|\bfrist|\bsenest\b"
    ),
    Facet.ONLINE: any_of(r"borger\.?dk|\bnettet\b|hjemmeside|\bdigital|\bmitid\b|selvbetjening|\bonline|\b\w+\.dk\b"),
    Facet.WHERE: any_of(
        r"borgerservice|\bmød\w* op|\btelefon|\bring\b|\badresse|rådhus|genbrugsplads|bibliotek|\bhos\b|\bskriv til\b"
    ),
    Facet.CHILD: any_of(r"\bbarn|\bbørn"),
}
_ELSEWHERE = (Facet.PRICE, Facet.TIME, Facet.CHILD)
"""Facets that answers of their own are written about."""

_LEANING = frozenset(
    words(
        "også egentlig cirka omkring normalt så gælder samme gøre gøres går gå hen henne møde op tid lang længe lige "
        "sådan ellers overhovedet selv komme kommer bliver blev mange penge meget alt sammen i alt være klar "
        "mig man hvilke hvilken gjort ordnet lavet repareret færdig færdigt venter mere endnu "
        "hos jer ringe til tage tager mon måske helt virkelig når ting noget nogen må kunne ind derhen ned inden før"
    )
)
"""Words that stand around the word for a facet and name nothing themselves."""
_GOES_ON = any_of(r"^(øh |nå |okay |jamen |ja )?(og|men|hvad med|hvad så|så|eller|også)\b")
_POINTS_BACK = any_of(r"\b(det|den|dem)\b")


def asked(text: str, topic: Answer) -> Facet | None:
    """The facet of the last answer that an utterance asks about, where it names no topic but that one."""
    said = " ".join(words(text))
    for facet, pattern in _ASKED.items():
        if pattern.search(said):
            left = set(telling(pattern.sub(" ", said))) - _LEANING - set(words(f"{topic.title} {topic.offer}"))
            return None if left else facet
    return None


def told(facet: Facet, topic: Answer) -> tuple[str, ...]:
    """The approved sentences of an answer that speak of a facet."""
    return tuple(sentence for sentence in sentences(topic.text) if _TOLD[facet].search(sentence.lower()))


def elsewhere(library: Library, facet: Facet, topic: Answer, near: tuple[Candidate, ...]) -> str | None:
    """Id of the answer that is about this facet of the topic: one its follow-up leads to, else a near one of its area.

    near: what the utterance may mean in the light of the topic and is worth considering.
    """
    if facet not in _ELSEWHERE or _about(facet, topic.title):
        return None
    choices = topic.follow_up.choices if topic.follow_up else ()
    authored = [c.to for c in choices if any(_about(facet, text) for text in (c.offer, *c.examples))]
    kin = [library.answers[c.answer] for c in near if library.answers[c.answer].area == topic.area]
    beside = [answer.id for answer in kin if answer.id != topic.id and _about(facet, answer.title)]
    return next(iter(authored + beside), None)


def _about(facet: Facet, text: str) -> bool:
    said = " ".join(words(text))
    return bool(_ASKED[facet].search(said) or (facet is not Facet.TIME and _TOLD[facet].search(said)))


def leans(text: str) -> bool:
    """Whether an utterance goes on from what was said before: "og hvad med …", "… det …"."""
    return goes_on(text) or bool(_POINTS_BACK.search(" ".join(words(text))))


def goes_on(text: str) -> bool:
    """Whether an utterance begins as one that goes on: "og hvis …", "hvad med …"."""
    return bool(_GOES_ON.search(" ".join(words(text))))
