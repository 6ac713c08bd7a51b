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
        yield document.fault(("id",), f"id “{answer.id}” in a file named {name}.yaml; give both the same name")
    if answer.id not in topics:
        yield document.fault(("id",), f"unknown id “{answer.id}”; correct it, or add it to topics.tsv")
    elif answer.area != topics[answer.id]:
        yield document.fault(
            ("id",), f"in the folder {answer.area}, but topics.tsv says {topics[answer.id]}; move the file"
        )


def check_answer(document: Document, answer: Answer, known: Collection[str], today: date) -> Iterator[Fault]:
    """Faults of one answer by itself; `known` are the ids that a choice may lead to."""
    at = document.fault
    if len(answer.examples) < FEWEST_EXAMPLES:
        yield at(("examples",), f"{len(answer.examples)} examples; write at least {FEWEST_EXAMPLES}")
    if (seconds := spoken_seconds(answer.text)) > LONGEST_ANSWER:
        yield at(("answer",), f"takes about {seconds:.0f} s to say; shorten it to {LONGEST_ANSWER:.0f} s")
    if answer.reviewed > today:
        yield at(("reviewed",), f"reviewed {answer.reviewed}, which is in the future; write the day it was checked")
    for place, text in _spoken(answer):
        yield from _check_link(document, place, text)
    for number, choice in enumerate(answer.follow_up.choices if answer.follow_up else ()):
        place = ("follow_up", "choices", number)
        yield from _check_choice(document, place, choice, known)
        if choice.to == answer.id:
            yield at((*place, "to"), "leads back to its own answer; choose another")


def _check_choice(document: Document, place: Place, choice: Choice, known: Collection[str]) -> Iterator[Fault]:
    yield from _check_link(document, (*place, "offer"), choice.offer)
    if choice.to not in known:
        message = f"leads to “{choice.to}”, which is no answer; write that answer, or correct the id"
        yield document.fault((*place, "to"), message)


def _spoken(answer: Answer) -> Iterator[tuple[Place, str]]:
    yield ("answer",), answer.text
    yield ("offer",), answer.offer
    if answer.follow_up:
        yield ("follow_up", "ask"), answer.follow_up.ask


def _check_link(document: Document, place: Place, text: str) -> Iterator[Fault]:
    if link := _LINK.search(text):
        yield document.fault(place, f"a link would be read aloud (“{link[0]}”); say “på borger.dk” or put it in sms")


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
            yield document.fault((name, "choices"), "nothing to choose between; write two or three")
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
        yield document.fault(place, f"example “{example}” without a word; write what a caller says")
    elif words in first:
        other, there = first[words]
        where = f"{'line ' if other is document else f'{other.file}:'}{other.line(there)}"
        yield document.fault(place, f"example “{example}” stands already in {where}; remove one of them")
    first.setdefault(words, (document, place))


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
            must = "hold {offer} once" if wanted else "hold no { or }"
            yield document.fault((name,), f"{name}: wrong placeholders; it must {must}")
    if "greeting" in document.values and (seconds := spoken_seconds(phrases.greeting)) > LONGEST_GREETING:
        yield document.fault(
            ("greeting",), f"greeting takes about {seconds:.0f} s; shorten it to {LONGEST_GREETING:.0f} s"
        )


def check_municipality(document: Document, municipality: Municipality, name: str) -> Iterator[Fault]:
    """Faults in the municipality.yaml of the folder `name`."""
    if municipality.id != name:
        yield document.fault(("id",), f"id “{municipality.id}” in the folder {name}; give both the same name")
    if "municipality" in municipality.facts:
        yield document.fault(("facts",), "“municipality” stands for this file's own fields; give the fact another name")
    if municipality.transfer_number in municipality.numbers:
        yield document.fault(("transfer_number",), "is a number the bot itself answers; give one where people answer")
