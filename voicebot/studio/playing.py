"""The models of a bot under way as recorded calls use them: nothing is heard twice, and nothing spoken for nobody."""

import hashlib
from collections import OrderedDict
from pathlib import Path

from voicebot.asr import Recogniser, Transcript
from voicebot.audio import AudioChunk
from voicebot.content import Content
from voicebot.engines import Engines
from voicebot.rehearsal import Models, Unspoken, rehearse
from voicebot.replay import Case, CaseResult, Plan
from voicebot.studio.rehearsing import GoOn, Rehearse
from voicebot.tts import Voice

REMEMBERED = 2000
"""Sounds of which it is remembered what was heard, 1 kB each: ten times what the recorded calls tried here hold."""


class Recalling(Recogniser):
    """A recogniser that remembers what it heard; for one thread at a time.

    before: called before each sound that has to be heard.
    """

    def __init__(self, recogniser: Recogniser, before: GoOn = lambda: None) -> None:
        self._recogniser, self.before = recogniser, before
        self._heard: OrderedDict[bytes, Transcript] = OrderedDict()

    def transcribe(self, sound: AudioChunk) -> Transcript:
        """What is said in `sound`, as it was heard before; RecognitionError where the model fails."""
        key = hashlib.sha256(sound.rate.to_bytes(4) + sound.samples.tobytes()).digest()
        if key not in self._heard:
            self.before()
            self._heard[key] = self._recogniser.transcribe(sound)
        self._heard.move_to_end(key)
        while len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        return self._heard[key]


def playing(engines: Engines, voice: Voice, speech_dir: Path) -> Rehearse:
    """Make what plays a recorded call with the models of a bot."""
    recalling = Recalling(engines.recogniser)
    models = Models(engines.detector, recalling, voice, Unspoken(speech_dir, voice))

    def play(case: Case, content: Content, go_on: GoOn) -> CaseResult:
        recalling.before = go_on
        (result,) = rehearse(Plan((case,)), content, models)
        return result

    return play
