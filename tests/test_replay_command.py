"""`voicebot replay` and what it refuses: a clear sentence, exit code 2, no traceback."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.command_line import here, refused
from tests.scripted_bot import case
from tests.test_fixtures_command import BAD_SOUNDS
from tests.test_replay_cases import ABSURD
from voicebot.replay import own_bot, sockets

NOBODY = "ws://127.0.0.1:1"
"""An address that is not to be called: the fault comes first."""


@pytest.fixture
def a_case(tmp_path: Path) -> Path:
    folder = tmp_path / "pas"
    folder.mkdir()
    case(folder, "  - say: a.wav\n")
    return folder


def refuses(folder: Path, *words: str, url: str = NOBODY) -> None:
    refused(here("replay", str(folder), "--url", url, data_dir=folder.parent), *words)


@pytest.mark.parametrize(
    "name", ["gone", "no WAV", "a text", "cut short", "empty", "4 kHz", "96 kHz", "8 bit", "too long"]
)
def test_a_recording_that_cannot_be_played_is_named(a_case: Path, name: str) -> None:
    content, said = BAD_SOUNDS[name]
    recorded = a_case / "a.wav"
    recorded.unlink() if content is None else recorded.write_bytes(content)
    refuses(a_case, f"{a_case}/case.yaml:6: ", said)


@pytest.mark.parametrize("name", ABSURD)
def test_an_absurd_case_is_named(a_case: Path, name: str) -> None:
    content, line, said = ABSURD[name]
    (a_case / "case.yaml").write_bytes(content)
    refuses(a_case, f"{a_case}/case.yaml:{line}: ", said)


def test_a_path_without_cases_is_said(a_case: Path) -> None:
    refuses(a_case / "nowhere", "no such file or folder; check the path")


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000", "127.0.0.1:8000", "ws://", "ws://[::1", "ws://127.0.0.1:99999", "ws://a..dk", "ws://a:b"],
)
def test_an_address_that_is_none_is_said(a_case: Path, url: str) -> None:
    refuses(a_case, f"{url}: not a ws:// or wss:// address, such as", url=url)


# Whoever answers there


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Somebody who answers every connection so, until nobody calls any more."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    answer(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def http(status: str, head: str = "") -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(f"HTTP/1.1 {status}\r\n{head}Content-Length: 2\r\nConnection: close\r\n\r\nno".encode())

    return answer


def banner(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    connection.recv(4096)


def nothing(connection: socket.socket) -> None:
    connection.recv(4096)


def silent(connection: socket.socket) -> None:
    """Keep the caller in the handshake until they give up."""
    while connection.recv(4096):
        pass


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (http("403 Forbidden"), "refused the call with HTTP 403. Check whether a bot with a web phone answers"),
        (http("404 Not Found"), "refused the call with HTTP 404. Check whether a bot"),
        (http("503 Service Unavailable"), "refused the call with HTTP 503. Check whether a bot"),
        (http("200 OK", "Content-Type: text/html\r\n"), "refused the call with HTTP 200. Check whether a bot"),
        (http("101 Switching Protocols", "Upgrade: h2c\r\n"), "no bot answers there (Invalid"),
        (banner, "no bot answers there (InvalidMessage)"),
        (nothing, "no bot answers there (InvalidMessage)"),
    ],
    ids=["forbidden", "not found", "unavailable", "a web page", "another protocol", "another server", "nothing"],
)
def test_whoever_is_no_bot_is_said(a_case: Path, answer: Callable[[socket.socket], None], said: str) -> None:
    with answering(answer) as url:
        refuses(a_case, f"{url}: {said}", url=url)


def test_a_bot_that_hangs_in_the_handshake_is_given_up(a_case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "OPEN_LIMIT", 0.2)
    monkeypatch.setattr(own_bot, "LOOK_LIMIT", 0.2)
    with answering(silent) as url:
        refuses(a_case, f"{url}: no bot answers there (TimeoutError). Start it with `voicebot serve`", url=url)


def test_nobody_at_all_is_said(a_case: Path) -> None:
    with answering(nothing) as url:
        pass
    refuses(a_case, f"{url}: no bot answers there (ConnectionRefusedError). Start it with `voicebot serve`", url=url)
