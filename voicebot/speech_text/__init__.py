"""Danish text made speakable: numbers, dates, times, phone numbers, prices, abbreviations, web addresses."""

from voicebot.speech_text.speaking import speakable
from voicebot.speech_text.splitting import clauses, sentences

__all__ = ["clauses", "sentences", "speakable"]
