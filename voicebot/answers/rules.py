"""What an answer must be like to be good on the telephone, beyond having the right shape."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from string import Formatter

from voicebot.answers.document import Document, Place
from voicebot.answers.library import Answer, Choice, Difference, Fault, Municipality, Phrases

SPOKEN_RATE = 14.0
"""Characters of Danish spoken in a second, calmly: the try-out voice was measured at 17, over a minute of answers."""
LONGEST_ANSWER = 30.0
"""Seconds a caller can be asked to listen."""
LONGEST_GREETING = 10.0
"""Seconds before the caller may speak for the first time."""
FEWEST_EXAMPLES = 8
"""Ways of asking that each answer needs to be found by."""
FEWEST_CHOICES = 2
"""Answers between which a question can tell."""

_First = dict[str, tuple[Document, Place]]
"""Where an example, by its words, stands for the first time."""
_LINK = re.compile(r"https?:|\bwww\.|\w\.\w{2,}/|\w@\w", re.IGNORECASE)


def spoken_seconds(text: str) -> float:
    """About how long `text` takes to say: a digit is read as a word of about five letters."""
    return (len(text) + 4 * sum(map(str.isdigit, text))) / SPOKEN_RATE


def check_place(document: Document, answer: Answer, name: str, topics: Mapping[str, str]) -> Iterator[Fault]:
    """Faults in where an answer lies: the file `name`.yaml, the folder of its area. topics: id → area."""
    if answer.id != name:
        yield document.fault(("id",), f"id “{answer.id}” i filen {name}.yaml; giv begge samme navn")
    if answer.id not in topics:
        yield document.fault(("id",), f"ukendt id “{answer.id}”; ret det, eller tilføj det i topics.tsv")
    elif answer.area != topics[answer.id]:
        yield document.fault(("id",), f"i mappen {answer.area}, men topics.tsv siger {topics[answer.id]}; flyt filen")


def check_answer(document: Document, answer: Answer, known: Collection[str], today: date) -> Iterator[Fault]:
    """Faults of one answer by itself; `known` are the ids that a choice may lead to."""
    at = document.fault
    if len(answer.examples) < FEWEST_EXAMPLES:
        yield at(("examples",), f"{len(answer.examples)} eksempler; skriv mindst {FEWEST_EXAMPLES}")
    if (seconds := spoken_seconds(answer.text)) > LONGEST_ANSWER:
        yield at(("answer",), f"tager cirka {seconds:.0f} sekunder at sige; forkort til {LONGEST_ANSWER:.0f}")
    if answer.reviewed > today:
        yield at(("reviewed",), f"gennemgået {answer.reviewed}, som er i fremtiden; skriv dagen, det skete")
    for place, text in _spoken(answer):
        yield from _check_link(document, place, text)
    for number, choice in enumerate(answer.follow_up.choices if answer.follow_up else ()):
        place = ("follow_up", "choices", number)
        yield from _check_choice(document, place, choice, known)
        if choice.to == answer.id:
            yield at((*place, "to"), "fører tilbage til sit eget svar; vælg et andet")


def _check_choice(document: Document, place: Place, choice: Choice, known: Collection[str]) -> Iterator[Fault]:
    yield from _check_link(document, (*place, "offer"), choice.offer)
    if choice.to not in known:
        message = f"fører til “{choice.to}”, som ikke er et svar; skriv det svar, eller ret id"
        yield document.fault((*place, "to"), message)


def _spoken(answer: Answer) -> Iterator[tuple[Place, str]]:
    yield ("answer",), answer.text
    yield ("offer",), answer.offer
    if answer.follow_up:
        yield ("follow_up", "ask"), answer.follow_up.ask


def _check_link(document: Document, place: Place, text: str) -> Iterator[Fault]:
    if link := _LINK.search(text):
        yield document.fault(
            place, f"en webadresse ville blive læst op (“{link[0]}”); sig “på borger.dk”, eller brug sms"
        )


def check_examples(entries: Sequence[tuple[Document, Answer]]) -> Iterator[Fault]:
    """Examples that stand twice, in one answer or in two, whatever their case and punctuation."""
    first: _First = {}
    for document, answer in entries:
        yield from _check_choices(document, ("follow_up",), answer.follow_up.choices if answer.follow_up else ())
        for at, example in enumerate(answer.examples):
            yield from _check_example(document, ("examples", at), example, first)


def check_differences(
    document: Document, differences: Mapping[str, Difference], known: Collection[str]
) -> Iterator[Fault]:
    """Faults of the questions in one document; `known` are the ids that a choice may lead to."""
    first: _First = {}
    for name, difference in differences.items():
        yield from _check_link(document, (name, "ask"), difference.ask)
        if len(difference.choices) < FEWEST_CHOICES:
            yield document.fault((name, "choices"), "intet at vælge imellem; skriv to eller tre")
        for number, choice in enumerate(difference.choices):
            yield from _check_choice(document, (name, "choices", number), choice, known)
        yield from _check_choices(document, (name,), difference.choices)
        for at, said in enumerate(difference.said):
            yield from _check_example(document, (name, "said", at), said, first)


def _check_choices(document: Document, place: Place, choices: tuple[Choice, ...]) -> Iterator[Fault]:
    first: _First = {}
    for number, choice in enumerate(choices):
        for at, example in enumerate(choice.examples):
            yield from _check_example(document, (*place, "choices", number, "examples", at), example, first)


def _check_example(document: Document, place: Place, example: str, first: _First) -> Iterator[Fault]:
    words = " ".join(re.findall(r"\w+", example.casefold()))
    if not words:
        yield document.fault(place, f"eksemplet “{example}” er uden ord; skriv, hvad borgeren siger")
    elif words in first:
        where = _named(*first[words], seen_from=document)
        yield document.fault(place, f"eksemplet “{example}” står allerede i {where}; fjern et af dem")
    first.setdefault(words, (document, place))


def _named(document: Document, place: Place, *, seen_from: Document) -> str:
    """A place in a document, for people: its line, and the title and the file of another document."""
    line, title = document.line(place), document.values.get("title")
    if document is seen_from:
        return f"linje {line}"
    return f"“{title}” ({document.file}:{line})" if isinstance(title, str) else f"{document.file}:{line}"


def takes_offer(name: str) -> bool:
    """Whether the phrase of this name holds `{offer}`."""
    return name.startswith(("clarify_", "near_"))


def check_phrases(document: Document, phrases: Phrases) -> Iterator[Fault]:
    """Faults in the standing sentences that stand in this document."""
    for name, text in asdict(phrases).items():
        if name not in document.values:
            continue
        yield from _check_link(document, (name,), text)
        wanted = ["offer"] if takes_offer(name) else []
        try:
            found = [field for _, field, _, _ in Formatter().parse(text) if field is not None]
        except ValueError:
            found = ["{"]
        if found != wanted:
            must = "skal rumme {offer} én gang" if wanted else "må ikke rumme { eller }"
            yield document.fault((name,), f"{name}: forkerte pladsholdere; den {must}")
    if "greeting" in document.values and (seconds := spoken_seconds(phrases.greeting)) > LONGEST_GREETING:
        yield document.fault(
            ("greeting",), f"velkomsten tager cirka {seconds:.0f} sekunder; forkort til {LONGEST_GREETING:.0f}"
        )


def check_municipality(document: Document, municipality: Municipality, name: str) -> Iterator[Fault]:
    """Faults in the municipality.yaml of the folder `name`."""
    if municipality.id != name:
        yield document.fault(("id",), f"id “{municipality.id}” i mappen {name}; giv begge samme navn")
    if "municipality" in municipality.facts:
        yield document.fault(("facts",), "“municipality” står for filens egne felter; giv oplysningen et andet navn")
    if municipality.transfer_number in municipality.numbers:
        yield document.fault(("transfer_number",), "et nummer, botten selv svarer på; skriv et, hvor mennesker svarer")
