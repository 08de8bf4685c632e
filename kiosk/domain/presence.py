"""Who stands before the kiosk and was let in: told once, logged now and then, and gone in a
second. Pure; every time is a frame's own, in seconds."""

from __future__ import annotations

LEFT = 1.0
"""Seconds without a face after which whoever was let in has left."""
GLANCE = 3.0
"""Seconds for which an unusable face after a verdict is taken for the same person's, looking
elsewhere; then it is told what to do, as anybody is."""
AWAY = 0.5
"""Seconds without being seen, in mid-stay, that count as having been away: the face that comes
back may be another's, or a picture, and is a decision of its own in the log."""
STANDING = 10.0
"""Seconds at least between two rows for somebody who just stands there, however short the time for
repeats is set."""


class Presence:
    """One visit at a time.

    ``window`` is in seconds: whoever is seen again within it is still on the same visit, and
    somebody who just stands there is logged once in it.
    """

    def __init__(self, window: float) -> None:
        self._window = window
        self._rows_every = max(window, STANDING)
        self.person: int | None = None
        """Who was let in and stands there still."""
        self.from_panel = False
        """Whether whoever stands there has just left the panel, as far as anybody knows."""
        self._visit: tuple[int, float] | None = None
        self._face_at = self._told_at = self._seen_at = self._logged_at = 0.0
        self._was_away = False
        self._expected_until = float("-inf")

    def let_in(self, person_id: int | None, now: float) -> None:
        """A decision was told: of somebody let in by face, or (None) of anybody else."""
        self.person = person_id
        self.from_panel = False
        self._was_away = False
        self._logged_at = now
        self.told(now)

    def told(self, now: float) -> None:
        """The screen shows what was decided; nobody is looked at meanwhile."""
        self._face_at = self._told_at = self._seen_at = now

    def steps_back(self, now: float) -> None:
        """Somebody closed the panel and turns to the page: who is seen first, before the place was
        empty, is taken for whoever was let in and stands there still."""
        self.person = None
        self._expected_until = now + GLANCE
        self.told(now)

    def left(self) -> None:
        """Whoever stood there may be gone: nobody saw."""
        self.person = None

    def leaves_panel(self, now: float) -> None:
        """The panel was closed by itself: whoever is seen at once may have been in it."""
        self.from_panel = True
        self._face_at = now

    def forget(self) -> None:
        """Time began anew: no visit is the same any more."""
        self.person = self._visit = None
        self._expected_until = float("-inf")
        self.from_panel = False

    def see(self, face: bool, vote: int | str | None, now: float) -> None:
        """A frame: whether a face is there at all, and whose it is taken for."""
        if face:
            self._face_at = now
        elif now - self._face_at >= LEFT:
            self.person, self._expected_until, self.from_panel = None, now, False
        if isinstance(vote, int) and now < self._expected_until:
            self.let_in(vote, now)
            self._expected_until = now
        if self.person is not None and vote == self.person:
            self._was_away |= now - self._seen_at >= AWAY
            self._seen_at = now

    def stays(self, leaning: int | str | None, now: float) -> bool:
        """Whether the face is that of somebody who was let in and just stands there."""
        if self.person is None:
            return False
        if leaning is None:
            return now - self._told_at < GLANCE
        return leaning == self.person

    def confirm(self, now: float) -> bool:
        """The person who stays was recognised once more; True where that deserves a row."""
        if self.person is not None:
            self._visit = (self.person, now)
        self._told_at = now
        due = self._was_away or now - self._logged_at >= self._rows_every
        if due:
            self._was_away = False
            self._logged_at = now
        return due

    def same_visit(self, person_id: int | None, now: float) -> bool:
        """Whether somebody stood there until so lately that this is the visit that is logged."""
        if self._visit is None or self._visit[0] != person_id:
            return False
        return now - self._visit[1] < self._window
