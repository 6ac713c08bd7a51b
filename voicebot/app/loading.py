"""The models and the answers, loaded from where the settings say they lie."""

import logging
from collections.abc import Callable

from voicebot import models
from voicebot.answers import Library, load_library
from voicebot.asr import Recogniser
from voicebot.content import Content
from voicebot.engines import Engines
from voicebot.errors import VoicebotError
from voicebot.matching import Index, Matcher, load_embedder
from voicebot.rehearsal import NOBODY, EverReady, Models, Unspoken
from voicebot.reloading import Reloader, in_turns
from voicebot.settings import Settings
from voicebot.storage.versions import published_at
from voicebot.tts import SpeechStore, Voice, load_voice
from voicebot.vad import SpeechDetector

log = logging.getLogger(__name__)

EMBEDDINGS = "multilingual-e5-small"

Reading = Callable[[int, int], None]
"""Told how many of the answers' new texts have been read, and how many there are."""


def load_index(settings: Settings, reading: Reading) -> Index:
    """Load the embedding model, and what is kept of the answers' texts; ModelError where the model is missing."""
    folder = models.model_path(settings.models_dir, EMBEDDINGS)
    weights = (folder / "model.safetensors").stat()
    file = settings.data_dir / "embeddings" / f"{EMBEDDINGS}-{weights.st_size}-{weights.st_mtime_ns}.npz"
    return Index(in_turns(load_embedder(folder)), file, reading)


def load_matcher(settings: Settings, library: Library, reading: Reading) -> Matcher:
    """Build the matcher over a library; ModelError where the embedding model is missing."""
    return Matcher(library, load_index(settings, reading))


class ContentLoader:
    """What reads the answers of the settings' municipality, each time anew, with what was published over the files.

    It raises ContentError with every fault, MatchingError, StorageError; but where published texts cannot be used the
    first time, the files alone are: no bot stays down for what somebody published.
    """

    def __init__(self, settings: Settings, index: Index) -> None:
        self._settings, self._index, self._first = settings, index, True
        self.files_alone = False
        """Whether published texts could not be used the first time."""

    def __call__(self) -> Content:
        """Read them."""
        library = self._library()
        return Content(library, Matcher(library, self._index))

    def _library(self) -> Library:
        settings, first, self._first = self._settings, self._first, False
        try:
            return load_library(settings.answers_dir, settings.municipality, published_at(settings.record_url))
        except VoicebotError as fault:
            if not first:
                raise
            library = load_library(settings.answers_dir, settings.municipality)
            for line in fault.message.splitlines():
                log.error("%s", line)
            log.error("Texts published in the dashboard are not in use, the files alone are; correct this.")
            self.files_alone = True
            return library


def load_answers(settings: Settings, index: Index) -> Reloader:
    """The answers that a bot starts with; where those are the files alone, it looks again and keeps the faults."""
    load = ContentLoader(settings, index)
    answers = Reloader(settings.answers_dir, load)
    if load.files_alone:
        answers.look_now()
    return answers


def load_content(settings: Settings, reading: Reading) -> Content:
    """The answers of the municipality that the settings name, with their matcher; ContentError, ModelError."""
    return ContentLoader(settings, load_index(settings, reading))()


def load_recogniser(settings: Settings) -> Recogniser:
    """Load the recogniser that the settings name; ModelError where it is missing."""
    return Recogniser(models.model_path(settings.models_dir, settings.recogniser))


def load_detector(settings: Settings) -> SpeechDetector:
    """Load what tells speech from other sound; ModelError where it is missing."""
    return SpeechDetector(models.model_path(settings.models_dir, "silero-vad"))


def load_rehearsal(settings: Settings, reading: Reading, *, spoken: bool = True) -> tuple[Content, Models]:
    """What a rehearsal needs: the answers as they stand in their files, and the models; ContentError, ModelError.

    spoken: else a tone stands for speech, which needs no voice.
    """
    library = load_library(settings.answers_dir, settings.municipality)
    voice = load_voice(settings.voice, settings.models_dir) if spoken else NOBODY
    speech = EverReady(settings.speech_dir, voice) if spoken else Unspoken()
    content = Content(library, load_matcher(settings, library, reading))
    return content, Models(load_detector(settings), load_recogniser(settings), voice, speech)


def load_engines(settings: Settings) -> tuple[Engines, Voice]:
    """Load what hears and speaks; ModelError where a part is missing or broken."""
    voice = load_voice(settings.voice, settings.models_dir)
    return Engines(load_detector(settings), load_recogniser(settings), SpeechStore(settings.speech_dir, voice)), voice
