"""What a caller may mean: every answer weighed against an utterance, with one calibrated confidence each."""

from voicebot.matching.embedding import Embedder, load_embedder
from voicebot.matching.index import Index
from voicebot.matching.matcher import OPINIONS, Candidate, Matcher

__all__ = ["OPINIONS", "Candidate", "Embedder", "Index", "Matcher", "load_embedder"]
