"""A library of two answers broken in every way: each fault is named with its file, its line and the remedy."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.shipped import ANSWERS
from tests.two_answers import ANSWER, MUNICIPALITY, OTHER, TODAY, change, found, two_answers, write
from voicebot.answers import Fault, check_library, load_library
from voicebot.errors import ContentError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return two_answers(tmp_path)


ONE_FAULT: list[tuple[str, str, int, str]] = [
    # what stands in the answer, what stands there instead, the line of the fault, what is said about it
    ("id: pas-mistet", "id: pas-tabt", 1, "id “pas-tabt” i filen pas-mistet.yaml"),
    ("id: pas-mistet", "id: pas-tabt", 1, "ukendt id “pas-tabt”"),
    ("id: pas-mistet", f"id: {'pas-' * 17}", 1, "id: for langt; højst 64 tegn"),
    ("title: Mistet pas\n", "", 1, "title: feltet mangler; tilføj det"),
    ("title: Mistet pas", "titel: Mistet pas", 2, "titel: ukendt felt"),
    ("title: Mistet pas", "title: 5", 2, "title: ikke en tekst; sæt anførselstegn om"),
    ("title: Mistet pas", "title: ''", 2, "title: tomt; skriv teksten"),
    ("title: Mistet pas", "title: a\ntitle: b", 3, "ikke YAML: found duplicate key"),
    ("title: Mistet pas", "title: [", 4, "ikke YAML"),
    ("Mistet pas\noffer: at dit pas er væk", "&a x\noffer: *a", 3, "en henvisning (*navn)"),
    ("title: Mistet pas", "text: Hej", 2, "text: ukendt felt"),
    ("title: Mistet pas", "area: pas\ntitle: x", 2, "area: ukendt felt"),
    ("at dit pas er væk", "at dit {{ dokument }} er væk", 3, "oplysningen “dokument” findes ikke for lilleby"),
    ("  - Mit pas er væk\n", "", 4, "7 eksempler; skriv mindst 8"),
    ("  - Passet er stjålet", "  - mit PAS, er væk!", 7, "står allerede i"),
    ("  - Passet er stjålet", "  - Fem?", 7, "pas-barn.yaml:4); fjern et"),
    ("  - Passet er stjålet", "  - '?!'", 7, "er uden ord"),
    ("  - Passet er stjålet", "  - Hej: pas", 7, "examples.2: ikke en tekst; sæt anførselstegn om"),
    ("Det er vi kede af.", "Se https://kommune.dk/pas først.", 13, "en webadresse ville blive læst op (“https:”)"),
    ("Det er vi kede af.", "Se kommune.dk/pas først.", 13, "en webadresse ville blive læst op"),
    ("Det er vi kede af.", "Skriv til pas@kommune.dk.", 13, "en webadresse ville blive læst op"),
    ("Det er vi kede af.", "Det er vi meget kede af. " * 17, 13, "tager cirka 35 sekunder at sige; forkort til 30"),
    ("{{ borgerservice.phone }}.\nf", "{{ borgerservice.fone }}.\nf", 15, "oplysningen “borgerservice.fone”"),
    ("{{ borgerservice.phone }}.\nf", "{{ borgerservice }}.\nf", 15, "oplysningen “borgerservice”"),
    ("{{ borgerservice.phone }}.\nf", "{% if x %}.\nf", 13, "“{%” uden navnet på en oplysning"),
    ("{{ borgerservice.phone }}.\nf", "{{ 'a' * 99 }}.\nf", 13, "“{{” uden navnet på en oplysning"),
    ("Er det et barns pas?", "Er det {{ hvis }} pas?", 17, "oplysningen “hvis”"),
    ("examples: [ja, et barn]", "examples: [ja, JA]", 20, "eksemplet “JA” står allerede i linje 20"),
    ("examples: [ja, et barn]", "examples: []", 20, "follow_up.choices.0.examples: tomt; skriv mindst én"),
    ("to: pas-barn", "to: pas-hund", 21, "fører til “pas-hund”, som ikke er et svar"),
    ("to: pas-barn", "to: pas-mistet", 21, "fører tilbage til sit eget svar"),
    ("på {{ borgerservice.phone }}, se", "på {{ tlf }}, se", 22, "oplysningen “tlf”"),
    ("https://kommune.dk/pas", "kommune.dk", 23, "source: forkert; skal være adressen på en offentlig side"),
    ("reviewed: 2026-11-20\n", "", 1, "reviewed: feltet mangler"),
    ("2026-11-20", "2026-11-21", 24, "gennemgået 2026-11-21, som er i fremtiden"),
    ("2026-11-20", "i går", 24, "reviewed: forkert; skal være en dato som 2026-11-20"),
    ("2026-11-20", "2026-13-41", 24, "reviewed: forkert; skal være en dato som 2026-11-20"),
    ("2026-11-20", "2026", 24, "reviewed: forkert; skal være en dato som 2026-11-20"),
]


@pytest.mark.parametrize(("old", "new", "line", "said"), ONE_FAULT)
def test_a_fault_in_an_answer_is_named_with_its_line(folder, old, new, line, said):
    change(folder, "common/pas/pas-mistet.yaml", old, new)
    assert any(
        (file, at) == ("common/pas/pas-mistet.yaml", line) and said in message for file, at, message in found(folder)
    ), found(folder)
    if "fremtiden" not in said:
        with pytest.raises(ContentError, match=f"pas-mistet.yaml:{line}: "):
            load_library(folder, "lilleby")


def test_every_fault_is_found_at_once_and_a_misfit_hides_no_other(folder):
    name = "common/pas/pas-mistet.yaml"
    change(folder, name, "title: Mistet pas", "titel: Mistet pas")
    change(folder, name, "to: pas-barn", "to: pas-hund")
    change(folder, name, "Det er vi kede af.", "Se www.kommune.dk, {{ en }} og {{ to }}.")
    write(folder, "common/pas/pas-barn.yaml", "id: [")
    change(folder, "municipalities/lilleby/municipality.yaml", 'transfer_number: "+4522222222"\n', "")
    messages = [message for _, _, message in found(folder)]
    for said in ("titel: ukendt", "title: feltet mangler", "pas-hund", "“www.”", "ikke YAML", "transfer_number"):
        assert any(said in message for message in messages), said
    change(folder, "municipalities/lilleby/municipality.yaml", "facts:", 'transfer_number: "+4522222222"\nfacts:')
    assert [m for _, _, m in found(folder) if m.startswith("oplysningen ")] == [
        "oplysningen “en” findes ikke for lilleby; ret navnet, eller tilføj den i municipality.yaml",
        "oplysningen “to” findes ikke for lilleby; ret navnet, eller tilføj den i municipality.yaml",
    ]


PHRASES_FAULTS = [
    ("filler: Et øjeblik.\n", "", "filler: feltet mangler"),
    ("filler: Et øjeblik.", "filler: Et {offer}.", "filler: forkerte pladsholdere; den må ikke rumme { eller }"),
    ("filler: Et øjeblik.", "filler: Et øjeblik }.", "filler: forkerte pladsholdere"),
    (
        "clarify_one: Handler det om {offer}?",
        "clarify_one: Hvad?",
        "clarify_one: forkerte pladsholdere; den skal rumme {off",
    ),
    ("filler: Et øjeblik.", "filler: Et øjeblik.\nhej: x", "hej: ukendt felt"),
    ("filler: Et øjeblik.", "filler: Se www.x.dk.", "en webadresse ville blive læst op"),
    ("ikke et menneske", "ikke et menneske " * 9, "velkomsten tager cirka"),
    ("municipality.name", "municipality.nam", "oplysningen “municipality.nam”"),
]


@pytest.mark.parametrize(("old", "new", "said"), PHRASES_FAULTS)
def test_a_fault_in_the_phrases_is_named(folder, old, new, said):
    change(folder, "common/phrases.yaml", old, new)
    assert [file for file, _, message in found(folder) if said in message] == ["common/phrases.yaml"], found(folder)


MUNICIPALITY_FAULTS = [
    ("id: lilleby", "id: storby", 1, "id “storby” i mappen lilleby"),
    ('"+4522222222"', "22222222", 4, "transfer_number: ikke en tekst"),
    ('"+4522222222"', '"22 22 22 22"', 4, "transfer_number: forkert; skal være et telefonnummer som +45"),
    ('"+4522222222"', '"+4511111111"', 4, "et nummer, botten selv svarer på"),
    ('["+4511111111"]', "+4511111111", 3, "numbers: ikke en liste"),
    ("  borgerservice: ", "  municipality: x\n  borgerservice: ", 5, "“municipality” står for filens egne"),
]


@pytest.mark.parametrize(("old", "new", "line", "said"), MUNICIPALITY_FAULTS)
def test_a_fault_in_the_municipality_is_named(folder, old, new, line, said):
    change(folder, "municipalities/lilleby/municipality.yaml", old, new)
    assert any(at == line and said in message for _, at, message in found(folder)), found(folder)


UNREADABLE: list[tuple[bytes, int, str]] = [
    (b"id: x\ntitle: \xe6ble\n", 2, "ikke UTF-8"),
    (b"", 1, "ingen felter"),
    (b"- a\n- b\n", 1, "ingen felter"),
    (b"id: " + b"x" * 70_000, 1, "mere end 64 KB"),
    (b"[" * 1_000, 1, "ikke YAML"),
    (b"a: 1\nb: \x07\n", 2, "ikke YAML"),
    (b"a: \x00", 1, "ikke YAML"),
    (b"a: 1\n---\nb: 2\n", 2, "ikke YAML"),
    (b"a: &x [1]\nb: [*x, *x]\n", 2, "en henvisning"),
]


@pytest.mark.parametrize(("data", "line", "said"), UNREADABLE)
def test_a_file_that_cannot_be_read_is_one_fault_and_no_traceback(folder, data, line, said):
    (folder / "common/pas/pas-barn.yaml").write_bytes(data)
    faults = [fault for fault in found(folder) if fault[0].endswith("pas-barn.yaml")]
    assert [(at, said in message, "\n" in message) for _, at, message in faults] == [(line, True, False)], faults


def test_files_where_none_is_looked_for_are_faults(folder):
    for name in ("common/pas/pas-ny.yml", "common/pas-ny.yaml", "common/pas/dybt/pas-ny.yaml"):
        write(folder, name, ANSWER)
    write(folder, "common/andet/pas-barn.yaml", OTHER)
    (folder / "common/pas/mappe.yaml").mkdir()
    write(folder, "common/pas/.skjult", "")
    said = {file: message for file, _, message in found(folder)}
    assert said.keys() == {
        "common/pas/pas-ny.yml",
        "common/pas-ny.yaml",
        "common/pas/dybt/pas-ny.yaml",
        "common/andet/pas-barn.yaml",
        "common/pas/pas-barn.yaml",
        "common/pas/mappe.yaml",
    }
    assert "filen findes ikke" in said["common/pas/mappe.yaml"]


@pytest.mark.parametrize("name", ["topics.tsv", "common/phrases.yaml", "municipalities/lilleby/municipality.yaml"])
def test_a_missing_file_is_a_fault(folder, name):
    (folder / name).unlink()
    assert (name, 1, "filen findes ikke; skriv den, eller læg den tilbage") in found(folder)
    with pytest.raises(ContentError, match="filen findes ikke"):
        load_library(folder, "lilleby")


def test_a_topic_line_without_its_columns_is_a_fault(folder):
    write(folder, "topics.tsv", "area\tid\tabout\npas pas-mistet\nandet\tpas-mistet\tx\npas\tpas-barn\tx\n")
    faults = found(folder)
    assert ("topics.tsv", 2, "ikke area, id og about med tabulator imellem, eller to gange; ret den") in faults
    assert any("i mappen pas, men topics.tsv siger andet" in message for _, _, message in faults)


def test_a_fault_reads_as_editors_want_it():
    assert str(Fault("answers/x.yaml", 3, "wrong; correct it")) == "answers/x.yaml:3: wrong; correct it"


@pytest.fixture(scope="module")
def scratch(tmp_path_factory) -> Callable[[str], Path]:
    """A library whose one answer is whatever text is given."""
    folder = tmp_path_factory.mktemp("answers")
    write(folder, "topics.tsv", "area\tid\tabout\npas\tpas-mistet\tx\n")
    write(folder, "common/phrases.yaml", (ANSWERS / "common/phrases.yaml").read_text("utf-8"))
    write(folder, "municipalities/lilleby/municipality.yaml", MUNICIPALITY)

    def fill(text: str) -> Path:
        write(folder, "common/pas/pas-mistet.yaml", text)
        return folder

    return fill


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    at=st.integers(0, len(ANSWER)),
    cut=st.integers(0, 30),
    put=st.text(st.sampled_from("{}[]:-&*!|>'\"%@ \n\tå7?#,"), max_size=8),
)
def test_whatever_is_typed_into_an_answer_gives_faults_and_no_traceback(scratch, at, cut, put):
    text = ANSWER[:at] + put + ANSWER[at + cut :]
    lines = len(text.splitlines()) + 1
    for fault in check_library(scratch(text), TODAY):
        assert "\n" not in str(fault)
        assert not fault.file.endswith("pas-mistet.yaml") or 1 <= fault.line <= lines
