from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from kiosk.domain.chain import Altered, Head
from kiosk.domain.retention import Kept, Which
from kiosk.storage import database_url, open_storage
from kiosk.storage.chain import Seal
from tests.contracts.test_chain import ACTS, NOW, OF_ANOTHER_KIND, fill
from tests.contracts.test_retention import ALL, STILL_THERE

TOOL = Path(__file__).parents[2] / "tools" / "verify_log.py"
KEY = bytes(range(32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path)


def written(tmp_path: Path, *emptied: Kept) -> Path:
    heads: list[Head] = []
    storage = open_storage(
        database_url(tmp_path), NOW, Seal(KEY, lambda head, holds: heads.append(head))
    )
    fill(storage)
    for kind in emptied:
        while storage.retention.empty(Which(kind), 3):
            pass
    storage.close()
    (tmp_path / "record.key").write_text(KEY.hex())
    head = {"seq": heads[-1].seq, "link": heads[-1].link}
    (tmp_path / "head.json").write_text(json.dumps(head))
    return tmp_path


def verified(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """By a Python that knows nothing of the kiosk."""
    names = ("kiosk.db", "record.key", *more)
    paths = [str(folder / name) for name in names]
    return subprocess.run(
        [sys.executable, "-I", str(TOOL), *paths], capture_output=True, text=True, check=False
    )


def test_an_outsider_finds_what_the_kiosk_finds(folder: Path) -> None:
    finds_all(folder, ACTS)


def test_rows_whose_time_is_over_stand_for_an_outsider_too(tmp_path: Path) -> None:
    folder = written(tmp_path, *ALL)
    assert b"Camera 0" not in (folder / "kiosk.db").read_bytes()
    finds_all(folder, STILL_THERE)


def finds_all(folder: Path, acts: dict[str, Any]) -> None:
    whole = verified(folder, "head.json")
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "all stands as it was written" in whole.stdout
    database = folder / "kiosk.db"
    before = database.read_bytes()
    for name, act in acts.items():
        storage = open_storage(database_url(folder), NOW, Seal(KEY))

        def altering(connection: Connection) -> None:
            act(connection, random.Random(3))  # noqa: B023

        with storage.database.engine.begin() as connection:
            altering(connection)
        storage.close()
        told = verified(folder, "head.json")
        assert told.returncode == 1, (name, told.stdout, told.stderr)
        for left in folder.glob("kiosk.db*"):
            left.unlink()
        database.write_bytes(before)


def test_it_changes_nothing_and_needs_the_head_for_the_end(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "kiosk.db")) as connection:
        last = connection.execute("SELECT of, row_id FROM chain ORDER BY seq DESC").fetchone()
        assert last[0] == "consents"
        for _ in range(3):
            connection.execute("DELETE FROM chain WHERE seq = (SELECT max(seq) FROM chain)")
        connection.execute("DELETE FROM consents")
        connection.commit()
    before = (folder / "kiosk.db").read_bytes()
    assert verified(folder).returncode == 0, "nothing inside of the database tells it"
    assert "the end is cut" in verified(folder, "head.json").stdout
    assert (folder / "kiosk.db").read_bytes() == before


def test_it_reads_what_was_told_outside(folder: Path) -> None:
    head = json.loads((folder / "head.json").read_text())
    line = Head(head["seq"], head["link"]).told(NOW())
    (folder / "stick.txt").write_text(f"{line}\n")
    assert verified(folder, "stick.txt").returncode == 0
    (folder / "stick.txt").write_text(f"{line}\n2026-03-03T12:00Z 99:{'0f' * 32}\n")
    assert "the end is cut: entry 99" in verified(folder, "stick.txt").stdout
    (folder / "scanned.txt").write_text(line.upper().replace("F", "E"))
    assert verified(folder, "scanned.txt").returncode == 1
    (folder / "note.txt").write_text("nothing")
    assert "names no entry" in verified(folder, "note.txt").stderr


@pytest.mark.parametrize(("act", "where"), OF_ANOTHER_KIND)
def test_what_is_of_another_kind_is_named_to_an_outsider(
    folder: Path, act: str, where: tuple[Altered, str, int]
) -> None:
    with closing(sqlite3.connect(folder / "kiosk.db")) as connection:
        connection.execute(act)
        connection.commit()
    told = verified(folder)
    assert (told.returncode, told.stderr) == (1, "")
    what, table, row = where
    named = "entry " if what is Altered.BROKEN else f"{table}, row {row}: "
    assert named in told.stdout
