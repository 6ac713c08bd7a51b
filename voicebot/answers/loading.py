"""`answers/` → `Library`: a municipality's own files go before the common ones."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter

from voicebot.answers import rules
from voicebot.answers.document import Document, read
from voicebot.answers.files import Files, Over
from voicebot.answers.library import Answer, Difference, Fault, Library, Municipality, Phrases
from voicebot.errors import ContentError

_OTHER_FILES = ("phrases.yaml", "municipality.yaml", "questions.yaml")
_ANSWER, _PHRASES, _MUNICIPALITY = TypeAdapter(Answer), TypeAdapter(Phrases), TypeAdapter(Municipality)
_DIFFERENCES = TypeAdapter(dict[str, Difference])


def load_library(folder: Path, municipality: str, over: Over = MappingProxyType({})) -> Library:
    """All that the bot of `municipality` can say, from the `answers/` folder; `over`: texts that go before its files.

    ContentError holds every fault, one on each line: `file:line: what; remedy`.
    """
    library, faults = read_library(folder, municipality, date.max, over)
    if library is None or faults:
        raise ContentError("content.faults", "\n".join(map(str, faults)))
    return library


def read_library(folder: Path, municipality: str, today: date, over: Over) -> tuple[Library | None, list[Fault]]:
    """What the bot of `municipality` could say, as far as it can be read, and every fault in it, by file and line.

    today: the latest date an answer may have been reviewed on. ContentError where there is no such municipality.
    """
    known = _municipalities(folder)
    if municipality not in known:
        names = ", ".join(known) or "ingen"
        raise ContentError(
            "content.municipality",
            f"{folder}: ingen kommune “{municipality}” (der er: {names}); ret indstillingen, eller tilføj mappen.",
        )
    faults: list[Fault] = []
    library = _gather(Files(folder, over), municipality, today, faults)
    return library, sorted(set(faults))


def check_library(folder: Path, today: date | None = None, over: Over = MappingProxyType({})) -> list[Fault]:
    """Every fault in the `answers/` folder, for all its municipalities, by file and line.

    today: the latest date an answer may have been reviewed on; None: the computer's date. `load_library` does not
    look at that, for a wrong clock must not silence the telephone. over: texts that go before the files.
    """
    faults: list[Fault] = []
    known = _municipalities(folder)
    if not known:
        faults.append(Fault(str(folder), 1, "ingen kommune; tilføj municipalities/<id>/municipality.yaml"))
    for municipality in known:
        _gather(Files(folder, over), municipality, today or date.today(), faults)
    return sorted(set(faults))


def _municipalities(folder: Path) -> list[str]:
    home = folder / "municipalities"
    return sorted(path.name for path in home.iterdir() if path.is_dir()) if home.is_dir() else []


def _gather(files: Files, name: str, today: date, faults: list[Fault]) -> Library | None:
    """What one municipality's bot can say; None where a part is missing. `today`: the latest good review date."""
    folder = files.folder
    home = folder / "municipalities" / name
    municipality = _municipality(files, home / "municipality.yaml", name, faults)
    facts = municipality.named_facts if municipality else None
    phrases = _phrases(files, (folder / "common", home), facts, faults)
    topics = _topics(files, folder / "topics.tsv", faults)
    paths = _answer_files(files, folder / "common", faults) | _answer_files(files, home, faults)
    entries: list[tuple[Document, Answer]] = []
    for path in paths.values():
        document = read(files, path, faults)
        if document is None:
            continue
        answer = _answer(document, path, facts, faults)
        if answer is not None:
            faults += rules.check_place(document, answer, path.stem, topics)
            faults += rules.check_answer(document, answer, paths.keys(), today)
            entries.append((document, answer))
    faults += rules.check_examples(entries)
    differences = _differences(files, (folder / "common", home), facts, paths.keys(), faults)
    if municipality is None or phrases is None:
        return None
    return Library(municipality, {answer.id: answer for _, answer in entries}, phrases, differences)


