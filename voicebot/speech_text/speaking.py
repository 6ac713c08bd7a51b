"""Danish text made speakable, rule after rule."""

import re
import unicodedata

from voicebot.speech_text.abbreviations import expand
from voicebot.speech_text.letters import spell
from voicebot.speech_text.number_rules import numbers

_SIGNS = {"&": " og ", "+": " plus ", "=": " lig med ", "@": " snabel-a ", "%": " procent ", "§": " paragraf ",
          "€": " euro ", "#": " firkant ", "°": " grader "}  # fmt: skip


def speakable(text: str) -> str:
    """Text as a Dane says it, for any voice: no digits, no signs, no abbreviations, on one line.

    "Ring kl. 9.30 på 46 31 30 00" becomes "Ring klokken halv ti på seksogfyrre enogtredive tredive nul nul".
    Letters that are spelled stand alone ("mit i d"). Text without such things comes back as it is; a comma at its
    end stays, since it tells a voice that more follows.
    """
    plain = _plain_signs(text)
    spelled = spell(expand(plain))
    said = _punctuation(numbers(re.sub(r"§+\s*(?=\d)", "paragraf ", spelled)))
    return f"{said}," if said and plain.endswith(",") else said


def _plain_signs(text: str) -> str:
    """One way of writing each space, dash and digit."""
    kept = "".join(sign if sign in "½¼¾²³…°" else unicodedata.normalize("NFKC", sign) for sign in text)
    kept = unicodedata.normalize("NFC", kept)
    kept = re.sub(r"\bm2\b", "m²", re.sub(r"\bm3\b", "m³", kept))
    return re.sub(r"[‐‑‒–—―−]", "-", re.sub(r"\s+", " ", kept)).strip()


def _punctuation(text: str) -> str:
    """Only commas, full stops, question and exclamation marks and colons are left; a bracket or dash is a comma."""
    text = text.replace("og/eller", "og eller").replace("**", "")
    text = re.sub(r"(?<=[^\W\d])/(?=[^\W\d])", " eller ", text)
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    text = re.sub(r"\s-+\s|\s-+(?=[,.!?]|$)|^-+\s|[()\[\]{};•]", ", ", text)
    text = re.sub(r"…|\.{2,}", ". ", text)
    text = "".join(sign if sign.isalpha() or sign in " ,.!?:-'’" else " " for sign in text)
    text = re.sub(r"(?<!\w)[-'’]+|[-'’]+(?!\w)", " ", text).replace("’", "'")
    text = re.sub(r"\s+([,.!?:])", r"\1", re.sub(r"\s+", " ", text))
    text = re.sub(r"[,:]+(?=[.!?:])|(?<=[,:.!?]),+|^[,.:\s]+", "", text)
    text = re.sub(r"([,.!?:])(?=\w)", r"\1 ", text)
    return text.strip(" ,")
