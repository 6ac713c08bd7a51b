"""What is wrong with cases that can be played."""

import wave
from collections.abc import Callable, Collection, Iterator, Sequence

from voicebot.answers import Fault
from voicebot.audio import TELEPHONE_RATE
from voicebot.errors import ContentError, ReplayError
from voicebot.replay.cases import Case
from voicebot.replay.lines import Place, line_of, read_tree
from voicebot.replay.reading import nearest
from voicebot.replay.speech import AUDIBLE, speech_level

UNWRITTEN = {"noise", "human_speech"}
"""Tags of cases in which something is heard that is no words, or of which nobody knows the words."""
Known = Callable[[str], Collection[str]]
"""The ids of the answers that a municipality's bot has, '' being the bot's own; ContentError where there is no such."""
Found = Iterator[tuple[Place, str]]
"""Where in a case's file something is wrong, and what."""


def check_cases(cases: Sequence[Case], known: Known) -> list[Fault]:
    """Every fault in cases that could be read, by file and line; ContentError where the bot itself has no answers."""
    known("")
    found = [
        Fault(str(case.file), line_of(read_tree(case.file), place), what)
        for case in cases
        for place, what in (*_course(case), *_ids(case, known), *_sounds(case))
    ]
    return sorted(found + _twins(cases))


def _course(case: Case) -> Found:
    """Steps that cannot be taken where they stand."""
    asked = over = False
    for number, step in enumerate(case.script.turns):
        place = ("turns", number)
        if over:
            yield place, f"{step.deed}: nothing can follow hang_up; remove the step"
        if step.choose and not asked:
            yield (*place, "choose"), "choose: the bot cannot have asked back yet; let the caller say something first"
        if step.expect and step.expect.option and not asked:
            yield (*place, "expect", "option"), "option: nothing can have been offered yet; let the caller speak first"
        asked = asked or bool(step.say or step.press or step.silence)
        over = over or bool(step.hang_up)


def _ids(case: Case, known: Known) -> Found:
    """Answers that the bot does not have."""
    try:
        ids = known(case.script.municipality)
    except ContentError as fault:
        if fault.code != "content.municipality":
            raise
        yield (
            ("municipality",),
            f"municipality: there is no “{case.script.municipality}”; see `answers/municipalities/`",
        )
        return
    for number, step in enumerate(case.script.turns):
        place = ("turns", number)
        if step.choose and step.choose not in ids:
            yield (*place, "choose"), _unknown("choose", step.choose, ids)
        for field, id_ in step.expect.named if step.expect else ():
            if id_ not in ids:
                yield (*place, "expect", field), _unknown(field, id_, ids)


def _unknown(field: str, id_: str, ids: Collection[str]) -> str:
    return f"{field}: no answer is called “{id_}”{nearest(id_, [*ids]) or '; see `voicebot answers list`'}"


def _sounds(case: Case) -> Found:
    """Recordings that are not what they should be, or not written down."""
    for number, step in enumerate(case.script.turns):
        if step.say is None:
            continue
        place = ("turns", number, "say")
        with wave.open(str(case.file.parent / step.say)) as file:
            if (channels := file.getnchannels()) > 1:
                yield place, f"{step.say}: {channels} channels; keep the caller's only, as mono sound"
        if speech_level(case.sounds[number].resampled(TELEPHONE_RATE)) < AUDIBLE:
            yield place, f"{step.say}: nobody can be heard in it; record it again, or write `silence: true` instead"
        if not step.text and not UNWRITTEN & {*case.script.tags}:
            yield (
                place,
                f"text: missing; write what {step.say.name} says, or tag the case `noise` if those are no words",
            )


def check_names(cases: Sequence[Case]) -> None:
    """ReplayError where two cases have one name: nobody could tell them apart in a report."""
    for case, other in _namesakes(cases):
        raise ReplayError(
            "replay.twice", f"{case.file}: called {case.name}, as is {other.file}; leave one of them out."
        )


def _namesakes(cases: Sequence[Case]) -> Iterator[tuple[Case, Case]]:
    """Each case that is called as one before it, and that one."""
    names: dict[str, Case] = {}
    for case in cases:
        if (other := names.setdefault(case.name, case)) is not case:
            yield case, other


def _twins(cases: Sequence[Case]) -> list[Fault]:
    """Cases that a report could not tell apart, or a reader."""
    titles: dict[str, Case] = {}
    found = [
        Fault(str(case.file), 1, f"{other.file} has the same area and name; rename one of the files")
        for case, other in _namesakes(cases)
    ]
    for case in cases:
        title = case.script.title.casefold()
        if (other := titles.setdefault(title, case)) is not case:
            line = line_of(read_tree(case.file), ("title",))
            found.append(Fault(str(case.file), line, f"title: {other.file} is called so too; choose another"))
    return found
