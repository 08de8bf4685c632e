"""A data folder's database as one object."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import URL

from kiosk.domain.attendance import ClockEvent, Direction, Doubt, Evidence
from kiosk.domain.backups import Contents
from kiosk.domain.chain import ChainReport, Head
from kiosk.domain.decision import Decision, Mode
from kiosk.domain.errors import BadInput
from kiosk.domain.keys import KeyRing
from kiosk.domain.language import _
from kiosk.domain.records import StorageReport
from kiosk.storage import cipher, health, schema
from kiosk.storage.audit import SqlAudit
from kiosk.storage.backup import back_up, forget_copies, restored, scratch
from kiosk.storage.chain import Seal, head, verify
from kiosk.storage.clock_events import SqlClockEvents, clock
from kiosk.storage.consents import SqlConsents
from kiosk.storage.events import SqlEvents, log
from kiosk.storage.extract import extract
from kiosk.storage.failures import translate_errors
from kiosk.storage.hours import SqlHours
from kiosk.storage.people import SqlPeople
from kiosk.storage.retention import SqlRetention
from kiosk.storage.roles import SqlRoles
from kiosk.storage.sealing import settle
from kiosk.storage.session import Database, database_file
from kiosk.storage.settings import SqlSettings


def _utc_now() -> datetime:
    return datetime.now(UTC)


def file_url(path: Path) -> str:
    """The address of a database that is a file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def address_in(data_dir: Path) -> str:
    """The address of a data folder's own database.

    Raises:
        BadInput: the folder names the home of somebody who is not here.
    """
    return file_url(_absolute(data_dir) / "kiosk.db")


def database_url(data_dir: Path) -> str:
    """As ``address_in``; makes the folder, for its owner only.

    Raises:
        StorageError: the folder can't be made.
    """
    folder = _absolute(data_dir)
    with translate_errors(str(folder)):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return address_in(folder)


def _absolute(data_dir: Path) -> Path:
    try:
        return data_dir.expanduser().absolute()
    except RuntimeError:
        raise BadInput(
            _("{path} begins with the home of somebody who is not on this machine.").format(
                path=data_dir
            )
        ) from None


def demand_there(url: str) -> None:
    """That a database that is a file is there; of a server's the first look tells.

    Raises:
        StorageError: it is not, or empty.
    """
    path = database_file(url)
    if path is None:
        return
    with translate_errors(str(path)):
        if not path.exists() or not path.stat().st_size:
            raise schema.gone(str(path))


def open_storage(
    url: str,
    now: Callable[[], datetime] = _utc_now,
    seal: Seal | None = None,
    ring: KeyRing | None = None,
    *,
    may_make: bool = True,
) -> SqlStorage:
    """Open a database by its SQLAlchemy URL: made where it is missing (and ``may_make``), migrated
    (after a backup copy beside it, for SQLite) where it is older. ``now`` gives the time in UTC;
    ``seal`` is what its record is chained with (None: without a key). ``ring`` has the keys of the
    file, which is encrypted with the newest; a plain one is, once (None: it stays plain).

    Raises:
        BadInput: the URL is none, or its driver is not installed.
        StorageError: the database can't be opened, is damaged, or of a newer version; or it is
            not there and none may be made.
    """
    if not may_make:
        demand_there(url)
    path = database_file(url)
    key = settle(path, ring) if path and ring and cipher.AVAILABLE else None
    database = Database(url, seal=seal, key=key)
    try:
        schema.prepare(database, now, may_make=may_make)
    except BaseException:
        database.close()
        raise
    return SqlStorage(database, now, ring)


class SqlStorage:
    """The ``Storage`` port over any database that SQLAlchemy speaks to."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime] = _utc_now,
        ring: KeyRing | None = None,
    ) -> None:
        self.database = database
        self._ring = ring
        self._now = now
        self.people = SqlPeople(database, now)
        self.events = SqlEvents(database)
        self.clock_events = SqlClockEvents(database)
        self.hours = SqlHours(database)
        self.audit = SqlAudit(database)
        self.consents = SqlConsents(database)
        self.retention = SqlRetention(database)
        self.roles = SqlRoles(database)
        self.settings = SqlSettings(database)

    @property
    def file(self) -> Path | None:
        """The database's file, where it is one."""
        return self.database.path

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self.database.write():
            yield

    def decide(
        self, decision: Decision, direction: Direction | None, doubt: Doubt | None = None
    ) -> tuple[Decision, ClockEvent | None]:
        with self.database.write() as connection:
            logged = log(connection, decision)
            if direction is None:
                return logged, None
            if logged.person_id is None:
                raise BadInput(
                    _("{outcome} names nobody: there is no one to clock in.").format(
                        outcome=decision.outcome
                    )
                )
            event = ClockEvent(
                0,
                logged.person_id,
                direction,
                logged.at,
                event_id=logged.event_id,
                utc_offset_minutes=logged.utc_offset_minutes,
                clock_suspect=logged.clock_suspect,
                evidence=_evidence(logged),
                doubt=doubt,
                far=logged.far,
                liveness=logged.liveness and logged.liveness.value,
                kiosk=logged.camera or "",
            )
            return logged, clock(connection, event)

    def check(self) -> StorageReport:
        return health.report(self.database)

    def check_chain(self, *known: Head | None) -> ChainReport:
        with self.database.read() as connection:
            return verify(connection, *known)

    def chain_head(self) -> Head | None:
        with self.database.read() as connection:
            return head(connection)

    def chain_holds(self, one: Head) -> bool:
        return self.database.holds(one)

    def back_up(self, target: Path) -> Contents:
        return back_up(self.database, target, self._ring, self._now)

    def check_backup(self, path: Path) -> Contents:
        with (
            scratch(self.file) as folder,
            restored(path, folder, self._ring, self.database.seal, self._now) as found,
        ):
            return found.contents

    def forget_copies(self, before: datetime) -> int:
        return forget_copies(self.file, before) if self.file is not None else 0

    def extract(self, target: Path) -> int:
        return extract(self.database, target)

    def close(self) -> None:
        self.database.close()


def _evidence(decision: Decision) -> Evidence:
    if decision.mode is Mode.PIN:
        return Evidence.PIN
    return Evidence.RECORDING if decision.recording else Evidence.FACE
