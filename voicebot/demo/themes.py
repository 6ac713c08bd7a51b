"""What citizens ask that the library has no answer to: themes, with how they say it and how it comes and goes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """A question without an answer, in several words. weight: how often; months: when, if not all the year."""

    said: tuple[str, ...]
    weight: float = 1.0
    months: tuple[int, ...] = ()


_SUMMER = (5, 6, 7, 8)
_WINTER = (11, 12, 1, 2)

THEMES = (
    Theme(("Hvornår har svømmehallen åbent?", "Er svømmehallen åben på søndag?", "Hvad koster det at komme i "
           "svømmehallen?", "Kan man svømme hos jer om morgenen?"), 5),
    Theme(("Kan jeg låne en ladcykel af kommunen?", "I har sådan nogle ladcykler man kan låne", "Ladcykel, hvordan "
           "booker jeg den?"), 2, _SUMMER),
    Theme(("Må man grille i parken?", "Er det lovligt at tænde bål på stranden?", "Kan vi holde grillfest nede i "
           "byparken?"), 2, _SUMMER),
    Theme(("Hvor kan jeg lade min elbil op i byen?", "Hvornår kommer der flere ladestandere?", "Laderen på pladsen "
           "virker ikke", "Hvad koster det at lade bilen på kommunens parkeringsplads?"), 4),
    Theme(("Hvornår er der julemarked på torvet?", "Hvordan får man en stadeplads på julemarkedet?", "Hvornår tændes "
           "juletræet?"), 4, (11, 12)),
    Theme(("Hvornår bliver vejen ved skolen åbnet igen?", "Hvor længe skal der graves på vores vej?", "De har gravet "
           "hele gaden op, hvornår er de færdige?"), 4),
    Theme(("Kan jeg få fjernvarme på min vej?", "Hvornår kommer der fjernvarme hos os?", "Er der planlagt fjernvarme "
           "i vores kvarter?"), 5, _WINTER),
    Theme(("Vil kommunen fælde træet ud for mit hus?", "Der står et kommunalt træ og skygger for vores have", "Et "
           "træ er væltet ned over stien"), 3),
    Theme(("Kan man få tilskud til en varmepumpe?", "Giver kommunen penge til at skifte oliefyret?"), 3, _WINTER),
    Theme(("Hvor finder jeg en hundeskov?", "Må hunden løbe løs ved søen?", "Er der et sted hunden må være uden "
           "snor?"), 2),
    Theme(("Kan I anbefale en tandlæge til min mor?", "Hvilken tandlæge er billigst?"), 1),
    Theme(("Hvordan bliver man valgtilforordnet?", "Jeg vil gerne hjælpe til på valgdagen"), 2, (10, 11)),
    Theme(("Kan jeg få en bænk ned til bussen?", "Der mangler et læskur ved stoppestedet", "Gider I ikke sætte en "
           "bænk op ved plejehjemmet?"), 2),
    Theme(("Lygten på hjørnet blinker hele natten", "Hvem retter på uret på rådhuset?"), 1),
    Theme(("Er der en lektiecafé for min søn?", "Hvor kan børnene få hjælp til lektier?"), 2, (9, 10, 11, 1, 2)),
    Theme(("Hvor meget vand må man bruge på haven?", "Er der vandingsforbud?", "Må jeg vande græsplænen nu?"),
          3, (6, 7, 8)),
    Theme(("Der er algeopblomstring i søen, må man bade?", "Er badevandet rent ved stranden?", "Hvornår er "
           "badevandet sidst målt?"), 3, _SUMMER),
    Theme(("Har I en oversigt over ledige erhvervslokaler?", "Hvem ejer grunden ved siden af mig?"), 1),
)  # fmt: skip

COMMENTS = (
    "Godt svar, og borgeren virkede tilfreds.",
    "Burde have spurgt, om det gjaldt et barn eller en voksen.",
    "Botten hørte forkert: borgeren sagde gaden, ikke graven.",
    "Svaret er rigtigt, men for langt. Borgeren afbrød.",
    "Vi mangler et svar om det her.",
    "Fint at den stillede om med det samme.",
)
"""What operators write beside a call."""
