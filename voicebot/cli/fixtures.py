"""Commands that look after the recorded callers."""

from voicebot.cli.output import as_json, group

fixtures = group("The recorded callers.")


@fixtures.callback()
def about() -> None:
    """Look after the recorded callers."""


@fixtures.command("schema")
def fixtures_schema() -> None:
    """Print the JSON schema of a case's file, for editors and other programs."""
    from voicebot.replay.cases import case_schema

    as_json(case_schema())
