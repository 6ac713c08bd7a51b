"""The rooms of design.md section 1: who may import whom."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "voicebot"
BASE = {"settings", "events", "errors", "audio", "line", "masking", "answers", "speech_text", "standing"}
STAGES = {"vad", "endpointing", "asr", "matching", "dialogue", "tts"}
MAY_IMPORT = {
    "errors": set(),
    "events": set(),
    "settings": {"errors"},
    "audio": {"errors"},
    "line": {"audio"},
    "masking": set(),
    "answers": {"errors", "speech_text"},
    "speech_text": set(),
    "standing": set(),
    "telephony": BASE,
    "vad": BASE,
    "endpointing": BASE,
    "asr": BASE,
    "matching": BASE,
    "dialogue": BASE | {"matching"},
    "tts": BASE,
    "content": BASE | {"matching", "dialogue"},
    "reloading": BASE | {"matching", "content"},
    "engines": BASE | STAGES | {"content"},
    "preparing": BASE | {"dialogue", "engines", "reloading"},
    "call": BASE | STAGES | {"content", "engines"},
    "metrics": BASE,
    "admission": set(),
    "evaluation": BASE | {"matching", "dialogue"},
    "models": BASE,
    "studio": BASE | STAGES | {"content", "evaluation", "engines", "reloading", "rehearsal", "replay"},
    "storage": BASE,
    "grouping": BASE | {"matching", "storage"},
    "health": set(),
    "dashboard": BASE | {"storage", "health"},
    "replay": BASE | {"telephony"},
    "rehearsal": BASE | STAGES | {"call", "content", "engines", "replay", "telephony"},
    "rival": BASE | {"loadtest", "matching", "replay"},
    "demo": BASE | {"storage"},
    "loadtest": BASE | {"replay"},
    "fixtures": BASE | {"replay", "tts", "storage", "evaluation"},
}
WIRING = {"app", "cli", "__init__", "__main__"}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; name the room"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        rooms |= {name.split(".")[1] for name in names if name.startswith("voicebot.")}
    return {room for room in rooms if (PACKAGE / room).is_dir() or (PACKAGE / f"{room}.py").exists()}


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    room = room_of(path)
    if room in WIRING:
        return
    assert imported_rooms(path) - {room} <= MAY_IMPORT[room]


def test_nobody_imports_the_wiring() -> None:
    importers = {room_of(p) for p in MODULES if imported_rooms(p) & {"app", "cli"}}
    assert importers <= {"app", "cli", "__main__"}


def test_every_room_is_named() -> None:
    assert {room_of(p) for p in MODULES} <= set(MAY_IMPORT) | WIRING
