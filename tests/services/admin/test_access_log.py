from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.records import EventFilter
from kiosk.domain.repositories import Storage
from kiosk.services.admin.access_log import COLUMNS, export, pages
from tests.fakes import MORNING

DENY = Decision(MORNING, Outcome.DENY, Reason.NOT_RECOGNISED, Mode.WALK_UP)
ALLOW = Decision(
    MORNING,
    Outcome.ALLOW,
    Reason.FACE_MATCHED,
    Mode.WALK_UP,
    person_id=7,
    person_name='=cmd|"/c calc"!A1',
    score=0.70004,
    threshold=0.5,
    far=0.001,
    encoder_id="fake",
    camera="@Camera",
    duration=1.234,
)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_log_as_csv_newest_first_and_without_formulas(storage: Storage) -> None:
    storage.events.append(DENY)
    storage.events.append(ALLOW)
    out = io.StringIO()
    assert export(storage.events, EventFilter(), out, ZoneInfo("Europe/Berlin")) == 2
    allow, deny = rows(out.getvalue())
    assert tuple(allow) == COLUMNS
    assert allow == {
        "event": "2",
        "time (UTC)": "2026-03-02T08:00:00.000+00:00",
        "local time": "2026-03-02T09:00:00+01:00",
        "outcome": "ALLOW",
        "reason": "face_matched",
        "person": """'=cmd|"/c calc"!A1""",
        "mode": "walk_up",
        "score": "0.7000",
        "threshold": "0.5000",
        "FAR": "0.001",
        "encoder": "fake",
        "camera": "'@Camera",
        "seconds": "1.23",
        "again": "",
        "clock": "",
        "recording": "",
    }
    assert {deny[name] for name in ("person", "score", "threshold", "FAR", "seconds")} == {""}


def test_only_what_was_asked_for(storage: Storage) -> None:
    storage.events.append(DENY)
    storage.events.append(ALLOW)
    out = io.StringIO()
    assert export(storage.events, EventFilter(outcome=Outcome.DENY), out) == 1
    assert [row["outcome"] for row in rows(out.getvalue())] == ["DENY"]


def test_an_empty_log_is_a_header() -> None:
    out = io.StringIO()
    assert export(cast(Any, BusyLog(0)), EventFilter(), out) == 0
    assert out.getvalue().strip() == ",".join(COLUMNS)


class BusyLog:
    """A log into which the kiosk writes a row between any two pages."""

    def __init__(self, count: int) -> None:
        self._rows = [replace(DENY, event_id=number) for number in range(count, 0, -1)]

    def query(self, wanted: EventFilter, *, limit: int, offset: int) -> Sequence[Decision]:
        page = self._rows[offset : offset + limit]
        self._rows.insert(0, replace(DENY, event_id=len(self._rows) + 1))
        return page


def test_no_row_comes_twice_while_the_kiosk_goes_on_logging() -> None:
    ids = [row.event_id for row in pages(cast(Any, BusyLog(12_000)), EventFilter())]
    assert ids == list(range(12_000, 0, -1))


def test_many_rows_come_in_pages(storage: Storage) -> None:
    for minute in range(12):
        storage.events.append(replace(DENY, at=MORNING + timedelta(minutes=minute)))
    times: list[datetime] = [row.at for row in pages(storage.events, EventFilter())]
    assert times == sorted(times, reverse=True)
    assert len(times) == 12
