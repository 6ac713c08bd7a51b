"""Commands that make recorded callers."""

from pathlib import Path
from typing import Annotated

import typer

from voicebot.cli.output import err, group
from voicebot.settings import load_settings

commands = group("")

Voices = Annotated[
    list[str] | None, typer.Option("--voice", help="Name of a voice, see `voicebot models list`; several: all of them.")
]


@commands.command()
def speak(
    text: Annotated[str, typer.Argument(help="What the caller says, in written Danish.")],
    file: Annotated[Path, typer.Option("--out", help="WAV file to write.")],
    voice: Voices = None,
    seed: Annotated[int, typer.Option(help="Which noise is on the line.")] = 1,
) -> None:
    """Record a caller who says a sentence: 8 kHz, a little of the line before and after."""
    from voicebot.audio import write_wav
    from voicebot.fixtures.speaking import recorded, seeded
    from voicebot.tts import load_voice, voice_in_use

    settings = load_settings()
    for name in voice or [settings.voice or voice_in_use(settings.models_dir)]:
        place = file.with_stem(f"{file.stem}-{name}") if voice and len(voice) > 1 else file
        sound = recorded(load_voice(name, settings.models_dir), text, seeded(seed, text, name))
        write_wav(place, sound)
        err.print(f"{place}: {sound.seconds:.2f} s", markup=False)
