"""New, older and newer databases."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from kiosk.domain.attendance import Direction
from kiosk.domain.errors import StorageError
from kiosk.domain.records import EventFilter
from kiosk.storage import open_storage, schema
from kiosk.storage.session import Database
from kiosk.storage.tables import metadata

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MIGRATIONS = Path(schema.__file__).parent / "migrations"


def build(url: str, revision: str) -> None:
    """A database as the program of that revision left it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    database = Database(url)
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    database.close()


def tables(path: Path) -> list[tuple[str, ...]]:
    """What SQLite knows of each table's columns, indexes and references."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        facts: list[tuple[str, ...]] = []
        for (name,) in names:
            for about in ("table_xinfo", "index_xinfo", "foreign_key_list"):
                rows = connection.execute(f"PRAGMA {about}({name})").fetchall()
                # Added columns stand last: their order says nothing.
                facts += sorted((name, about, *map(str, row[1:])) for row in rows)
        return facts


@pytest.fixture
def old(url: str, path: Path) -> Path:
    """A database of revision 0001 with a row in each table."""
    build(url, "0001")
    moment = "2026-03-01 08:00:00.000000"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            f"""
            INSERT INTO people VALUES (1, 'José Núñez', '17', 1, '{moment}', '$argon2id$');
            INSERT INTO templates VALUES (5, 1, 'net', 2, x'0000803F00000000', 0.5,
                'a.jpg', '{moment}');
            INSERT INTO events VALUES (9, '{moment}', 60, 'ALLOW', 'face_matched', 'walk_up', 1,
                'José Núñez', 0.5, 0.4, 0.001, 'net', 'Camera 0', 1.5);
            INSERT INTO events VALUES (10, '{moment}', 60, 'DENY', 'not_recognised', 'walk_up',
                NULL, NULL, 0.1, 0.4, 0.001, 'net', 'Camera 0', 1.5);
            INSERT INTO clock_events VALUES (4, 1, 'in', '{moment}', 0, '', 9);
            INSERT INTO clock_events VALUES (5, 1, 'out', '{moment}', 1, 'by hand', NULL);
            INSERT INTO clock_events VALUES (6, 2, 'in', '{moment}', 1, 'long gone', NULL);
            INSERT INTO people VALUES (3, 'Łukasz Ðorđe', NULL, 1, '{moment}', NULL);
            INSERT INTO settings VALUES ('far', '0.001');
            """
        )
    return path


def test_the_head_is_the_newest_revision() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == schema.HEAD


def test_new_and_migrated_databases_are_the_same(tmp_path: Path) -> None:
    new, migrated = tmp_path / "new.db", tmp_path / "migrated.db"
    open_storage(f"sqlite:///{new}").close()
    build(f"sqlite:///{migrated}", "head")
    assert tables(new) == tables(migrated)

    database = Database(f"sqlite:///{migrated}")
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_an_older_database_with_damaged_rows_is_left_as_it_was(url: str, old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("UPDATE people SET name = x'00ff' WHERE id = 3")
        connection.commit()
    before = tables(old)

    with pytest.raises(StorageError, match=r"can't be brought up .* Nothing was changed"):
        open_storage(url, lambda: NOW)

    assert tables(old) == before


def test_an_older_database_keeps_everything(url: str, old: Path) -> None:
    storage = open_storage(url, lambda: NOW)

    assert storage.people.claim("lukasz dorde") == storage.people.get(3)
    (person,) = storage.people.find("jose nunez")
    assert (person.name, person.staff_number, person.has_pin) == ("José Núñez", "17", True)
    assert person.template_count == 1
    assert storage.people.claim("jose nunez") == person
    assert storage.people.templates("net")[0].vector.tolist() == [1, 0]
    (logged,) = storage.events.query(EventFilter(text="NUNEZ"))
    assert (logged.event_id, logged.person_name) == (9, "José Núñez")
    assert storage.events.count(EventFilter()) == 2
    assert (logged.repeat, logged.clock_suspect, logged.utc_offset_minutes) == (False, False, 60)
    clocked, by_hand, gone = storage.clock_events.between(logged.at, NOW)
    assert (clocked.person_name, clocked.staff_number) == ("José Núñez", "17")
    assert (by_hand.person_name, gone.person_name) == ("José Núñez", "")
    assert f"{clocked.local:%H:%M}" == "09:00", "by the offset of the log's row"
    assert by_hand.local == logged.at
    assert (clocked.id, clocked.direction, clocked.event_id) == (4, Direction.IN, 9)
    assert storage.settings.load() == {"far": 0.001}
    report = storage.check()
    assert (report.revision, report.problems) == (schema.HEAD, ())
    storage.close()


def test_the_backup_is_the_database_before(url: str, old: Path) -> None:
    before = tables(old)
    open_storage(url, lambda: NOW).close()

    backup = old.with_name("kiosk.db.backup-0001-20260302T120000Z")
    assert tables(backup) == before
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT name FROM people WHERE id = 1").fetchall() == [
            ("José Núñez",)
        ]


def test_a_database_is_migrated_once(url: str, old: Path) -> None:
    open_storage(url, lambda: NOW).close()
    open_storage(url, lambda: NOW + timedelta(days=1)).close()
    assert len(list(old.parent.glob("*.backup-*"))) == 1


def test_no_backup_no_migration(url: str, old: Path) -> None:
    taken = old.with_name("kiosk.db.backup-0001-20260302T120000Z")
    taken.touch()
    before = tables(old)
    with pytest.raises(StorageError, match="File exists"):
        open_storage(url, lambda: NOW)
    assert tables(old) == before


def test_a_migration_that_fails_leaves_the_database_as_it_was(url: str, old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        # A table in the way of the migration's last step.
        connection.execute("CREATE TABLE ix_people_search_name (x)")
    before = tables(old)
    for minutes in range(3):
        moment = NOW + timedelta(minutes=minutes)
        with pytest.raises(StorageError, match="ix_people_search_name"):
            open_storage(url, lambda moment=moment: moment)
    assert tables(old) == before
    assert list(old.parent.glob("*.backup-*")) == [], "tries in a row do not fill the disk"


def test_a_newer_database_is_refused_untouched(url: str, path: Path) -> None:
    open_storage(url).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"newer version \(revision 9999\) .* Install the newer"):
        open_storage(url)
    assert path.read_bytes() == before
    assert list(path.parent.glob("*.backup-*")) == []


def test_another_programs_database_is_refused(url: str, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (id INTEGER)")
    with pytest.raises(StorageError, match="another program's tables"):
        open_storage(url)


def test_an_empty_file_becomes_a_database(url: str, path: Path) -> None:
    path.touch()
    storage = open_storage(url)
    assert storage.check().revision == schema.HEAD
    storage.close()


def test_an_up_to_date_database_opens_without_alembic(url: str) -> None:
    open_storage(url).close()
    program = (
        "import sys; from kiosk.storage import open_storage; open_storage(sys.argv[1]).close();"
        "sys.exit('alembic' in sys.modules or 'sqlalchemy.orm' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, url], check=True, timeout=60)
