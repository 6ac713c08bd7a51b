"""A telephone voicebot that a Danish municipality runs on its own machines."""

__version__ = "0.1.0"
