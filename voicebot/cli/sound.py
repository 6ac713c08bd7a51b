"""Commands that hear and speak."""

from pathlib import Path
from typing import Annotated

import typer

from voicebot.cli.output import AsJson, as_json, as_table, err, group
from voicebot.errors import SpeechError
from voicebot.settings import load_settings

commands = group("")


@commands.command()
def transcribe(
    files: Annotated[list[Path], typer.Argument(help="16-bit PCM WAV files.")], json_: AsJson = False
) -> None:
    """Write down what is said in recordings, with the recogniser that calls use."""
    from voicebot import app
    from voicebot.asr import LONGEST
    from voicebot.audio import read_wav

    sounds = [(file, read_wav(file)) for file in files]
    recogniser = app.load_recogniser(load_settings())
    rows = []
    for file, sound in sounds:
        if sound.seconds > LONGEST:
            err.print(f"{file}: only its last {LONGEST:.0f} s are heard, as of a caller's turn.", markup=False)
        heard = recogniser.transcribe(sound)
        rows.append((str(file), heard.text, round(heard.confidence, 3), round(sound.seconds, 2)))
    keys = ("file", "text", "confidence", "seconds")
    if json_:
        return as_json([dict(zip(keys, row, strict=True)) for row in rows])
    as_table("Heard", keys, rows)


@commands.command()
def say(
    text: Annotated[list[str], typer.Argument(help="What to say, in written Danish.")],
    file: Annotated[Path, typer.Option("--out", help="WAV file to write.")],
) -> None:
    """Speak a text into a WAV file with the voice that calls use."""
    from voicebot.audio import write_wav
    from voicebot.tts import load_voice

    settings = load_settings()
    if not any(sign.isalnum() for sign in "".join(text)):
        raise SpeechError("tts.empty", "There is no word to say; give a text.")
    voice = load_voice(settings.voice, settings.models_dir)
    write_wav(file, voice.speak(" ".join(text)))
    err.print(f"{file}: {voice.title}", markup=False)
