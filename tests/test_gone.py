"""A database that is not where it was: no empty one takes its place by itself, and whoever takes it
away does not become the kiosk's owner."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from kiosk.app import Options, opened_administration, opened_storage, record_heads
from kiosk.cli.program import execute
from kiosk.domain.audit import ADMINISTRATOR, PROGRAM, Action, Actor, AuditEntry
from kiosk.domain.chain import Head
from kiosk.domain.errors import StorageError
from kiosk.services.access import keys, record_key
from kiosk.services.access.pins import Pins, utc_now
from kiosk.storage import file_url
from tests.contracts.test_storage import SERVER, on_server

Capture = pytest.CaptureFixture[str]
GONE = "is not there. Is its disk mounted, and its address right?"
ANOTHER = "is not the one that was there: entry 2 of its record is missing"


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder of its own."""
    folder = tmp_path / "config"
    folder.mkdir()
    for variable, name in ((keys.KEY_FILE, "database.key"), (record_key.KEY_FILE, "record.key")):
        monkeypatch.setenv(variable, str(shutil.copy(os.environ[variable], folder / name)))
    return folder


def act(options: Options, actor: Actor = ADMINISTRATOR) -> None:
    with opened_storage(options) as storage:
        storage.audit.append(AuditEntry(utc_now(), actor, Action.EXPORT))


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(data_dir=tmp_path / "disk" / "data")


@pytest.fixture
def kiosk(options: Options) -> Options:
    """One with a PIN, two entries, and a head that is kept."""
    with opened_administration(options) as admin:
        admin.settings.set_admin_pin(ADMINISTRATOR, "258014")
    act(options)
    return options


def file(options: Options) -> Path:
    assert options.data_dir is not None
    return options.data_dir / "kiosk.db"


def known(options: Options) -> Head:
    found = record_heads(options).known()
    assert found is not None
    return found


def run(options: Options, *words: str) -> int:
    return execute([*words, "--data-dir", str(options.data_dir)])


def disk_away(options: Options) -> None:
    assert options.data_dir is not None
    shutil.rmtree(options.data_dir.parent)


def file_away(options: Options) -> None:
    for left in file(options).parent.glob("kiosk.db*"):
        left.unlink()


def empty_file(options: Options) -> None:
    file_away(options)
    file(options).touch()


def without_tables(options: Options) -> None:
    file_away(options)
    with closing(sqlite3.connect(file(options))) as connection:
        connection.execute("PRAGMA user_version = 1")


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("take", [disk_away, file_away, empty_file])
def test_none_is_made_where_one_was(
    kiosk: Options,
    machine: Path,
    tmp_path: Path,
    take: Callable[[Options], None],
    capsys: Capture,
) -> None:
    take(kiosk)
    (machine / "database.key").unlink()
    before, folders = contents(tmp_path), sorted(tmp_path.rglob("*"))

    with pytest.raises(StorageError, match=f"{file(kiosk)} is not there"), opened_storage(kiosk):
        pass
    for words in (("people", "list"), ("doctor",), ("reset-pin", "--yes"), ("log", "verify")):
        assert run(kiosk, *words) == 2
        told = capsys.readouterr().err
        assert GONE in told
        assert "`kiosk restore`" in told
        assert "`kiosk log accept --new`" in told

    assert contents(tmp_path) == before
    assert sorted(tmp_path.rglob("*")) == folders, "not even a folder or a key"


def test_nor_are_tables_in_a_file_without(kiosk: Options) -> None:
    without_tables(kiosk)
    for _ in range(2):
        with pytest.raises(StorageError, match="Is its disk mounted"), opened_storage(kiosk):
            pass


@pytest.mark.parametrize("entries", [0, 1, 5])
def test_another_one_that_nobody_owns_is_not_taken_for_it(
    kiosk: Options, tmp_path: Path, entries: int, capsys: Capture
) -> None:
    other = Options(data_dir=tmp_path / "other")
    with opened_storage(other):
        pass
    for _ in range(entries):
        act(other, PROGRAM)
    file_away(kiosk)
    shutil.copy(file(other), file(kiosk))
    head = known(kiosk)

    for words in (("people", "list"), ("reset-pin", "--yes")):
        assert run(kiosk, *words) == 2
        told = capsys.readouterr().err
        assert ANOTHER in told
        assert "`kiosk log accept`." in told
    assert known(kiosk) == head

    assert run(kiosk, "log", "accept") == 0
    with opened_storage(kiosk) as storage:
        (row,) = storage.audit.newest(1)
        assert f"no. 2:{head.link[:16]}" in row.details


def test_an_older_copy_with_a_pin_goes_on_and_is_told(kiosk: Options, tmp_path: Path) -> None:
    shutil.copy(file(kiosk), tmp_path / "older.db")
    act(kiosk)
    file_away(kiosk)
    shutil.move(tmp_path / "older.db", file(kiosk))
    with opened_storage(kiosk) as storage:
        assert storage.check_chain(known(kiosk)).found


