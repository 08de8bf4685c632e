"""Backups, and when the last was made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from kiosk.domain.audit import Action, Actor
from kiosk.domain.records import Records
from kiosk.domain.repositories import Storage
from kiosk.services.admin.trail import Trail

_MADE_AT = "backed_up_at"


class Backups:
    """Any thread but the screen's."""

    def __init__(self, storage: Storage, trail: Trail, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._trail = trail
        self._now = now

    def make(self, actor: Actor, target: Path) -> None:
        """Copy the database into a new file, for its owner only, while the kiosk runs; seconds
        where it is large.

        Raises:
            BadInput: the file exists already, or the database is on a server, whose own means
                the sentence names.
            StorageError: it can't be written.
        """
        self._trail.demand(actor, Action.BACK_UP)
        self._storage.back_up(target)
        with self._trail.act(actor, Action.BACK_UP) as note:
            note.details = str(target)
            self._storage.settings.save({_MADE_AT: self._now().isoformat()})

    def extract_record(self, actor: Actor, target: Path) -> int:
        """Write the chained record into a new plain file, for whoever checks it without our key;
        returns how many entries it has. It holds names and hours, but no photos.

        Raises:
            BadInput, StorageError: as for ``make``.
        """
        # First, so that the newest entry that is known outside is in the file.
        with self._trail.act(actor, Action.EXTRACT_RECORD) as note:
            note.details = str(target)
        return self._storage.extract(target)


def last_backup(records: Records) -> datetime | None:
    """When the newest backup was made (UTC); None for never."""
    made = str(records.settings.load().get(_MADE_AT, ""))
    return datetime.fromisoformat(made) if made else None
