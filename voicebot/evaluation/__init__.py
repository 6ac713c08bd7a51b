"""How often the bot is right: written questions asked as a call's first utterance, each judged, counted and shown."""

from voicebot.evaluation.corrupting import spoilt
from voicebot.evaluation.judging import Verdict, verdict
from voicebot.evaluation.measuring import Evaluation, Outcome, evaluate
from voicebot.evaluation.questions import Kind, Question, read_questions
from voicebot.evaluation.tuning import Trial, Tuning, tune

__all__ = [
    "Evaluation",
    "Kind",
    "Outcome",
    "Question",
    "Trial",
    "Tuning",
    "Verdict",
    "evaluate",
    "read_questions",
    "spoilt",
    "tune",
    "verdict",
]
