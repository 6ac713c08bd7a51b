"""The files of `answers/`, and over them the texts that were published without being written there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from voicebot.answers.library import Fault
from voicebot.errors import ContentError

LARGEST = 64 * 1024
"""Bytes a file may have: a hundred times a long answer."""

Over = Mapping[str, str | None]
"""Path within `answers/`, with / between, → whole text that goes before the file; None: there is no such file."""


@dataclass(frozen=True)
class Files:
    """What is read as `folder`: `over` goes before what lies there."""

    folder: Path
    over: Over = field(default_factory=dict)

    def inside(self, path: Path) -> str:
        """The path within the folder, with / between."""
        return path.relative_to(self.folder).as_posix()

    def exist(self, path: Path) -> bool:
        """Whether anything is there."""
        name = self.inside(path)
        return self.over[name] is not None if name in self.over else path.exists()

    def under(self, root: Path) -> list[Path]:
        """All that lies under `root`, folders too, in order."""
        there = {path for path in root.rglob("*") if self.over.get(self.inside(path), "") is not None}
        there |= {self.folder / name for name, text in self.over.items() if text is not None}
        return sorted(path for path in there if path.is_relative_to(root))

    def text(self, path: Path, faults: list[Fault]) -> str | None:
        """The text of a small UTF-8 file; None where it cannot be had, and then the fault is added."""
        name, file = self.inside(path), str(path)
        if name not in self.over:
            return _text_of(path, file, faults)
        text = self.over[name]
        if text is None:
            faults.append(Fault(file, 1, "filen findes ikke; skriv den, eller læg den tilbage"))
        elif len(text.encode()) > LARGEST:
            faults.append(_too_large(file))
            return None
        return text


def _text_of(path: Path, file: str, faults: list[Fault]) -> str | None:
    try:
        if not path.is_file():
            faults.append(Fault(file, 1, "filen findes ikke; skriv den, eller læg den tilbage"))
            return None
        if path.stat().st_size > LARGEST:
            faults.append(_too_large(file))
            return None
        data = path.read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        faults.append(Fault(file, line, "ikke UTF-8; gem filen som UTF-8"))
    except OSError as wrong:
        faults.append(Fault(file, 1, f"kan ikke læses ({wrong.strerror}); ret filens rettigheder"))
    return None


def _too_large(file: str) -> Fault:
    return Fault(file, 1, f"mere end {LARGEST // 1024} KB; et svar er få linjer, så del det")


def write_over(folder: Path, over: Over) -> dict[str, str]:
    """Make the files of a folder say what goes before them; path → 'written', 'removed' or 'same'.

    Each file is put in its place whole. ContentError: a path that leads out of the folder, a disk that refuses.
    """
    done = {}
    for name, text in sorted(over.items()):
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ContentError("answers.path", f"{name}: leads out of {folder}; remove that version from the record.")
        old = _text_of(path, name, [])
        try:
            if text == old:
                done[name] = "same"
            elif text is None:
                path.unlink()
                done[name] = "removed"
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                part = path.with_name(f".{path.name}.part")
                part.write_text(text, "utf-8")
                part.replace(path)
                done[name] = "written"
        except OSError as fault:
            raise ContentError("answers.write", f"{path}: cannot be written ({fault.strerror}).") from None
    return done
