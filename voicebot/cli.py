"""The command line: `voicebot …`. Exit code 0: fine; 1: a check found something; 2: it could not be done."""

import asyncio
import json
import logging
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from voicebot.errors import VoicebotError
from voicebot.settings import Settings, load_settings

if TYPE_CHECKING:
    from voicebot.app import Bot

out = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
err = Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())

cli = typer.Typer(
    help="The telephone voicebot a Danish municipality runs itself.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
answers_cli = typer.Typer(help="The approved answer texts.", no_args_is_help=True)
models_cli = typer.Typer(help="The model files.", no_args_is_help=True)
bench_cli = typer.Typer(help="Measurements.", no_args_is_help=True)
cli.add_typer(answers_cli, name="answers")
cli.add_typer(models_cli, name="models")
cli.add_typer(bench_cli, name="bench")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Where = Annotated[str | None, typer.Option("--municipality", help="Id under answers/municipalities/.")]


def main() -> None:
    """Run a command; an expected fault is one sentence on standard error and exit code 2."""
    try:
        cli()
    except VoicebotError as fault:
        err.print(fault.message, style="red", markup=False)
        sys.exit(2)


def as_table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print rows for a person."""
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, no_wrap=number == 0)
    for row in rows:
        table.add_row(*map(str, row))
    out.print(table)


def as_json(data: object) -> None:
    """Print data for a program."""
    print(json.dumps(data, ensure_ascii=False, indent=2))


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Accept unsigned carrier requests (loopback address only).")
    ] = False,
) -> None:
    """Start the bot: the web phone at /phone, the carrier at /twilio/voice."""
    from voicebot import app

    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[RichHandler(console=err, show_path=False)])
    for library in ("httpx", "sentence_transformers", "twilio", "alembic", "uvicorn"):
        logging.getLogger(library).setLevel(logging.WARNING)
    settings = load_settings(host=host, port=port, insecure=insecure or None)
    listener = app.bind(settings)
    err.print("Loading the models …")
    bot = app.load_bot(settings)
    with Progress(TextColumn("Standing phrases"), BarColumn(), MofNCompleteColumn(), console=err) as bar:
        task = bar.add_task("", total=None)

        def show(ready: int, total: int) -> None:
            bar.update(task, completed=ready, total=total)
            if ready == total:
                bar.stop()
                _welcome(settings, bot)

        asyncio.run(app.serve(bot, listener, show))


def _welcome(settings: Settings, bot: "Bot") -> None:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    err.print(f"\nCall the bot:  [bold]http://{host}:{settings.port}/phone[/bold]")
    err.print(f"Answers:       {bot.library.municipality.name}, {len(bot.library.answers)} texts")
    err.print(f"Recognition:   {settings.recogniser}    Embeddings: multilingual-e5-small")
    err.print(f"Voice:         {bot.voice.title}")
    if bot.voice.try_out:
        err.print(
            "               This voice is for trying out and has a foreign accent. The natural Danish voice:\n"
            "               [bold]voicebot models pull da_DK-talesyntese-medium[/bold], then start again."
        )
    if settings.insecure:
        err.print("Telephone:     requests of the carrier need no signature (--insecure): for trying out only.")
    elif not settings.twilio_auth_tokens:
        err.print("Telephone:     not connected; set VOICEBOT_TWILIO_AUTH_TOKENS and VOICEBOT_PUBLIC_URL (see README).")
    err.print("Stop with Ctrl-C.\n")


@cli.command()
def ask(
    text: Annotated[list[str], typer.Argument(help="The question, as a caller would put it.")],
    municipality: Where = None,
    json_: AsJson = False,
) -> None:
    """Ask one question in writing and see what the bot would decide."""
    from voicebot import app, dialogue
    from voicebot.answers import load_library

    settings = load_settings(municipality=municipality)
    library = load_library(settings.answers_dir, settings.municipality)
    candidates = app.load_matcher(settings, library).match(" ".join(text))
    state, _ = dialogue.opening(library)
    _, decision = dialogue.decide(library, state, dialogue.Heard(" ".join(text), 1.0, candidates))
    if json_:
        return as_json(dialogue.as_json(decision, candidates))
    out.print(f"[bold]{decision.kind.value}[/bold] {decision.answer or ', '.join(decision.options)}")
    out.print(decision.reply, markup=False)
    as_table("Weighed", ("answer", "confidence"), ((c.answer, f"{c.confidence:.2f}") for c in candidates))


@cli.command()
def chat(municipality: Where = None) -> None:
    """Talk with the bot in writing: the same matching and dialogue as on the telephone; a digit is a key."""
    from voicebot import app, dialogue
    from voicebot.answers import load_library

    settings = load_settings(municipality=municipality)
    library = load_library(settings.answers_dir, settings.municipality)
    matcher = app.load_matcher(settings, library)
    state, decision = dialogue.opening(library)
    while True:
        out.print(f"[bold cyan]bot[/bold cyan]  {decision.reply}")
        if decision.then != "listen":
            out.print(f"[dim]({decision.then})[/dim]")
            return
        try:
            text = out.input("[bold green]dig[/bold green]  ").strip()
        except (EOFError, KeyboardInterrupt):
            out.print()
            return
        heard: dialogue.Heard | dialogue.Pressed | dialogue.Silent
        if len(text) == 1 and text in "0123456789*#":
            heard = dialogue.Pressed(text)
        elif text:
            heard = dialogue.Heard(text, 1.0, matcher.match(text))
        else:
            heard = dialogue.Silent()
        state, decision = dialogue.decide(library, state, heard)


@cli.command()
def transcribe(
    files: Annotated[list[Path], typer.Argument(help="16-bit PCM WAV files.")], json_: AsJson = False
) -> None:
    """Write down what is said in recordings, with the recogniser that calls use."""
    from voicebot import app
    from voicebot.audio import read_wav

    sounds = [(file, read_wav(file)) for file in files]
    recogniser = app.load_recogniser(load_settings())
    rows = []
    for file, sound in sounds:
        heard = recogniser.transcribe(sound)
        rows.append((str(file), heard.text, round(heard.confidence, 3), round(sound.seconds, 2)))
    keys = ("file", "text", "confidence", "seconds")
    if json_:
        return as_json([dict(zip(keys, row, strict=True)) for row in rows])
    as_table("Heard", keys, rows)


@cli.command()
def say(
    text: Annotated[list[str], typer.Argument(help="What to say, in written Danish.")],
    file: Annotated[Path, typer.Option("--out", help="WAV file to write.")],
) -> None:
    """Speak a text into a WAV file with the voice that calls use."""
    from voicebot.audio import write_wav
    from voicebot.tts import load_voice

    settings = load_settings()
    voice = load_voice(settings.voice, settings.models_dir)
    write_wav(file, voice.speak(" ".join(text)))
    err.print(f"{file}: {voice.title}", markup=False)


@cli.command()
def replay(
    paths: Annotated[list[Path], typer.Argument(help="Case files, or folders of them.")],
    url: Annotated[str | None, typer.Option(help="ws:// address of a running bot; none: one is started.")] = None,
    json_: AsJson = False,
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write an HTML report.")] = None,
) -> None:
    """Play recorded callers against the bot in real time; exit 1 when one got what they should not."""
    from voicebot import replay as room

    cases = room.load_cases(paths)
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=err) as bar:
        task = bar.add_task("Starting the bot" if url is None else "Calling", total=len(cases))
        report = asyncio.run(room.replay(cases, url, lambda case: bar.update(task, advance=1, description=case)))
    if junit:
        junit.write_text(report.junit(), "utf-8")
    if html:
        html.write_text(report.html(), "utf-8")
    if json_:
        as_json(report.to_json())
    else:
        out.print(report.table())
    raise typer.Exit(0 if report.passed else 1)


@answers_cli.command("check")
def answers_check(
    folder: Annotated[Path | None, typer.Argument(help="The answers' folder.")] = None, json_: AsJson = False
) -> None:
    """Find every fault in the answer texts, with file, line and remedy; exit 1 if there is one."""
    from voicebot.answers import check_library

    faults = check_library(folder or load_settings().answers_dir)
    if json_:
        as_json([{"file": str(f.file), "line": f.line, "message": f.message} for f in faults])
    else:
        for fault in faults:
            out.print(str(fault), markup=False)
        out.print(f"{len(faults)} faults" if faults else "No faults.")
    raise typer.Exit(1 if faults else 0)


@answers_cli.command("list")
def answers_list(municipality: Where = None, json_: AsJson = False) -> None:
    """List the answers of a municipality."""
    from voicebot.answers import load_library

    settings = load_settings(municipality=municipality)
    library = load_library(settings.answers_dir, settings.municipality)
    keys = ("id", "area", "title", "examples", "reviewed")
    rows = [(a.id, a.area, a.title, len(a.examples), a.reviewed.isoformat()) for a in library.answers.values()]
    if json_:
        return as_json([dict(zip(keys, row, strict=True)) for row in rows])
    as_table(library.municipality.name, keys, rows)


@models_cli.command("list")
def models_list(json_: AsJson = False) -> None:
    """List the models: what each is for, its size and licence, and whether it is in place."""
    from voicebot import models

    rows = models.listing(load_settings().models_dir)
    if json_:
        return as_json([asdict(row) for row in rows])
    sizes = [f"{row.bytes / 1e6:.0f} MB" if row.bytes else "" for row in rows]
    as_table(
        "Models",
        ("name", "use", "set", "size", "licence", "state"),
        ((r.name, r.use, r.set, size, r.licence, r.state.value) for r, size in zip(rows, sizes, strict=True)),
    )


@models_cli.command("pull")
def models_pull(
    names: Annotated[list[str] | None, typer.Argument(help="Models, or sets: default, test.")] = None,
) -> None:
    """Fetch models (the default set, if none is named), check their sha256 and put them in place."""
    from voicebot import models

    with models.progress_bars(err) as progress:
        pulled = models.pull(load_settings().models_dir, names or ["default"], progress)
    err.print(f"Put in place: {', '.join(pulled)}" if pulled else "All models are in place.")


@models_cli.command("verify")
def models_verify(
    names: Annotated[list[str] | None, typer.Argument(help="Models, or sets; none: all in place.")] = None,
    json_: AsJson = False,
) -> None:
    """Read models from end to end and compare their sha256; exit 1 if one is not what it should be."""
    from voicebot import models

    rows = models.verify(load_settings().models_dir, names or ())
    if json_:
        as_json([row._asdict() for row in rows])
    else:
        as_table("Models", ("name", "state", "note"), ((row.name, row.state.value, row.note) for row in rows))
    raise typer.Exit(0 if all(row.state is models.State.IN_PLACE for row in rows) else 1)


@bench_cli.command("voice")
def bench_voice(
    answers: Annotated[int, typer.Option(help="How many answers are spoken.")] = 30, json_: AsJson = False
) -> None:
    """Let Whisper write down our own spoken answers over the telephone: word error rate of the voice in use."""
    from voicebot import models
    from voicebot.answers import load_library
    from voicebot.tts import load_voice
    from voicebot.tts.measure import voice_word_error, whisper_listener

    settings = load_settings()
    library = load_library(settings.answers_dir, settings.municipality)
    texts = {answer.id: answer.text for answer in list(library.answers.values())[:answers]}
    voice = load_voice(settings.voice, settings.models_dir)
    listen = whisper_listener(models.model_path(settings.models_dir, "whisper-base"))
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=err) as bar:
        task = bar.add_task(voice.title, total=len(texts))
        report = voice_word_error(voice, texts, listen, lambda _: bar.advance(task))
    if json_:
        return as_json(asdict(report) | {"word_error": report.word_error, "work_per_second": report.work_per_second})
    as_table(
        f"{report.voice}: word error {report.word_error:.0%}, {report.work_per_second:.2f} s of work per second spoken",
        ("answer", "words", "errors", "heard"),
        ((text.name, text.words, text.errors, text.heard) for text in report.texts),
    )
