"""The measurements that commands make."""

import time
from dataclasses import asdict
from typing import Annotated

import typer

from voicebot.cli.output import AsJson, as_json, as_table, counting, group
from voicebot.settings import Settings, load_settings

bench = group("Measurements.")


@bench.command("voice")
def bench_voice(
    answers: Annotated[int, typer.Option(help="How many answers are spoken.")] = 30, json_: AsJson = False
) -> None:
    """Let Whisper write down our own spoken answers over the telephone: word error rate of the voice in use."""
    from voicebot import models
    from voicebot.answers import load_library
    from voicebot.tts import load_voice
    from voicebot.tts.measure import some_answers, voice_word_error, whisper_listener

    settings = load_settings()
    library = load_library(settings.answers_dir, settings.municipality)
    texts = some_answers(library, answers)
    voice = load_voice(settings.voice, settings.models_dir)
    listen = whisper_listener(models.model_path(settings.models_dir, "whisper-base"))
    with counting() as bar:
        task = bar.add_task(voice.title, total=len(texts))
        report = voice_word_error(voice, texts, listen, lambda _: bar.advance(task))
    if json_:
        return as_json(asdict(report) | {"word_error": report.word_error, "work_per_second": report.work_per_second})
    as_table(
        f"{report.voice}: word error {report.word_error:.0%}, {report.work_per_second:.2f} s of work per second spoken",
        ("answer", "words", "errors", "heard"),
        ((text.name, text.words, text.errors, text.heard) for text in report.texts),
    )


@bench.command("hearing")
def bench_hearing(
    clips: Annotated[int, typer.Option(min=1, help="How many recordings of 3 to 6 s are heard, at most.")] = 30,
    json_: AsJson = False,
) -> None:
    """Let the same Whisper write down recorded callers, through faster-whisper as it comes and through ours."""
    from voicebot import app, models
    from voicebot.asr.measure import Clip, compared, plain_whisper, some_clips
    from voicebot.replay import load_cases

    settings = load_settings()
    said = [
        Clip(step.say.stem, case.sounds[place], step.text)
        for case in load_cases([settings.recorded_calls])
        for place, step in enumerate(case.script.turns)
        if step.say and step.text
    ]
    chosen = some_clips({clip.name: clip for clip in said}, clips)
    ours = app.load_recogniser(settings)
    plain = plain_whisper(models.model_path(settings.models_dir, settings.recogniser))
    with counting() as bar:
        task = bar.add_task(settings.recogniser, total=len(chosen))
        both = compared(lambda sound: ours.transcribe(sound).text, plain, chosen, lambda: bar.advance(task))
    if json_:
        return as_json(both.to_json())
    as_table(
        f"{len(chosen)} recordings: {both.ratio:.2f} of plain faster-whisper's time, {both.agreement:.0%} of its words",
        ("by", "half of them", "95 of 100", "word error"),
        (
            (name, f"{of['p50_s']:.2f} s", f"{of['p95_s']:.2f} s", f"{of['word_error']:.0%}")
            for name, of in both.figures().items()
        ),
    )


@bench.command("matching")
def bench_matching(
    answers: Annotated[int, typer.Option(min=1, help="How many answers are made up.")] = 10_000,
    examples: Annotated[int, typer.Option(min=1, help="How many examples each has.")] = 8,
    json_: AsJson = False,
) -> None:
    """Search a library of many made-up answers, and read it: first, again, and after ten answers have changed."""
    from voicebot import app, models
    from voicebot.answers import load_library
    from voicebot.matching.measure import measured

    settings = load_settings()
    library = load_library(settings.answers_dir, settings.municipality)
    models.model_path(settings.models_dir, app.EMBEDDINGS)  # is it missing, that is said at once
    with counting() as bar:
        task = bar.add_task(f"{answers} answers", total=4)
        scale = measured(library, answers, examples, lambda: bar.advance(task))
    embedding = _embedding_ms(settings, [answer.examples[0] for answer in library.answers.values() if answer.examples])
    if json_:
        return as_json(asdict(scale) | {"embedding_p50_ms": embedding})
    rows = [
        ("searching, half of the questions", f"{scale.search_p50_ms:.1f} ms"),
        ("searching, 95 of 100 questions", f"{scale.search_p95_ms:.1f} ms"),
        ("embedding a question before that, by the model", f"{embedding:.1f} ms"),
        ("first start, without the model's work", f"{scale.first_s:.1f} s"),
        ("start with all texts known", f"{scale.again_s:.1f} s"),
        ("start with ten answers changed", f"{scale.changed_s:.1f} s"),
        ("memory of the process at its largest", f"{scale.memory_mb:.0f} MB"),
        ("kept on disk", f"{scale.kept_mb:.0f} MB"),
        ("made-up questions that found their answer first", f"{scale.right:.0%}"),
    ]
    as_table(f"{scale.answers} answers, {scale.texts} texts", ("what", "measured"), rows)


@bench.command("start")
def bench_start(json_: AsJson = False) -> None:
    """Start the bot three times: seconds until it is ready, and memory then and while it answers three questions."""
    import asyncio

    from voicebot.loadtest import clear_questions
    from voicebot.loadtest.starting import measured_start

    questions, starts = clear_questions(load_settings().recorded_calls), []
    with counting() as bar:
        for number in bar.track(range(1, 4), description="Starting the bot"):
            starts.append(asyncio.run(measured_start(questions, number)))
    if json_:
        return as_json([asdict(start) for start in starts])
    rows = [(f"{start.seconds:.1f} s", f"{start.ready_mb:.0f} MB", f"{start.largest_mb:.0f} MB") for start in starts]
    as_table("From start to ready", ("ready after", "memory when ready", "most memory in calls"), rows)


def _embedding_ms(settings: Settings, texts: list[str]) -> float:
    """Median time the embedding model takes for one text."""
    from statistics import median

    from voicebot import app

    embed = app.load_index(settings, lambda _, __: None).embed
    took = []
    for text in texts:
        began = time.perf_counter()
        embed([text])
        took.append(time.perf_counter() - began)
    return median(took) * 1000
