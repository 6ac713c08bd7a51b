"""What is understood from the words themselves, without matching: need, courtesy, yes and no.

A caller in need says little and is badly heard, so need is recognised from a single word up: words that mean nothing
else count anywhere, words that also stand in everyday questions only in a short utterance.
"""

import re
from difflib import get_close_matches

HUMAN, DANGER, DESPAIR = "tal-med-medarbejder", "noed-112", "noed-livskrise"
"""Ids of the answers that a need leads to."""

SHORT = 5
"""Words up to which an utterance is a cry rather than a question."""


def words(text: str) -> list[str]:
    """The words of an utterance in lower case, without punctuation."""
    return re.findall(r"[0-9a-zæøåäöéü]+", text.lower())


_DESPAIR = re.compile(
    r"selvmord|selvskad|livskrise|krisecenter|voldt(ægt|ag)|voldelig|incest"
    r"|\btage?r? (livet af|(mit|sit|dit) (eget )?liv)|\bslår? (mig|sig) (selv )?ihjel"
    r"|\bikke leve( mere| længere|$)|\b(vil|ønsker)( gerne| bare| kun)?( at)? dø\b|\bleve (mere|længere)$"
    r"|\bgrund til at leve|\btaget en masse piller|\bholde det ud længere|\btruer med at slå|\bbange for at gå hjem"
    r"|\borker (ikke (mere$|livet|at leve)|livet ikke)|\bgøre? en ende på (det|livet)"
    r"|\b(mand|kone|kæreste|ven|far|mor|han|hun|ekse?n?) (slår|banker|tæver|truer) (mig|os|barnet|børnene)"
    r"|\bbange for (min|mine) (mand|kone|kæreste|far|mor|eks|ven)\b|\b(udsat for|psykisk|fysisk) vold\b"
)
_DESPAIR_SHORT = re.compile(r"\bvold\b|\b(han|hun) slår\b|^jeg (kan|magter|gider) ikke mere$")
_DANGER = re.compile(
    r"\b(112|1 1 2|1 12|11 2|(et|en) (et|en) to|et hundrede og tolv|hundrede (og )?tolv)\b|ildebrand|\bdet brænder\b"
    r"|\b(er|gået|går) (der )?ild i\b|\bi brand\b|\ber (der )?brand\b|ambulance|alarmcentral|hjertestop|bevidstløs"
    r"|livløs|livsfare|\bfår (en |et )?(blodprop|hjerteanfald)|\bkvæles?\b|\bdrukne|\bbløder\b|forgiftet|gaslugt"
    r"|\blugter af gas\b|trække?r? (ikke )?vejret|\bikke (kan )?(trække|få) (vejret|luft)|\bkvalt\b"
    r"|\b(faldet|falder) i (vandet|havnen|åen|søen)|\bindbrud lige nu|\bondt i brystet"
    r"|\b(faldet|væltet|falder) og kan ikke (komme|rejse)"
)
_DANGER_SHORT = re.compile(
    r"\bbrand\b|\bbrænder\b|\bulykken?\b|trafikulykke|hjerteanfald|blodprop|nødsituation|\boverfald|^hjælp hjælp"
)
_NO_DANGER = re.compile(r"affald|\bbål\b|grene|kvas|brændeovn|\bhaft\b")
"""Fires that people ask about in peace, and what is over."""

_HUMAN = re.compile(
    r"\b(tale?|tala|snakke?|talt|snakket) (\w+ )?med (nogen|nogle|en\b|et\b|én\b|jer\b|menneske|person|medarb"
    r"|borgerservice|kommunen|rådhus|omstilling|min sagsb)"
    r"|\bstille?r?s? (du |i )?(mig|os) (lige )?(om|videre|igennem|ind)\b|\bstille[st]? (om|videre|igennem)\b"
    r"|omstil|viderestil|omtilling|\bfå fat (i|på) (en|et|nogen|jer)\b|medarbejder|telefonist|telefondame"
    r"|\b(rigtigt?|levende|virkeligt?|ægte) (person|menneske|mand|dame)|\breceptionen\b"
    r"|\bikke ((tale|snakke) med )?(en |et )?(robot|maskine|computer)|\bmenneske.*(få fat|snakke|tale) "
)
_HUMAN_SHORT = re.compile(r"menneske|\bperson(en|er|ale|alet)?\b|sagsbehandler|kundeservice|operatør|\ben levende\b")
_NOT_HUMAN = re.compile(r"\bklage|\ber du\b|\b(taler|snakker) jeg\b|\bjeg (taler|snakker)\b")
"""A complaint about a person, or the question whether the bot is one."""

