"""What a caller puts in while the bot speaks."""

import csv
import random
from pathlib import Path

import pytest

from tests.shipped import shipped
from voicebot.dialogue import Question, State, goes_on
from voicebot.speech_text import clauses

QUESTIONS = Path(__file__).parent / "data" / "development.tsv"
PRICE = "Et pas koster omkring 900 kroner for voksne. Tag dit gamle pas med, når du kommer,"
LISTENING = [
    "Ja.", "Jo", "Okay.", "ok", "Nå.", "Aha!", "Javel.", "Ja, ja.", "Ja ja ja ja", "Nåda.", "Fint.", "Jamen …",
    "Jeg forstår.", "Det er fint.", "Nå, okay.", "Ja, det er klart.", "Javel ja.", "Okay, det lyder godt.",
]  # fmt: skip
NOISES = [
    "", " … ", "(hoster)", "(hoster", "[latter]", "*griner*", "♪♪", "Hahaha!", "Ha ha ha.", "Hm.", "Mm.", "Mmm", "Mhm.",
    "Mm-hm.", "Uhm", "Øh …", "Øhm, øh", "Åh", "Host, host.", "Ah.", "Hmm. (rømmer sig)",
]  # fmt: skip
WORDS_TO_THE_BOT = [
    "Nej.", "Nå, nej.", "Stop!", "Vent.", "Vent lige.", "Hallo?", "Farvel.", "Tak.", "Ja tak.", "Okay, tak.", "Hvad?",
    "Hvad siger du?", "Hæ?", "Undskyld?", "Ja, men hvad koster det?", "Ja, men jeg", "Den første.", "Hjælp!",
    "Jeg vil tale med et menneske.", "Er det rigtigt?", "Er det godt?", "Langsommere.", "Medarbejder.",
    "Jeg kan ikke høre dig.",
    "Det er ikke det, jeg spørger om.", "Mm, men hvad så med mit barn?", "Pas?", "Dit gamle pas?", "900 kroner?",
    "Hvad koster et pas?", "Hvor meget koster passet for voksne?", "Skal jeg tage mit kørekort med?",
]  # fmt: skip


@pytest.mark.parametrize("heard", NOISES + LISTENING)
@pytest.mark.parametrize("unheard", [1, 3])
def test_a_listening_caller_does_not_end_an_answer(heard: str, unheard: int) -> None:
    assert goes_on(heard, PRICE, unheard, State())


@pytest.mark.parametrize("heard", WORDS_TO_THE_BOT)
@pytest.mark.parametrize("unheard", [1, 3])
def test_a_word_to_the_bot_does(heard: str, unheard: int) -> None:
    assert not goes_on(heard, PRICE, unheard, State())
    assert not goes_on(heard, PRICE, unheard, State(Question.MORE))


@pytest.mark.parametrize("question", [one for one in Question if one is not Question.NONE])
def test_yes_is_an_answer_only_to_the_question_being_asked(question: Question) -> None:
    asked = "Er der andet, jeg kan hjælpe med?"
    for heard in ("Ja.", "Jo, jo.", "Okay.", "Nej.", "Fint, tak."):
        assert not goes_on(heard, asked, 1, State(question))
    assert goes_on("Ja.", PRICE, 2, State(question)), "the question is still to come"
    for heard in ("", "Mhm.", "(hoster)", "Nå.", "Aha."):
        assert goes_on(heard, asked, 1, State(question))


POLICE = "Er det stjålet, så anmeld det først til politiet."
HELP = "Du kan få hjælp i Borgerservice, hvor en medarbejder viser dig, hvordan du søger på nettet."
APPEAL = "Kommunen ser på sagen igen. Siger kommunen stadig nej, sender den selv klagen videre, for eksempel til"
WEATHER = "Vejret kan jeg desværre ikke svare på."
MOVING = "skal du også melde det der. Flytter du til Danmark, så bestil en tid i Borgerservice på 46 31 30 00 senest"


@pytest.mark.parametrize(
    ("heard", "saying"),
    [
        ("Det er større.", POLICE),
        ("Det stjolet så anmelde første politiet.", POLICE),
        ("Særdingsfalt vining om.", "Opsigelse taler du med din chef eller din fagforening om."),
        ("Byder viser dage.", HELP),
        ("Byder viser de for dem.", HELP),
        ("Pidervis er dæ, fordændes sogerponeces.", HELP),
        ("Her kommer man en stadig nye.", APPEAL),
        ("Det er ikke svapet.", WEATHER),
        ("Say, day, borgre service.", "Kan du slet ikke søge på nettet, så sig det i Borgerservice,"),
        ("Det er fem dager.", f"{MOVING} fem dage efter."),
        ("Fem dager efter.", f"{MOVING} fem dage efter."),
        ("Du er gammel", "Uden det gamle pas koster et nyt det dobbelte. Finder du det gamle igen,"),
        ("Det er træd even nu, nu.", "Ring til visitationen på 46 31 30 00."),
    ],
)
def test_the_bots_own_voice_does_not_end_its_answer(heard: str, saying: str) -> None:
    assert goes_on(heard, saying, 2, State())
    assert goes_on(heard, saying, 1, State(Question.MORE))
    assert not goes_on(f"{heard} Stop!", saying, 2, State())
    assert not goes_on(f"{heard} Hvad?", saying, 2, State())
    assert not goes_on(heard, "Børn begynder i nulte klasse i august.", 2, State())


def test_a_question_is_not_lost_whatever_it_interrupts() -> None:
    draw = random.Random(4)
    answers = list(shipped().answers.values())
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        questions = draw.sample([row["question"] for row in csv.DictReader(file, delimiter="\t")], 500)
    lost = []
    for question in questions:
        for answer in draw.sample(answers, 5):
            pieces = clauses(answer.text)
            at = draw.randrange(len(pieces))
            saying = " ".join(pieces[max(0, at - 1) : at + 1])
            if goes_on(question, saying, len(pieces) - at, State(Question.MORE)):
                lost.append((question, saying))
    assert len(lost) < 0.01 * 5 * len(questions), lost
