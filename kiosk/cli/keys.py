"""`key`: the key that the database is encrypted with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app import (
    Options,
    key_store,
    restore_key,
    rotate_key,
    same_disk,
)
from kiosk.cli.caller import signed_in
from kiosk.cli.options import DONE, NEGATIVE, AsJson, DatabaseUrl, DataDir, group
from kiosk.cli.output import confirmed, tell, tell_json
from kiosk.domain.audit import Action
from kiosk.domain.errors import BadInput
from kiosk.domain.keys import from_paper, on_paper
from kiosk.domain.language import _, counted
from kiosk.domain.roles import Sight
from kiosk.services.access.keys import OURS, Place

if TYPE_CHECKING:
    from kiosk.services.admin.administration import Administration

app = group("The key that the database is encrypted with.")


@app.command("status")
def key_status(
    data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> int:
    """Where the key lies, and whether a stolen disk would hold it beside the data."""
    store = key_store()
    place, ring = store.place(), store.read()
    options = Options(data_dir, database_url)
    beside = same_disk(options, place)
    if as_json:
        tell_json(
            {
                "place": place.words,
                "keys": len(ring.keys) if ring else 0,
                "same_disk_as_data": beside,
            }
        )
        return DONE
    if ring is None:
        tell(_("There is no key yet: it is made at the kiosk's first start."))
        return NEGATIVE
    tell(_("The key is in {place}.").format(place=place.words))
    if len(ring.keys) > 1:
        older = counted("{count} older key", "{count} older keys", len(ring.keys) - 1)
        tell(_("{older} beside it, for backups from before.").format(older=older))
    if beside:
        tell(
            _(
                "It lies on the same disk as the data: whoever takes the whole disk has both. Move "
                "it to the keyring or the TPM (docs/keys-and-backups.md)."
            )
        )
    return DONE


@app.command("show")
def key_show(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> int:
    """Print the key, for a paper copy in the safe. Whoever sees it can read every backup."""
    with signed_in(Options(data_dir, database_url), Sight.SETTINGS) as admin:
        ring = key_store().read()
        assert ring is not None, "an open database has its key"
        _write_down(admin, Action.SHOW_KEY)
    tell(on_paper(ring.newest))
    return DONE


@app.command("restore")
def key_restore(
    backup: Annotated[
        Path | None, typer.Option("--backup", metavar="FILE", help="The key is that of a backup.")
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """Put a key back from its paper copy, which is typed or piped in; spaces do not matter. It is
    kept once it has opened the database."""
    if sys.stdin.isatty():
        tell(_("Type the 17 groups of the paper copy, then an empty line."))
    lines: list[str] = []
    for line in sys.stdin:
        if not line.strip() and lines:
            break
        lines.append(line)
    options = Options(data_dir, database_url)
    if not restore_key(options, from_paper(" ".join(lines)), backup):
        tell(_("The key is kept. There is no database yet: bring it back with `kiosk restore`."))
        return DONE
    with signed_in(options, Sight.SETTINGS) as admin:
        _write_down(admin, Action.RESTORE_KEY)
    tell(_("The key is back, and opens the database."))
    tell(_("The key is in {place}.").format(place=key_store().place().words))
    return DONE


@app.command("move")
def key_move(
    where: Annotated[
        str, typer.Argument(help="tpm: the machine's; keyring: this user's; or file.")
    ],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """Keep the key sealed by the machine's TPM, in the desktop's keyring, or again in a file."""
    to = next((place for place in OURS if place.value == where), None)
    if to is None:
        raise BadInput(
            _("Say tpm, keyring or file: {text} is none of them.").format(text=repr(where))
        )
    with (
        signed_in(Options(data_dir, database_url), Sight.SETTINGS) as admin,
        admin.trail.act(admin.actor, Action.MOVE_KEY) as note,
    ):
        place = key_store().move(to)
        note.details = place.words
    tell(_("The key is in {place}.").format(place=place.words))
    if to is Place.TPM:
        tell(
            _(
                "Keep a copy on paper (`kiosk key show`): after a change of the firmware, and on "
                "another mainboard, the TPM does not give it."
            )
        )
    return DONE


@app.command("rotate")
def key_rotate(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> int:
    """Encrypt the database anew under a new key; the kiosk must be closed. If it is cut off, the
    next start goes on."""
    question = _("Encrypt everything anew under a new key? The paper copy of the old one is void.")
    if not yes and not confirmed(question):
        return NEGATIVE
    options = Options(data_dir, database_url)
    with signed_in(options, Sight.SETTINGS) as admin:
        admin.trail.demand(admin.actor, Action.ROTATE_KEY)
    rotate_key(options)
    with signed_in(options, Sight.SETTINGS) as admin:
        _write_down(admin, Action.ROTATE_KEY)
    tell(
        _(
            "All is under a new key. Print it for the safe (`kiosk key show`) and make a backup: "
            "older ones are under the old key, which is kept for them."
        )
    )
    return DONE


def _write_down(admin: Administration, action: Action) -> None:
    """What was done to the key, which is in no database."""
    with admin.trail.act(admin.actor, action):
        pass