_LONG_WORDS = ("medarbejder", "selvmord", "selvmordstanker", "ambulance", "hjertestop", "bevidstløs", "ildebrand")
"""Words of need so long that a badly heard one is still known (difflib ratio 0.8 and up)."""


def need(text: str) -> str | None:
    """Id of the answer that a caller in need gets at once, or None: danger before despair before a human."""
    heard = [_mended(word) for word in words(text)]
    said, short = " ".join(heard), len(heard) <= SHORT
    if _DANGER.search(said) or (short and _DANGER_SHORT.search(said) and not _NO_DANGER.search(said)):
        return DANGER
    if _DESPAIR.search(said) or (short and _DESPAIR_SHORT.search(said)):
        return DESPAIR
    if (_HUMAN.search(said) or (short and _HUMAN_SHORT.search(said))) and not _NOT_HUMAN.search(said):
        return HUMAN
    return None


def _mended(word: str) -> str:
    """The word of need that a long word was probably meant to be, else the word itself."""
    if len(word) < 7:
        return word
    return next(iter(get_close_matches(word, _LONG_WORDS, 1, 0.8)), word)


_NO = re.compile(
    r"^(\w+ )?(nej|næ|næh|niks|nope|no)\b|\b(er|var|gør|vil|skal|handler) (det|jeg) (faktisk |nu )?ikke\b"
    r"|^(helst|slet|overhovedet) ikke\b|^ikke (rigtig|helt|det)|\bhverken\b|\bingen\b( af|$)|^noget (helt )?andet$"
)
_YES = re.compile(
    r"^(øh |jamen |jo |nå )?(ja|jo|jep|jeps|japs|jada|javist|yes|ok|okay|netop|præcist?|korrekt|rigtigt|gerne|endelig"
    r"|selvfølgelig|naturligvis)\b|^det (er|gør|var|må|vil) (det|du|jeg)( gerne)?$"
    r"|^(det er|lige) (rigtigt|korrekt|præcis)"
)


def yes_or_no(text: str) -> bool | None:
    """Whether an utterance says yes (True), no (False) or neither (None); "ja, nej" is a no."""
    said = " ".join(words(text))
    if _NO.search(said):
        return False
    return True if _YES.search(said) else None


_FAREWELL = re.compile(
    r"\bfarvel\b|\bhej hej$|\bdet var (bare |vist )?(det|alt)( hele)?( tak| for nu| for i dag)?$"
    r"|\b(vi ses|på gensyn|på genhør)$"
    r"|\bikke (andet|mere|mere tak)$|\bha(v|ve)? en (rigtig )?(god|dejlig|fin)|\bder er ikke (mere|andet|flere)"
)
_AGAIN = re.compile(
    r"^(undskyld )?(hvad|hva|hvabehar|hvad behager|hvad var det|hvad siger du|hvad sagde du|hvad sagde du lige)$"
    r"|\bgentag|\bsige? det (lige )?(igen|en gang til|lidt|langsommere)|^(lige )?en gang til\b|\blangsommere\b"
    r"|\bhørte (det )?ikke|\bkan ikke høre (dig|det|hvad)\b"
)
_THANKS = frozenset(
    words(
        "tak mange tusind tusinde det er var for hjælpen hjælp svaret du skal have ok okay super fint godt så ja "
        "dejligt perfekt jamen jo rigtig en stor venligt pænt"
    )
)


def farewell(text: str) -> bool:
    """Whether a short utterance takes leave: "farvel", "tak, det var det hele"."""
    heard = words(text)
    return len(heard) <= 10 and bool(_FAREWELL.search(" ".join(heard)))


def thanks(text: str) -> bool:
    """Whether an utterance says thank you and nothing else."""
    heard = words(text)
    return "tak" in heard and _THANKS.issuperset(heard)


def again(text: str) -> bool:
    """Whether a short utterance asks to hear the same again."""
    heard = words(text)
    return len(heard) <= 8 and bool(_AGAIN.search(" ".join(heard)))
