"""How the parts of the machine are, in words an operator understands. Pure: what was measured comes in as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.metadata import version as version_of


class State(StrEnum):
    """How a part is."""

    GOOD = "good"
    WARN = "warn"
    """It works, but somebody should look."""
    BAD = "bad"
    """Callers notice, or something is being lost."""


@dataclass(frozen=True)
class Part:
    """One part of the machine: how it is, in Danish, and what to do about it (empty where there is nothing to do)."""

    title: str
    state: State
    what: str
    remedy: str = ""


GIGABYTE = 1e9
LITTLE, HARDLY = 5 * GIGABYTE, 0.5 * GIGABYTE
"""Bytes left on the disk: a year of a thousand calls a day takes about 2 GB, an update of the models up to 5."""
SLOW_DATABASE = 0.2
"""Seconds for the smallest question to the database, above which pages feel slow."""
MANY_WAITING = 500
"""Events not yet written: as many as 16 calls make in two minutes."""

DELETED_WITHIN = timedelta(days=2)
"""It is done every night; one may be missed."""


def disk(free: int) -> Part:
    """free: bytes left where the bot keeps its data."""
    what = f"{free / GIGABYTE:.1f} GB fri".replace(".", ",")
    if free < HARDLY:
        return Part("Disk", State.BAD, what, "Ryd op nu: opkald kan ikke længere gemmes, når disken er fuld.")
    if free < LITTLE:
        return Part("Disk", State.WARN, what, "Ryd op, eller giv maskinen en større disk.")
    return Part("Disk", State.GOOD, what)


def database(kind: str, seconds: float | None) -> Part:
    """kind: 'SQLite' or 'PostgreSQL'; seconds: how long it took to answer, None where it did not."""
    if seconds is None:
        return Part("Database", State.BAD, f"{kind} svarer ikke", "Se, om databasen kører, og om disken er fuld.")
    what = f"{kind} svarer på {seconds * 1000:.0f} ms"
    slow = "Maskinen er presset. Kører der andet på den?"
    return Part("Database", State.WARN, what, slow) if seconds > SLOW_DATABASE else Part("Database", State.GOOD, what)


def record(waiting: int, down: bool, lost: int) -> Part:
    """waiting: events not yet written; down: whether writing fails; lost: events that had no room."""
    if lost:
        what = f"{lost} hændelser er gået tabt, fordi der ikke kunne skrives"
        return Part("Skrivning af opkald", State.BAD, what, "Få databasen i gang igen; samtalerne går videre så længe.")
    if down:
        what = f"Kan ikke skrive lige nu; {waiting} hændelser venter"
        return Part("Skrivning af opkald", State.BAD, what, "Få databasen i gang igen, før køen bliver fuld.")
    if waiting > MANY_WAITING:
        return Part(
            "Skrivning af opkald", State.WARN, f"Bagud: {waiting} hændelser venter", "Se, hvad der presser disken."
        )
    return Part("Skrivning af opkald", State.GOOD, "Følger med")


def deleting(last: datetime | None, now: datetime) -> Part:
    """last: when what was old enough was deleted last, in Danish time; None where it never was."""
    if last is None:
        return Part("Sletning", State.GOOD, "Bliver gjort i nat")
    if now - last > DELETED_WITHIN:
        remedy = "Se i loggen, hvorfor der ikke bliver slettet, og genstart botten."
        return Part("Sletning", State.BAD, f"Ikke gjort siden {last:%d.%m.%Y}", remedy)
    return Part("Sletning", State.GOOD, f"Senest gjort {last:%d.%m.%Y}")


def models(names: str, stuck: tuple[str, ...]) -> Part:
    """names: of the models in use; stuck: of those that hang."""
    if stuck:
        return Part("Modeller", State.BAD, f"Hænger: {', '.join(stuck)}", "Genstart botten.")
    return Part("Modeller", State.GOOD, names)


def voice(title: str, try_out: bool) -> Part:
    """title: of the voice in use; try_out: whether it is not meant for citizens."""
    if try_out:
        remedy = "Hent den danske stemme: voicebot models pull da_DK-talesyntese-medium, og genstart."
        return Part("Stemme", State.WARN, f"Prøvestemme med udenlandsk accent: {title}", remedy)
    return Part("Stemme", State.GOOD, title)


def speech(ready: int, total: int) -> Part:
    """Pieces of speech that are ready-made, of all."""
    if ready < total:
        what = f"{ready} af {total} stykker er klar; resten laves, når ingen ringer"
        return Part(
            "Færdig tale", State.WARN, what, "Vent. Et svar, der ikke er klar, tager nogle sekunder i telefonen."
        )
    return Part("Færdig tale", State.GOOD, f"Alle {total} stykker er klar")


def texts(version: str, answers: int, faults: tuple[str, ...]) -> Part:
    """version: of the content in use; faults: why newer content is not in use."""
    what = f"{answers} svar i brug, version {version}"
    if faults:
        return Part("Svartekster", State.BAD, f"{what}. Nyere tekster er holdt tilbage: {faults[0]}", "Ret teksten.")
    return Part("Svartekster", State.GOOD, what)


def load(calls: int, limit: int, wait: float) -> Part:
    """calls: under way; limit: taken at once; wait: seconds the longest waiting caller has waited for recognition."""
    what = f"{calls} af højst {limit} opkald ad gangen"
    if calls >= limit or wait >= 1.0:
        remedy = "Nye opkald bliver stillet direkte om til en medarbejder, til der er plads."
        return Part("Belastning", State.WARN, f"{what}; fuldt optaget", remedy)
    return Part("Belastning", State.GOOD, what)


LINE_FAULTS = {
    "telephony.signature": "afvist, forkert underskrift",
    "telephony.token": "afvist, ukendt opkald",
    "telephony.no_start": "opkald, der aldrig begyndte",
    "telephony.silent": "linjen blev tavs",
    "telephony.slow": "linjen tog ikke imod lyd",
    "telephony.closed": "linjen blev afbrudt",
    "telephony.update": "omstilling eller afslutning slog fejl",
}
"""Faults of the line as operators know them; others are told by their code."""


def carrier(connected: bool, insecure: bool, faults: Mapping[str, int]) -> Part:
    """connected: whether there is a token; insecure: whether unsigned requests are taken.

    faults: how often each was seen in the last day, since the bot was started.
    """
    if insecure:
        what = "Tager imod opkald uden underskrift"
        return Part("Telefonforbindelse", State.WARN, what, "Kun til prøver: start uden --insecure i drift.")
    if not connected:
        remedy = "Sæt VOICEBOT_TWILIO_AUTH_TOKENS og VOICEBOT_PUBLIC_URL; se README."
        return Part("Telefonforbindelse", State.WARN, "Ikke forbundet til et telefonnummer", remedy)
    if faults:
        seen = ", ".join(f"{LINE_FAULTS.get(code, code)} ({times})" for code, times in faults.items())
        what = f"{sum(faults.values())} fejl på linjen det seneste døgn: {seen}"
        return Part("Telefonforbindelse", State.WARN, what, "Bliver det ved, så ring til telefonleverandøren.")
    return Part("Telefonforbindelse", State.GOOD, "Sat op; ingen fejl det seneste døgn eller siden start")


def version() -> Part:
    """Which version of the bot this is."""
    return Part("Version", State.GOOD, f"voicebot {version_of('voicebot')}")
