"""The data folder: its modes, its room and its backups; tightened at a start, told by `doctor`."""

from __future__ import annotations

import os
import shutil
import stat
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.domain.errors import EnvironmentFailed
from kiosk.domain.language import _, counted
from kiosk.domain.records import Records, StorageReport
from kiosk.domain.settings import Settings
from kiosk.services.access.keys import KeyPlace
from kiosk.services.admin.backups import FOLDER, backups_of, last_backup
from kiosk.services.log_file import NAME
from kiosk.services.site import Finding

OTHERS = 0o077
"""The rights of everybody but the owner."""
BACKUP_WITHIN = timedelta(days=2)
"""A newest backup that is older is told."""
LITTLE, TOO_LITTLE = 1_000_000_000, 200_000_000
"""Bytes free on the disk under which it is said, and under which something must be done."""
_EXPORTS = (".csv", ".jsonl")


def is_own(database: Path | None) -> bool:
    """Whether a database's file is of whoever runs this program, or theirs to read whatever
    anybody asks. What is on a server (None) is not."""
    if database is None:
        return False
    if not hasattr(os, "geteuid"):  # where files have no owner to compare with
        return True
    return os.geteuid() in (0, database.stat().st_uid)


def tighten(database: Path) -> tuple[str, ...]:
    """Take from others the rights to a database, its backups and its log, and to its folder if
    nothing but files is kept there; returns a sentence on each that could not be changed."""
    if os.name != "posix":
        return ()
    problems = []
    for path in (*_files(database), *_own_folder(database)):
        try:
            if _open_to_others(path):
                path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)
        except OSError as error:
            problems.append(
                _("Others may read {path}, and it can't be changed: {why}.").format(
                    path=path, why=error.strerror
                )
            )
    return tuple(problems)


def check_modes(database: Path) -> Finding:
    """Whether others on this machine can read what the kiosk wrote."""
    title = _("Privacy")
    exports = (path for path in database.parent.iterdir() if path.suffix in _EXPORTS)
    files = [path for path in (*_files(database), *exports) if _open_to_others(path)]
    if files:
        names = ", ".join(sorted(path.name for path in files))
        text = _("Others on this machine can read {names} in {folder}. Let only the owner: {how}")
        how = f"chmod go-rwx {' '.join(str(path) for path in sorted(files))}"
        return Finding(title, False, text.format(names=names, folder=database.parent, how=how))
    if _open_to_others(database.parent):
        text = _(
            "{folder} can be listed by others on this machine, though not the database in it, and "
            "holds more than the kiosk's files: give the kiosk a folder of its own."
        )
        return Finding(title, True, text.format(folder=database.parent), advice=True)
    return Finding(title, True, _("Only its owner can read the data folder."))


def check_room(database: Path) -> Finding:
    """Whether the log can grow."""
    free = shutil.disk_usage(database.parent).free
    text = _("{free} MB are free in {folder}.").format(
        free=f"{free // 1_000_000:,}", folder=database.parent
    )
    if free < LITTLE:
        text += " " + _("When none is left, nobody is let in: free some space.")
    return Finding(
        _("Disk"),
        free >= TOO_LITTLE,
        text,
        advice=TOO_LITTLE <= free < LITTLE,
        figures={"free_bytes": free},
    )


