"""Older databases, damaged in their bytes or in what their tables hold: brought up as a whole, or
refused in a sentence and left as they were."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import BadInput, StorageError
from kiosk.storage import open_storage, schema
from tests.contracts.test_migration import AT, ROWS, VECTOR
from tests.fuzz.inputs import check_sentence, damaged, fuzzed
from tests.storage.test_schema import build

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
REVISIONS = ("0002", "0004", "0006", "0007", "0008", schema.HEAD)


@cache
def whole(revision: str) -> bytes:
    """A database with rows, as the program of that revision left it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "kiosk.db"
        build(f"sqlite:///{path}", "0002")
        with closing(sqlite3.connect(path)) as connection:
            known = {"at": f"{AT:%Y-%m-%d %H:%M:%S.%f}", "vector": VECTOR}
            for row in ROWS:
                connection.execute(row, {k: v for k, v in known.items() if f":{k}" in row})
            connection.commit()
        build(f"sqlite:///{path}", revision)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("VACUUM")
        return path.read_bytes()


@cache
def columns(revision: str) -> tuple[tuple[str, str], ...]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(whole(revision))
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return tuple(
            (table, row[1])
            for (table,) in names
            if not table.startswith("sqlite_")
            for row in connection.execute(f"PRAGMA table_info({table})")
        )


def told(path: Path) -> str:
    """All that the tables hold, or why nobody can tell."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            connection.text_factory = bytes
            names = connection.execute("SELECT name FROM sqlite_master ORDER BY 1").fetchall()
            return repr(
                [
                    (name, connection.execute(f'SELECT * FROM "{name.decode()}"').fetchall())
                    for (name,) in names
                    if b"index" not in name and not name.startswith((b"ix", b"sqlite"))
                ]
            )
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return f"{type(error).__name__}"


def holds(folder: Path, data: bytes) -> None:
    for left in folder.glob("kiosk.db*"):
        left.unlink()
    path = folder / "kiosk.db"
    path.write_bytes(data)
    before = told(path)
    try:
        storage = open_storage(f"sqlite:///{path}", lambda: NOW)
    except (BadInput, StorageError) as error:
        check_sentence(error)
        assert told(path) == before, "refused, and changed all the same"
        return
    try:
        assert storage.check().revision == schema.HEAD
        storage.people.find()
        storage.check_chain()
    except (BadInput, StorageError) as error:
        check_sentence(error)
    finally:
        storage.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@fuzzed(2)
@given(st.sampled_from(REVISIONS).flatmap(lambda revision: damaged(whole(revision))))
def test_damaged_bytes(folder: Path, data: bytes) -> None:
    holds(folder, data)


VALUES = st.sampled_from(
    ["NULL", "''", "'x'", "'9999-12-31 23:59:59.999999'", "'2026-02-30 00:00:00.000000'", "-1",
     "1e999", "9223372036854775807", "x'00ff'", "x''", "'0002'", "'0099'", "'[[['", "0.5"]
)  # fmt: skip
ACTS = st.sampled_from(["update", "drop column", "drop table", "rename", "delete", "twice"])


@fuzzed(4)
@given(st.data())
def test_damaged_tables(folder: Path, data: st.DataObject) -> None:
    revision = data.draw(st.sampled_from(REVISIONS))
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(whole(revision))
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for _ in range(data.draw(st.integers(1, 3))):
            table, column = data.draw(st.sampled_from(columns(revision)))
            try:
                match data.draw(ACTS):
                    case "update":
                        value = data.draw(VALUES)
                        connection.execute(f"UPDATE {table} SET {column} = {value}")
                    case "drop column":
                        connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
                    case "drop table":
                        connection.execute(f"DROP TABLE {table}")
                    case "rename":
                        connection.execute(f"ALTER TABLE {table} RENAME COLUMN {column} TO other")
                    case "delete":
                        connection.execute(f"DELETE FROM {table}")
                    case _:
                        connection.execute(f"INSERT INTO {table} SELECT * FROM {table}")
            except sqlite3.Error:
                continue
        connection.commit()
        content = connection.serialize()
    holds(folder, content)
