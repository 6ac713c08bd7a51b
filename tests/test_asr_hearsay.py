"""Telling what a caller said from what Whisper makes up."""

import pytest

from voicebot.asr.hearsay import collapsed, looping, without_phantoms, words


@pytest.mark.parametrize(
    "text",
    [
        "Det er også på tid. Det er også på tid.",
        "ja ja ja ja ja ja ja ja",
        "og høj og høj og høj og høj og høj og høj og høj",
        "Jeg vil bare vide, jeg har en, jeg har en hermme, jeg har en hermme.",
        "a" * 300,
    ],
)
def test_loops_are_noticed_and_undone(text: str) -> None:
    assert looping(text)
    assert not looping(collapsed(text))
    assert len(collapsed(text)) < len(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ja.",
        "Nej nej nej, det er mit pas, ikke mit kørekort.",
        "Mit nummer er 20 20 20 20.",
        "Jeg vil gerne have et pas, og min kone vil gerne have et kørekort, og min søn skal have et pas.",
        "Hvornår har I åbent, hvornår har borgerservice åbent?",
    ],
)
def test_natural_repetition_is_no_loop(text: str) -> None:
    assert not looping(text)
    assert collapsed(text) == text


@pytest.mark.parametrize(
    "phantom",
    [
        "Tak fordi du så med.",
        "Tak for at du så med!",
        "tak for at se med",
        "Danske tekster af Jesper Buhl Scandinavian Text Service 2018",
        "Undertekster af Amara.org-fællesskabet",
        "Tekstet af Nicolai Winther.",
        "Danske undertekster",
        "Undertekster ved Nordisk Undertekst",
        "Teksting av Nicolai Winther",
        "Broadcast Text International 2014",
        "Oversat af Anne Hansen 2009",
        "Tak fordi du lyttede med.",
        "Tak fordi I har set med i dag!",
        "Tak for jeres opmærksomhed.",
        "Takk for at du så på.",
        "Husk at abonnere på min kanal!",
        "Vi ses i næste video.",
        "Thank you for watching!",
    ],
)
def test_sentences_out_of_subtitles_are_dropped_alone_and_at_the_end(phantom: str) -> None:
    assert without_phantoms(phantom) == ""
    assert without_phantoms(f"Jeg skal flytte. {phantom}") == "Jeg skal flytte."


@pytest.mark.parametrize(
    "text",
    [
        "Tak.",
        "Tak for hjælpen.",
        "Tak skal I have.",
        "Vi ses.",
        "Mit pas er oversat af en tolk.",
        "Tak fordi I svarer. Hvad koster et pas?",
        "Nej tak!",
    ],
)
def test_thanks_are_kept(text: str) -> None:
    assert without_phantoms(text) == text


def test_words_are_small_and_bare() -> None:
    assert words("Kl. 9.30, CPR-nummer: »Åh nej!« 1.250 kr.") == [
        "kl", "9.30", "cpr-nummer", "åh", "nej", "1.250", "kr",
    ]  # fmt: skip
