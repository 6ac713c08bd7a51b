"""The form in which an answer is edited, read into the fields of its file. Pure."""

import re
import unicodedata
from datetime import date

from starlette.datastructures import FormData

from voicebot.answers.editing import ChoiceDraft, Draft, FollowUpDraft
from voicebot.masking import mask_cpr

WAYS = 4
"""Ways to go on after an answer that the form has room for."""
LONGEST_ID = 48
"""Characters of an answer's id; a column of the record holds 64."""
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e", "ü": "u", "ö": "oe", "ä": "ae"})


def line(value: object) -> str:
    """What was typed into a field, on one line and without signs that nobody can see."""
    seen = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in str(value or ""))
    return " ".join(seen.split())


def lines(value: object) -> tuple[str, ...]:
    """What was typed one a line, CPR numbers masked: examples may be what callers said."""
    return tuple(filter(None, (mask_cpr(line(each)) for each in str(value or "").splitlines())))


def draft_of(form: FormData, id_: str, reviewed: str) -> Draft:
    """The fields as they were filled in. reviewed: the day to write down, like 2026-11-20."""
    return Draft(
        id=id_,
        title=line(form.get("title")),
        offer=line(form.get("offer")),
        examples=lines(form.get("examples")),
        answer=line(form.get("answer")),
        follow_up=_follow_up(form),
        sms=line(form.get("sms")),
        source=line(form.get("source")),
        reviewed=reviewed,
    )


def _follow_up(form: FormData) -> FollowUpDraft | None:
    ways = [
        ChoiceDraft(line(form.get(f"offer{n}")), lines(form.get(f"examples{n}")), line(form.get(f"to{n}")))
        for n in range(WAYS)
    ]
    filled = tuple(way for way in ways if way.offer or way.examples or way.to)
    ask = line(form.get("ask"))
    return FollowUpDraft(ask, filled) if ask or filled else None


def reviewed_on(form: FormData, before: Draft | None, today: date) -> str:
    """The day an answer was gone through: today where that was ticked, and for a new one."""
    return today.isoformat() if before is None or form.get("reviewed") else before.reviewed


def id_of(title: str) -> str:
    """An id made of a title: "Pas til hund?" becomes "pas-til-hund"."""
    plain = line(title).lower().translate(_LETTERS)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_ID].strip("-")


def area_title(area: str) -> str:
    """The folder of an area as people write it: "koerekort" is "Kørekort"."""
    return "MitID" if area == "mitid" else area.replace("oe", "ø").replace("ae", "æ").replace("aa", "å").capitalize()
