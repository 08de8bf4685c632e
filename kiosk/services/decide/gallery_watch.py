"""Keeps the gallery in memory the one that is in the database."""

from __future__ import annotations

import logging
from collections.abc import Callable

from kiosk.domain.errors import StorageError
from kiosk.domain.gallery import Gallery
from kiosk.domain.ports import EncoderInfo
from kiosk.domain.repositories import Storage

_log = logging.getLogger(__name__)

LOOK_ANEW = 10.0
"""Seconds between two looks at whether somebody was enrolled, disabled or deleted elsewhere: on the
command line, or at another kiosk on the same database."""
TRY_ANEW = 1.0
"""The same while the database can't be read."""


def load_gallery(storage: Storage, encoder: EncoderInfo, before: Gallery | None = None) -> Gallery:
    """Everybody who may be let in, as one matrix; quicker with the gallery ``before`` a change, and
    with what was kept in the database of a start before. What is new is kept there.

    Raises:
        StorageError: the database can't be read.
    """
    name, cohort = encoder.encoder_id, encoder.scale.cohort_key()
    kept = storage.people.known(name, cohort)
    gallery = Gallery.of(storage.people.templates(name), encoder.scale, before, kept)
    if len(encoder.scale.cohort):
        new = {one: said for one, said in gallery.known().items() if kept.get(one) != said}
        try:
            if new:
                storage.people.keep_known(name, cohort, new)
        except StorageError as error:  # it is made anew at the next start
            _log.warning("what the cohort says of people was not kept: %s", error)
    return gallery


class GalleryWatch:
    """``stamp`` is cheap to ask and changes when ``load`` would give another gallery. One thread;
    times are the frames' own, in seconds."""

    def __init__(self, load: Callable[[], Gallery], stamp: Callable[[], object]) -> None:
        self._load = load
        self._stamp = stamp
        self._loaded: object = None
        self._due = 0.0
        self.problem = ""
        """Why the database could not be read at the last look, in a sentence."""

    def load(self, now: float) -> Gallery:
        """The gallery as it is in the database. Raises StorageError."""
        stamp = self._stamp()
        gallery = self._load()
        self._loaded, self._due, self.problem = stamp, now + LOOK_ANEW, ""
        return gallery

    def refreshed(self, now: float) -> Gallery | None:
        """The gallery, if a look is due and it has changed; a database that can't be read leaves
        the old one, and a ``problem``."""
        if now < self._due:
            return None
        try:
            if self._stamp() != self._loaded:
                return self.load(now)
        except StorageError as error:
            self._due, self.problem = now + TRY_ANEW, str(error)
            return None
        self._due, self.problem = now + LOOK_ANEW, ""
        return None

    def restart(self) -> None:
        """Time began anew: look at once."""
        self._due = 0.0
