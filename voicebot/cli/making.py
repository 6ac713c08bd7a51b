"""Commands that make recorded callers."""

import asyncio
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicebot.cli.output import AsJson, Where, as_json, counting, err, group, out
from voicebot.cli.replaying import Conditions, Seed, conditions_named
from voicebot.errors import ReplayError
from voicebot.settings import Settings, load_settings

if TYPE_CHECKING:
    from voicebot.fixtures.speaking import Speaker

commands = group("")

Voices = Annotated[
    list[str] | None,
    typer.Option("--voice", help="Name of a voice in `voicebot models list`, the bot's own without; several: each."),
]


@commands.command()
def speak(  # noqa: PLR0913, PLR0917 - one each for the options
    text: Annotated[str, typer.Argument(help="What the caller says, in written Danish.")],
    file: Annotated[Path | None, typer.Option("--out", help="WAV file to write.")] = None,
    case: Annotated[Path | None, typer.Option(help="YAML file of a case to write, its recording beside it.")] = None,
    voice: Voices = None,
    condition: Conditions = None,
    seed: Seed = 1,
) -> None:
    """Record a caller who says a sentence: 8 kHz, a little of the line before and after.

    With several voices or conditions each recording has theirs in its name. What is there is never written over.
    """
    from voicebot.audio import wav
    from voicebot.fixtures.speaking import over_the_line, recorded, seeded
    from voicebot.fixtures.writing import Written, check_free, write, write_case

    place = case or file
    if place is None or (file and case) or place.suffix != (".yaml" if case else ".wav"):
        raise ReplayError("fixtures.place", "Give either --out FILE.wav or --case FOLDER/NAME.yaml.")
    speakers, conditions = _speakers(load_settings(), voice), conditions_named(condition)
    names = {
        (speaker.name, line.name): [speaker.name] * (len(speakers) > 1) + [line.name] * (len(conditions) > 1)
        for speaker, line in product(speakers, conditions)
    }
    files = {take: place.with_stem("-".join([place.stem, *named])) for take, named in names.items()}
    check_free(*files.values(), *(made.with_suffix(".wav") for made in files.values()))
    for speaker in speakers:
        clean = recorded(speaker.voice, text, seeded(seed, text, speaker.name))
        for line in conditions:
            here, named = files[speaker.name, line.name], names[speaker.name, line.name]
            sound = over_the_line(clean, line, seeded(seed, text, speaker.name, line.name))
            if case:
                recording = here.with_suffix(".wav").name
                step = Written({"say": recording, "text": text}, behind="add what is right: expect: {…}")
                title = " ".join([text, *(f"({name})" for name in named)])
                write_case(here, speaker.head(title, [], "A sentence of a tester's.", line), [step], {recording: sound})
            else:
                write(here, wav(sound))
            err.print(f"{here}: {sound.seconds:.2f} s", markup=False)


@commands.command()
def pack(  # noqa: PLR0913, PLR0917 - one each for the options
    files: Annotated[list[Path], typer.Argument(help="Tab-separated questions, as of `voicebot evaluate`.")],
    folder: Annotated[Path, typer.Option("--out", help="Folder to write; what is there is not spoken again.")],
    voice: Voices = None,
    condition: Conditions = None,
    take: Annotated[int | None, typer.Option(min=1, help="So many questions, drawn by chance; all without.")] = None,
    seed: Seed = 1,
    municipality: Where = None,
) -> None:
    """Record the questions of an evaluation, for each condition a folder of cases with a manifest.

    They are played by `voicebot replay`, and only listened to, which is quicker, by `voicebot fixtures heard`.
    """
    from voicebot import evaluation
    from voicebot.answers import load_library
    from voicebot.fixtures import packing

    settings = load_settings(municipality=municipality)
    library = load_library(settings.answers_dir, settings.municipality)
    questions = packing.some(evaluation.read_questions(files, library), take, seed)
    conditions, speakers = conditions_named(condition), _speakers(settings, voice)
    with counting() as bar:
        task = bar.add_task("Speaking", total=len(questions) * len(speakers))
        takes = packing.pack(questions, speakers, conditions, folder, seed, lambda: bar.advance(task))
    err.print(f"{folder}: {len(takes)} recordings of {len(questions)} questions", markup=False)


@commands.command()
def heard(
    folder: Annotated[Path, typer.Argument(help="Folder with a manifest, one condition of a pack.")],
    file: Annotated[Path, typer.Option("--out", help="File of questions to write, for `voicebot evaluate`.")],
    json_: AsJson = False,
) -> None:
    """Write down what the recogniser hears of a pack, as questions to evaluate; the whole way of a call is not gone."""
    from voicebot import app
    from voicebot.fixtures import hearing
    from voicebot.fixtures.writing import check_free

    check_free(file)
    total = len(hearing.rows(folder))
    recogniser = app.load_recogniser(load_settings())
    with counting() as bar:
        task = bar.add_task("Listening", total=total)
        done = list(hearing.hear(folder, lambda sound: recogniser.transcribe(sound).text, lambda: bar.advance(task)))
    hearing.as_questions(done, file)
    nothing = sum(not each.heard for each in done)
    if json_:
        return as_json({"recordings": total, "word_error": hearing.word_error(done), "nothing_heard": nothing})
    out.print(f"{total} recordings, word error {hearing.word_error(done):.0%}, nothing heard of {nothing}")


@commands.command("from-call")
def from_call(
    call: Annotated[str, typer.Argument(metavar="ID", help="The call, as the dashboard names it in its address.")],
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder to write to; none: opkald/ in the setting recorded_calls.")
    ] = None,
) -> None:
    """Make a case of a stored call: its words without names and numbers, spoken by the bot's own voice.

    What a caller sounded like is never kept, so that no case has it. What the bot did is filled in as what is right,
    for you to correct. That the call was looked into is noted in the audit trail.

    Read all that is said before you keep it: a name that begins a sentence ("Ole er syg"), and one in small letters,
    may still stand in it.
    """
    from voicebot.answers import load_library
    from voicebot.fixtures.fetching import fetched
    from voicebot.fixtures.nameless import known_names, without_names
    from voicebot.fixtures.retelling import retell
    from voicebot.fixtures.speaking import recorded, seeded
    from voicebot.fixtures.writing import check_free, write_case

    settings = load_settings()
    stored = asyncio.run(fetched(settings.record_url, call))
    known = known_names(load_library(settings.answers_dir, stored.municipality))
    told = retell(stored, lambda text: without_names(text, known))
    folder = folder or settings.recorded_calls / "opkald"
    file = folder / f"{told.name}.yaml"
    check_free(file, *(folder / step["say"] for step in told.said))
    (speaker,) = _speakers(settings, None)
    sounds = {
        step["say"]: recorded(speaker.voice, step["text"], seeded(1, step["text"], speaker.name)) for step in told.said
    }
    write_case(file, told.head(speaker), told.steps, sounds, told.remarks)
    err.print(f"{file}: read what is said, and correct what is expected, before you keep it.", markup=False)


def _speakers(settings: Settings, names: list[str] | None) -> "list[Speaker]":
    from voicebot import models
    from voicebot.fixtures.speaking import Speaker
    from voicebot.tts import load_voice, voice_in_use

    licences = {row.name: row.licence for row in models.listing(settings.models_dir)}
    chosen = dict.fromkeys(names or [settings.voice or voice_in_use(settings.models_dir)])
    return [
        Speaker(name, load_voice(name, settings.models_dir), licences.get(name, "see its files")) for name in chosen
    ]
