"""`answers/` → `Library`: a municipality's own files go before the common ones."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from voicebot.answers import rules
from voicebot.answers.document import Document, read, read_text
from voicebot.answers.library import Answer, Fault, Library, Municipality, Phrases
from voicebot.errors import ContentError


def load_library(folder: Path, municipality: str) -> Library:
    """All that the bot of `municipality` can say, from the `answers/` folder.

    ContentError holds every fault, one on each line: `file:line: what; remedy`.
    """
    known = _municipalities(folder)
    if municipality not in known:
        names = ", ".join(known) or "none"
        raise ContentError(
            "content.municipality",
            f"{folder}: no municipality “{municipality}” (there: {names}); correct the setting, or add its folder.",
        )
    faults: list[Fault] = []
    library = _gather(folder, municipality, date.max, faults)
    if library is None or faults:
        raise ContentError("content.faults", "\n".join(map(str, sorted(set(faults)))))
    return library


def check_library(folder: Path) -> list[Fault]:
    """Every fault in the `answers/` folder, for all its municipalities, by file and line."""
    faults: list[Fault] = []
    known = _municipalities(folder)
    if not known:
        faults.append(Fault(str(folder), 1, "no municipality; add municipalities/<id>/municipality.yaml"))
    for municipality in known:
        _gather(folder, municipality, date.today(), faults)
    return sorted(set(faults))


def _municipalities(folder: Path) -> list[str]:
    home = folder / "municipalities"
    return sorted(path.name for path in home.iterdir() if path.is_dir()) if home.is_dir() else []


def _gather(folder: Path, name: str, today: date, faults: list[Fault]) -> Library | None:
    """What one municipality's bot can say; None where a part is missing. `today`: the latest good review date."""
    home = folder / "municipalities" / name
    municipality = _municipality(home / "municipality.yaml", name, faults)
    if municipality is None:
        return None
    facts = {**municipality.facts, "municipality": asdict(municipality)}
    phrases = _phrases(folder / "common" / "phrases.yaml", home / "phrases.yaml", facts, faults)
    topics = _topics(folder / "topics.tsv", faults)
    files = {path.stem: path for root in (folder / "common", home) for path in _answer_files(root, faults)}
    entries: list[tuple[Document, Answer]] = []
    for path in files.values():
        document = read(path, str(path), faults)
        if document is None:
            continue
        answer = _answer(document, path, facts, faults)
        if answer is not None:
            faults += rules.check_place(document, answer, path.stem, topics)
            faults += rules.check_answer(document, answer, files.keys(), today)
            entries.append((document, answer))
    faults += rules.check_examples(entries)
    return Library(municipality, {answer.id: answer for _, answer in entries}, phrases) if phrases else None


def _municipality(path: Path, name: str, faults: list[Fault]) -> Municipality | None:
    document = read(path, str(path), faults)
    if document is None:
        return None
    municipality = document.shaped(Municipality, document.filled({}, faults), faults)
    if municipality:
        faults += rules.check_municipality(document, municipality, name)
    return municipality


def _phrases(common: Path, own: Path, facts: Mapping[str, Any], faults: list[Fault]) -> Phrases | None:
    """The common phrases, single ones replaced by the municipality's own."""
    phrases: Phrases | None = None
    values: dict[str, Any] = {}
    for path in (common, own) if own.exists() else (common,):
        document = read(path, str(path), faults)
        if document is None:
            return None
        values |= document.filled(facts, faults)
        phrases = document.shaped(Phrases, values, faults)
        if phrases is None:
            return None
        faults += rules.check_phrases(document, phrases)
    return phrases


def _answer(document: Document, path: Path, facts: Mapping[str, Any], faults: list[Fault]) -> Answer | None:
    values = document.filled(facts, faults)
    if "area" in values:
        faults.append(document.fault(("area",), "area: unknown field; the folder is the area, so remove it"))
    return document.shaped(Answer, values | {"area": path.parent.name}, faults)


def _answer_files(root: Path, faults: list[Fault]) -> Iterator[Path]:
    """The files `<area>/<id>.yaml` under `root`; a file that lies elsewhere would never be read, so it is a fault."""
    for path in sorted(root.rglob("*")):
        depth = len(path.relative_to(root).parts)
        if depth == 2 and path.suffix == ".yaml":
            yield path
        elif path.is_file() and not (depth == 1 and path.name in ("phrases.yaml", "municipality.yaml")):
            faults.append(Fault(str(path), 1, "not an answer file; name it <area>/<id>.yaml, or remove it"))


def _topics(path: Path, faults: list[Fault]) -> dict[str, str]:
    """Known answer ids and their areas, from the columns `area`, `id` and `about`."""
    topics: dict[str, str] = {}
    for number, line in enumerate((read_text(path, str(path), faults) or "").splitlines()[1:], start=2):
        cells = line.split("\t")
        if len(cells) != 3 or cells[1] in topics:
            faults.append(Fault(str(path), number, "not area, id and about with tabs between, or twice; correct it"))
        else:
            topics[cells[1]] = cells[0]
    return topics
