"""Frames: ways of saying something, written as they are spoken, with lists of words in their places."""

import re

LISTS = {
    "kin": """
        mand kone kæreste samlever ven veninde *far *mor *bror *søster *søn *datter *barn dreng pige baby knægt børn
        tvilling* nabo underbo overbo genbo kollega kammerat* onkel tante nevø niece eks ekskone eksmand ekskæreste
        bofælle teenager* forældre elev* logerende sønnike unge mutter fatter
    """,
    "who": """
        <kin> han hun ham hende nogen børnene babyen drengen pigen manden konen damen kvinden barnet naboen ungen
        den_lille den_gamle fyren person personen kvinde dame herre menneske cyklist* fodgænger* arbejder chauffør*
        føreren bilist* turist* en_der nogen_der *mester *mand fru_* hr_* naboerne folk
    """,
    "poss": "min mit mine vores hans hendes deres sin sit sine naboens en et",
    "water": "vandet havnen *søen kanalen åen dammen bassinet poolen *fjorden brønden floden havet mosen voldgraven",
    "home": """
        stue* gang* køkken* hus huset *have *haven lejlighed* *værelse* kælder* opgang* trappe* loft* garage* bolig*
        butik* skur* lade laden carport* gård* hjem entré* toilet* altan* sommerhus* rækkehus* hjemmet
    """,
}
"""Words that have the same place in many frames, by the name of the list."""


def frames(text: str, **lists: str) -> re.Pattern[str]:
    """One pattern for all the frames in `text`, one a line or parted by ";", to be searched for in `spoken` words.

    a/b: either, with "_" for a space within; word*: any ending; <name>: a word of that list; a?: may be missing;
    "..": up to three words; "...": up to seven; !a/b: neither of these next; ^ and $: the beginning and the end.
    """
    known = LISTS | lists
    lines = (line.split() for part in text.splitlines() for line in part.split(";"))
    return re.compile("|".join(r"\b" + "".join(_token(token, known) for token in line) for line in lines if line))


def spoken(words: list[str]) -> str:
    """The words as frames expect them: each followed by a space."""
    return "".join(word + " " for word in words)


_PLACES = {"..": r"(?:\w+ ){0,3}", "...": r"(?:\w+ ){0,7}", "^": r"\A"}


def _token(token: str, lists: dict[str, str]) -> str:
    if token in _PLACES:
        return _PLACES[token]
    either = _either(token.strip("!?").split("/"), lists, " ")
    if token.startswith("!"):
        return "(?!" + either + ")"
    return either + "?" if token.endswith("?") else either


def _either(words: list[str], lists: dict[str, str], after: str = "") -> str:
    return "(?:" + "|".join(r"\Z" if word == "$" else _word(word, lists) + after for word in words) + ")"


def _word(word: str, lists: dict[str, str]) -> str:
    spaced = word.replace("_", " ").replace("*", r"\w*")
    return re.sub(r"<(\w+)>", lambda name: _either(lists[name[1]].split(), lists), spaced)
