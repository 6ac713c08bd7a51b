"""What can go wrong, one class per stage of a call."""


class VoicebotError(Exception):
    """A fault with a short stable code and a sentence that says what to do.

    Messages never hold what a caller said, their number or their name.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class SettingsError(VoicebotError):
    """A setting is missing or wrong."""


class AudioError(VoicebotError):
    """Sound that cannot be used: no WAV, wrong rate, empty, too long."""


class ContentError(VoicebotError):
    """A fault in `answers/`, with file, line and remedy in the message."""


class ModelError(VoicebotError):
    """A model file is missing, cut short or not what the manifest says."""


class TelephonyError(VoicebotError):
    """The carrier sent something that ends the call."""


class RecognitionError(VoicebotError):
    """The recogniser could not be loaded or failed."""


class MatchingError(VoicebotError):
    """The embedding model could not be loaded or failed."""


class SpeechError(VoicebotError):
    """A voice could not be loaded or failed to speak."""


class StorageError(VoicebotError):
    """The record cannot be opened or written."""


class ReplayError(VoicebotError):
    """A recorded case cannot be read or played."""


class ComparisonError(VoicebotError):
    """The bot to compare with cannot be set up."""


class EvaluationError(VoicebotError):
    """A file of test questions cannot be read, or a report cannot be written."""


class DirectoryError(VoicebotError):
    """The municipality's own log-in does not answer, or says something that cannot be trusted."""
