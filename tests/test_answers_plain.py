"""Plain YAML read quickly means what ruamel says it means, or is left to ruamel."""

import warnings
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml.error import YAMLError, YAMLWarning

from voicebot.answers import document, load_library
from voicebot.answers.document import _yaml
from voicebot.answers.files import Files
from voicebot.answers.plain import plain

PIECES = (
    "title", "a", "Mistet pas", "10 års pas", "2026-11-20", "12:30", "007", "0x1F", "1e3", ".5", "yes", "true", "null",
    "~", "=", "<<", "''", '"æ\\u00f8"', "'it''s'", "&x", "*x", "!!str", "? ", "- ", ": ", ":", ", ", "[", "]", "{", "}",
    "|\n  ", ">-\n  ", "\n", "\n  ", "\n    ", " ", "\t", "#", " # ", "---\n", "...\n", "%YAML 1.1\n", "\\", "\u2028",
    "\x85", "\xa0", "@", "`", "%", "{{ borger.phone }}",
)  # fmt: skip


def slowly(text: str) -> object:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", YAMLWarning)
            return _yaml().load(text)
    except document._REFUSALS:
        return YAMLError


def test_our_files_are_read_quickly_and_mean_the_same():
    files = sorted(Path("answers").rglob("*.yaml"))
    quickly = [plain(file.read_text("utf-8")) for file in files]
    assert None not in quickly
    assert quickly[::10] == [slowly(file.read_text("utf-8")) for file in files[::10]]


def test_lines_are_looked_for_only_where_there_is_a_fault(monkeypatch):
    monkeypatch.delattr(document, "_yaml")
    assert load_library(Path("answers"), "roskilde").answers


def test_texts_lists_and_groups():
    text = 'id: a-b\nreviewed: 2026-11-20\nask: "å\\n"\nsaid:\n- ét\n- 10 år\nto: {x: [y, z]}\nlong: >-\n  a\n  b'
    assert plain(text) == slowly(text)


@pytest.mark.parametrize(
    "text",
    ["a: 1", "a: true", "a:", "a: ~", "a: 0x1F", "a: .inf", "a: &x y", "a: !!str 1", "a: 1\na: 2", "- a", "a: b\n---\n",
     "%YAML 1.1\n---\na: yes", "a: [", "[a]: b", "<<: {a: b}", "=: a", "", "a: " + "[" * 10_000, "a: \x00", "a: b\tc"],
)  # fmt: skip
def test_what_ruamel_has_to_judge(text):
    assert plain(text) is None


@pytest.mark.parametrize("text", ["a:\n  b: #>-\n  \n    ...\n\n  ]\\=", "? - : !!str\u2028"])
def test_what_ruamel_has_no_words_for_is_a_fault_of_the_file(tmp_path, text):
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    faults = []
    assert document.read(Files(tmp_path), tmp_path / "a.yaml", faults) is None
    (fault,) = faults
    assert fault.message.startswith("ikke YAML: ")
    assert not fault.message.startswith("ikke YAML: ;")


@settings(derandomize=True)  # one run is like another: what is rare is searched for when the reader changes
@example("---\n...\n...\n", "a: ")
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.sampled_from(["", "a: ", "a:\n- ", "a:\n  b: "]))
def test_never_means_anything_else(text, begin):
    quickly = plain(begin + text)
    assert quickly is None or quickly == slowly(begin + text)
