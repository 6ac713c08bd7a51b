"""The command line, in a process of its own or in this one, and what it says when it refuses."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from unittest import mock

import pytest

from tests.conftest import ROOT, environment
from tests.two_answers import two_answers
from voicebot.cli import main


def voicebot(
    *arguments: str, data_dir: Path, models_dir: Path | None = None, text: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    env = environment(data_dir, models_dir or data_dir / "none", **settings)
    command = [sys.executable, "-m", "voicebot", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=env, input=text, capture_output=True, text=True, timeout=300, check=False
    )


def here(
    *arguments: str, data_dir: Path, models_dir: Path | None = None, text: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    """The same in this process, where the models' libraries are imported once for all tests."""
    env = environment(data_dir, models_dir or data_dir / "none", **settings)
    out, err = StringIO(), StringIO()
    with (
        mock.patch.dict(os.environ, env, clear=True),
        mock.patch.multiple(sys, argv=["voicebot", *arguments], stdin=StringIO(text), stdout=out, stderr=err),
        pytest.raises(SystemExit) as left,
    ):
        main()
    return subprocess.CompletedProcess(arguments, int(left.value.code or 0), out.getvalue(), err.getvalue())


def two(folder: Path) -> dict[str, str]:
    """Settings of a bot with two answers, for what is said before it would answer."""
    return {"answers_dir": str(two_answers(folder / "answers")), "municipality": "lilleby"}


def refused(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 2, one short paragraph, no traceback."""
    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr.replace("\n", " ")
