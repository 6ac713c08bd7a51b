"""Commands that talk with the bot in writing."""

from typing import Annotated

import typer

from voicebot.cli.output import AsJson, Where, as_json, as_table, group, out, reading
from voicebot.settings import load_settings

commands = group("")


def readable(text: str) -> str:
    """Typed text without the bytes that are no UTF-8, as a terminal with another encoding sends them."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()


@commands.command()
def ask(
    text: Annotated[list[str], typer.Argument(help="The question, as a caller would put it.")],
    municipality: Where = None,
    json_: AsJson = False,
) -> None:
    """Ask one question in writing and see what the bot would decide."""
    from voicebot import app, dialogue

    settings = load_settings(municipality=municipality)
    with reading() as show:
        content = app.load_content(settings, show)
    state, _ = dialogue.opening(content.library)
    heard = content.heard(readable(" ".join(text)), 1.0, state)
    _, decision = dialogue.decide(content.library, state, heard)
    if json_:
        return as_json(dialogue.as_json(decision, heard.candidates))
    out.print(f"[bold]{decision.kind.value}[/bold] {decision.answer or ', '.join(decision.options)}")
    out.print(decision.reply, markup=False)
    as_table("Weighed", ("answer", "confidence"), ((c.answer, f"{c.confidence:.2f}") for c in heard.candidates))


@commands.command()
def chat(municipality: Where = None) -> None:
    """Talk with the bot in writing: the same matching and dialogue as on the telephone; a digit is a key."""
    from voicebot import app, dialogue

    settings = load_settings(municipality=municipality)
    with reading() as show:
        content = app.load_content(settings, show)
    state, decision = dialogue.opening(content.library)
    while True:
        out.print(f"[bold cyan]bot[/bold cyan]  {decision.reply}")
        if decision.then != "listen":
            out.print(f"[dim]({decision.then})[/dim]")
            return
        try:
            text = readable(out.input("[bold green]dig[/bold green]  "))
        except (EOFError, KeyboardInterrupt):
            out.print()
            return
        heard: dialogue.Heard | dialogue.Pressed | dialogue.Silent
        if len(text) == 1 and text in "0123456789*#":
            heard = dialogue.Pressed(text)
        elif text:
            heard = content.heard(text, 1.0, state)
        else:
            heard = dialogue.Silent()
        state, decision = dialogue.decide(content.library, state, heard)
