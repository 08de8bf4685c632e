"""A database of revision 0002 with rows is brought up, on each database that there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from kiosk.domain.attendance import Direction, Evidence
from kiosk.domain.audit import Action, Actor, ActorKind, AuditEntry
from kiosk.domain.errors import StorageError
from kiosk.domain.records import EventFilter
from kiosk.domain.scale import COSINE
from kiosk.storage import open_storage, schema
from kiosk.storage.session import Database
from kiosk.storage.tables import metadata
from tests.contracts.test_storage import SERVER, on_server
from tests.storage.test_schema import build

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
VECTOR = bytes.fromhex("0000803f00000000")
ROWS = (
    "INSERT INTO people (id, name, staff_number, enabled, created_at, pin_hash, search_name) VALUES"
    " (1, 'José Núñez', '17', TRUE, :at, '$argon2id$', 'jose nunez'),"
    " (3, 'Łukasz Ðorđe', NULL, FALSE, :at, NULL, 'łukasz ðorđe')",
    "INSERT INTO templates (id, person_id, encoder_id, dimension, vector, quality, source,"
    " created_at) VALUES (5, 1, 'net', 2, :vector, 0.5, 'a.jpg', :at)",
    "INSERT INTO events (id, at, utc_offset_minutes, outcome, reason, mode, person_id, person_name,"
    " score, threshold, far, encoder_id, camera, duration, search_name) VALUES"
    " (9, :at, 60, 'ALLOW', 'face_matched', 'walk_up', 1, 'José Núñez', 0.5, 0.4, 0.001, 'net',"
    " 'Camera 0', 1.5, 'jose nunez'),"
    " (10, :at, 60, 'DENY', 'wrong_pin', 'pin', NULL, NULL, NULL, NULL, NULL, 'net', 'Camera 0',"
    " NULL, '')",
    "INSERT INTO clock_events (id, person_id, direction, at, by_hand, note, event_id) VALUES"
    " (4, 1, 'in', :at, FALSE, '', 9), (5, 1, 'out', :at, TRUE, 'by hand', NULL),"
    " (6, 2, 'in', :at, TRUE, 'long gone', NULL)",
    "INSERT INTO settings (name, value) VALUES ('far', '0.001'), ('margin', '0.05'),"
    " ('pin_tries person 1', '4'), ('pin_tries typed 0a1b2c', '2'),"
    " ('pin_tries role typed 0a1b2c seen', '2')",
)


def addresses(kind: str, folder: Path) -> Iterator[str]:
    return on_server() if kind == "server" else iter([f"sqlite:///{folder / 'kiosk.db'}"])


@pytest.fixture(params=["file", *(["server"] if SERVER else [])])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of revision 0002 with rows in each table."""
    for url in addresses(request.param, tmp_path):
        build(url, "0002")
        database = Database(url)
        with database.write() as connection:
            on_sqlite = connection.dialect.name == "sqlite"
            at = f"{AT:%Y-%m-%d %H:%M:%S.%f}" if on_sqlite else AT
            for row in ROWS:
                known = {"at": at, "vector": VECTOR}
                asked = {name: value for name, value in known.items() if f":{name}" in row}
                connection.execute(text(row), asked)
            if not on_sqlite:
                # As if the rows had been added by the program: the next number is a new one.
                for table in ("people", "templates", "events", "clock_events"):
                    connection.execute(
                        text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 20)")
                    )
        database.close()
        yield url


def test_everything_is_kept_and_gets_what_is_new(old: str) -> None:
    storage = open_storage(old, lambda: NOW)

    jose, lukasz = storage.people.get(1), storage.people.get(3)
    assert (jose.name, jose.staff_number, jose.has_pin, jose.enabled, jose.created_at) == (
        "José Núñez", "17", True, True, AT,
    )  # fmt: skip
    assert storage.people.claim("lukasz dorde") == lukasz, "names are folded anew"
    assert not lukasz.enabled
    (template,) = storage.people.templates("net")
    assert (template.vector.tolist(), template.quality, template.source) == ([1, 0], 0.5, "a.jpg")
    assert storage.people.crops_of(1) == {}
    pin, face = storage.events.query(EventFilter())
    assert (face.event_id, face.at, face.local.hour, face.score) == (9, AT, 9, 0.5)
    assert (face.encoder_id, pin.encoder_id) == (f"net{COSINE}", "net")
    assert not any(row.repeat or row.clock_suspect for row in (pin, face))
    assert (face.liveness, face.liveness_score) == (None, None), "old rows say nothing of it"
    clocked, by_hand, gone = storage.clock_events.between(AT, NOW)
    assert (clocked.person_name, clocked.staff_number, clocked.local.hour) == (
        "José Núñez",
        "17",
        9,
    )
    assert (by_hand.person_name, gone.person_name, gone.note) == ("José Núñez", "", "long gone")
    rests_on = (clocked.evidence, clocked.far, clocked.kiosk)
    assert rests_on == (Evidence.FACE, 0.001, "Camera 0"), "as its row of the log says"
    assert (by_hand.evidence, gone.evidence, by_hand.far) == (Evidence.HAND, Evidence.HAND, None)
    settings = dict(storage.settings.load())
    assert settings.pop("pin_tries person 1") == 4, "of wrong PINs no digest of a name stays"
    assert settings == {"far": 0.001}, "a margin in cosines means nothing any more"
    report = storage.check()
    assert (report.revision, report.problems, report.unwritable) == (schema.HEAD, (), "")
    storage.close()


def test_it_works_as_one_that_was_made_anew(old: str) -> None:
    storage = open_storage(old, lambda: NOW)

    before = storage.people.revision()
    mia = storage.people.add("Mia Chen")
    storage.people.add_template(mia.id, np.array([0, 1], np.float32), "net", 0.9, "b.jpg", b"crop")
    assert storage.people.revision() > before
    assert list(storage.people.crops_of(mia.id).values()) == [b"crop"]
    _newest, face = storage.events.query(EventFilter())
    logged, clocked = storage.decide(replace(face, at=NOW, event_id=None), Direction.OUT)
    assert clocked is not None
    assert (logged.event_id or 0) > 10
    assert clocked.id > 6
    storage.audit.append(
        AuditEntry(NOW, Actor(ActorKind.SYSTEM_USER, "mia"), Action.ENROL, "Mia Chen", "b.jpg")
    )
    assert [entry.subject for entry in storage.audit.newest()] == ["Mia Chen"]
    storage.close()


def test_its_tables_are_those_of_the_program(old: str) -> None:
    open_storage(old, lambda: NOW).close()

    database = Database(old)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_a_migration_that_fails_leaves_it_as_it_was(old: str) -> None:
    database = Database(old)
    with database.write() as connection:
        # In the way of one of the last steps.
        connection.execute(text("ALTER TABLE templates ADD COLUMN crop INTEGER"))

    with pytest.raises(StorageError, match="crop"):
        open_storage(old, lambda: NOW)

    with database.read() as connection:
        assert schema.revision(connection) == "0002"
        assert not inspect(connection).has_table("audit")
        columns = {column["name"] for column in inspect(connection).get_columns("clock_events")}
        assert "person_name" not in columns
        rows = connection.execute(text("SELECT encoder_id FROM events ORDER BY id"))
        assert [row.encoder_id for row in rows] == ["net", "net"]
    database.close()