def _municipality(files: Files, path: Path, name: str, faults: list[Fault]) -> Municipality | None:
    document = read(files, path, faults)
    if document is None:
        return None
    values = document.filled({"municipality": {"id": name}}, faults)
    municipality = document.shaped(_MUNICIPALITY, values, faults, {})
    if municipality:
        faults += rules.check_municipality(document, municipality, name)
    return municipality


def _phrases(
    files: Files, homes: tuple[Path, Path], facts: Mapping[str, Any] | None, faults: list[Fault]
) -> Phrases | None:
    """The common phrases, single ones replaced by the municipality's own."""
    phrases: Phrases | None = None
    stand_in = {field.name: "{offer}" if rules.takes_offer(field.name) else "." for field in fields(Phrases)}
    common, own = (home / "phrases.yaml" for home in homes)
    for path in (common, own) if files.exist(own) else (common,):
        document = read(files, path, faults)
        if document is None:
            continue
        values = (asdict(phrases) if phrases else {}) | document.filled(facts, faults)
        phrases = document.shaped(_PHRASES, values, faults, stand_in)
        if phrases:
            faults += rules.check_phrases(document, phrases)
    return phrases


def _differences(
    files: Files, homes: tuple[Path, ...], facts: Mapping[str, Any] | None, known: Collection[str], faults: list[Fault]
) -> dict[str, Difference]:
    """The questions that tell answers apart; a municipality's own replaces the common one about the same subject."""
    differences: dict[str, Difference] = {}
    for path in [home / "questions.yaml" for home in homes if files.exist(home / "questions.yaml")]:
        document = read(files, path, faults)
        own = document.shaped(_DIFFERENCES, document.filled(facts, faults), faults, {}) if document else None
        if document and own:
            faults += rules.check_differences(document, own, known)
            differences |= own
    return differences


def _answer(document: Document, path: Path, facts: Mapping[str, Any] | None, faults: list[Fault]) -> Answer | None:
    values = document.filled(facts, faults)
    if "area" in values:
        faults.append(document.fault(("area",), "area: ukendt felt; mappen er området, så fjern det"))
    stand_in = {
        "id": path.stem,
        "title": ".",
        "offer": ".",
        "answer": ".",
        "source": "https://.",
        "reviewed": "2000-01-01",
    }
    examples = tuple(f"{path} {number}" for number in range(rules.FEWEST_EXAMPLES))
    return document.shaped(_ANSWER, values | {"area": path.parent.name}, faults, stand_in | {"examples": examples})


def _answer_files(files: Files, root: Path, faults: list[Fault]) -> dict[str, Path]:
    """The files `<area>/<id>.yaml` under `root`, by id; what lies elsewhere would never be read, so it is a fault."""
    found: dict[str, Path] = {}
    for path in files.under(root):
        depth = len(path.relative_to(root).parts)
        if depth == 2 and path.suffix == ".yaml":
            if path.stem in found:
                faults.append(Fault(str(path), 1, f"samme id som {found[path.stem]}; fjern en af dem"))
            found.setdefault(path.stem, path)
        elif not path.is_dir() and not path.name.startswith(".") and not (depth == 1 and path.name in _OTHER_FILES):
            faults.append(Fault(str(path), 1, "ikke et svar; kald filen <område>/<id>.yaml, eller fjern den"))
    return found


def _topics(files: Files, path: Path, faults: list[Fault]) -> dict[str, str]:
    """Known answer ids and their areas, from the columns `area`, `id` and `about`."""
    topics: dict[str, str] = {}
    for number, line in enumerate((files.text(path, faults) or "").splitlines()[1:], start=2):
        cells = line.split("\t")
        if len(cells) != 3 or cells[1] in topics:
            faults.append(
                Fault(str(path), number, "ikke area, id og about med tabulator imellem, eller to gange; ret den")
            )
        else:
            topics[cells[1]] = cells[0]
    return topics
