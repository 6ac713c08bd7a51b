"""`voicebot evaluate`: exit codes, and the agreed JSON on real models."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.command_line import here, refused, two
from tests.conftest import ROOT
from voicebot.cli import cli

QUESTIONS = ROOT / "tests" / "data" / "development.tsv"
HEADER = "question\ttopic\tkind\n"


def test_the_command_explains_itself() -> None:
    result = CliRunner().invoke(cli, ["evaluate", "--help"])
    assert result.exit_code == 0
    assert all(option in result.output for option in ("--json", "--html", "--noise", "--seed", "--municipality"))


def test_a_faulty_file_is_named_before_any_model_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "q.tsv"
    file.write_text(f"{HEADER}pas\tpas-findes-ikke\tin_scope\n", "utf-8")
    refused(
        here("evaluate", str(file), data_dir=tmp_path, **two(tmp_path)),
        "q.tsv:2:",
        "pas-findes-ikke",
        "answers list",
    )


def test_a_report_without_a_place_is_refused_before_any_model_is_loaded(tmp_path: Path) -> None:
    file, place = tmp_path / "q.tsv", tmp_path / "none" / "report.html"
    file.write_text(f"{HEADER}pas\tpas-mistet\tin_scope\n", "utf-8")
    given = two(tmp_path)
    refused(here("evaluate", str(file), "--html", str(place), data_dir=tmp_path, **given), "choose another")


@pytest.mark.parametrize("noise", ["-0.1", "1.5", "x"])
def test_noise_is_a_share(tmp_path: Path, noise: str) -> None:
    assert here("evaluate", str(QUESTIONS), "--noise", noise, data_dir=tmp_path).returncode == 2


@pytest.mark.slow
def test_evaluate_prints_the_agreed_keys_and_writes_the_report(tmp_path: Path, models_dir: Path) -> None:
    file, html = tmp_path / "q.tsv", tmp_path / "report.html"
    wrong = "jeg har mistet mit pas\trotter\tin_scope\n"
    file.write_text(f"{HEADER}jeg har mistet mit pas\tpas-mistet\tin_scope\n{wrong}medarbejder\t\thuman_request\n")
    options = ("--json", "--html", str(html), "--seed", "3", "--noise", "0")
    result = here("evaluate", str(file), str(file), *options, data_dir=tmp_path, models_dir=models_dir)
    assert result.returncode == 0, result.stderr
    assert "6/6" in result.stderr
    data = json.loads(result.stdout)
    assert list(data) == ["files", "noise", "seed", "kinds", "latency_ms", "questions"]
    assert (data["files"], data["noise"], data["seed"]) == ([str(file)] * 2, 0.0, 3)
    ours = data["kinds"]["in_scope"]
    assert ours == {"n": 4, "right": 2, "offered": 0, "asked": 0, "wrong": 2, "rejected": 0}
    assert data["kinds"]["human_request"]["right"] == 2
    assert [row["verdict"] for row in data["questions"][:3]] == ["right", "wrong", "right"]
    assert html.exists()
    assert html.with_suffix(".png").exists()


@pytest.mark.slow
def test_evaluate_prints_a_table_for_people(tmp_path: Path, models_dir: Path) -> None:
    file = tmp_path / "q.tsv"
    file.write_text(f"{HEADER}jeg har mistet mit pas\tpas-mistet\tin_scope\nen pizza i aften\t\tout_of_scope\n")
    result = here("evaluate", str(file), "--noise", "0.4", data_dir=tmp_path, models_dir=models_dir)
    assert result.returncode == 0, result.stderr
    assert "noise 40%" in result.stdout
    assert "in_scope" in result.stdout
    assert "Out of scope (to be rejected) answered:" in result.stdout
    assert "p95" in result.stdout
