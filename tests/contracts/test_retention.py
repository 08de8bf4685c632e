"""Rows whose time is over name nobody, and the chain still stands; on every database."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from kiosk.domain.chain import Altered
from kiosk.domain.decision import Outcome, Reason
from kiosk.domain.records import EventFilter
from kiosk.domain.retention import NOBODY, Kept, Which
from kiosk.storage.chain import CHAINED
from kiosk.storage.tables import (
    absences,
    audit,
    clock_events,
    clock_strikes,
    correction_requests,
    events,
    period_lines,
)
from tests.contracts.test_chain import ACTS, NOON, Undone, kept  # noqa: F401
from tests.contracts.test_chain import Kept as Database

STILL_THERE = {
    name: act for name, act in ACTS.items() if name not in ("a column emptied", "rows swapped")
}
"""Emptied rows have no score that could be emptied, and are alike: swapped they say the same."""
LATER = NOON + timedelta(days=900)
ALL = (Kept.REFUSED, Kept.ALLOWED, Kept.ATTENDANCE, Kept.REQUESTS, Kept.AUDIT)


def empty_all(database: Database) -> int:
    retention = database.storage.retention
    done = 0
    for kind in ALL:
        while count := retention.empty(Which(kind, LATER), 3):
            done += count
    database.head = database.storage.chain_head()
    return done


def test_what_was_emptied_names_nobody_and_the_chain_stands(kept: Database) -> None:  # noqa: F811
    due = {kind: kept.storage.retention.due(Which(kind, LATER)) for kind in ALL}
    assert due[Kept.ALLOWED].count == 7
    assert (due[Kept.ALLOWED].first, due[Kept.ALLOWED].last) == (NOON.date(), NOON.date())
    assert due[Kept.ATTENDANCE].count == 6 + 1 + 3, "the strike follows its punch"
    rows = {table.name: len(all_of(kept, table)) for table in CHAINED}

    assert empty_all(kept) == sum(one.count for one in due.values()) + 1

    assert {table.name: len(all_of(kept, table)) for table in CHAINED} == rows, "none is gone"
    assert [kept.storage.retention.due(Which(kind, LATER)).count for kind in ALL] == [0] * len(ALL)
    for table in (events, clock_events, clock_strikes, audit, absences, period_lines):
        told = str([tuple(row) for row in all_of(kept, table)])
        assert not any(word in told for word in ("Ada", "mia", "wrong", "Camera", "61.5"))
    assert "Ada" not in str(all_of(kept, correction_requests))
    report = kept.verify()
    assert report.found == ()
    assert kept.storage.events.count(EventFilter(outcome=Outcome.ALLOW)) == 7, "counts stay"
    first = kept.storage.events.query(EventFilter())[0]
    assert (first.reason, first.person_id, first.score) == (Reason.ERASED, None, None)
    assert first.at == datetime(2026, 3, 2, tzinfo=UTC), "the day stays, the time does not"
    assert kept.storage.clock_events.between(NOON - timedelta(days=9), LATER, struck=True) == ()
    assert kept.storage.hours.requests() == kept.storage.hours.period_lines() == ()


def test_no_file_holds_what_was_emptied(kept: Database) -> None:  # noqa: F811
    """Nor the journal beside it, while the kiosk runs."""
    path = kept.storage.file
    if path is None:
        pytest.skip("a server looks after its own files")

    def held() -> bytes:
        return b"".join(one.read_bytes() for one in sorted(path.parent.glob("kiosk.db*")))

    assert b"Camera 0" in held()
    empty_all(kept)
    for word in (b"Camera 0", b"wrong", b"forgot"):
        assert word not in held(), word


def test_only_what_is_old_enough_goes(kept: Database) -> None:  # noqa: F811
    cut = NOON + timedelta(hours=3)
    assert kept.storage.retention.empty(Which(Kept.ATTENDANCE, cut), 100) == 3
    assert kept.storage.retention.empty(Which(Kept.ALLOWED, NOON), 100) == 0
    assert len(kept.storage.clock_events.between(NOON, LATER)) == 3
    nobody = Which(Kept.ATTENDANCE, LATER, frozenset({77}))
    assert kept.storage.retention.due(nobody).count == 0


@pytest.mark.parametrize("act", STILL_THERE.values(), ids=STILL_THERE.keys())
def test_tampering_with_what_was_emptied_is_found(kept: Database, act) -> None:  # type: ignore[no-untyped-def] # noqa: F811
    empty_all(kept)
    for number in range(5):
        with suppress(Undone), kept.storage.database.write() as connection:
            act(connection, random.Random(number))
            assert kept.verify().found, (act.__name__, number)
            raise Undone
        assert kept.verify().found == ()


def test_a_name_written_into_an_emptied_row_is_found(kept: Database) -> None:  # noqa: F811
    empty_all(kept)
    with kept.sql() as connection:
        connection.execute(update(events).where(events.c.id == 2).values(person_name="Ben"))
        connection.execute(
            update(clock_events).where(clock_events.c.id == 2).values(person_id=NOBODY + 4)
        )
    found = kept.verify().found
    assert [(one.what, one.table, one.row_id) for one in found] == [
        (Altered.CHANGED, "events", 2),
        (Altered.CHANGED, "clock_events", 2),
    ]


def test_emptying_behind_the_kiosks_back_is_found(kept: Database) -> None:  # noqa: F811
    """A row that looks emptied and has no entry that says so."""
    with kept.sql() as connection:
        nothing = dict.fromkeys(("person_id", "person_name", "score", "camera", "far"))
        emptied = {**nothing, "reason": Reason.ERASED.value}
        connection.execute(update(events).where(events.c.id == 2).values(emptied))
    (found,) = kept.verify().found
    assert (found.what, found.table, found.row_id) == (Altered.CHANGED, "events", 2)


def all_of(kept: Database, table):  # type: ignore[no-untyped-def] # noqa: F811
    with kept.sql() as connection:
        return connection.execute(select(table)).all()
