"""Unit: need, courtesy, yes and no, understood from the words themselves."""

import pytest

from voicebot.dialogue import cues
from voicebot.dialogue.cues import DANGER, DESPAIR, HUMAN

NEEDS = {
    HUMAN: """medarbejder|Medarbejder!|et menneske|person|en rigtig person|tale med nogen
        jeg vil tale med en medarbejder|jeg vil gerne snakke med en|må jeg tale med nogen på kommunen|stil mig om
        stil mig lige om|stille om
        kan du stille mig videre|omstillingen|jeg vil ikke tale med en robot|giv mig et levende menneske|sagsbehandler
        jeg vil gerne have fat i en sagsbehandler|Jeg vil gerne ta'le med en medarbeider.|Kan jeg tala med et mennesker?
        er der ikke et menneske jeg kan få fat i|jeg har prøvet tre gange nu og vil have et menneske i røret""",
    DANGER: """brand|det brænder|huset brænder|der er brand|der er gået ild i gardinet|ulykke|ring 112|ring 1-1-2
        ring et et to|ambulance|jeg skal bruge en ambulance med det samme|min mand trækker ikke vejret|hun er bevidstløs
        han har fået hjertestop|min mor er faldet og kan ikke komme op|der lugter af gas i hele huset|hjælp hjælp
        min kollega er ved at blive kvalt|der er sket en trafikulykke lige uden for|amulance
        min nabo er faldet om i haven|naboen er faldet om|min far er faldet|min søn er faldet ned fra taget
        min mor er faldet i badet og kan ikke rejse sig|mit barn har drukket afkalker|min datter er blevet påkørt
        der ligger en mand på vejen|en cyklist er blevet kørt ned på vejen|min mand er besvimet|der er gasudslip
        min mor svarer ikke og ligger på gulvet|min kone føder nu|min eks står uden for døren og truer mig
        jeg fik kniven for struben af min mand|der er nogen i mit hus|jeg har taget en masse piller""",
    DESPAIR: """selvmord|selvmor|jeg tænker på selvmord|jeg vil ikke leve mere|jeg vil ikke leve|jeg vil dø|vold
        jeg vil bare dø|jeg tager livet af mig|jeg vil tage mit eget liv|min mand slår mig|jeg er bange for min kæreste
        jeg er udsat for vold|jeg orker ikke mere|jeg kan ikke mere|der er ingen grund til at leve
        jeg vil ikke være her mere|min søn siger at han vil slå sig selv ihjel""",
}  # fmt: skip
PEACEFUL = """må jeg brænde haveaffald af|min nabo brænder affald|røg fra brændeovn|hvem tømmer brandhanen på vejen
    jeg har mistet mit pas|afbrænding af grene|min far er død hvad skal jeg gøre|min mor har haft en blodprop
    jeg kan ikke leve af min kontanthjælp længere end til fredag|jeg vil klage over en medarbejder|er du et menneske
    taler jeg med et menneske|hvor mange mennesker bor der i byen egentlig|må jeg stille et spørgsmål om mit pas
    oplysninger om en anden person|hvordan stiller jeg containeren ud|jeg talte med min mor i går
    min mor kan ikke mere klare rengøringen|jeg skal have en tid|hvad koster et pas
    huslejen er faldet|min pension er faldet|der ligger affald på vejen|et træ er faldet på min have
    der ligger en cykel på vejen|et skilt er faldet ned fra stolpen|jeg har kørt over til genbrugspladsen"""


def cut(lines: str) -> list[str]:
    return [text.strip() for line in lines.splitlines() for text in line.split("|")]


@pytest.mark.parametrize(("id_", "text"), [(id_, text) for id_, lines in NEEDS.items() for text in cut(lines)])
def test_need_is_recognised(id_: str, text: str) -> None:
    assert cues.need(text) == id_


@pytest.mark.parametrize("text", cut(PEACEFUL))
def test_no_need_where_there_is_none(text: str) -> None:
    assert cues.need(text) is None


@pytest.mark.parametrize(
    "text",
    cut(
        "ja|Ja.|jo|ja tak|øh ja|jamen ja|jep|ok|det er det|det gør det|det må du gerne|præcis|lige præcis|selvfølgelig"
    ),
)
def test_yes(text: str) -> None:
    assert cues.yes_or_no(text) is True


@pytest.mark.parametrize(
    "text", cut("nej|Nej tak.|næ|øh nej|ja nej|det er det ikke|det var det ikke|helst ikke|ingen af dem|hverken eller")
)
def test_no(text: str) -> None:
    assert cues.yes_or_no(text) is False


@pytest.mark.parametrize("text", cut("passet|jeg har ikke fået mit pas|det er kørekortet|hvad koster det||janus"))
def test_neither_yes_nor_no(text: str) -> None:
    assert cues.yes_or_no(text) is None


@pytest.mark.parametrize(
    "text",
    cut(
        "farvel|hej hej|tak det var det|det var det hele|nej tak det var alt|ha en god dag|på gensyn|ikke andet|vi ses"
    ),
)
def test_farewell(text: str) -> None:
    assert cues.farewell(text)


@pytest.mark.parametrize(
    "text",
    cut("det var det jeg ville spørge om|hej|mit pas virker ikke mere|tak|hej hej jeg vil høre om pas|min far er væk"),
)
def test_no_farewell(text: str) -> None:
    assert not cues.farewell(text)


def test_thanks_and_nothing_else() -> None:
    assert all(cues.thanks(text) for text in cut("tak|Mange tak!|tusind tak for hjælpen|ok tak skal du have|super tak"))
    assert not any(cues.thanks(text) for text in cut("tak jeg vil gerne forny mit pas|hjælp|for|"))


def test_again() -> None:
    asks = cut(
        "hvad|hvad sagde du|gentag|kan du gentage det|sig det lige igen|en gang til|jeg hørte ikke hvad du sagde"
    )
    assert all(cues.again(text) for text in asks)
    others = cut("hvad koster et pas|jeg skal have et nyt pas igen|min mor kan ikke høre|hvad siger du til et nyt pas")
    assert not any(cues.again(text) for text in others)
