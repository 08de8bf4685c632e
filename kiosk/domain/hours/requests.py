"""What people ask to be put right, and what was said to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.attendance import Direction


@dataclass(frozen=True, slots=True)
class Answer:
    """When (UTC), by whom, and with which words."""

    at: datetime
    by: str
    approved: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    """Somebody asks that an event is added or, where ``replaces`` names one, put in its place;
    without a ``moment`` (UTC) that it is struck out. ``asked_at`` is in UTC."""

    id: int
    person_id: int
    name: str
    asked_at: datetime
    direction: Direction
    moment: datetime | None
    replaces: int | None
    why: str
    answer: Answer | None = None
