"""The command that answers calls."""

import asyncio
import gc
import logging
import os
from typing import TYPE_CHECKING, Annotated

import typer
from rich.logging import RichHandler

from voicebot.cli.output import counting, err, group, lines, reading
from voicebot.settings import Settings, load_settings

if TYPE_CHECKING:
    from voicebot.app import Bot

commands = group("")
PHRASES_TOLD = 20
"""Standing phrases made between two lines where standard error is no terminal: about 20 s with the try-out voice."""


@commands.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Accept unsigned carrier requests (loopback address only).")
    ] = False,
) -> None:
    """Start the bot: the web phone at /phone, the carrier at /twilio/voice."""
    gc.disable()  # until the models are loaded: a sixth of the start would be looking for garbage there is not
    from voicebot import app

    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[RichHandler(console=err, show_path=False)])
    for library in ("httpx", "sentence_transformers", "twilio", "alembic", "uvicorn"):
        logging.getLogger(library).setLevel(logging.WARNING)
    os.umask(0o077)  # the record holds what citizens said
    settings = load_settings(host=host, port=port, insecure=insecure or None)
    listener = app.bind(settings)
    err.print("Loading the models …")
    with reading() as read:
        bot = app.load_bot(settings, read)
    with counting() as bar:
        task = bar.add_task("Standing phrases", total=None)
        tell = lines("Standing phrases", PHRASES_TOLD)

        def show(ready: int, total: int) -> None:
            bar.update(task, completed=ready, total=total)
            if not err.is_terminal:
                tell(ready, total)
            if ready == total:
                bar.stop()

        asyncio.run(app.serve(bot, listener, show, lambda password: _welcome(settings, bot, password)))


def _welcome(settings: Settings, bot: "Bot", password: str | None) -> None:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    err.print(f"\nCall the bot:  [bold]http://{host}:{settings.port}/phone[/bold]")
    err.print(f"Dashboard:     [bold]http://{host}:{settings.port}/[/bold]")
    if password:
        err.print(f"               Log in as [bold]admin[/bold] with [bold]{password}[/bold] (shown only now)")
    err.print(f"Answers:       {bot.library.municipality.name}, {len(bot.library.answers)} texts; watched for changes")
    err.print(f"Recognition:   {settings.recogniser}    Embeddings: multilingual-e5-small")
    err.print(f"Voice:         {bot.voice.title}")
    if bot.voice.try_out:
        err.print(
            "               This voice is for trying out and has a foreign accent. The natural Danish voice:\n"
            "               [bold]voicebot models pull da_DK-talesyntese-medium[/bold], then start again."
        )
    if settings.insecure:
        err.print("Telephone:     requests of the carrier need no signature (--insecure): for trying out only.")
    elif settings.twilio_auth_tokens:
        err.print(f"Telephone:     webhook {settings.public_url}/twilio/voice (POST)")
    else:
        err.print("Telephone:     not connected; set VOICEBOT_TWILIO_AUTH_TOKENS and VOICEBOT_PUBLIC_URL (see README).")
    err.print("Stop with Ctrl-C.\n")
