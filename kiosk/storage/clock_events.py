"""Attendance: who came and went."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select, true

from kiosk.domain.attendance import ClockEvent, Direction, Doubt, Evidence, Mark, Strike
from kiosk.domain.clock import offset_minutes
from kiosk.domain.errors import NotFound
from kiosk.domain.language import _
from kiosk.domain.retention import NOBODY
from kiosk.storage import chain
from kiosk.storage.columns import storable
from kiosk.storage.session import Database
from kiosk.storage.tables import clock_events, clock_strikes, people

_newest = select(func.max(clock_strikes.c.id)).group_by(clock_strikes.c.clock_event_id)
_LAST = (
    select(
        clock_strikes.c.clock_event_id.label("of"),
        clock_strikes.c.at.label("struck_at"),
        clock_strikes.c.actor,
        clock_strikes.c.why,
        clock_strikes.c.struck,
    )
    .where(clock_strikes.c.id.in_(_newest))
    .subquery()
)
"""What was last done to each event that was ever struck out."""
_EVENTS = select(
    clock_events.c.id,
    clock_events.c.person_id,
    clock_events.c.direction,
    clock_events.c.at,
    clock_events.c.evidence,
    clock_events.c.note,
    clock_events.c.event_id,
    clock_events.c.person_name,
    clock_events.c.staff_number,
    clock_events.c.utc_offset_minutes,
    clock_events.c.clock_suspect,
    _LAST.c.struck_at,
    _LAST.c.actor,
    _LAST.c.why,
    _LAST.c.struck,
    clock_events.c.doubt,
    clock_events.c.replaces,
    clock_events.c.far,
    clock_events.c.liveness,
    clock_events.c.kiosk,
    clock_events.c.author,
).outerjoin(_LAST, _LAST.c.of == clock_events.c.id)
"""In the order in which :func:`_clock_event` takes them: by place, tens of thousands are read."""


class SqlClockEvents:
    """The ``ClockEvents`` port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        person_id: int,
        direction: Direction,
        at: datetime,
        *,
        evidence: Evidence = Evidence.FACE,
        note: str = "",
        event_id: int | None = None,
        replaces: int | None = None,
    ) -> ClockEvent:
        event = ClockEvent(
            0, person_id, direction, at, evidence, storable(note), event_id, replaces=replaces
        )
        return self.put(event)

    def put(self, event: ClockEvent) -> ClockEvent:
        with self._database.write() as connection:
            return clock(connection, event)

    def put_all(self, events: Collection[ClockEvent]) -> None:
        if events:
            with self._database.write() as connection:
                chain.add_all(connection, clock_events, [_columns(event) for event in events])

    def get(self, clock_event_id: int) -> ClockEvent:
        with self._database.read() as connection:
            return _one(connection, clock_event_id)

    def strikes(self, clock_event_ids: Collection[int]) -> Mapping[int, tuple[Strike, ...]]:
        wanted = select(clock_strikes).where(clock_strikes.c.clock_event_id.in_(clock_event_ids))
        found: dict[int, tuple[Strike, ...]] = {}
        with self._database.read() as connection:
            for row in connection.execute(wanted.order_by(clock_strikes.c.id)):
                said = Strike(row.at, row.actor, row.why, row.struck)
                found[row.clock_event_id] = (*found.get(row.clock_event_id, ()), said)
        return found

    def newest(self) -> Mark:
        with self._database.read() as connection:
            event = connection.scalar(select(func.max(clock_events.c.id)))
            strike = connection.scalar(select(func.max(clock_strikes.c.id)))
            return Mark(event or 0, strike or 0)

    def said_since(
        self, mark: Mark, since: datetime, until: datetime
    ) -> tuple[tuple[int, datetime], ...]:
        columns = clock_events.c
        struck = select(clock_strikes.c.clock_event_id).where(clock_strikes.c.id > mark.strike)
        wanted = select(columns.person_id, columns.at).where(
            columns.at >= since,
            columns.at < until,
            columns.person_id != NOBODY,
            or_(columns.id > mark.event, columns.id.in_(struck)),
        )
        with self._database.read() as connection:
            return tuple((row.person_id, row.at) for row in connection.execute(wanted))

    def strike(self, clock_event_id: int, strike: Strike, *, out: bool) -> ClockEvent:
        with self._database.write() as connection:
            _one(connection, clock_event_id)
            chain.add(
                connection,
                clock_strikes,
                clock_event_id=clock_event_id,
                at=strike.at,
                actor=storable(strike.by),
                why=storable(strike.why),
                struck=out,
            )
            return _one(connection, clock_event_id)

    def between(
        self,
        since: datetime,
        until: datetime,
        person_id: int | None = None,
        *,
        struck: bool = False,
        suspect: bool = False,
    ) -> tuple[ClockEvent, ...]:
        wanted = _EVENTS.where(
            clock_events.c.at >= since,
            clock_events.c.at < until,
            clock_events.c.person_id != NOBODY,
        )
        if person_id is not None:
            wanted = wanted.where(clock_events.c.person_id == person_id)
        if not struck:
            wanted = wanted.where(_LAST.c.struck.is_not(true()))
        if suspect:
            wanted = wanted.where(clock_events.c.clock_suspect.is_(true()))
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(clock_events.c.at, clock_events.c.id))
            return tuple([_clock_event(row) for row in rows.all()])


