"""Changed answers on their way into use: checked, put in the record with who and why, and read by the bot."""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from starlette.requests import Request

from voicebot.answers import Fault
from voicebot.dashboard.office import Changed, office
from voicebot.storage import audit, versions

_FIELDS = {
    "id": "Id",
    "title": "Titel",
    "offer": "Kort navn",
    "examples": "Eksempler",
    "answer": "Svaret",
    "follow_up": "Opfølgning",
    "sms": "Sms",
    "source": "Kilde",
    "reviewed": "Gennemgået",
}
"""What the pages call the fields of an answer's file."""
_FIELD = re.compile(rf"(?:{'|'.join(_FIELDS)})(?=[.:])")
CONFLICT = "versions.conflict"
"""Code of the StorageError where somebody else has published meanwhile."""


def told(faults: Sequence[Fault], path: str, titles: Mapping[str, str]) -> tuple[str, ...]:
    """Faults as operators read them: what is wrong in the answer at `path` itself, and in others, by their titles."""
    lines = []
    for fault in faults:
        field = _FIELD.match(fault.message)
        message = _FIELDS[field[0]] + fault.message[field.end() :] if field else fault.message
        message = message[:1].upper() + message[1:]
        title = titles.get(PurePosixPath(fault.file).stem)
        where = f"Svaret “{title}”" if title else f"{fault.file}, linje {fault.line}"
        lines.append(message if fault.file == path else f"{where}: {message}")
    return tuple(dict.fromkeys(lines))


async def publish(  # noqa: PLR0913 - what is changed, from what, by whom, and why
    request: Request, changed: Changed, before: Changed, note: str, *, action: str, object_: str
) -> tuple[str, ...]:
    """Publish texts that have no faults and have the bot use them; why it does not, where it does not.

    before: what each of them was changed from. action, object_: for the audit trail. StorageError with the code
    `CONFLICT` where somebody else has published one of them meanwhile; nothing is published then.
    """
    place, who = office(request), request.state.login.person.name
    async with place.sessions.begin() as session:
        await versions.publish(session, changed, who, note, before=before)
        await audit.note(session, who, action, object_, files=sorted(changed), note=note)
    return tuple(await place.studio.publish())
