"""The command line: `voicebot …`. Exit code 0: fine; 1: a check found something; 2: it could not be done."""

import sys

from voicebot.cli import (
    benching,
    comparing,
    content,
    conversation,
    demo,
    evaluating,
    fixtures,
    gating,
    loading,
    making,
    paging,
    people,
    replaying,
    retaining,
    serving,
    sound,
)
from voicebot.cli.output import err, group
from voicebot.errors import VoicebotError

cli = group("The telephone voicebot a Danish municipality runs itself.")
for commands in (
    serving.commands,
    conversation.commands,
    sound.commands,
    evaluating.commands,
    loading.commands,
    replaying.commands,
    gating.commands,
    demo.commands,
):
    cli.add_typer(commands)
cli.add_typer(content.answers, name="answers")
cli.add_typer(content.models, name="models")
cli.add_typer(people.users, name="users")
cli.add_typer(retaining.retention, name="retention")
fixtures.fixtures.add_typer(making.commands)
cli.add_typer(fixtures.fixtures, name="fixtures")
benching.bench.add_typer(comparing.commands)
benching.bench.add_typer(paging.commands)
cli.add_typer(benching.bench, name="bench")


def main() -> None:
    """Run a command; an expected fault is one sentence on standard error and exit code 2."""
    try:
        cli()
    except VoicebotError as fault:
        err.print(fault.message, style="red", markup=False)
        sys.exit(2)
