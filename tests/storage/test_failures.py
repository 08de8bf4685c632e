"""What is told when the database fails, and that nothing is half done."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from kiosk.domain.attendance import Direction
from kiosk.domain.decision import Decision
from kiosk.domain.errors import BadInput, StorageError
from kiosk.domain.records import EventFilter
from kiosk.storage import SqlStorage, database_url, open_storage
from kiosk.storage.failures import translate_errors

ALL = EventFilter()


def test_locked(storage: SqlStorage, path: Path, allow: Decision) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match=r"kiosk\.db is locked .* then try again"):
            storage.decide(allow, Direction.IN)
        # The log can be read all the same.
        assert storage.events.count(ALL) == 0
        other.execute("ROLLBACK")
    assert storage.decide(allow, Direction.IN)[0].event_id == 1


def test_locked_at_the_start(url: str, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="locked"):
            open_storage(url)


def test_read_only(storage: SqlStorage, path: Path, allow: Decision) -> None:
    storage.events.append(allow)
    read_only = open_storage(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(StorageError, match="can't be written: it is read-only"):
        read_only.decide(allow, None)
    assert read_only.events.count(ALL) == 1
    assert read_only.check().events == 1
    assert "can't be written: it is read-only" in read_only.check().unwritable
    assert storage.check().unwritable == ""
    read_only.close()


def test_read_only_and_empty(url: str, path: Path) -> None:
    sqlite3.connect(path).close()
    path.touch()
    with pytest.raises(StorageError, match="read-only"):
        open_storage(f"sqlite:///file:{path}?mode=ro&uri=true")


@pytest.mark.parametrize("content", [b"not a database, far from it" * 100, b"\x89PNG\r\n"])
def test_another_kind_of_file(url: str, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(
        StorageError, match=r"is damaged or no database .* backup .* `kiosk restore`"
    ):
        open_storage(url)
    assert path.read_bytes() == content


def test_truncated(url: str, path: Path, storage: SqlStorage, allow: Decision) -> None:
    for _ in range(300):
        storage.events.append(allow)
    storage.close()
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    with pytest.raises(StorageError, match="damaged"):
        open_storage(url)


def test_damaged_in_the_middle(url: str, path: Path, storage: SqlStorage, allow: Decision) -> None:
    for _ in range(300):
        storage.events.append(allow)
    storage.close()
    content = bytearray(path.read_bytes())
    # Past the schema, in the rows.
    content[-64_000:] = b"\xa5" * 64_000
    path.write_bytes(content)

    opened = open_storage(url)
    with pytest.raises(StorageError, match="damaged"):
        opened.events.query(ALL, limit=1000)
    with pytest.raises(StorageError, match="damaged"):
        opened.check()
    opened.close()


def test_a_loose_end_is_a_problem(storage: SqlStorage, path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute(
            "INSERT INTO clock_events (person_id, direction, at, note, event_id)"
            " VALUES (1, 'in', '2026-03-02 12:00:00.000000', '', 77)"
        )
        other.commit()
    assert storage.check().problems == ("1 rows name a row that is gone",)


def test_disk_full_while_logging(storage: SqlStorage, allow: Decision) -> None:
    first, _ = storage.decide(allow, Direction.IN)

    # The real thing: SQLite refuses to grow the file, as on a disk without room.
    @event.listens_for(storage.database.engine, "checkout")
    def _no_room(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    def visit_until_it_fails() -> None:
        for _ in range(1000):
            storage.decide(allow, Direction.OUT)

    with pytest.raises(StorageError, match=r"the disk is full\. Free some space"):
        visit_until_it_fails()

    logged = storage.events.count(ALL)
    rows = storage.events.query(ALL, limit=1000)
    clocked = storage.clock_events.between(allow.at, allow.at.replace(hour=13))
    assert len(rows) == len(clocked) == logged < 1001
    assert rows[-1] == first

    event.remove(storage.database.engine, "checkout", _no_room)
    storage.database.engine.dispose()
    storage.decide(allow, Direction.OUT)
    assert storage.events.count(ALL) == logged + 1


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"No such file or directory. Check that its folder"):
        open_storage(f"sqlite:///{tmp_path}/missing/kiosk.db")


def test_a_folder_in_the_files_place(tmp_path: Path) -> None:
    (tmp_path / "kiosk.db").mkdir()
    with pytest.raises(StorageError, match="can't be opened"):
        open_storage(f"sqlite:///{tmp_path}/kiosk.db")


def test_a_file_in_the_folders_place(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(StorageError, match="data can't be reached"):
        database_url(tmp_path / "data")


def test_a_damaged_template(storage: SqlStorage, path: Path) -> None:
    person = storage.people.add("Ada")
    storage.people.add_template(person.id, [0.6, 0.8], "net", 0.5, "camera")  # type: ignore[arg-type]
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE templates SET vector = substr(vector, 1, 5)")
        other.commit()
    with pytest.raises(StorageError, match=r"Photo no\. 1 .* is damaged: 1 numbers instead of 2"):
        storage.people.templates("net")


def test_a_damaged_setting(storage: SqlStorage, path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("INSERT INTO settings VALUES ('admin_pin_hash', '{')")
        other.commit()
    with pytest.raises(StorageError, match=r"setting .* is damaged"):
        storage.settings.load()


def test_a_setting_damaged_so_that_it_never_ends(storage: SqlStorage, path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("INSERT INTO settings VALUES ('far', ?)", ("[" * 100_000,))
        other.commit()
    with pytest.raises(StorageError, match=r"setting .* is damaged"):
        storage.settings.load()


@pytest.mark.parametrize("value", ["''", "'2026-02-30 00:00:00.000000'", "x'00'", "7"])
def test_a_damaged_moment(storage: SqlStorage, path: Path, value: str) -> None:
    storage.people.add("Ada")
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"UPDATE people SET created_at = {value}")
        other.commit()
    with pytest.raises(StorageError, match=r"is damaged: .* where a time should stand"):
        storage.people.find()


@pytest.mark.parametrize("url", ["", "kiosk.db", "not a url"])
def test_no_address(url: str) -> None:
    with pytest.raises(BadInput, match=r"is no database address\. Expected one such as"):
        open_storage(url)


@pytest.mark.parametrize("url", ["nonesuch://host/name", "mssql+pymssql://host/name"])
def test_no_driver(url: str) -> None:
    with pytest.raises(BadInput, match="driver that is not installed"):
        open_storage(url)


def test_a_servers_own_words_are_passed_on_without_the_password_or_the_values() -> None:
    said = Exception("duplicate key.\nDETAIL: Key (name)=(Ada) already exists.")
    with (
        pytest.raises(StorageError, match=r"//host/k does not .*: duplicate key\. Check") as told,
        translate_errors("postgresql://host/k"),
    ):
        raise OperationalError("SELECT secret", {"name": "Ada"}, said)
    assert "Ada" not in str(told.value)
    assert "SELECT" not in str(told.value)


def test_our_own_bugs_keep_their_name() -> None:
    with pytest.raises(ZeroDivisionError), translate_errors("kiosk.db"):
        _ = 1 / 0
