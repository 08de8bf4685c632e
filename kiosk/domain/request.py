"""What somebody before the kiosk asked for, by a tap or by typing who they are."""

from __future__ import annotations

LASTS = 15.0
"""Seconds that a tap or a typed number stays good without a verdict."""


class Request:
    """One wish at a time; times are the frames' own, in seconds."""

    def __init__(self) -> None:
        self.person: int | None = None
        """Whom the next face must be, where that was typed."""
        self._at: float | None = None

    @property
    def made(self) -> bool:
        """Whether anything was asked for."""
        return self._at is not None

    def tap(self, now: float) -> None:
        """Somebody tapped: look now."""
        self._at = now

    def claim(self, person_id: int | None, now: float) -> None:
        """Somebody typed who they are; None takes it back."""
        self.person = person_id
        self._at = None if person_id is None else now

    def expired(self, now: float) -> bool:
        """Whether it has waited too long for a face."""
        return self._at is not None and now - self._at > LASTS

    def end(self) -> bool:
        """It was answered, or is over; whether a person had been claimed."""
        claimed = self.person is not None
        self.person = self._at = None
        return claimed
