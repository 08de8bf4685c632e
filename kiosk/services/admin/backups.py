"""Backups: made, rotated, looked at, and when the last was made."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.domain.audit import Action, Actor
from kiosk.domain.backups import Backup, Contents, backup_name, gone_after, kept, made_at
from kiosk.domain.chain import Head
from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.domain.language import _, counted
from kiosk.domain.records import Records
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.services.admin.trail import Trail

FOLDER: Final = "backups"
"""Beside the database, where the settings name no folder."""
ROOM: Final = 200_000_000
"""Bytes that a backup leaves free on the disk: without any nobody is let in."""
_MADE_AT, _SERIES = "backed_up_at", "backup_series"
_COPIES: Final = 3
"""How often the database lies on its disk while a backup of it is made and verified."""


class Backups:
    """Any thread but the screen's; unless said otherwise seconds, where the database is large."""

    def __init__(self, storage: Storage, trail: Trail, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._trail = trail
        self._now = now

    def make(self, actor: Actor, target: Path) -> None:
        """Copy the database into a new file, for its owner only, while the kiosk runs; it has its
        name only once it was restored to a temporary place and found whole. It is never deleted.

        Raises:
            BadInput: the file exists already, or the database is on a server, whose own means
                the sentence names.
            StorageError: it can't be written.
        """
        self._trail.demand(actor, Action.BACK_UP)
        self._check_room(target.parent)
        self._storage.back_up(target)
        with self._trail.act(actor, Action.BACK_UP) as note:
            note.details = str(target)
            self._storage.settings.save({_MADE_AT: self._now().isoformat()})

    def now(self, actor: Actor) -> Backup:
        """Make one in the folder of the settings, as ``make``, and delete there what is old
        enough.

        Raises:
            BadInput, StorageError: as for ``make``.
            EnvironmentFailed: there is no such folder, or no room in it.
        """
        self._trail.demand(actor, Action.BACK_UP)
        series, folder = self._series(), self.folder
        if folder is None:
            return self._on_a_server()
        _make_folder(folder)
        self._check_room(folder)
        made = self._now()
        while (target := folder / backup_name(series, made)).exists():
            made += timedelta(seconds=1)  # two within a second
        self._storage.back_up(target)
        gone = self._rotate(made)
        with self._trail.act(actor, Action.BACK_UP) as note:
            older = counted("{count} older one deleted", "{count} older ones deleted", gone)
            note.details = f"{target}; {older}" if gone else str(target)
            self._storage.settings.save({_MADE_AT: made.isoformat()})
        return Backup(target, made, target.stat().st_size)

    def all(self) -> tuple[Backup, ...]:
        """Those of the folder, newest first; a file gets its name once it was verified. Some ms.

        Raises:
            EnvironmentFailed: the folder can't be read.
        """
        return backups_of(self._storage, self._storage.file)

    def verify(self, path: Path) -> Contents:
        """Restore one to a temporary place and read all of it.

        Raises:
            StorageError: it does not come back whole.
        """
        return self._storage.check_backup(path)

    def note_restored(self, actor: Actor, source: str, known: Head | None) -> None:
        """Of a database that takes the place of another: where it comes from, and how far the
        record went that it replaces."""
        with self._trail.act(actor, Action.RESTORE_BACKUP) as note:
            note.details = source
            if known is not None:
                told = _("the newest entry known here was no. {number}:{link}")
                note.details += f"; {told.format(number=known.seq, link=known.link[:16])}"

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

    @property
    def folder(self) -> Path | None:
        """Where they go; None for a database on a server. Some ms."""
        return folder_of(self._settings, self._storage.file)

    @property
    def _settings(self) -> Settings:
        return Settings.of(self._storage.settings.load())

    def _series(self) -> str:
        with self._storage.transaction():
            known = str(self._storage.settings.load().get(_SERIES, ""))
            if not known:
                known = secrets.token_hex(4)
                self._storage.settings.save({_SERIES: known})
        return known

    def _rotate(self, now: datetime) -> int:
        """Delete what is not to be kept; how many files that were."""
        settings = self._settings
        daily, weekly = settings.backups_daily, settings.backups_weekly
        there = self.all()
        stay = kept([one.at for one in there], now.date(), daily, weekly)
        old = [one for one in there if one.at not in stay]
        for one in old:
            try:
                one.path.unlink(missing_ok=True)
            except OSError as error:
                raise EnvironmentFailed(
                    _("{path} is old enough and can't be deleted: {why}.").format(
                        path=one.path, why=error.strerror
                    )
                ) from None
        copies = self._storage.forget_copies(now - timedelta(days=gone_after(daily, weekly)))
        return len(old) + copies

    def _check_room(self, folder: Path) -> None:
        file = self._storage.file
        if file is None:
            return
        size = file.stat().st_size
        for place, needed in ((file.parent, _COPIES * size), (folder, size)):
            try:
                free = shutil.disk_usage(place).free
            except OSError:
                continue  # writing there says why
            if free < needed + ROOM:
                raise EnvironmentFailed(
                    _(
                        "No backup was made: {folder} has {free} MB left, and {needed} MB are "
                        "needed. Free some space, or choose another folder."
                    ).format(
                        folder=place,
                        free=f"{free // 1_000_000:,}",
                        needed=f"{(needed + ROOM) // 1_000_000:,}",
                    )
                )

    def _on_a_server(self) -> Backup:
        raise BadInput(
            _(
                "A database on a server is backed up by the server's own means, such as "
                "pg_dump --format=custom --file=kiosk.dump, and brought back by pg_restore."
            )
        )


def kept_in_backups(settings: Settings) -> str:
    """What to say to somebody whose data were deleted."""
    if not settings.backups:
        return _("Backups made before hold all of it until they are deleted.")
    return counted(
        "Backups made before hold all of it until they are replaced by newer ones, within "
        "{count} day.",
        "Backups made before hold all of it until they are replaced by newer ones, within "
        "{count} days.",
        gone_after(settings.backups_daily, settings.backups_weekly),
    )


def folder_of(settings: Settings, database: Path | None) -> Path | None:
    """Where backups go; None for a database on a server."""
    if database is None:
        return None
    named = settings.backup_folder
    return Path(named).expanduser() if named else database.parent / FOLDER


def backups_of(records: Records, database: Path | None) -> tuple[Backup, ...]:
    """The verified ones in the folder of the settings, newest first.

    Raises:
        EnvironmentFailed: the folder can't be read.
    """
    stored = records.settings.load()
    folder = folder_of(Settings.of(stored), database)
    series = str(stored.get(_SERIES, ""))
    if folder is None or not series:
        return ()
    try:
        found = [
            Backup(path, at, path.stat().st_size)
            for path in (folder.iterdir() if folder.exists() else ())
            if (at := made_at(path.name, series)) is not None
        ]
    except OSError as error:
        raise EnvironmentFailed(
            _("The folder of the backups, {folder}, can't be read: {why}.").format(
                folder=folder, why=error.strerror
            )
        ) from None
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def last_backup(records: Records) -> datetime | None:
    """When the newest backup was made (UTC), wherever it was put; None for never."""
    made = str(records.settings.load().get(_MADE_AT, ""))
    return datetime.fromisoformat(made) if made else None


def _make_folder(folder: Path) -> None:
    """The last part only: a disk that is not there must not become a folder of this one."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise EnvironmentFailed(
            _(
                "There is no folder {folder} for the backups, and it can't be made: {why}. Choose "
                "another in the settings, or bring its disk back."
            ).format(folder=folder, why=error.strerror)
        ) from None
