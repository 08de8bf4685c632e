"""Whether whoever reads what is theirs alone still stands before the screen. Pure; every time is a
frame's own, in seconds."""

from __future__ import annotations

MISSED = 4.0
"""Seconds without a face after which the reader has left: whoever bends down to the screen is out
of sight for a moment."""
UNLIKE = 2.0
"""Seconds of faces that are not the reader's after which it is somebody else who stands there: a
face that looks down at the screen is not always known,"""
FRAMES = 4
"""in so many frames at least."""


class Reader:
    """One person, let in at ``now`` or some time before. ``by_face``: the camera knew them; else
    nothing is made of faces that it does not know, nor of none at all, until it has known the
    person once: they may have used a PIN because of that. ``sure``: it was just now; else the
    camera must know them first."""

    def __init__(self, person_id: int, now: float, *, by_face: bool, sure: bool = True) -> None:
        self.person = person_id
        self._known = by_face
        self._face_at = now
        self._unlike_since: float | None = None
        self._unlike = 0
        self.there = sure

    def see(self, face: bool, who: int | str | None, now: float) -> bool:
        """A frame: whether a face is in it, and whose it is taken for (a word for nobody known,
        None where that can't be told). Returns whether the reader is ``there``; who has left is so
        again once the camera knows them."""
        if who == self.person:
            self._known = self.there = True
            self._unlike_since = None
        elif who is not None:
            if self._unlike_since is None:
                self._unlike_since, self._unlike = now, 0
            self._unlike += 1
        if face:
            self._face_at = now
        if self._known:
            another = (
                self._unlike_since is not None
                and now - self._unlike_since >= UNLIKE
                and self._unlike >= FRAMES
            )
            self.there = self.there and not another and now - self._face_at < MISSED
        return self.there
