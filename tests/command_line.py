"""The command line as a process of its own, and what it says when it refuses."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT, environment
from tests.two_answers import two_answers


def voicebot(
    *arguments: str, data_dir: Path, models_dir: Path | None = None, text: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    env = environment(data_dir, models_dir or data_dir / "none", **settings)
    command = [sys.executable, "-m", "voicebot", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=env, input=text, capture_output=True, text=True, timeout=300, check=False
    )


def two(folder: Path) -> dict[str, str]:
    """Settings of a bot with two answers, for what is said before it would answer."""
    return {"answers_dir": str(two_answers(folder / "answers")), "municipality": "lilleby"}


def refused(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 2, one short paragraph, no traceback."""
    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr.replace("\n", " ")