def test_once_it_is_back_all_goes_on(kiosk: Options) -> None:
    away = file(kiosk).parent.with_name("away")
    file(kiosk).parent.rename(away)
    assert run(kiosk, "people", "list") == 2
    away.rename(file(kiosk).parent)
    act(kiosk)
    assert known(kiosk).seq == 3


def test_a_backup_takes_its_place(kiosk: Options, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    assert run(kiosk, "backup", "now", str(backup)) == 0
    before = known(kiosk)
    disk_away(kiosk)

    assert run(kiosk, "restore", str(backup), "--yes") == 0

    assert run(kiosk, "log", "verify") == 0
    with opened_storage(kiosk) as storage:
        assert Pins(storage).admin_set
        (row,) = storage.audit.newest(1)
    assert f"no. {before.seq}:{before.link[:16]}" in row.details


def test_a_new_beginning_is_said_on_the_command_line_and_stands_in_the_record(
    kiosk: Options, capsys: Capture
) -> None:
    before = known(kiosk)
    assert run(kiosk, "log", "accept", "--new") == 2
    assert "nothing to accept" in capsys.readouterr().err
    disk_away(kiosk)

    assert run(kiosk, "log", "accept") == 2
    assert GONE in capsys.readouterr().err
    assert not file(kiosk).exists(), "it is not meant by that"
    assert run(kiosk, "log", "accept", "--new") == 0
    told = capsys.readouterr().out
    assert "Entry no. 2 was written before" in told
    assert "chooses one: be there" in told

    assert run(kiosk, "log", "verify") == 0
    with opened_storage(kiosk) as storage:
        (row,) = storage.audit.newest()
        assert not Pins(storage, known_head=lambda: known(kiosk)).admin_set, "as at a first start"
    assert row.action is Action.RESTORE_BACKUP
    assert row.actor.name
    assert f"no. 2:{before.link[:16]}" in row.details
    assert known(kiosk).seq == 1
    assert run(kiosk, "log", "accept", "--new") == 2, "once"


def test_a_new_beginning_that_was_cut_off_goes_on(kiosk: Options) -> None:
    """After the tables were made, and before its row was written."""
    file_away(kiosk)
    with opened_storage(kiosk, new=True, another=True):
        pass
    assert run(kiosk, "people", "list") == 2
    assert run(kiosk, "log", "accept") == 0
    assert run(kiosk, "people", "list") == 0


def test_a_first_start_and_other_databases_begin_as_ever(
    kiosk: Options, tmp_path: Path, capsys: Capture
) -> None:
    file_away(kiosk)
    assert run(Options(data_dir=tmp_path / "second"), "people", "list") == 0
    with opened_storage(Options(data_dir=file(kiosk).parent, demo=True)):
        pass
    assert run(Options(data_dir=tmp_path / "third"), "log", "accept", "--new") == 2
    assert "No record was kept" in capsys.readouterr().err
    assert not (tmp_path / "third").exists()
    for _ in range(2):  # whose record ends with the program
        act(Options(data_dir=tmp_path, database_url="sqlite://"))


def test_an_address_means_a_file_from_wherever_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        act(Options(data_dir=tmp_path, database_url="sqlite:///kiosk.db"))
    heads = [record_heads(Options(data_dir=tmp_path / name)).known() for name in ("one", "two")]
    assert all(heads)
    (tmp_path / "two" / "kiosk.db").unlink()
    for address in ("sqlite:///kiosk.db", file_url(tmp_path / "two" / "kiosk.db")):
        with (
            pytest.raises(StorageError, match="Is its disk mounted"),
            opened_storage(Options(data_dir=tmp_path, database_url=address)),
        ):
            pass


@dataclass
class Server:
    """A schema of a server's, and what empties it."""

    options: Options

    def empty(self) -> None:
        address = self.options.database_url
        assert address is not None
        schema = address.partition("search_path%3D")[2]
        engine = create_engine(SERVER)
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        engine.dispose()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    if not SERVER:
        pytest.skip("no PostgreSQL is named")
    for url in on_server():
        yield Server(Options(data_dir=tmp_path / "data", database_url=url))


def test_a_schema_that_was_emptied_is_the_same_case(server: Server, capsys: Capture) -> None:
    act(server.options)
    before = known(server.options)
    server.empty()
    with pytest.raises(StorageError, match="Is its disk mounted"), opened_storage(server.options):
        pass
    words = ["--database-url", str(server.options.database_url)]
    assert execute(["log", "accept", *words]) == 2
    assert execute(["log", "accept", "--new", *words]) == 0
    with opened_storage(server.options) as storage:
        (row,) = storage.audit.newest()
    assert f"no. 1:{before.link[:16]}" in row.details
