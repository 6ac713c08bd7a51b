"""Unit: courtesy, yes and no, understood from the words themselves."""

import pytest

from voicebot.dialogue import cues


def cut(lines: str) -> list[str]:
    return [text.strip() for line in lines.splitlines() for text in line.split("|")]


@pytest.mark.parametrize(
    "text",
    cut(
        "ja|Ja.|jo|ja tak|øh ja|jamen ja|jep|ok|det er det|det gør det|det må du gerne|præcis|lige præcis|selvfølgelig"
    ),
)
def test_yes(text: str) -> None:
    assert cues.yes_or_no(text) is True


@pytest.mark.parametrize(
    "text",
    cut(
        "nej|Nej tak.|næ|øh nej|ja nej|det er det ikke|det var det ikke|helst ikke|ingen af dem"
        "|nogen andet|hverken eller"
    ),
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
        "|Nej tak, vi var det hele.|Tak for hjelpen for vel"
    ),
)
def test_farewell(text: str) -> None:
    assert cues.farewell(text)


@pytest.mark.parametrize(
    "text",
    cut(
        "det var det jeg ville spørge om|hej|mit pas virker ikke mere|tak|hej hej jeg vil høre om pas|min far er væk"
        "|for vel længe siden|hvad var det hele"
    ),
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
