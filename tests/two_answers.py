"""A folder of two answers without a fault, for one municipality: to be read, or broken in every way."""

from datetime import date
from pathlib import Path

from tests.shipped import ANSWERS
from voicebot.answers import check_library

TODAY = date(2026, 11, 20)
"""The day the library below was reviewed."""

ANSWER = """\
id: pas-mistet
title: Mistet pas
offer: at dit pas er væk
examples:
  - Mit pas er væk
  - Jeg har tabt passet
  - Passet er stjålet
  - Hvor er mit pas?
  - Pas mistet
  - Tyven tog passet
  - Jeg mangler mit pas
  - Passet er blevet væk
answer: >-
  Det er vi kede af.
  Ring til os på {{ borgerservice.phone }}.
follow_up:
  ask: Er det et barns pas?
  choices:
    - offer: pas til et barn
      examples: [ja, et barn]
      to: pas-barn
sms: Ring på {{ borgerservice.phone }}, se https://kommune.dk
source: https://kommune.dk/pas
reviewed: 2026-11-20
"""
OTHER = """\
id: pas-barn
title: Pas til barn
offer: pas til et barn
examples: [et, to, tre, fire, fem, seks, syv, otte]
answer: Barnet skal med.
source: https://kommune.dk/pas
reviewed: 2026-11-20
"""
MUNICIPALITY = """\
id: lilleby
name: Lilleby Kommune
numbers: ["+4511111111"]
transfer_number: "+4522222222"
facts:
  borgerservice: {phone: 22 22 22 22}
"""


def two_answers(folder: Path) -> Path:
    """Write the files into `folder`, and give it back."""
    files = {
        "topics.tsv": "area\tid\tabout\npas\tpas-mistet\tx\npas\tpas-barn\tx\n",
        "common/phrases.yaml": (ANSWERS / "common/phrases.yaml").read_text("utf-8"),
        "common/pas/pas-mistet.yaml": ANSWER,
        "common/pas/pas-barn.yaml": OTHER,
        "municipalities/lilleby/municipality.yaml": MUNICIPALITY,
    }
    for name, text in files.items():
        write(folder, name, text)
    return folder


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")


def found(folder: Path) -> list[tuple[str, int, str]]:
    return [
        (Path(fault.file).relative_to(folder).as_posix(), fault.line, fault.message)
        for fault in check_library(folder, TODAY)
    ]