def check_backup(storage: Records, report: StorageReport, now: datetime) -> Finding:
    """Whether what is recorded here would survive the disk. ``now`` is in UTC."""
    title, made = _("Backup"), last_backup(storage)
    if not report.engine.startswith("sqlite"):
        text = _("The database server's own means, such as pg_dump, must make them.")
        return Finding(title, True, text)
    try:
        there = backups_of(storage, Path(report.location))
    except EnvironmentFailed as error:
        return Finding(title, True, str(error), advice=True)
    daily = Settings.of(storage.settings.load()).backups
    how = (
        _("The running kiosk makes one a day; `kiosk backup now` makes one, or says why not.")
        if daily
        else _("None is made each day: switch that on in the settings, or use `kiosk backup now`.")
    )
    if there and (made is None or there[0].at > made):
        made = there[0].at
    if made is None:
        if not report.people:
            return Finding(title, True, _("Nothing to back up: nobody is enrolled yet."))
        text = _("No backup was ever made: if this disk fails, everybody must be enrolled anew.")
        return Finding(title, True, f"{text} {how}", advice=True)
    days = (now - made).days
    text = _("The newest was made on {day}, and verified.").format(
        day=f"{made.astimezone():%Y-%m-%d}"
    )
    figures = {"backup_age_s": round((now - made).total_seconds())}
    if now - made > BACKUP_WITHIN:
        text = counted("The newest is {count} day old.", "The newest is {count} days old.", days)
        return Finding(title, True, f"{text} {how}", advice=True, figures=figures)
    return Finding(title, True, text, figures=figures)


def check_encryption(report: StorageReport, key: KeyPlace | None) -> Finding:
    """Whether a stolen disk tells anything. ``key`` is where its key is."""
    title = _("Encryption")
    if not report.engine.startswith("sqlite"):
        text = _("The kiosk encrypts nothing on a database server: its disk must be, there.")
        return Finding(title, True, text, advice=True)
    if not report.encrypted:
        why = (
            _("It was in use when the kiosk started: close all that has it open, start again.")
            if report.can_encrypt
            else _("There is no SQLCipher for this machine: encrypt its disk.")
        )
        text = _("Nothing is encrypted: a stolen disk tells names, photos as numbers and hours.")
        return Finding(title, not report.can_encrypt, f"{text} {why}", advice=True)
    plain = _plain_copies(Path(report.location))
    if plain:
        text = _(
            "The database is encrypted, but these older copies are not: {names}. Delete them, or "
            "move them to an encrypted disk."
        ).format(names=", ".join(path.name for path in plain))
        return Finding(title, False, text)
    place = key.words if key else "?"
    text = _("Database and backups are encrypted; the key is in {place}.").format(place=place)
    beside = key is not None and on_same_disk(Path(report.location), key)
    if beside:
        text += " " + _(
            "It lies on the same disk: whoever takes the whole disk has both. Move it "
            "(docs/keys-and-backups.md), and keep a copy on paper (`kiosk key show`)."
        )
    return Finding(title, True, text, advice=beside)


def on_same_disk(database: Path, key: KeyPlace) -> bool:
    """Whether whoever takes the disk of the data has the key, too."""
    try:
        return key.file is not None and key.file.stat().st_dev == database.parent.stat().st_dev
    except OSError:
        return False


def _plain_copies(database: Path) -> list[Path]:
    """Copies made before migrations by a kiosk that did not encrypt."""
    from kiosk.storage import is_plain

    copies = sorted(database.parent.glob(f"{database.name}.backup-*"))
    return [path for path in copies if path.is_file() and is_plain(path)]


def _files(database: Path) -> list[Path]:
    """The database with its side files and the copies made before migrations, and the log."""
    return [
        path
        for name in (database.name, NAME)
        for path in database.parent.glob(f"{name}*")
        if path.is_file()
    ]


def _own_folder(database: Path) -> list[Path]:
    """The folder, unless it serves others too, as a home or /tmp does: not ours to close."""
    folder = database.parent
    if folder.stat().st_mode & stat.S_ISVTX or not _is_mine(folder):
        return []
    ours = all(
        (path.is_file() or path.name == FOLDER) and _is_mine(path)
        for path in folder.iterdir()
        if path.exists()
    )
    return [folder] if ours else []


def _is_mine(path: Path) -> bool:
    return hasattr(os, "getuid") and path.stat().st_uid == os.getuid()


def _open_to_others(path: Path) -> bool:
    try:
        return os.name == "posix" and bool(path.stat().st_mode & OTHERS)
    except FileNotFoundError:  # SQLite's side files come and go
        return False
