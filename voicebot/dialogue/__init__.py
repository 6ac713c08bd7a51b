"""Deciding what to say: a conversation as a state that what is heard moves on. Pure."""

from voicebot.dialogue.deciding import decide, opening, turned_away
from voicebot.dialogue.expecting import expected
from voicebot.dialogue.interjecting import goes_on
from voicebot.dialogue.light import in_light
from voicebot.dialogue.moves import Decision, Heard, Kind, Pressed, Question, Silent, State, as_json
from voicebot.dialogue.pieces import answer_pieces, standing_pieces

__all__ = [
    "Decision",
    "Heard",
    "Kind",
    "Pressed",
    "Question",
    "Silent",
    "State",
    "answer_pieces",
    "as_json",
    "decide",
    "expected",
    "goes_on",
    "in_light",
    "opening",
    "standing_pieces",
    "turned_away",
]
