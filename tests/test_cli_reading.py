"""What a first start shows while the answers are read: a line now and then, a bar on a terminal, and else nothing."""

import io

import pytest
from rich.console import Console

from voicebot.cli import output


@pytest.fixture
def shown(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What reaches standard error; the parameter says whether it is a terminal."""
    text = io.StringIO()
    kind = {"TERM": "xterm"}
    monkeypatch.setattr(output, "err", Console(file=text, force_terminal=request.param, width=100, _environ=kind))
    return text


def read(new: int) -> None:
    with output.reading() as show:
        for done in range(32, new + 31, 32):
            show(min(done, new), new)


@pytest.mark.parametrize("shown", [False], indirect=True)
def test_a_log_gets_a_line_every_500_texts_and_one_at_the_end(shown: io.StringIO) -> None:
    read(1200)
    said = [line.removeprefix("Reading the answers: ") for line in shown.getvalue().splitlines()]
    assert said == ["512 of 1200", "1024 of 1200", "1200 of 1200"]


@pytest.mark.parametrize("shown", [True], indirect=True)
def test_a_terminal_gets_a_bar(shown: io.StringIO) -> None:
    read(1200)
    assert "Reading the answers" in shown.getvalue()
    assert "1200/1200" in shown.getvalue()


@pytest.mark.parametrize("shown", [False, True], indirect=True, ids=["log", "terminal"])
def test_nothing_new_shows_nothing(shown: io.StringIO) -> None:
    read(0)
    assert "Reading" not in shown.getvalue()
    assert not shown.getvalue().strip("\x1b[?25lh\r\n")


@pytest.mark.parametrize("shown", [True], indirect=True)
def test_a_bar_is_not_begun_again_beside_calls(shown: io.StringIO) -> None:
    with output.reading() as show:
        show(10, 10)
    before = shown.getvalue()
    show(3, 3)
    assert shown.getvalue() == before
