"""What is missing before somebody is shown all that is kept of them: their face and their PIN."""

from __future__ import annotations

from enum import StrEnum

from kiosk.domain.decision import Decision, Mode
from kiosk.domain.liveness.proof import Proof
from kiosk.domain.people import Person


class Missing(StrEnum):
    """What is to be given yet."""

    NOTHING = "nothing"
    PIN = "pin"
    FACE = "face"
    """They came by their PIN, and a face of theirs is known."""
    OWN_PIN = "own_pin"
    """They have none: a face alone is not enough."""


def missing(decision: Decision, person: Person) -> Missing:
    """``decision`` let the person in just now. Of whom no face is stored, the PIN is all there
    is."""
    if decision.mode is not Mode.PIN:
        return Missing.PIN if person.has_pin else Missing.OWN_PIN
    if decision.liveness is Proof.PIN or not person.template_count:
        return Missing.NOTHING
    return Missing.FACE
