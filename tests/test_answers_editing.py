"""An answer's file edited by its fields: what nobody touched stays as it was written."""

import difflib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shipped import ANSWERS
from tests.two_answers import ANSWER
from voicebot.answers.editing import ChoiceDraft, Draft, FollowUpDraft, read_draft, write_draft

WRITTEN = """\
# Skrevet af Mette
id: pas-mistet
title: "Mistet pas"   # kort
offer: at dit pas er væk
examples:
  - Mit pas er væk
  - 'Passet: stjålet'   # fra et opkald
answer: >-
  Det er vi kede af.
  Ring til os på {{ borgerservice.phone }}.
source: https://kommune.dk/pas
reviewed: 2026-11-20
"""


def edited(text=WRITTEN, **changed):
    draft = read_draft(text)
    assert draft
    return write_draft(replace(draft, **changed), text)


def differences(old, new):
    lines = difflib.ndiff(old.splitlines(), new.splitlines())
    return [line for line in lines if line[:2] in ("- ", "+ ")]


def test_the_shipped_answers_come_back_byte_for_byte():
    files = sorted(path for path in ANSWERS.glob("*/**/*.yaml") if path.parent.parent != ANSWERS)
    texts = [path.read_text("utf-8") for path in files[::4]]
    drafts = [(text, draft) for text in texts if (draft := read_draft(text)) and draft.answer]
    assert len(drafts) > 50
    assert all(write_draft(draft, text) == text for text, draft in drafts)


def test_only_the_lines_of_a_changed_field_change():
    assert differences(WRITTEN, edited(title="Pas væk")) == [
        '- title: "Mistet pas"   # kort',
        '+ title: "Pas væk"      # kort',
    ]
    assert differences(WRITTEN, edited(examples=("Mit pas er væk", "Passet: stjålet", "Tabt: mit pas"))) == [
        "+   - 'Tabt: mit pas'"
    ]
    assert differences(WRITTEN, edited(examples=("Passet: stjålet",)))[1] == "-   - Mit pas er væk"
    assert "# Skrevet af Mette" in edited(examples=("Passet: stjålet",))
    assert differences(WRITTEN, edited(reviewed="2026-11-22")) == ["- reviewed: 2026-11-20", "+ reviewed: 2026-11-22"]


def test_a_long_text_has_a_sentence_on_each_line():
    new = "Det er vi meget kede af at høre. Ring til os på {{ borgerservice.phone }} i dag. Så spærrer vi det kl. 9."
    lines = edited(answer=new).splitlines()
    at = lines.index("answer: >-")
    assert lines[at + 1 : at + 5] == [
        "  Det er vi meget kede af at høre.",
        "  Ring til os på {{ borgerservice.phone }} i dag.",
        "  Så spærrer vi det kl. 9.",
        "source: https://kommune.dk/pas",
    ]
    assert read_draft(edited(answer=new)).answer == new


def test_fields_come_in_their_place_and_go():
    follow_up = FollowUpDraft("Er det et barns?", (ChoiceDraft("pas til et barn", ("ja", "ja, tak"), "pas-barn"),))
    more = edited(sms="Ring på 11", follow_up=follow_up)
    assert [line.split(":")[0] for line in more.splitlines() if line[0].isalpha()] == [
        "id", "title", "offer", "examples", "answer", "follow_up", "sms", "source", "reviewed",
    ]  # fmt: skip
    assert read_draft(more).follow_up == follow_up
    assert edited(more, sms="", follow_up=None) == WRITTEN
    assert differences(ANSWER, edited(ANSWER, follow_up=None))[0] == "- follow_up:"


@pytest.mark.parametrize("text", ["", "hej", "- a", "a: [", "examples: 5", "follow_up: {ask: x}", "x: &a [*a]"])
def test_what_is_no_answer_has_no_fields(text):
    assert read_draft(text) is None


TEXTS = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200).map(
    lambda text: " ".join(text.split())
)


@settings(deadline=None, max_examples=40)
@given(title=TEXTS, answer=TEXTS, example=TEXTS.filter(bool), ask=TEXTS.filter(bool))
def test_whatever_is_typed_is_read_back(title, answer, example, ask):
    follow_up = FollowUpDraft(ask, (ChoiceDraft(ask, (example, ask), example),))
    draft = Draft("pas", title, "pas", (example, "to"), answer, follow_up, "", "https://x.dk", "2026-11-20")
    assert read_draft(write_draft(draft)) == draft
    text = write_draft(replace(read_draft(WRITTEN), title=title, answer=answer, examples=(example,)), WRITTEN)
    assert read_draft(text) == replace(read_draft(WRITTEN), title=title, answer=answer, examples=(example,))
