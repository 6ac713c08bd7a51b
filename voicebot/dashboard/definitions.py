"""What each figure means: said beside the figure, and on the page that tells how calls are counted."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Definition:
    """How a figure is called, and how it is counted."""

    title: str
    text: str


DEFINITIONS: Mapping[str, Definition] = {
    "calls": Definition(
        "Opkald",
        "Alle opkald, som botten har taget, regnet til den dag og time, de begyndte (dansk tid). "
        "Et opkald tæller med, når det er slut.",
    ),
    "settled": Definition(
        "Klaret",
        "Opkald, hvor den, der ringede, hørte et svar fra botten, ikke blev stillet om, og hvor det sidste spørgsmål "
        "ikke stod tilbage uden svar.",
    ),
    "transferred": Definition(
        "Stillet om",
        "Opkald, som botten har stillet videre til en medarbejder: fordi der blev bedt om det, fordi den ikke forstod, "
        "ved akutte emner, eller når noget gik i stykker.",
    ),
    "abandoned": Definition(
        "Lagt på",
        "Opkald, hvor der blev lagt på, før der var sagt noget, eller før botten nåede at svare på det første.",
    ),
    "not_understood": Definition(
        "Ikke forstået",
        "Opkald, hvor der blev talt, og botten sagde noget igen, men hvor det, der blev sagt, eller det sidste af det, "
        "ikke fik et svar. Der blev heller ikke stillet om.",
    ),
    "failed": Definition(
        "Fejl",
        "Opkald, der blev afbrudt, fordi noget gik i stykker eller botten blev stoppet, eller hvor en del af den "
        "svigtede. Blev der stillet om til en medarbejder, tæller opkaldet dér.",
    ),
    "seconds": Definition(
        "Længde",
        "Fra telefonen blev taget, til forbindelsen var slut. Gennemsnit af alle opkald. Samtalen med en medarbejder "
        "bagefter er ikke med.",
    ),
    "wait_p50": Definition(
        "Typisk svartid",
        "Tiden fra det sidste ord, der blev sagt, til den første lyd af bottens svar. Halvdelen af alle svar kom "
        "hurtigere. Afrundet op til nærmeste 0,05 sekund.",
    ),
    "wait_p95": Definition(
        "Svartid, 95 %",
        "Tiden fra det sidste ord, der blev sagt, til den første lyd af bottens svar. 95 ud af 100 svar kom hurtigere. "
        "Afrundet op til nærmeste 0,05 sekund.",
    ),
    "outside": Definition(
        "Uden for åbningstid",
        "Andelen af opkald, der begyndte, mens medarbejderne ikke tager telefonen. Er åbningstiderne ikke skrevet ind, "
        "regnes den ikke ud.",
    ),
    "satisfied": Definition(
        "Fik hjælp",
        "Andelen, der svarede ja, da botten spurgte, om de havde fået svar på det, de ringede om. "
        "Kun dem, der svarede, tæller med.",
    ),
    "hours": Definition(
        "Travle timer",
        "Opkald i periodens uger lagt sammen efter den ugedag og time, de begyndte (dansk tid).",
    ),
    "topics": Definition(
        "Emner",
        "Det første svar, botten gav i opkaldet, er opkaldets emne. Opkald uden svar har intet emne. "
        "Andelen er dem, der blev klaret.",
    ),
    "unanswered": Definition(
        "Ubesvaret",
        "Spørgsmål, som botten ikke forstod, eller hvor den spurgte tilbage, uden at det førte til et svar. "
        "De er samlet efter, hvad de handler om.",
    ),
    "slow": Definition(
        "Langsomt",
        "Opkald, hvor mindst ét svar lod vente på sig i mere end 1,5 sekund.",
    ),
    "unsure": Definition(
        "Usikkert",
        "Opkald, hvor botten i mindst én beslutning var under 50 % sikker på, at den havde forstået rigtigt.",
    ),
    "confidence": Definition(
        "Sikkerhed",
        "Hvor sikker botten var på, at den havde forstået rigtigt, fra 0 til 100 %. Tallet er indstillet efter "
        "prøvespørgsmål, så det omtrent svarer til, hvor tit den har ret.",
    ),
}
"""By the name of the figure; what they count is worked out in `storage.story` and `storage.tallies`."""
