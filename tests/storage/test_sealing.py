"""A file is brought under its key, whatever happens meanwhile."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.errors import StorageError
from kiosk.domain.keys import KeyRing
from kiosk.storage import SqlStorage, cipher, is_alone, is_encrypted, open_storage, settle
from kiosk.storage.sealing import PARTIAL, REPLACED
from tests.killed import run_killed

OLD, NEW, OTHER = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
NAME = "Ada Lovelace"

pytestmark = pytest.mark.skipif(not cipher.AVAILABLE, reason="no SQLCipher for this machine")


def filled(url: str, *keys: bytes) -> None:
    storage = open_storage(url, ring=KeyRing(keys, "a test") if keys else None)
    storage.people.add(NAME)
    storage.close()


def names(url: str, *keys: bytes) -> list[str]:
    storage = open_storage(url, ring=KeyRing(keys, "a test"))
    try:
        return [person.name for person in storage.people.find()]
    finally:
        storage.close()


def everything(path: Path) -> bytes:
    return b"".join(one.read_bytes() for one in path.parent.iterdir() if one.is_file())


def test_what_is_written_with_a_key_is_not_read_without(url: str, path: Path) -> None:
    storage = open_storage(url, ring=KeyRing((NEW,), "a test"))
    storage.people.add(NAME)
    assert NAME.encode() not in everything(path), "nor in the write-ahead log"
    assert storage.check().encrypted
    assert [person.name for person in storage.people.find("love")] == [NAME]
    storage.close()
    assert is_encrypted(path)
    with (
        closing(sqlite3.connect(path)) as plain,
        pytest.raises(sqlite3.DatabaseError, match="not a database"),
    ):
        plain.execute("SELECT * FROM people")


def test_a_plain_database_is_encrypted_once(url: str, path: Path) -> None:
    filled(url)
    assert NAME.encode() in everything(path)
    old = path.stat().st_ino
    assert names(url, NEW) == [NAME]
    assert NAME.encode() not in everything(path)
    made = path.stat()
    assert made.st_ino != old
    assert made.st_mode & 0o077 == 0
    assert sorted(one.name for one in path.parent.iterdir()) == [path.name]
    assert names(url, NEW) == [NAME]
    assert path.stat().st_ino == made.st_ino, "it is done"


def test_the_old_bytes_are_overwritten(url: str, path: Path, tmp_path: Path) -> None:
    filled(url)
    with path.open("rb") as held:  # as a disk holds them
        settle(path, KeyRing((NEW,), "a test"))
        assert set(held.read()) == {0}


def dumped(connection: Any) -> dict[str, list[Any]]:
    found = {
        "sqlite_master": sorted(
            connection.execute("SELECT type, name, sql FROM sqlite_master"), key=str
        )
    }
    for kind, name, _ in list(found["sqlite_master"]):
        if kind == "table":
            found[name] = connection.execute(f"SELECT * FROM {name}").fetchall()
    return found


def test_rows_and_numbers_are_the_same_under_another_key(url: str, path: Path) -> None:
    filled(url, OLD)
    with closing(cipher.connect(path, OLD)) as before:
        dump = dumped(before)
    assert names(url, NEW, OLD) == [NAME]
    with closing(cipher.connect(path, NEW)) as after:
        assert dumped(after) == dump
    assert ("people", 1) in dump["sqlite_sequence"]
    assert any(kind == "index" for kind, *_ in dump["sqlite_master"])


def test_a_wrong_key_is_a_sentence(url: str, path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    filled(url, OLD)
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"can't be opened with the key in a test.*key restore"):
        names(url, OTHER)
    assert path.read_bytes() == before
    assert capfd.readouterr() == ("", ""), "SQLCipher says nothing of its own"


def test_a_database_in_use_is_left_as_it_is(url: str, path: Path) -> None:
    filled(url)
    ring = KeyRing((NEW,), "a test")
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
        "print(c.execute('SELECT count(*) FROM people').fetchone()[0], flush=True); input();"
        "c.execute('SELECT * FROM people').fetchall()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline().strip() == b"1"
        assert not is_alone(path, ring)
        storage = open_storage(url, ring=ring)
        assert [person.name for person in storage.people.find()] == [NAME]
        assert not storage.check().encrypted
        storage.close()
        other.stdin.write(b"\n")
        other.stdin.close()
        assert other.wait() == 0
    assert is_alone(path, ring)
    assert names(url, NEW) == [NAME]
    assert is_encrypted(path)


# After each the database is opened as at a start.
KILLED = """
import sys
from pathlib import Path
from kiosk.domain.keys import KeyRing
from kiosk.storage import cipher, is_encrypted, settle
from tests.killed import at_each_step
path, name = Path(sys.argv[1]), sys.argv[2]
ring = KeyRing(tuple(bytes.fromhex(key) for key in sys.argv[3:]), "a test")
def check(kills, done):
    assert settle(path, ring) == ring.newest
    opened = cipher.connect(path, ring.newest)
    assert opened.execute("SELECT name FROM people").fetchall() == [(name,)], kills
    opened.close()
    assert is_encrypted(path) and name.encode() not in path.read_bytes()
    assert list(path.parent.iterdir()) == [path], "neither a partial nor a replaced file stays"
at_each_step(path.parent, lambda: settle(path, ring), check)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("before", [(), (OLD,)], ids=["plain", "older key"])
def test_it_may_be_killed_anywhere(path: Path, before: tuple[bytes, ...]) -> None:
    path.touch()
    with closing(cipher.connect(path, next(iter(before), None))) as made:
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("CREATE TABLE people (name TEXT)")
        made.execute("INSERT INTO people VALUES (?)", [NAME])
    keys = [key.hex() for key in (NEW, *before)]
    assert run_killed(KILLED, path, NAME, *keys) >= 5, "there was something to kill"


def test_a_copy_that_is_not_the_same_is_not_taken(
    url: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(url, OLD)
    counts = iter([{"people": 1}, {"people": 0}])
    monkeypatch.setattr("kiosk.storage.sealing.rows", lambda _: next(counts))
    with pytest.raises(StorageError, match="the copy is not the same"):
        settle(path, KeyRing((NEW, OLD), "a test"))
    assert names(url, OLD) == [NAME]
    assert not path.with_name(path.name + PARTIAL).exists()
    assert not path.with_name(path.name + REPLACED).exists()


def test_a_migration_keeps_its_copy_under_the_key(url: str, path: Path) -> None:
    storage: SqlStorage = open_storage(url, ring=KeyRing((NEW,), "a test"))
    storage.people.add(NAME)
    target = path.with_name("copy.db")
    storage.back_up(target)
    storage.close()
    assert NAME.encode() not in everything(path)
    with closing(cipher.connect(target, NEW)) as copied:
        assert copied.execute("SELECT name FROM people").fetchall() == [(NAME,)]
