"""The command line: help, JSON keys, and a sentence with exit code 2 for whatever cannot be done."""

import json
import shutil
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.command_line import here, refused, two, voicebot
from tests.conftest import ROOT, free_port
from tests.two_answers import two_answers
from voicebot.audio import joined, read_wav, silence, write_wav
from voicebot.cli import cli
from voicebot.storage.database import FileLock

COMMANDS = [
    ["serve"],
    ["ask"],
    ["chat"],
    ["transcribe"],
    ["say"],
    ["replay"],
    ["answers", "check"],
    ["answers", "list"],
    ["models", "list"],
    ["models", "pull"],
    ["models", "verify"],
    ["bench", "voice"],
    ["bench", "matching"],
    ["bench", "hearing"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command: list[str]) -> None:
    result = CliRunner().invoke(cli, [*command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output
    assert len(result.output.splitlines()) > 5


def test_answers_with_a_syntax_error(tmp_path: Path) -> None:
    given = two(tmp_path)
    broken = tmp_path / "answers" / "common" / "pas" / "pas-mistet.yaml"
    broken.write_text("id: pas-mistet\ntitle: [\n", "utf-8")
    checked = CliRunner().invoke(cli, ["answers", "check", given["answers_dir"], "--json"])
    assert checked.exit_code == 1
    assert any(f["file"].endswith("pas-mistet.yaml") and f["line"] for f in json.loads(checked.output))
    refused(voicebot("answers", "list", data_dir=tmp_path, **given), "pas-mistet.yaml:")


def test_answers_without_a_fault(tmp_path: Path) -> None:
    checked = CliRunner().invoke(cli, ["answers", "check", str(two_answers(tmp_path)), "--json"])
    assert checked.exit_code == 0, checked.output
    assert json.loads(checked.output) == []


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    refused(voicebot("models", "list", data_dir=tmp_path, port="0"), "port")


def test_a_recording_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    file.write_text("no sound")
    refused(here("transcribe", str(file), data_dir=tmp_path), "not a WAV")


def test_a_missing_model_names_the_remedy(tmp_path: Path) -> None:
    refused(voicebot("ask", "pas", data_dir=tmp_path, **two(tmp_path)), "voicebot models pull")


@pytest.mark.slow
def test_a_model_cut_short_names_the_remedy(tmp_path: Path, models_dir: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    for model in models_dir.iterdir():
        if model.is_dir():
            shutil.copytree(model, models / model.name, copy_function=lambda a, b: Path(b).symlink_to(a))
    cut = models / "silero-vad" / "silero_vad.onnx"
    whole = cut.read_bytes()
    cut.unlink()
    cut.write_bytes(whole[:1000])
    result = voicebot("serve", "--port", str(free_port()), data_dir=tmp_path)
    refused(result, "silero-vad", "voicebot models pull")


@pytest.mark.slow
def test_a_port_in_use(tmp_path: Path, models_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        result = voicebot("serve", "--port", port, data_dir=tmp_path, models_dir=models_dir)
    refused(result, port, "--port")


@pytest.mark.slow
def test_two_starts_on_one_database(tmp_path: Path, models_dir: Path) -> None:
    first = FileLock(tmp_path / "voicebot.db")
    result = voicebot("serve", "--port", str(free_port()), data_dir=tmp_path, models_dir=models_dir, **two(tmp_path))
    first.release()
    refused(result, "voicebot.db")


@pytest.mark.slow
def test_insecure_only_on_a_loopback_address(tmp_path: Path, models_dir: Path) -> None:
    result = voicebot(
        "serve", "--host", "0.0.0.0", "--port", str(free_port()), "--insecure", data_dir=tmp_path, models_dir=models_dir
    )
    refused(result, "loopback")


@pytest.mark.slow
def test_ask_prints_the_agreed_keys(tmp_path: Path, models_dir: Path) -> None:
    result = here("ask", "jeg", "har", "mistet", "mit", "pas", "--json", data_dir=tmp_path, models_dir=models_dir)
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert list(answer) == ["decision", "answer", "confidence", "options", "candidates", "reply"]
    assert (answer["decision"], answer["answer"]) == ("answer", "pas-mistet")
    assert answer["candidates"][0]["answer"] == "pas-mistet"


@pytest.mark.slow
def test_chat_is_a_conversation(tmp_path: Path, models_dir: Path) -> None:
    said = "jeg har mistet mit pas\nnej tak, det var det hele\n0\n"
    result = here("chat", data_dir=tmp_path, models_dir=models_dir, text=said)
    assert result.returncode == 0, result.stderr
    assert "digital assistent" in result.stdout
    assert "(hang_up)" in result.stdout


@pytest.mark.slow
def test_say_and_transcribe(tmp_path: Path, models_dir: Path) -> None:
    file = tmp_path / "said.wav"
    assert here("say", "My passport", "--out", str(file), data_dir=tmp_path, models_dir=models_dir).returncode == 0
    heard = here("transcribe", str(file), "--json", data_dir=tmp_path, models_dir=models_dir)
    (row,) = json.loads(heard.stdout)
    assert list(row) == ["file", "text", "confidence", "seconds"]
    assert row["text"]
    assert 0 < row["seconds"] < 10
    refused(
        here("say", "Hej", "--out", str(tmp_path / "no" / "a.wav"), data_dir=tmp_path, models_dir=models_dir),
        "another place",
    )


@pytest.mark.slow
def test_a_recording_of_twenty_minutes_is_heard_at_its_end(tmp_path: Path, models_dir: Path) -> None:
    file = tmp_path / "long.wav"
    question = read_wav(ROOT / "audio_fixtures" / "callers" / "adressebeskyttelse-alfa-01.wav")
    write_wav(file, joined([silence(1190.0), question]))
    result = here("transcribe", str(file), "--json", data_dir=tmp_path, models_dir=models_dir)
    assert result.returncode == 0, result.stderr
    assert "only its last 30 s" in result.stderr
    assert "adresse" in json.loads(result.stdout)[0]["text"].lower()