def clock(connection: Connection, event: ClockEvent) -> ClockEvent:
    """Insert the event (its id is not looked at) and return it as it is stored: with its id, and
    with the person's name and number and the local time of now where it has none."""
    person = connection.execute(
        select(people.c.name, people.c.staff_number).where(people.c.id == event.person_id)
    ).one_or_none()
    if person is not None and not event.person_name:
        event = replace(event, person_name=person.name, staff_number=person.staff_number)
    if event.utc_offset_minutes is None:
        event = replace(event, utc_offset_minutes=offset_minutes(event.at))
    made = chain.add(connection, clock_events, **_columns(event))
    return replace(event, id=made, at=event.at.astimezone(UTC))


def _columns(event: ClockEvent) -> dict[str, Any]:
    return {
        "person_id": event.person_id,
        "direction": event.direction.value,
        "at": event.at,
        "evidence": event.evidence.value,
        "note": event.note,
        "event_id": event.event_id,
        "person_name": event.person_name,
        "staff_number": event.staff_number,
        "utc_offset_minutes": event.utc_offset_minutes,
        "clock_suspect": event.clock_suspect,
        "doubt": event.doubt and event.doubt.value,
        "replaces": event.replaces,
        "far": event.far,
        "liveness": event.liveness,
        "kiosk": event.kiosk,
        "author": event.by,
    }


def _one(connection: Connection, clock_event_id: int) -> ClockEvent:
    row = connection.execute(_EVENTS.where(clock_events.c.id == clock_event_id)).one_or_none()
    if row is None:
        raise NotFound(
            _("There is no clock event {clock_event_id}.").format(clock_event_id=clock_event_id)
        )
    return _clock_event(row)


_DIRECTIONS = {direction.value: direction for direction in Direction}
_EVIDENCE = {evidence.value: evidence for evidence in Evidence}


def _clock_event(row: Any) -> ClockEvent:
    number, person_id, direction, at, evidence, *rest = row
    note, event_id, name, staff_number, offset, suspect, *rest = rest
    struck_at, actor, why, struck, doubt, replaces, far, liveness, kiosk, author = rest
    return ClockEvent(
        number,
        person_id,
        _DIRECTIONS[direction],
        at,
        _EVIDENCE[evidence],
        note,
        event_id,
        name,
        staff_number,
        offset,
        suspect,
        Strike(struck_at, actor, why) if struck else None,
        Doubt(doubt) if doubt else None,
        struck is not None,
        replaces,
        far,
        liveness,
        kiosk,
        author,
    )
