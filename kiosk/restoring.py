"""A backup in the place of the database, on this machine or another one that has its key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kiosk.app import (
    Options,
    database_address,
    key_store,
    make_data_folder,
    record_heads,
    record_key,
)
from kiosk.domain.audit import Actor
from kiosk.domain.backups import Contents
from kiosk.domain.errors import BadInput, StorageError
from kiosk.domain.keys import KeyRing
from kiosk.domain.language import _
from kiosk.services.access.keys import missing
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.storage import (
    Restored,
    database_file,
    database_url,
    is_encrypted,
    open_storage,
    restored,
    scratch,
)
from kiosk.storage.chain import Seal


@dataclass(frozen=True, slots=True)
class Waiting:
    """A backup that came back whole, and ``path``, where the database is or will be."""

    path: Path
    replaces: bool
    _source: Path
    _restored: Restored
    _ring: KeyRing
    _seal: Seal
    _options: Options

    @property
    def contents(self) -> Contents:
        return self._restored.contents

    def replace(self, actor: Actor) -> Path | None:
        """Put it in the place of the database, with who did it as its newest entry. The database
        before is kept beside it, under the name that is returned (None: there was none). What is
        kept as the record's newest entry is set to this one, whose row says what it was before.

        Raises:
            BadInput: the database is in use.
            StorageError: it can't be written, and all is as it was; or it is in place, and what is
            kept as the newest entry can't be set, which the sentence says.
        """
        heads = record_heads(self._options)
        address = database_url(self._restored.path.parent)
        storage = open_storage(address, seal=self._seal, ring=self._ring)
        try:
            admin = Administration.of(storage, Pins(storage))
            admin.backups.note_restored(actor, str(self._source), heads.known())
            newest = storage.chain_head()
        finally:
            storage.close()
        kept = self._restored.put_in_place_of(self.path, self._ring, datetime.now(UTC))
        try:
            if newest is not None:
                heads.set_anew(newest)
        except StorageError as error:
            raise StorageError(f"{self._done(kept)} {error}") from None
        return kept

    def _done(self, kept: Path | None) -> str:
        if kept is None:
            return _("All is back in {path}.").format(path=self.path)
        return _("All is back in {path}, and the database before is kept as {kept}.").format(
            path=self.path, kept=kept
        )


@contextmanager
def opened_backup(options: Options, source: Path) -> Iterator[Waiting]:
    """Restore a backup to a temporary place, from which it may take the place of the database.

    Raises:
        BadInput: the database is a server's, or the backup is no file.
        StorageError: no key at hand opens the backup, or it is not whole.
    """
    path = database_file(database_address(options))
    if path is None:
        raise BadInput(
            _(
                "A database on a server is brought back by the server's own means, such as "
                "pg_restore --clean --if-exists --dbname=kiosk kiosk.dump; then say "
                "`kiosk log accept`."
            )
        )
    if not source.is_file():
        raise BadInput(_("{path} is no file: name the backup.").format(path=source))
    seal = Seal(record_key().read())
    ring = _ring_for(source)
    make_data_folder(options)
    with (
        scratch(path) as folder,
        restored(source, folder, ring, seal, lambda: datetime.now(UTC)) as found,
    ):
        replaces = path.exists() and path.stat().st_size > 0
        yield Waiting(path, replaces, source, found, ring, seal, options)


def _ring_for(source: Path) -> KeyRing:
    store = key_store()
    ring = store.read()
    if ring is None and is_encrypted(source):
        raise missing(str(source), store)
    return ring or store.make()
