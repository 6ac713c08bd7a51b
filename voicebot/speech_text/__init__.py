"""Danish text made speakable: numbers, dates, times, phone numbers, prices, abbreviations, web addresses."""

from voicebot.speech_text.speaking import speakable
from voicebot.speech_text.splitting import clauses, sentences
from voicebot.speech_text.words import spoken_words, word_errors

__all__ = ["clauses", "sentences", "speakable", "spoken_words", "word_errors"]
