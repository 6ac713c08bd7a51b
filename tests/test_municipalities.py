"""Two municipalities on one library: their own answers go first, their own facts fill the common ones."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import here
from tests.conftest import few_answers
from tests.shipped import ANSWERS, shipped
from voicebot.answers import Answer, Library

NATIONWIDE = {"mitid.phone"}
"""Facts that are the same wherever one lives."""

Pair = tuple[Library, Library]


@pytest.fixture(scope="module", params=[("roskilde", "havnsoe"), ("havnsoe", "roskilde")], ids=lambda pair: pair[0])
def pair(request: pytest.FixtureRequest) -> Pair:
    """The library of one municipality, and that of the other."""
    one, other = request.param
    return shipped(one), shipped(other)


def written_in(folder: str) -> set[str]:
    """Ids of the answers that lie in a folder of `answers/`."""
    return {path.stem for path in (ANSWERS / folder).glob("*/*.yaml")}


def own(its: Library) -> set[str]:
    return written_in(f"municipalities/{its.municipality.id}")


def facts(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Facts by the dotted names that texts call them by."""
    flat: dict[str, str] = {}
    for name, value in values.items():
        flat |= facts(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {prefix + name: str(value)}
    return flat


def said(answer: Answer) -> Iterator[str]:
    """Every text of an answer but the page it was taken from."""
    yield from (answer.title, answer.offer, answer.text, answer.sms or "", *answer.examples)
    if answer.follow_up:
        yield answer.follow_up.ask
        for choice in answer.follow_up.choices:
            yield from (choice.offer, *choice.examples)


def without_facts(its: Library, id: str) -> str:
    """All that is said of an answer, each fact of the municipality blotted out."""
    text = "\n".join(said(its.answers[id]))
    values = [its.municipality.name, *facts(its.municipality.facts).values()]
    return re.sub("|".join(map(re.escape, sorted(values, key=len, reverse=True))), "…", text)


def test_it_has_the_facts_the_other_has(pair: Pair) -> None:
    one, other = (facts(its.municipality.facts) for its in pair)
    assert one.keys() == other.keys()
    assert {name for name in one if one[name] == other[name]} == NATIONWIDE


def test_it_has_the_answers_the_other_has(pair: Pair) -> None:
    one, other = pair
    assert one.answers.keys() == other.answers.keys()
    assert one.phrases.greeting == other.phrases.greeting.replace(other.municipality.name, one.municipality.name)


def test_what_it_wrote_itself_goes_first(pair: Pair) -> None:
    one, other = pair
    assert {id for id in own(one) if without_facts(one, id) == without_facts(other, id)} == set()


def test_what_is_common_differs_in_facts_alone(pair: Pair) -> None:
    one, other = pair
    shared = written_in("common") - own(one) - own(other)
    assert {id for id in shared if without_facts(one, id) != without_facts(other, id)} == set()
    assert any(one.answers[id].text != other.answers[id].text for id in shared)


def test_it_never_speaks_of_the_other(pair: Pair) -> None:
    one, other = pair
    theirs = facts(other.municipality.facts)
    numbers = {value for name, value in theirs.items() if name.endswith("phone") and name not in NATIONWIDE}
    names = {other.municipality.name.removesuffix(" Kommune"), theirs["website"]}
    foreign = re.compile("|".join(map(re.escape, numbers | names)), re.IGNORECASE)
    assert [text for answer in one.answers.values() for text in said(answer) if foreign.search(text)] == []


def test_the_small_one_overrides_eight_common_answers() -> None:
    assert len(written_in("municipalities/havnsoe") & written_in("common")) >= 8


@pytest.mark.slow
def test_a_question_is_answered_locally(tmp_path: Path, models_dir: Path) -> None:
    words = ["hvad", "koster", "det", "at", "parkere", "ved", "færgen"]
    settings = {"municipality": "havnsoe", "answers_dir": str(few_answers(tmp_path, "vej"))}
    result = here("ask", *words, "--json", data_dir=tmp_path, models_dir=models_dir, **settings)
    assert result.returncode == 0, result.output
    answer = json.loads(result.stdout)
    assert (answer["decision"], answer["answer"]) == ("answer", "parkeringsregler")
    assert "gratis at parkere på hele Havnsø" in answer["reply"]
