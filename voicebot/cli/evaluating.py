"""The command that measures how often the bot is right."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicebot.cli.output import AsJson, Where, as_json, as_table, counting, group, out, reading
from voicebot.settings import load_settings

if TYPE_CHECKING:
    from voicebot.evaluation import Evaluation

commands = group("")


@commands.command()
def evaluate(  # noqa: PLR0913, PLR0917 - one each for the options
    files: Annotated[list[Path], typer.Argument(help="Tab-separated questions; columns question, topic, kind.")],
    json_: AsJson = False,
    html: Annotated[Path | None, typer.Option(help="Write a report for operators, and a picture beside it.")] = None,
    noise: Annotated[float, typer.Option(min=0, max=1, help="Share of words to spoil as a recogniser would.")] = 0.0,
    seed: Annotated[int, typer.Option(min=0, help="Which words are spoilt, and how.")] = 1,
    municipality: Where = None,
) -> None:
    """Ask written questions as a caller's first words, and count how often the bot does the right thing."""
    from voicebot import app, evaluation
    from voicebot.answers import load_library
    from voicebot.evaluation.report import check_place, write_report

    settings = load_settings(municipality=municipality)
    library = load_library(settings.answers_dir, settings.municipality)
    questions = evaluation.read_questions(files, library)
    if html:
        check_place(html)
    with reading() as show:
        matcher = app.load_matcher(settings, library, show)
    with counting() as bar:
        task = bar.add_task("Asking", total=len(questions))
        result = evaluation.evaluate(
            matcher, library, questions, noise=noise, seed=seed, done=lambda _: bar.advance(task)
        )
    names = [str(file) for file in files]
    if html:
        write_report(result, library, names, html)
    if json_:
        return as_json({"files": names} | result.to_json())
    _show(result)


@commands.command()
def tune(
    files: Annotated[list[Path], typer.Argument(help="Tab-separated questions; columns question, topic, kind.")],
    noise: Annotated[
        list[float] | None, typer.Option(min=0, max=1, help="Shares of words to spoil, one each; 0, 0.2 and 0.4.")
    ] = None,
    json_: AsJson = False,
    municipality: Where = None,
) -> None:
    """Fit the weights of the matcher's opinions on questions, and try on others what each opinion adds."""
    from voicebot import app, evaluation
    from voicebot.answers import load_library

    settings = load_settings(municipality=municipality)
    library = load_library(settings.answers_dir, settings.municipality)
    questions = evaluation.read_questions(files, library)
    with reading() as show:
        matcher = app.load_matcher(settings, library, show)
    noises = noise or [0.0, 0.2, 0.4]
    with counting() as bar:
        task = bar.add_task("Asking", total=len(questions) * len(noises))
        tuning = evaluation.tune(matcher, questions, noises, library.outside, done=lambda: bar.advance(task))
    if json_:
        return as_json(asdict(tuning))
    rows = [
        (
            ", ".join(t.opinions),
            f"{t.noise:.0%}",
            *(f"{s:.1%}" for s in (t.first, t.among_three)),
            *(f"{s:.3f}" for s in (t.log_loss, t.apart)),
        )
        for t in tuning.trials
    ]
    as_table("Opinions", ("opinions", "noise", "first", "among three", "log loss", "inside told from outside"), rows)
    out.print(f"Weights {', '.join(f'{w:.2f}' for w in tuning.fit.weights)}; none of them {tuning.fit.none:.2f}")


def _show(result: "Evaluation") -> None:
    from voicebot.evaluation import Kind, Verdict

    columns = {
        "right outright": (Verdict.RIGHT,),
        "right or offered": (Verdict.RIGHT, Verdict.OFFERED),
        "asked back without": (Verdict.ASKED,),
        "wrong outright": (Verdict.WRONG,),
        "rejected": (Verdict.REJECTED,),
    }
    rows = []
    for kind in Kind:
        given = [outcome.verdict for outcome in result.of(kind)]
        if given:
            each = (sum(verdict in which for verdict in given) for which in columns.values())
            rows.append((kind.value, len(given), *(f"{count} ({count / len(given):.1%})" for count in each)))
    as_table(f"{len(result.outcomes)} questions, noise {result.noise:.0%}", ("kind", "n", *columns), rows)
    if result.of(Kind.OUT_OF_SCOPE):
        out.print(f"Out of scope (to be rejected) answered: {result.share(Kind.OUT_OF_SCOPE, Verdict.WRONG):.1%}")
    middle, slow = result.latency_ms
    out.print(f"Matching and deciding: p50 {middle:.1f} ms, p95 {slow:.1f} ms")
