"""The database's file is removed, replaced or cut under a running kiosk: no decision is told that
isn't in the file, and it goes on as soon as the file is right."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.domain.attendance import Direction
from kiosk.domain.decision import Decision
from kiosk.domain.errors import StorageError
from kiosk.domain.records import EventFilter
from kiosk.storage import SqlStorage, open_storage

ALL = EventFilter()
SIDES = ("-wal", "-shm")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows keeps open files where they are")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.mkdir()
    return made


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "kiosk.db"


@pytest.fixture
def older(path: Path, tmp_path: Path) -> Path:
    """A whole copy of the database, of before the last row."""
    storage = open_storage(f"sqlite:///{path}")
    storage.people.add("Ada", "17")
    storage.close()
    return Path(shutil.copy(path, tmp_path / "older.db"))


@pytest.fixture
def storage(older: Path, url: str, allow: Decision) -> Iterator[SqlStorage]:
    opened = open_storage(url)
    opened.decide(allow, Direction.IN)
    yield opened
    opened.close()


def beside(path: Path, side: str) -> Path:
    return path.with_name(path.name + side)


def away(path: Path) -> None:
    path.rename(path.with_name(f"away-{path.name}"))


def back(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(f"away-{path.name}").rename(path)


def decided(storage: SqlStorage, allow: Decision) -> bool:
    """Whether a decision may be told."""
    try:
        storage.decide(allow, Direction.IN)
    except StorageError:
        return False
    return True


def rows(path: Path) -> int:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as other:
        count: int = other.execute("SELECT count(*) FROM events").fetchone()[0]
        return count


def test_removed_and_put_back(storage: SqlStorage, path: Path, allow: Decision) -> None:
    away(path)
    for _ in range(3):
        with pytest.raises(StorageError, match=r"kiosk\.db"):
            storage.decide(allow, Direction.IN)
        with pytest.raises(StorageError):
            storage.people.revision()
        assert not path.exists(), "no empty one takes its place in silence"
    back(path)
    assert decided(storage, allow)
    assert rows(path) == 2


def test_removed_with_everything_and_put_back(
    storage: SqlStorage, folder: Path, path: Path, allow: Decision
) -> None:
    away(folder)
    assert not any(decided(storage, allow) for _ in range(3))
    assert not folder.exists()
    back(folder)
    assert decided(storage, allow)
    assert rows(path) == 2


def test_removed_for_good(storage: SqlStorage, path: Path, allow: Decision) -> None:
    path.unlink()
    assert not any(decided(storage, allow) for _ in range(3))
    assert not path.exists()


def test_an_empty_file_is_not_filled_in_silence(
    storage: SqlStorage, path: Path, allow: Decision
) -> None:
    away(path)
    path.touch()
    assert not any(decided(storage, allow) for _ in range(3))
    back(path)
    assert decided(storage, allow)


def test_an_older_copy_in_its_place(
    storage: SqlStorage, path: Path, older: Path, allow: Decision
) -> None:
    shutil.copy(older, path.with_name("copy"))
    path.with_name("copy").rename(path)
    with pytest.raises(StorageError):
        storage.decide(allow, Direction.IN)
    # What belongs to the file before would spoil the copy.
    with pytest.raises(StorageError, match=r"kiosk\.db-wal"):
        storage.decide(allow, Direction.IN)
    for side in SIDES:
        beside(path, side).unlink(missing_ok=True)
    assert decided(storage, allow)
    assert rows(path) == 1
    assert storage.check().problems == ()


def test_an_older_copy_and_then_the_right_one(
    storage: SqlStorage, path: Path, older: Path, allow: Decision
) -> None:
    away(path)
    shutil.copy(older, path)
    assert not any(decided(storage, allow) for _ in range(3))
    back(path)
    assert decided(storage, allow)
    assert rows(path) == 2


def test_an_older_copy_written_into_the_file(
    storage: SqlStorage, path: Path, older: Path, allow: Decision
) -> None:
    """Whatever is told is in the file for everybody to read."""
    path.write_bytes(older.read_bytes())
    told = sum(decided(storage, allow) for _ in range(3))
    assert rows(path) >= 1 + told


def test_cut_off(storage: SqlStorage, path: Path, allow: Decision) -> None:
    whole = path.read_bytes()
    os.truncate(path, 0)
    assert not any(decided(storage, allow) for _ in range(3))
    path.write_bytes(whole)
    assert decided(storage, allow)
    assert rows(path) >= 1


@pytest.mark.parametrize("sides", [("-wal",), ("-shm",), SIDES])
def test_the_files_beside_it_are_deleted(
    storage: SqlStorage, path: Path, sides: tuple[str, ...], allow: Decision
) -> None:
    for side in sides:
        beside(path, side).unlink()
    with pytest.raises(StorageError, match=r"kiosk\.db"):
        storage.decide(allow, Direction.IN)
    assert decided(storage, allow), "begun anew"
    assert rows(path) == 2, "and what was told before is kept"
    assert storage.check().problems == ()


@pytest.mark.parametrize("when", ["before the row", "after the row"])
def test_gone_in_the_middle_of_a_decision(
    storage: SqlStorage, path: Path, allow: Decision, when: str
) -> None:
    """Between the look at the file and the commit."""

    def decide() -> None:
        with storage.transaction():
            if when == "before the row":
                away(path)
            storage.decide(allow, None)
            if when == "after the row":
                away(path)

    with pytest.raises(StorageError):
        decide()
    back(path)
    assert decided(storage, allow)


def test_a_disk_that_was_away_tells_readers_too(storage: SqlStorage, folder: Path) -> None:
    away(folder)
    for ask in (storage.people.revision, storage.settings.load, lambda: storage.events.count(ALL)):
        with pytest.raises(StorageError):
            ask()
    back(folder)
    assert storage.events.count(ALL) == 1


def test_two_kiosks_on_one_file_are_no_change(
    storage: SqlStorage, url: str, allow: Decision
) -> None:
    for _ in range(3):
        other = open_storage(url)
        other.decide(allow, None)
        assert decided(storage, allow)
        other.close()
        assert decided(storage, allow)
