"""Those who run the bot, and what each of them may do."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody may do; each role includes the ones before it."""

    SEE = "se"
    """Figures, calls without words and numbers, the answers."""
    EDIT = "rediger"
    """Also what was said; marks, comments, unanswered questions; edits and publishes answers."""
    ADMINISTER = "administrer"
    """Also people, the audit trail, how long things are kept, whole numbers where they are kept."""

    def may(self, needed: "Role") -> bool:
        """Whether this role includes `needed`."""
        order = list(Role)
        return order.index(self) >= order.index(needed)
