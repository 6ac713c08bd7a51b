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


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_DESPAIR = _any(
    r"selvmord|selvskad|livskrise|krisecenter|voldt(ægt|ag)|voldelig|incest",
    r"\btage?r? (livet af|(mit|sit|dit) (eget )?liv)|\bgøre? en ende på (det|livet)",
    r"\bikke leve( mere| længere|$)|\bleve (mere|længere)$|\bgrund til at leve",
    r"\b(vil|ønsker)( gerne| bare| kun)?( at)? dø\b|\blyst til at dø\b|\bslår? (mig|sig) (selv )?ihjel",
    r"\borker (ikke (mere$|livet|at (leve|være))|livet ikke)|\bholde det ud længere",
    r"\b(vil|orker) ikke (at )?være (til|her)( mere| længere)?$",
    r"\b(mand|kone|kæreste|ven|far|mor|han|hun|ekse?n?) (slår|banker|tæver|truer) (mig|os|barnet|børnene)",
    r"\bbange for (min|mine) (mand|kone|kæreste|far|mor|eks|ven)\b|\bbange for at gå hjem",
    r"\b(udsat for|psykisk|fysisk) vold\b|\bbliver slået\b|\btruer med at slå",
)
_DESPAIR_SHORT = _any(r"\bvold\b|\b(han|hun) slår\b|^jeg (kan|magter|gider) ikke mere$")
_DANGER = _any(
    r"\b(112|1 1 2|1 12|11 2|(et|en) (et|en) to|(et )?hundrede (og )?tolv)\b|ambulance|alarmcentral",
    r"ildebrand|\bdet brænder\b|\b(er|gået|går) (der )?ild i\b|\bi brand\b|\ber (der )?brand\b",
    r"gaslugt|\blugter af gas\b|hjertestop|bevidstløs|livløs|livsfare|\bbløder\b|forgiftet|\bondt i brystet",
    r"\bf(å|år|ået) (en |et )?(blodprop|hjerteanfald|slagtilfælde)$",
    r"trække?r? (ikke )?vejret|\bikke (kan )?(trække|få) (vejret|luft)|\bkvæles?\b|\bkvalt\b|\bdrukne",
    r"\b(faldet|væltet|falder) og kan ikke (komme|rejse)|\b(faldet|falder) i (vandet|havnen|åen|søen)",
    r"\bsket (en|et) \w*(ulykke|uheld)|\bindbrud lige nu|\b(nogen|en) i mit hus$|\bkniv(en)?\b.*\b(mig|strube)",
    r"\bfaldet om\b|\bbesvimet\b|\bpåkørt|\bblevet kørt (ned|over)\b|\bføder nu\b|\bsvarer ikke og ligger\b",
    r"\bligger (der )?en (\w+ )?(mand|dame|kvinde|person|dreng|pige|cyklist)\b|\bligger på gulvet\b",
    r"\btaget en masse piller|\bgas ?udslip",
    r"\b(mor|far|mand|kone|søn|datter|barn|baby|han|hun) er faldet( (ned fra|ud af|i badet)\b|$)",
    r"\bdrukket (\w+ )?(afkalker|klorin|afløbsrens|rengøringsmiddel|gift|benzin|sprinklervæske)",
    r"\b(står|er) (uden for|udenfor) (min |vores )?(dør|døren)\b.*\btruer",
)
_DANGER_SHORT = _any(
    r"\bbrand\b|\bbrænder\b|\bulykken?\b|trafikulykke|hjerteanfald|blodprop|nødsituation|\boverfald|^hjælp hjælp"
)
_NO_DANGER = _any(r"affald|\bbål\b|grene|kvas|brændeovn|\bhaft\b")
"""Fires that people ask about in peace, and what is over."""

_HUMAN = _any(
    r"medarbejder|telefonist|telefondame|\breceptionen\b|omstil|viderestil|omtilling",
    r"\b(tale?|tala|snakke?|talt|snakket) (\w+ )?med (nogen|nogle|en\b|et\b|én\b|jer\b|menneske|person|borgerservice)",
    r"\b(tale?|snakke?) (\w+ )?med (kommunen|rådhus|min sagsb)|\bjeg kan (tale|snakke) med$",
    r"\bstil(le|ler)? (du |i )?(mig|os) (lige )?(om|videre|igennem|ind)\b|\bstille[st]? (om|videre|igennem)\b",
    r"\b(få|have) fat (i|på) (en|et|nogen|jer)\b|\b(have|få|er der) (\w+ ){0,2}menneske",
    r"\b(rigtigt?|levende|virkeligt?|ægte) (person|menneske|mand|dame)",
    r"\bikke ((tale|snakke) med )?(en |et )?(robot|maskine|computer)",
)
_HUMAN_SHORT = _any(r"menneske|\bperson(en|er|ale|alet)?\b|sagsbehandler|kundeservice|operatør|\ben levende\b")
_NOT_HUMAN = _any(
    r"\bklage|\b(anden|om en) person|\bgå hen\b|\ber du\b|\b(taler|snakker) jeg\b|\bjeg (taler|snakker)\b"
)
"""A complaint about a person, where to go, or the question whether the bot is one."""

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


_NO = _any(
    r"^(\w+ )?(nej|næ|næh|niks|nope|no)\b|\b(er|var|gør|vil|skal|handler) (det|jeg) (faktisk |nu )?ikke\b",
    r"^(helst|slet|overhovedet) ikke\b|^ikke (rigtig|helt|det)|\bhverken\b|\bingen\b( af|$)|^noget (helt )?andet$",
)
_YES = _any(
    r"^(øh |jamen |jo |nå )?(ja|jo|jep|jeps|japs|jada|javist|yes|ok|okay|gerne|endelig|selvfølgelig|naturligvis)\b",
    r"^(det er |lige )?(netop|præcist?|korrekt|rigtigt)\b|^det (er|gør|var|må|vil) (det|du|jeg)( gerne)?$",
)


def yes_or_no(text: str) -> bool | None:
    """Whether an utterance says yes (True), no (False) or neither (None); "ja, nej" is a no."""
    said = " ".join(words(text))
    if _NO.search(said):
        return False
    return True if _YES.search(said) else None


_FAREWELL = _any(
    r"\bfarvel\b|\bhej hej( og tak)?$|\b(vi ses|på gensyn|på genhør)$|\bha(v|ve)? en (rigtig )?(god|dejlig|fin)",
    r"\bdet var (bare |vist )?(det|alt)( hele)?( tak| for nu| for i dag)?$",
    r"^((nej|tak|der er) )*ikke (andet|mere)( tak)?$",
    r"\b(der er|har jeg|har vi) ikke (mere|andet|flere)( spørgsmål)?$",
)
_AGAIN = _any(
    r"^(undskyld )?(hvad|hva|hvabehar|hvad behager|hvad var det|hvad siger du|hvad sagde du|hvad sagde du lige)$",
    r"\bgentag|\bsige? det (lige )?(igen|en gang til|lidt|langsommere)|^(lige )?en gang til\b|\blangsommere\b",
    r"\bhørte (det )?ikke|\bkan ikke høre (dig|det|hvad)\b",
)
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


def again(text: str) -> bool:
    """Whether a short utterance asks to hear the same again."""
    heard = words(text)
    return len(heard) <= 8 and bool(_AGAIN.search(" ".join(heard)))
