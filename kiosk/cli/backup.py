"""`backup` and `restore`: what is recorded here survives the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kiosk.app import Options, system_user
from kiosk.cli.caller import signed_in
from kiosk.cli.options import DONE, NEGATIVE, AsJson, DatabaseUrl, DataDir, group
from kiosk.cli.output import confirmed, tell, tell_json
from kiosk.domain.audit import Action
from kiosk.domain.backups import Contents
from kiosk.domain.chain import Altered
from kiosk.domain.errors import StorageError
from kiosk.domain.language import _, counted
from kiosk.domain.roles import Sight

app = group("Copies of the whole database that can be brought back.")


@app.command("now")
def backup_now(
    file: Annotated[
        Path | None,
        typer.Argument(help="A new file, which is never deleted. [default: the folder's next]"),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """Copy the database and verify the copy; the kiosk may run meanwhile."""
    with signed_in(Options(data_dir, database_url), Sight.SETTINGS) as admin:
        if file is None:
            path = admin.backups.now(admin.actor).path
        else:
            path = file.expanduser().absolute()
            admin.backups.make(admin.actor, path)
    tell(
        _("Everything is in {path}, verified: people, photos as numbers, log, settings.").format(
            path=path
        )
    )
    return DONE


@app.command("list")
def backup_list(
    data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> int:
    """The verified backups in the folder, newest first; times are local."""
    with signed_in(Options(data_dir, database_url), Sight.SETTINGS) as admin:
        there, folder = admin.backups.all(), admin.backups.folder
    if as_json:
        tell_json(
            [
                {
                    "path": str(one.path),
                    "at": one.at.isoformat(timespec="seconds"),
                    "size_bytes": one.size,
                }
                for one in there
            ]
        )
        return DONE
    for one in there:
        tell(f"{one.at.astimezone():%Y-%m-%d %H:%M:%S}  {one.size / 1e6:8.1f} MB  {one.path}")
    if not there:
        tell(_("There is no backup yet in {folder}.").format(folder=folder))
    return DONE


@app.command("verify")
def backup_verify(
    file: Annotated[Path | None, typer.Argument(help="[default: all of the folder]")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """Restore backups to a temporary place and read all of it, log and attendance included."""
    well = True
    with signed_in(Options(data_dir, database_url), Sight.SETTINGS) as admin:
        files = [one.path for one in admin.backups.all()] if file is None else [file]
        for path in files:
            try:
                contents = admin.backups.verify(path.expanduser().absolute())
            except StorageError as error:
                tell(str(error))
                well = False
                continue
            tell(f"{path}: {_described(contents)}")
            well = well and not contents.record.found
    if not files:
        tell(_("There is no backup yet: `kiosk backup now` makes one."))
        return NEGATIVE
    return DONE if well else NEGATIVE


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """Put a backup in the place of the database, which is kept beside it; close the kiosk first.
    On another machine its keys must be there: `key restore`, and the file record.key."""
    from kiosk.restoring import opened_backup

    options = Options(data_dir, database_url)
    with opened_backup(options, file.expanduser().absolute()) as backup:
        if backup.replaces:
            _demand(options)
        tell(_("The backup is whole: {what}").format(what=_described(backup.contents)))
        if backup.replaces and not yes:
            question = _("Put it in the place of {path}?").format(path=backup.path)
            if not confirmed(question):
                return NEGATIVE
        replaced = backup.replace(system_user())
    tell(_("All is back in {path}.").format(path=backup.path))
    if replaced is not None:
        tell(
            _("The database before is kept as {path}, until it is as old as backups get.").format(
                path=replaced
            )
        )
    return DONE


def _demand(options: Options) -> None:
    """That the caller may put another in the place of a database, where it can be asked."""
    try:
        with signed_in(options, Sight.SETTINGS) as admin:
            admin.trail.demand(admin.actor, Action.RESTORE_BACKUP)
    except StorageError:  # it is for those that a backup is
        return


def _described(contents: Contents) -> str:
    what = _("{people}, {photos}, {rows}.").format(
        people=counted("{count} person", "{count} people", contents.people),
        photos=counted("{count} photo", "{count} photos", contents.templates),
        rows=counted("{count} log row", "{count} log rows", contents.events),
    )
    if not contents.record.found:
        return f"{what} " + _("The record stands as it was written.")
    if all(one.what is Altered.OTHER_KEY for one in contents.record.found):
        return f"{what} " + _(
            "Whether its record was altered can't be told: it was sealed with another record.key "
            "than the one here. Copy that file from the machine that the backup is of."
        )
    return f"{what} " + _("Its record was altered: `kiosk log verify` says where.")
