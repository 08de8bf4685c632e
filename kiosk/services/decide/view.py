"""What the screen should show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.decision import Hint
from kiosk.domain.liveness.prompt import Prompt
from kiosk.services.decide.verify import Announcement


class Phase(StrEnum):
    """What the kiosk is doing."""

    NOBODY_ENROLLED = "nobody_enrolled"
    IDLE = "idle"
    TAP_FIRST = "tap_first"
    TYPE_FIRST = "type_first"
    LOOKING = "looking"
    CHALLENGE = "challenge"
    WAITS = "waits"
    """A face that may have been a picture: for a while it is not looked at, and needs a PIN."""
    VERDICT = "verdict"
    STAYS = "stays"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class View:
    """What the screen should show now. ``share`` (0 to 1) is how many of the frames needed
    agree. ``announcement`` is set while ``phase`` is VERDICT, which should stay for ``hold``
    seconds, and while it is STAYS: whoever was let in stands there still, and this is what holds
    now. ``message`` is a FAULT's sentence. ``prompt`` is what is asked while ``phase`` is
    CHALLENGE."""

    phase: Phase
    hint: Hint = Hint.NONE
    share: float = 0.0
    announcement: Announcement | None = None
    hold: float = 0.0
    message: str = ""
    prompt: Prompt | None = None
