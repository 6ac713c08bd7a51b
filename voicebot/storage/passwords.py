"""Passwords: made, judged and compared, off the event loop."""

import asyncio
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 128
"""Characters. OWASP ASVS 5.0, 6.2.1 asks for 8 at least and advises 15, 6.2.9 has 64 let in at least."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id with 19 MiB, two passes and one lane (OWASP Password Storage Cheat Sheet): 0.03 s of one core. More would be
taken from the calls under way."""
_BESIDE = ThreadPoolExecutor(1, "passwords")
"""One at a time, so that many who log in at once never take more than one core from the calls."""

_COMMON = frozenset((files("voicebot.storage") / "common_passwords.txt").read_text("utf-8").split())
"""Of the commonest passwords, here and abroad, those that would be long enough (ASVS 5.0, 6.2.4)."""


def weakness(password: str, name: str) -> str | None:
    """Why a password is none to choose, in Danish; None: it is a good one. name: whose it is to be."""
    plain = _plain(password).casefold()
    if len(plain) < SHORTEST:
        return f"Adgangskoden skal have mindst {SHORTEST} tegn. En sætning, du kan huske, er god."
    if len(plain) > LONGEST:
        return f"Adgangskoden må højst have {LONGEST} tegn."
    if plain in _COMMON or len(set(plain)) < 5:
        return "Den adgangskode er for let at gætte. Vælg en sætning, som kun du finder på."
    if plain.replace(name.casefold(), "").strip(" 0123456789.-_!") == "":
        return "Adgangskoden må ikke være dit eget navn."
    return None


def speakable() -> str:
    """A random password that can be read aloud, as in 'tamilo-kusena-rapovi-dyfale': 76 bits."""
    syllables = [secrets.choice("bdfghjklmnprstv") + secrets.choice("aeiouy") for _ in range(12)]
    return "-".join("".join(syllables[start : start + 3]) for start in range(0, 12, 3))


async def hashed(password: str) -> str:
    """What is kept of a password."""
    return await asyncio.get_running_loop().run_in_executor(_BESIDE, _HASHER.hash, _plain(password))


async def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password; as slow where there is none, so that nobody learns which names are."""
    return await asyncio.get_running_loop().run_in_executor(_BESIDE, _verify, kept, _plain(password))


def outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than are used now."""
    return _HASHER.check_needs_rehash(kept)


def _verify(kept: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(kept or _nobodys(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_hex(16))


def _plain(password: str) -> str:
    """The same characters however a keyboard composes them (NIST SP 800-63B-4, section 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
