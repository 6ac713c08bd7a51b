"""The models of a bot under way as recorded calls use them: nothing is heard twice, and nothing spoken for nobody."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable

from voicebot.asr import Recogniser, Transcript
from voicebot.audio import AudioChunk
from voicebot.content import Content
from voicebot.engines import Engines
from voicebot.rehearsal import NOBODY, Models, Unspoken, rehearse
from voicebot.replay import Case, CaseResult, Plan
from voicebot.studio.beside import Pace
from voicebot.studio.rehearsing import Rehearse

REMEMBERED = 2000
"""Sounds of which it is remembered what was heard, 1 kB each: ten times what the recorded calls tried here hold."""
Heard = OrderedDict[bytes, Transcript]
"""What was heard in a sound, by its fingerprint, what was asked for last at the end."""


class Recalling(Recogniser):
    """A recogniser that remembers in `heard` what it heard; for one thread at a time.

    calm: called before each sound that has to be heard; False: it is not heard, as nobody waits for it any more.
    """

    def __init__(self, recogniser: Recogniser, heard: Heard, calm: Callable[[], bool]) -> None:
        self._recogniser, self._heard, self._calm = recogniser, heard, calm

    def transcribe(self, sound: AudioChunk) -> Transcript:
        """What is said in `sound`, as it was heard before; RecognitionError where the model fails."""
        key = hashlib.sha256(sound.rate.to_bytes(4) + sound.samples.tobytes()).digest()
        if key not in self._heard:
            if not self._calm():
                return Transcript("", (), 0.0, sound.seconds)
            self._heard[key] = self._recogniser.transcribe(sound)
        self._heard.move_to_end(key)
        while len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        return self._heard[key]


def playing(engines: Engines) -> Rehearse:
    """Make what plays a recorded call with the models of a bot."""
    heard: Heard = OrderedDict()

    def play(case: Case, content: Content, pace: Pace) -> CaseResult:
        recalling = Recalling(engines.recogniser, heard, pace.calm)
        models = Models(engines.detector, recalling, NOBODY, Unspoken())
        (result,) = rehearse(Plan((case,)), content, models, pause=pace.breathe)
        return result

    return play
