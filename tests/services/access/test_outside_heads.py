"""The record's newest entry, told outside: what is written where, and how an older copy of all that
the kiosk has is found."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.audit import ADMINISTRATOR, Action, AuditEntry
from kiosk.domain.chain import Alteration, Altered, Head, heads_in
from kiosk.domain.errors import BadInput
from kiosk.domain.settings import Settings
from kiosk.services.access.outside_heads import (
    OutsideHeads,
    check_outside,
    file_of,
    read_heads,
    told_outside,
)
from kiosk.services.access.record_key import KEY_FILE, RecordKey
from kiosk.storage import SqlStorage, database_url, open_storage
from kiosk.storage.chain import Seal

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
ADDRESS = "sqlite:////kiosk.db"
LINK = "0f" * 32


class Told:
    """What tells, with a record and a clock that a test moves."""

    def __init__(self, settings: Settings, syslog: Path = Path("/nowhere")) -> None:
        self.head: Head | None = Head(1, LINK)
        self.now = MONDAY
        self.settings = settings
        self.outside = OutsideHeads(
            ADDRESS, lambda: self.head, lambda: self.settings, lambda: self.now, syslog
        )


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def lines(stick: Path) -> list[str]:
    return file_of(str(stick), ADDRESS).read_text().splitlines()


def test_a_line_a_day_and_where_the_kiosk_stops(stick: Path) -> None:
    told = Told(Settings(head_folder=str(stick)))
    assert told.outside.tell() == (str(file_of(str(stick), ADDRESS)),)
    told.head, told.now = Head(2, LINK), MONDAY + timedelta(hours=3)
    assert told.outside.tell() == ()
    told.now += timedelta(days=1)
    told.outside.tell()
    told.outside.tell(again=True)  # nothing came since
    told.head = Head(3, LINK)
    told.outside.tell(again=True)

    assert lines(stick) == [
        f"2026-03-02T12:00Z 1:{LINK}",
        f"2026-03-03T15:00Z 2:{LINK}",
        f"2026-03-03T15:00Z 3:{LINK}",
    ]
    assert [head.seq for head in told_outside(told.settings, ADDRESS)] == [1, 2, 3]


def test_its_thread_tells_at_once_and_at_the_end(stick: Path) -> None:
    told = Told(Settings(head_folder=str(stick)))
    told.outside.start()
    told.outside.stop()
    assert [line.split()[1] for line in lines(stick)] == [f"1:{LINK}"]


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    told = Told(Settings())
    assert told.outside.tell(again=True) == ()
    assert told_outside(told.settings, ADDRESS) == ()
    (found,) = check_outside(told.settings, ADDRESS)
    assert found.ok
    assert found.advice
    assert "told nowhere outside" in found.text


def test_a_stick_that_is_not_there_is_told_once_and_to_the_doctor(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "stick"
    told = Told(Settings(head_folder=str(folder)))
    for _ in range(3):
        assert told.outside.tell() == ()
    assert len(caplog.records) == 1
    assert "is the stick plugged in" in told.outside.problem
    assert not folder.exists()
    (found,) = check_outside(told.settings, ADDRESS)
    assert not found.ok
    folder.mkdir()
    told.outside.tell()
    assert told.outside.problem == ""
    (found,) = check_outside(told.settings, ADDRESS)
    assert "the newest is no. 1" in found.text


def test_the_system_s_log_hears_it_once_a_day(tmp_path: Path) -> None:
    place = tmp_path / "log"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(place))
        told = Told(Settings(head_syslog=True), place)
        assert told.outside.tell() == ("the system's log",)
        assert told.outside.tell() == ()
        heard = listening.recv(1000).decode()
    assert heard.startswith(f"<38>kiosk: record 2026-03-02T12:00Z 1:{LINK}")


def test_without_a_system_log_it_says_so(tmp_path: Path) -> None:
    told = Told(Settings(head_syslog=True), tmp_path / "log")
    told.outside.tell()
    assert "there is no system log" in told.outside.problem


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        (f"7:{LINK}", [Head(7, LINK)]),
        (f"2026-03-02T12:00Z 7:{LINK}".upper(), [Head(7, LINK)]),
        (f'{{"seq": 7, "link": "{LINK}"}}', [Head(7, LINK)]),
        (f"7:{LINK[:16]}\n\n a note\n8:{LINK}", [Head(7, LINK[:16]), Head(8, LINK)]),
    ],
)
def test_what_was_written_scanned_or_kept_is_read(text: str, heads: list[Head]) -> None:
    assert list(heads_in(text)) == heads


@pytest.mark.parametrize("text", ["", "7", f"7:{LINK[:15]}", f"7:{LINK}0", "12:30"])
def test_what_names_no_entry_is_said(text: str) -> None:
    with pytest.raises(BadInput, match="should name an entry"):
        heads_in(text)


def test_a_file_that_can_not_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be read"):
        read_heads(tmp_path)


class Machine:
    """A disk with database, key and heads, and a folder elsewhere."""

    def __init__(self, disk: Path, stick: Path) -> None:
        self.disk = disk
        self.key = RecordKey(disk / "config")
        self.address = database_url(disk / "data")
        self.settings = Settings(head_folder=str(stick))
        self.rows = 0

    def opened(self) -> SqlStorage:
        seal = Seal(self.key.read(), self.key.heads(self.address).tell)
        return open_storage(self.address, lambda: MONDAY, seal)

    def work(self, rows: int) -> None:
        storage = self.opened()
        for _ in range(rows):
            self.rows += 1  # no row is like another
            entry = AuditEntry(MONDAY, ADMINISTRATOR, Action.EXPORT, str(self.rows))
            storage.audit.append(entry)
        OutsideHeads(self.address, storage.chain_head, lambda: self.settings).tell(again=True)
        storage.close()

    def found(self, heads: Callable[[Machine], tuple[Head | None, ...]]) -> list[Altered]:
        storage = self.opened()
        report = storage.check_chain(*heads(self))
        storage.close()
        return [one.what for one in report.found]


def inside(machine: Machine) -> tuple[Head | None, ...]:
    return (machine.key.heads(machine.address).known(),)


def outside(machine: Machine) -> tuple[Head | None, ...]:
    return told_outside(machine.settings, machine.address)


def test_a_disk_put_back_as_a_whole_is_found_by_what_was_told_elsewhere(
    tmp_path: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Database, key and heads are all of the older day: nothing on the disk can tell."""
    monkeypatch.delenv(KEY_FILE, raising=False)
    machine = Machine(tmp_path / "disk", stick)
    machine.work(5)
    shutil.copytree(machine.disk, tmp_path / "yesterday")
    machine.work(5)
    assert machine.found(inside) == machine.found(outside) == []

    shutil.rmtree(machine.disk)
    shutil.move(tmp_path / "yesterday", machine.disk)
    assert machine.found(inside) == []
    assert machine.found(outside) == [Altered.CUT]

    machine.work(20)  # as many rows again, and more: it stays found
    assert machine.found(inside) == []
    assert machine.found(outside) == [Altered.CUT]


def test_each_missing_entry_is_named(tmp_path: Path, stick: Path) -> None:
    machine = Machine(tmp_path / "disk", stick)
    machine.work(3)
    storage = machine.opened()
    report = storage.check_chain(Head(2, LINK), Head(9, LINK), storage.chain_head(), None)
    storage.close()
    assert report.found == (Alteration(Altered.CUT, 2), Alteration(Altered.CUT, 9))
