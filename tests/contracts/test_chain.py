"""What is altered by SQL behind the kiosk's back is found, whatever it is and on every database."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, delete, func, insert, select, update

from kiosk.domain.attendance import Direction, Strike
from kiosk.domain.audit import ADMINISTRATOR, Action, AuditEntry
from kiosk.domain.chain import Altered, ChainReport, Head
from kiosk.domain.consent import Consent, Wording
from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.hours.periods import Period, PeriodLine
from kiosk.domain.hours.requests import Answer, CorrectionRequest
from kiosk.domain.hours.shifts import Absence, Assignment, Rota
from kiosk.services.access.record_key import HeadFile
from kiosk.storage import SqlStorage, database_url, open_storage
from kiosk.storage.chain import CHAINED, Seal
from kiosk.storage.tables import audit, chain, clock_events, events
from tests.contracts.test_storage import SERVER, on_server

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TAMPERINGS = int(os.environ.get("KIOSK_TEST_TAMPERINGS", "60"))


class Undone(Exception):
    """Takes a transaction back."""


@dataclass
class Kept:
    """A sealed database, and the head as it was told outside."""

    storage: SqlStorage
    head: Head | None = None

    def verify(self) -> ChainReport:
        return self.storage.check_chain(self.head)

    def sql(self) -> Any:
        return self.storage.database.engine.begin()


def told_to(heads: list[Head]) -> Callable[[Head, object], None]:
    return lambda head, holds: heads.append(head)


@pytest.fixture(params=["file", *(["server"] if SERVER else [])])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    urls = on_server() if request.param == "server" else iter([database_url(tmp_path / "data")])
    for url in urls:
        heads: list[Head] = []
        storage = open_storage(url, lambda: NOW(), Seal(b"a key kept apart", told_to(heads)))
        fill(storage)
        yield Kept(storage, heads[-1])
        storage.close()


def NOW() -> datetime:
    return NOON


def fill(storage: SqlStorage) -> None:
    """Some rows in every table."""
    ada = storage.people.add("Ada", "17")
    allow = Decision(NOON, Outcome.ALLOW, Reason.FACE_MATCHED, Mode.WALK_UP, ada.id, score=61.5)
    for hour in range(6):
        at = NOON + timedelta(hours=hour, microseconds=hour)
        direction = Direction.OUT if hour % 2 else Direction.IN
        storage.decide(
            Decision(
                at,
                Outcome.ALLOW,
                Reason.FACE_MATCHED,
                Mode.WALK_UP,
                ada.id,
                score=61.5 + hour / 3,
                far=0.001,
                camera="Camera 0 🎥",
            ),
            direction,
        )
    storage.events.append(allow)
    (event, *_) = storage.clock_events.between(NOON, NOON + timedelta(hours=1))
    storage.clock_events.strike(event.id, Strike(NOON, "mia", "wrong"), out=True)
    for action in (Action.ENROL, Action.SET_PIN, Action.EXPORT):
        storage.audit.append(AuditEntry(NOON, ADMINISTRATOR, action, "Ada", "details"))
    rota = storage.hours.add_rota(Rota.parse("Early", "06:00-14:00,06:00-14:00,-"))
    storage.hours.assign(Assignment(ada.id, date(2026, 3, 2), rota))
    off = storage.hours.add_absence(
        Absence(0, ada.id, "Holiday", date(2026, 4, 1), date(2026, 4, 9))
    )
    storage.hours.withdraw_absence(off.id)
    line = PeriodLine(ada.id, "Ada", "17", date(2026, 2, 2), timedelta(hours=8))
    period = Period(0, date(2026, 2, 1), date(2026, 2, 28), NOON, "mia")
    storage.hours.close_period(period, [line, line, line])
    asked = storage.hours.add_request(
        CorrectionRequest(0, ada.id, "Ada", NOON, Direction.OUT, NOON, None, "forgot")
    )
    storage.hours.answer_request(asked.id, Answer(NOON, "mia", True))
    given = Consent(0, ada.id, "Ada", Wording("1", "I agree."), NOON, "mia", "on paper")
    storage.consents.add(given)
    storage.consents.withdraw(storage.consents.add(given).id, NOON, "Ada")


def test_what_nobody_altered_is_whole(kept: Kept) -> None:
    for _ in range(3):
        report = kept.verify()
        assert report.found == ()
        assert report.head == kept.head == kept.storage.chain_head()
    assert {table.name for table in CHAINED} <= rows_of(kept)


def rows_of(kept: Kept) -> set[str]:
    with kept.sql() as connection:
        return set(connection.scalars(select(chain.c.of).distinct()))


def some_row(connection: Connection, chance: random.Random) -> tuple[Table, Any]:
    table = chance.choice(CHAINED)
    rows = connection.execute(select(table)).all()
    return table, chance.choice(rows)


def another(value: object, chance: random.Random) -> object:
    match value:
        case bool():
            return not value
        case int():
            return value + chance.randint(1, 9)
        case float():
            return value + 1e-9
        case datetime():
            return value + timedelta(microseconds=1)
        case date():
            return value + timedelta(days=1)
        case str():
            return value + "x" if len(value) < 6 else value[:-1]
        case _:
            return None


def change(connection: Connection, chance: random.Random) -> None:
    table, row = some_row(connection, chance)
    kept_apart = {"id", "search_name"}
    names = [name for name, value in row._mapping.items() if value is not None]
    name = chance.choice([name for name in names if name not in kept_apart])
    column = table.c[name]
    if column.foreign_keys:
        name = next(n for n in names if n not in kept_apart and not table.c[n].foreign_keys)
    new = another(row._mapping[name], chance)
    connection.execute(update(table).where(table.c.id == row.id).values({name: new}))


def empty(connection: Connection, chance: random.Random) -> None:
    row = connection.execute(select(events).where(events.c.score.is_not(None))).first()
    connection.execute(update(events).where(events.c.id == row.id).values(score=None))


def take_out(connection: Connection, chance: random.Random) -> None:
    table = chance.choice([clock_events, audit])
    row = chance.choice(connection.execute(select(table)).all())
    connection.execute(delete(table).where(table.c.id == row.id))


def put_in(connection: Connection, chance: random.Random) -> None:
    _, row = clock_events, chance.choice(connection.execute(select(clock_events)).all())
    values = dict(row._mapping)
    values["id"] = values["id"] + 1000
    connection.execute(insert(clock_events).values(values))


def swap(connection: Connection, chance: random.Random) -> None:
    one, two = chance.sample(connection.execute(select(clock_events)).all(), 2)
    for to, of in ((one, two), (two, one)):
        values = {"at": of.at, "direction": of.direction, "event_id": of.event_id}
        connection.execute(update(clock_events).where(clock_events.c.id == to.id).values(values))


def cut(connection: Connection, chance: random.Random) -> None:
    """The newest rows with their entries, as if they had never been written."""
    for _ in range(chance.randint(1, 5)):
        last = connection.execute(select(chain).order_by(chain.c.seq.desc()).limit(1)).one()
        table = next(table for table in CHAINED if table.name == last.of)
        connection.execute(delete(chain).where(chain.c.seq == last.seq))
        others = select(func.count()).where(chain.c.of == last.of, chain.c.row_id == last.row_id)
        if not connection.scalar(others):
            connection.execute(delete(table).where(table.c.id == last.row_id))


def cut_and_go_on(connection: Connection, chance: random.Random) -> None:
    """The newest entry is written anew for a row that the attacker made, without the key."""
    last = connection.execute(select(chain).order_by(chain.c.seq.desc()).limit(1)).one()
    connection.execute(
        update(chain).where(chain.c.seq == last.seq).values(content=bytes(32), link=bytes(32))
    )


def break_entry(connection: Connection, chance: random.Random) -> None:
    entry = chance.choice(connection.execute(select(chain)).all())
    what = chance.choice(["content", "link"])
    value = bytearray(entry._mapping[what])
    value[chance.randrange(32)] ^= 1 << chance.randrange(8)
    connection.execute(update(chain).where(chain.c.seq == entry.seq).values({what: bytes(value)}))


def take_entry_out(connection: Connection, chance: random.Random) -> None:
    entry = chance.choice(connection.execute(select(chain)).all())
    connection.execute(delete(chain).where(chain.c.seq == entry.seq))


def move_entry(connection: Connection, chance: random.Random) -> None:
    one, two = chance.sample(connection.execute(select(chain)).all(), 2)
    connection.execute(update(chain).where(chain.c.seq == one.seq).values(seq=-1))
    connection.execute(update(chain).where(chain.c.seq == two.seq).values(seq=one.seq))
    connection.execute(update(chain).where(chain.c.seq == -1).values(seq=two.seq))


def empty_chain(connection: Connection, chance: random.Random) -> None:
    connection.execute(delete(chain))


ACTS: dict[str, Callable[[Connection, random.Random], None]] = {
    "a column": change,
    "a column emptied": empty,
    "a row out": take_out,
    "a row in": put_in,
    "rows swapped": swap,
    "the end cut": cut,
    "the end written anew": cut_and_go_on,
    "an entry": break_entry,
    "an entry out": take_entry_out,
    "entries swapped": move_entry,
    "the chain emptied": empty_chain,
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_every_tampering_is_found(
    kept: Kept, act: Callable[[Connection, random.Random], None]
) -> None:
    for number in range(max(1, TAMPERINGS // len(ACTS))):
        with suppress(Undone), kept.storage.database.write() as connection:
            act(connection, random.Random(number))
            assert kept.verify().found, (act.__name__, number)
            raise Undone
        assert kept.verify().found == (), "no false alarm once it is as it was"


def test_the_first_that_was_altered_is_named(kept: Kept) -> None:
    with kept.sql() as connection:
        connection.execute(update(events).where(events.c.id == 3).values(person_name="Ben"))
        connection.execute(update(events).where(events.c.id == 5).values(person_name="Ben"))
    first, second = kept.verify().found
    assert (first.what, first.table, first.row_id) == (Altered.CHANGED, "events", 3)
    assert (second.table, second.row_id) == ("events", 5)


def test_an_older_copy_is_found(kept: Kept, tmp_path: Path) -> None:
    if kept.storage.file is None:
        pytest.skip("a server's rows are cut instead, see above")
    copy = tmp_path / "older.db"
    kept.storage.back_up(copy)
    head = kept.head
    kept.storage.audit.append(AuditEntry(NOON, ADMINISTRATOR, Action.EXPORT))
    newer = kept.storage.chain_head()
    older = open_storage(f"sqlite:///{copy}", NOW, Seal(b"a key kept apart"))
    assert older.check_chain(head).found == ()
    (found,) = older.check_chain(newer).found
    assert found.what is Altered.CUT
    older.close()


def test_an_entry_is_held_only_with_its_own_link(kept: Kept) -> None:
    newest = kept.storage.chain_head()
    assert newest is not None
    assert kept.storage.chain_holds(newest)
    assert kept.storage.chain_holds(Head(newest.seq, newest.link[:16]))
    assert not kept.storage.chain_holds(Head(newest.seq - 1, newest.link))
    assert not kept.storage.chain_holds(Head(newest.seq + 1, newest.link))


def test_kiosks_that_share_a_database_keep_one_head(tmp_path: Path) -> None:
    """Each goes on from what the other told; a restart after a kill from what was not told."""
    url, file = database_url(tmp_path / "data"), HeadFile(tmp_path / "heads" / "a.json")
    kiosks = [open_storage(url, NOW, Seal(b"key", file.tell)) for _ in range(2)]
    killed = open_storage(url, NOW, Seal(b"key"))
    for storage in (*kiosks, killed, *kiosks):
        storage.audit.append(AuditEntry(NOON, ADMINISTRATOR, Action.EXPORT))
        newest = storage.chain_head()
        assert storage is killed or file.known() == newest
    for storage in (*kiosks, killed):
        storage.close()


def test_another_key_can_tell_nothing(kept: Kept) -> None:
    if kept.storage.file is None:
        pytest.skip("the same on a server")
    other = open_storage(f"sqlite:///{kept.storage.file}", NOW, Seal(b"another key"))
    assert {one.what for one in other.check_chain().found} == {Altered.OTHER_KEY}
    other.close()


def test_what_is_undone_is_not_told_outside(tmp_path: Path) -> None:
    heads: list[Head] = []
    storage = open_storage(database_url(tmp_path), NOW, Seal(b"key", told_to(heads)))
    entry = AuditEntry(NOON, ADMINISTRATOR, Action.EXPORT)
    with suppress(Undone), storage.transaction():
        storage.audit.append(entry)
        raise Undone
    assert heads == []
    storage.people.add("Ada")
    assert heads == [], "people are no rows of the record"
    storage.audit.append(entry)
    assert [head.seq for head in heads] == [1]
    storage.close()


OF_ANOTHER_KIND = [
    ("UPDATE events SET at = 'x' WHERE id = 3", (Altered.CHANGED, "events", 3)),
    ("UPDATE events SET at = x'00' WHERE id = 3", (Altered.CHANGED, "events", 3)),
    ("UPDATE absences SET since = '2026-02-30'", (Altered.CHANGED, "absences", 1)),
    ("UPDATE audit SET at = 7 WHERE id = 2", (Altered.CHANGED, "audit", 2)),
    ("UPDATE audit SET details = CAST(x'ff' AS TEXT) WHERE id = 2", (Altered.CHANGED, "audit", 2)),
    ("INSERT INTO audit SELECT -5, at, actor_kind, actor_name, action, subject, details,"
     " actor_role FROM audit WHERE id = 1", (Altered.ADDED, "audit", -5)),
    ("UPDATE chain SET link = 'x' WHERE seq = 1", (Altered.BROKEN, "events", 1)),
    ("UPDATE chain SET content = 7 WHERE seq = 1", (Altered.BROKEN, "events", 1)),
    ("UPDATE chain SET seq = -1 WHERE seq = 1", (Altered.BROKEN, "events", 1)),
]  # fmt: skip


@pytest.mark.parametrize(("act", "where"), OF_ANOTHER_KIND)
def test_what_is_of_another_kind_is_named_like_any_other(
    tmp_path: Path, act: str, where: tuple[Altered, str, int]
) -> None:
    """SQLite keeps a text where a time should stand; the rows around it are read all the same."""
    storage = open_storage(database_url(tmp_path / "data"), lambda: NOON, Seal(b"a key"))
    fill(storage)
    with storage.database.engine.begin() as connection:
        connection.exec_driver_sql(act)
    found = storage.check_chain().found
    storage.close()

    assert where in [(one.what, one.table, one.row_id) for one in found]
    rows = [one for one in found if one.what in (Altered.CHANGED, Altered.ADDED)]
    assert len(rows) <= 1, "and no other"
