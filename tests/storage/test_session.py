"""Files, connections, and several kiosks on one data folder."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.attendance import Direction
from kiosk.domain.decision import Decision
from kiosk.domain.errors import AlreadyExists
from kiosk.domain.records import EventFilter
from kiosk.storage import SqlStorage, database_url, open_storage

ALL = EventFilter()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_files_are_their_owners_only(tmp_path: Path, allow: Decision) -> None:
    storage = open_storage(database_url(tmp_path / "a" / "data"))
    storage.events.append(allow)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("data*/*")}
    assert modes == {"kiosk.db": 0o600, "kiosk.db-wal": 0o600, "kiosk.db-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "a" / "data").stat().st_mode) == 0o700
    storage.close()


@pytest.mark.parametrize("folder", ["Gerät №1 📷", "100% #? &x=1", "with space"])
def test_any_folder_name_will_do(tmp_path: Path, folder: str, allow: Decision) -> None:
    storage = open_storage(database_url(tmp_path / folder))
    storage.events.append(allow)
    storage.close()
    assert (tmp_path / folder / "kiosk.db").stat().st_size > 0
    assert [path.name for path in tmp_path.iterdir()] == [folder]


def test_the_log_is_on_disk_before_it_is_announced(storage: SqlStorage) -> None:
    with storage.database.read() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    full = 2
    assert settings == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


def test_a_row_that_is_announced_is_seen_by_everybody(
    storage: SqlStorage, path: Path, allow: Decision
) -> None:
    logged = storage.events.append(allow)
    with closing(sqlite3.connect(path)) as other:
        rows = other.execute("SELECT id, person_name, outcome FROM events").fetchall()
    assert rows == [(logged.event_id, "Ada", "ALLOW")]


def test_the_local_offset_is_kept_with_the_time(
    storage: SqlStorage, path: Path, allow: Decision
) -> None:
    storage.events.append(allow)
    offset = allow.at.astimezone().utcoffset()
    assert offset is not None
    with closing(sqlite3.connect(path)) as other:
        rows = other.execute("SELECT at, utc_offset_minutes FROM events").fetchall()
    assert rows == [("2026-03-02 12:00:00.000000", offset // timedelta(minutes=1))]


def test_a_deleted_persons_template_is_gone_from_the_file(storage: SqlStorage, path: Path) -> None:
    person = storage.people.add("Ada")
    vector = np.linspace(0.1, 0.9, 128).astype(np.float32)
    storage.people.add_template(person.id, vector, "net", 0.5, "camera")
    storage.people.delete(person.id)
    # Closing writes the log ahead back into the file and removes it.
    storage.close()
    assert vector.tobytes() not in path.read_bytes()
    assert [file.name for file in path.parent.iterdir()] == ["kiosk.db"]


def test_two_kiosks_in_two_threads_share_a_folder(tmp_path: Path, allow: Decision) -> None:
    url = database_url(tmp_path)
    # Both start on an empty folder at once.
    with ThreadPoolExecutor(2) as pool:
        kiosks = list(pool.map(open_storage, [url, url]))

        def visit(kiosk: SqlStorage) -> list[int | None]:
            return [kiosk.decide(allow, Direction.IN)[0].event_id for _ in range(40)]

        first, second = pool.map(visit, kiosks)

    assert sorted(map(int, [*first, *second])) == list(range(1, 81))  # type: ignore[arg-type]
    assert [kiosk.events.count(ALL) for kiosk in kiosks] == [80, 80]
    report = kiosks[0].check()
    assert (report.events, report.clock_events, report.problems) == (80, 80, ())
    for kiosk in kiosks:
        kiosk.close()


def test_many_kiosks_start_at_once_in_new_folders(tmp_path: Path) -> None:
    # Each round one of them used to be told, about one time in ten, that the file is locked.
    with ThreadPoolExecutor(6) as pool:
        for folder in range(25):
            (tmp_path / str(folder)).mkdir()
            for kiosk in pool.map(open_storage, [database_url(tmp_path / str(folder))] * 6):
                kiosk.close()


def test_two_kiosks_see_each_others_changes(tmp_path: Path) -> None:
    one, two = (open_storage(database_url(tmp_path)) for _ in range(2))
    ada = one.people.add("Ada", "17")
    assert two.people.claim("17") == ada
    with pytest.raises(AlreadyExists):
        two.people.add("Bob", "17")
    two.people.update(replace(ada, enabled=False))
    assert not one.people.get(ada.id).enabled
    one.settings.save({"far": 0.01})
    assert two.settings.load() == {"far": 0.01}
    one.close()
    two.people.add("Bob")
    two.close()


def test_two_kiosks_in_two_processes_share_a_folder(tmp_path: Path, allow: Decision) -> None:
    program = """if True:
        import sys
        from datetime import UTC, datetime
        from kiosk.domain.decision import Decision, Mode, Outcome, Reason
        from kiosk.storage import open_storage
        deny = Decision(datetime.now(UTC), Outcome.DENY, Reason.NOT_RECOGNISED, Mode.WALK_UP)
        storage = open_storage(sys.argv[1])
        for _ in range(30):
            storage.events.append(deny)
        storage.close()
    """
    url = database_url(tmp_path)
    other = subprocess.Popen([sys.executable, "-c", program, url])
    storage = open_storage(url)
    for _ in range(30):
        storage.decide(allow, Direction.IN)
    assert other.wait(60) == 0
    assert storage.events.count(ALL) == 60
    assert storage.check().problems == ()
    storage.close()


def test_many_threads_share_one_storage_in_memory(allow: Decision) -> None:
    storage = open_storage("sqlite://")
    with ThreadPoolExecutor(8) as pool:
        logged = list(pool.map(storage.events.append, [allow] * 80))
    assert len({row.event_id for row in logged}) == 80
    assert storage.events.count(ALL) == 80
    storage.close()


def test_a_log_of_many_rows_is_read_through_its_indexes(storage: SqlStorage) -> None:
    """What keeps 100,000 rows quick: no sort and, for a person or outcome, no full scan."""
    plans = {
        "SELECT * FROM events ORDER BY id DESC LIMIT 200 OFFSET 90000": "SCAN events",
        "SELECT * FROM events WHERE person_id = 1 ORDER BY id DESC": "ix_events_person_id_id",
        "SELECT * FROM events WHERE outcome = 'DENY' ORDER BY id DESC": "ix_events_outcome_id",
        "SELECT * FROM clock_events WHERE at >= '2026' AND at < '2027'": "ix_clock_events_at",
        "SELECT * FROM templates WHERE encoder_id = 'net'": "ix_templates_encoder_id",
    }
    with storage.database.read() as connection:
        for query, expected in plans.items():
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all()
            plan = "; ".join(row[3] for row in rows)
            assert expected in plan, (query, plan)
            assert "TEMP B-TREE" not in plan, (query, plan)
