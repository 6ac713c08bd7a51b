"""A recorded caller: what they say, press and leave unsaid, and what is right to do about it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    field_validator,
    model_validator,
)
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import WithDefaultSchema

from voicebot.audio import AudioChunk

Kind = Literal["answer", "clarify", "transfer", "reject", "smalltalk", "emergency"]
Ending = Literal["caller_hung_up", "goodbye", "transferred", "silence", "fault", "shutdown"]
PathTag = Literal[
    "in_scope",
    "out_of_scope",
    "ambiguous",
    "ask_back",
    "follow_up",
    "topic_memory",
    "repeat",
    "barge_in",
    "silence",
    "noise",
    "emergency",
    "human_request",
    "two_failures",
    "digit",
    "small_talk",
    "human_speech",
    "hang_up",
    "goodbye",
    "hesitation",
]
Tag = Literal[PathTag, "unintelligible", "bad_line", "accent", "gate", "vital"]
PATHS: tuple[str, ...] = get_args(PathTag)
"""The tags that say which way a call takes through the dialogue."""
TAGS: tuple[str, ...] = get_args(Tag)
"""Those, then how well the caller is heard, `gate` (in the fast subset) and `vital` (never may be wrong)."""
DEEDS = ("say", "press", "choose", "silence", "wait", "listen", "hang_up")
"""What a caller can do, one in each step."""
EXPECTING = ("say", "press", "choose", "silence")
"""The deeds that the bot decides on."""
IDLE = {"wait", "listen"}
"""The deeds of a caller who does nothing."""


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


_AtLeastOne = Field(min_length=1)
Some = Annotated[str, _AtLeastOne]
"""A text that says something."""
Words = Annotated[tuple[Some, ...], _AtLeastOne, BeforeValidator(_as_tuple, Some | Annotated[list[Some], _AtLeastOne])]
Kinds = Annotated[tuple[Kind, ...], _AtLeastOne, BeforeValidator(_as_tuple, Kind | Annotated[list[Kind], _AtLeastOne])]
Answers = Annotated[tuple[Some | None, ...], BeforeValidator(_as_tuple, Some | list[Some | None] | None)]
Seconds = Annotated[float, Field(gt=0, le=60)]


def _moment(value: object) -> bool | float:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and 0 < value <= 60:
        return float(value)
    raise ValueError("is true, or seconds over 0 and up to 60")


Moment = Annotated[bool | float, PlainValidator(_moment, bool | Seconds)]


class _Strict(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        coerce_numbers_to_str=True,
        str_strip_whitespace=True,
        use_attribute_docstrings=True,
    )

    @model_validator(mode="after")
    def _leaves_nothing_empty(self) -> Self:
        for name in type(self).model_fields:
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"{name} is empty; fill it in, or remove it")
        return self


_ANSWERS = ("answer", "offers", "options_include", "option")
"""What can be expected of answers, where some are right."""


class Expect(_Strict):
    """What is right for the caller; every field given must hold."""

    decision: Kinds | None = None
    """One of these kinds of decision."""
    answer: Answers = ()
    """One of these answers; null: none at all."""
    offers: Words | None = None
    """One of these answered or offered, and no other answered."""
    options_include: Words | None = None
    """All of these offered."""
    option: Annotated[int, Field(ge=1, le=3)] | None = None
    """The answer at this place of what was offered before."""
    not_answer: Literal[True] | None = None
    """Nothing may be answered."""
    says: Words | None = None
    """Words or phrases that the reply must hold, all of them, in capitals or not."""
    says_not: Words | None = None
    """Words or phrases of which the reply may hold none."""
    within: Seconds | None = None
    """Seconds at most from the caller's last word, or key, to the first sound of the reply."""
    asks_back: Annotated[int, Field(ge=0)] | None = None
    """So many questions back at most in the call, up to and with this turn."""
    transfer_to: Some | None = None
    """The caller is put through to this number (spaces aside), or for this reason."""
    interrupts: StrictBool | None = None
    """Whether the bot falls silent for what the caller does."""
    ends: Ending | None = None
    """The call ends, and so."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_dump(exclude_defaults=True):
            raise ValueError(f"nothing is expected; give one or more of {', '.join(type(self).model_fields)}")
        if self.not_answer and (beside := [name for name in _ANSWERS if getattr(self, name)]):
            raise ValueError(f"not_answer cannot hold beside {' and '.join(beside)}; leave one of the two out")
        return self

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """The answers it speaks of, each behind the field that does."""
        fields = {"answer": self.answer, "offers": self.offers or (), "options_include": self.options_include or ()}
        return tuple((field, id_) for field, ids in fields.items() for id_ in ids if id_)


class Step(_Strict):
    """One thing the caller does: exactly one of say, press, choose, silence, wait, listen and hang_up.

    A caller who speaks, presses or is silent waits for the bot to finish first, unless they break in.
    """

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [deed]} for deed in DEEDS]})

    say: Path | None = None
    """Say what is in a WAV file, beside the case or with a path from there."""
    press: Annotated[str, Field(pattern=r"^[0-9*#]$")] | None = None
    """Press a key."""
    choose: Some | None = None
    """Take up a question back: press the number of the choice that leads to this answer.

    Passed over where the bot has just given that answer.
    """
    silence: Literal[True] | None = None
    """Say nothing until the bot does something about it."""
    wait: Seconds | None = None
    """Seconds to let pass, whatever the bot does."""
    listen: Literal[True] | None = None
    """Wait until the bot has said all."""
    hang_up: Literal[True] | None = None
    """End the call."""
    barge_in: Moment = False
    """Do not wait for the bot to finish: true: at once; a number: so many seconds after the first sound of it."""
    text: str = ""
    """What is said, word for word."""
    expect: Expect | None = None
    """What is right to do about it."""

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if len([deed for deed in DEEDS if getattr(self, deed) is not None]) != 1:
            raise ValueError(f"a step is exactly one of {', '.join(DEEDS)}")
        if self.expect and self.deed not in EXPECTING:
            raise ValueError(f"only {', '.join(EXPECTING)} expect something; {self.deed} does not")
        if self.barge_in is not False and self.deed not in {"say", "press", "choose"}:
            raise ValueError(f"only say, press and choose can break in; {self.deed} cannot")
        if self.text and not self.say:
            raise ValueError(f"text is what a recording says; {self.deed} has none")
        return self

    @property
    def deed(self) -> str:
        """Which of `DEEDS` this is."""
        return next(deed for deed in DEEDS if getattr(self, deed) is not None)

    @property
    def causes(self) -> tuple[str, ...]:
        """The events that the bot's decision on this step follows; none where it decides of itself.

        `Matched` comes alone where the caller is heard, but not a word of it.
        """
        return ("Transcribed", "Matched") if self.say else ("DigitPressed",) if self.press or self.choose else ()

    @property
    def title(self) -> str:
        """How a report names the step."""
        if self.say:
            return self.text or self.say.stem
        return f"presses {self.press}" if self.press else f"chooses {self.choose}" if self.choose else "is silent"


class CaseFile(_Strict):
    """A case of the voicebot as it stands in its file: a whole call as a script, and what is right in it."""

    title: Some
    """What a tester calls it; no other case is called so."""
    what: str = ""
    """What it is there to show, in a sentence."""
    municipality: str = ""
    """The municipality whose bot this is for; empty: any."""
    tags: tuple[Tag, ...] = ()
    """Which way the call takes, how well the caller is heard, `gate` (in the fast subset), `vital` (never wrong)."""
    provenance: Some
    """Where the sound comes from."""
    licence: Some
    """What the sound may be used for, as an SPDX name or a sentence."""
    turns: Annotated[tuple[Step, ...], _AtLeastOne]
    """What the caller does, one thing after the other; more than to wait and to listen."""

    @field_validator("turns")
    @classmethod
    def _does_something(cls, turns: tuple[Step, ...]) -> tuple[Step, ...]:
        if {step.deed for step in turns} <= IDLE:
            raise ValueError(
                f"the caller does nothing; add a step with {' or '.join(deed for deed in DEEDS if deed not in IDLE)}"
            )
        return turns


@dataclass(frozen=True)
class Case:
    """A case ready to play. name: area/case; sounds: the recording of every step that says something, by its place."""

    name: str
    file: Path
    script: CaseFile
    sounds: dict[int, AudioChunk]

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that differ where what is played or expected does.

        What the case and its recordings are called, and what is written down of them, makes no difference.
        """
        names = {"turns": {"__all__": {"say", "text"}}}
        told = self.script.model_dump_json(include={"municipality", "turns"}, exclude=names, exclude_defaults=True)
        whole = hashlib.sha256(told.encode())
        for place, sound in sorted(self.sounds.items()):
            whole.update(f"{place} {sound.rate}".encode() + sound.samples.tobytes())
        return whole.hexdigest()[:12]


class _LeftOut(GenerateJsonSchema):
    """What need not be there is left out, never null."""

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        inner = schema["schema"]
        return self.generate_inner(inner["schema"]) if inner["type"] == "nullable" else super().default_schema(schema)


def case_schema() -> dict[str, Any]:
    """The JSON schema of a case's file (draft 2020-12), for editors and other programs."""
    return {"$schema": _LeftOut.schema_dialect} | CaseFile.model_json_schema(schema_generator=_LeftOut)
