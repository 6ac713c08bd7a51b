"""The other bot's environment, set up with a stand-in package: the real one, of 2 GB, is not installed for tests."""

import hashlib
import json
import re
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ROOT
from tests.made_library import LIBRARY
from voicebot.errors import ComparisonError
from voicebot.matching.index import Index
from voicebot.rival import parts as rival_parts
from voicebot.rival.environment import LOCKS, set_up

SAME = ("ctranslate2", "faster-whisper", "piper-tts", "sentence-transformers", "torch", "tokenizers", "transformers")


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of one line, pinned, with no index to be reached."""
    wheel = tmp_path / "standin-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("standin.py", "PIPECAT = True\n")
        file.writestr("standin-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: standin\nVersion: 1.0\n")
        file.writestr("standin-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr("standin-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"standin==1.0 \\\n    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n", "utf-8")
    return lock


def test_an_environment_of_its_own_is_made_once(tmp_path: Path, lock: Path) -> None:
    folder, seen = tmp_path / "data" / "rival", []
    python = set_up(folder, lambda done, total: seen.append((done, total)), [lock])
    assert seen == [(1, 1)]
    assert subprocess.run([python, "-c", "import standin"], check=False).returncode == 0
    assert subprocess.run([python, "-c", "import numpy"], check=False, capture_output=True).returncode == 1
    mark = folder / "mark"
    mark.touch()
    assert set_up(folder, lambda done, total: seen.append((done, total)), [lock]) == python
    assert mark.exists()
    assert len(seen) == 1


def test_another_lock_or_an_interruption_begins_it_anew(tmp_path: Path, lock: Path) -> None:
    folder = tmp_path / "rival"
    folder.mkdir()
    half = folder / "half"
    half.touch()
    set_up(folder, lambda *_: None, [lock])
    assert not half.exists()
    half.touch()
    lock.write_text(lock.read_text("utf-8") + "# newer\n", "utf-8")
    set_up(folder, lambda *_: None, [lock])
    assert not half.exists()


def test_no_network_or_other_bytes_are_told(tmp_path: Path, lock: Path) -> None:
    lock.write_text("missing-thing==1.0\n", "utf-8")
    with pytest.raises(ComparisonError, match=r"needs a Python package index once.*missing-thing==1\.0"):
        set_up(tmp_path / "rival", lambda *_: None, [lock])
    lock.write_text(f"standin==1.0 --hash=sha256:{'0' * 64}\n", "utf-8")
    with pytest.raises(ComparisonError, match="HASHES"):
        set_up(tmp_path / "rival", lambda *_: None, [lock])
    assert not (tmp_path / "rival" / ".ready").exists()


def test_a_folder_that_cannot_be_made(tmp_path: Path, lock: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ComparisonError, match="cannot be made"):
        set_up(tmp_path / "file" / "rival", lambda *_: None, [lock])


def pinned(*files: Path) -> dict[str, str]:
    text = "\n".join(file.read_text("utf-8") for file in files)
    return dict(re.findall(r"^([\w-]+)==([^\s;\\]+)", text, re.MULTILINE))


def test_both_bots_run_the_same_engines() -> None:
    ours, theirs = pinned(ROOT / "requirements.lock", ROOT / "requirements-torch.lock"), pinned(*LOCKS)
    assert theirs["pipecat-ai"].startswith("1.14.")
    assert "pipecat-ai" not in ours
    assert {name: ours[name] for name in SAME} == {name: theirs[name] for name in SAME}


def test_what_the_other_bot_is_given(tmp_path: Path) -> None:
    for name in rival_parts.MODELS:
        (tmp_path / "models" / name).mkdir(parents=True)
    (tmp_path / "models" / rival_parts.VOICE / "voice.onnx").touch()
    library = LIBRARY
    index = Index(lambda texts: np.array([[len(text), 1.0] for text in texts], np.float32))
    given = json.loads(rival_parts.write_parts(tmp_path, tmp_path / "models", library, index).read_text("utf-8"))
    vectors, answers = np.load(given["vectors"]), list(library.answers.values())
    assert len(vectors) == len(given["answers"]) == sum(len(answer.examples) for answer in answers)
    assert len(given["texts"]) == len(answers)
    last = answers[given["answers"][-1]]
    assert vectors[-1, 0] == len(last.examples[-1])
    assert not re.search(r"\d", given["texts"][0] + given["greeting"])
    assert Path(given["voice"]).is_absolute()
