"""Empties rows whose time is over. A row of the record is never taken out: of who, when to the
second and how alike nothing stays, and the chain gets an entry for what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Table, bindparam, func, or_, select, update

from kiosk.domain.audit import Action
from kiosk.domain.decision import Outcome, Reason
from kiosk.domain.retention import NOBODY, Due, Kept, Which
from kiosk.storage import chain
from kiosk.storage.session import Database, forget_deleted
from kiosk.storage.tables import (
    absences,
    audit,
    clock_events,
    clock_strikes,
    consents,
    correction_requests,
    events,
    people,
    period_lines,
    rota_assignments,
)

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Rule:
    """Rows of one table: ``full`` are those not emptied yet, ``at`` when they are of, ``emptied``
    makes of a row what is left."""

    table: Table
    full: ColumnElement[bool]
    at: Any
    emptied: Callable[[Row[Any]], Values]

    def fits(self, which: Which) -> ColumnElement[bool]:
        fits = self.full
        if which.before is not None:
            in_days = self.at.type.python_type is date
            fits &= self.at < (which.before.date() if in_days else which.before)
        if which.people is not None:
            fits &= self.table.c.person_id.in_(which.people)
        return fits


class SqlRetention:
    """The ``Retention`` port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, which: Which) -> Due:
        count, days = 0, set[date]()
        with self._database.read() as connection:
            for rule in _rules(which):
                bounds = select(func.count(), func.min(rule.at), func.max(rule.at))
                found = connection.execute(bounds.where(rule.fits(which))).one()
                count += found[0]
                days |= {_day(at) for at in found[1:] if at is not None}
        return Due(which.kind, count, min(days, default=None), max(days, default=None))

    def empty(self, which: Which, limit: int) -> int:
        for rule in _rules(which):
            row_id = rule.table.c.id
            wanted = select(row_id).where(rule.fits(which)).order_by(row_id).limit(limit)
            # Looked for before anybody has to wait for the writer: among many rows that takes long.
            with self._database.read() as connection:
                found = connection.scalars(wanted).all()
            if found:
                with self._database.write() as connection:
                    _empty(connection, rule, rule.fits(which) & row_id.in_(found))
                return len(found)
        with self._database.write() as connection:
            forget_deleted(connection)
        return 0

    def erase_acts(self, person_id: int, name: str, *, unique: bool) -> int:
        mentions = [
            audit.c.subject.contains(f"(no. {person_id})", autoescape=True),
            audit.c.subject.contains(f"(no. {person_id},", autoescape=True),
        ]
        if unique:
            mentions += [audit.c.subject == name, audit.c.actor_name == name]
        rule = _Rule(audit, _ACTS.full & or_(*mentions), audit.c.at, _act_of(person_id, name))
        with self._database.write() as connection:
            forget_deleted(connection)
            return _empty(connection, rule, rule.full)


def _empty(connection: Connection, rule: _Rule, which: ColumnElement[bool]) -> int:
    wanted = select(rule.table).where(which).order_by(rule.table.c.id)
    rows = connection.execute(wanted).all()
    if rows:
        values = [{"row": row.id, **rule.emptied(row)} for row in rows]
        names = [name for name in values[0] if name != "row"]
        changed = update(rule.table).where(rule.table.c.id == bindparam("row"))
        connection.execute(changed.values({name: bindparam(name) for name in names}), values)
        chain.record_all(connection, rule.table, [row.id for row in rows])
    return len(rows)


def _day(at: date | datetime) -> date:
    return at.astimezone(UTC).date() if isinstance(at, datetime) else at


def _local_day(row: Row[Any]) -> datetime:
    """The beginning of the day that it was there and then, told as UTC."""
    local = row.at.astimezone(UTC) + timedelta(minutes=row.utc_offset_minutes)
    return datetime(local.year, local.month, local.day, tzinfo=UTC)


def _look(row: Row[Any]) -> Values:
    nothing = dict.fromkeys(
        (
            *("person_id", "person_name", "score", "threshold", "far", "encoder_id", "camera"),
            *("duration", "liveness", "liveness_score", "liveness_version"),
        )
    )
    day = {"at": _local_day(row), "utc_offset_minutes": 0}
    return {**nothing, **day, "search_name": "", "reason": Reason.ERASED.value}


def _punch(row: Row[Any]) -> Values:
    nothing = dict.fromkeys(("staff_number", "far", "liveness", "doubt", "event_id"))
    day = {"at": _local_day(row), "utc_offset_minutes": 0}
    texts = dict.fromkeys(("note", "person_name", "kiosk", "author"), "")
    return {**nothing, **day, **texts, "person_id": NOBODY}


def _strike(row: Row[Any]) -> Values:
    return {"actor": "", "why": ""}


def _absence(row: Row[Any]) -> Values:
    return {"person_id": NOBODY, "kind": "", "note": ""}


def _line(row: Row[Any]) -> Values:
    return {"person_id": NOBODY, "person_name": "", "staff_number": None, "why": ""}


def _request(row: Row[Any]) -> Values:
    nothing = dict.fromkeys(("moment", "replaces", "answered_by", "answer"))
    return {**nothing, "person_id": NOBODY, "person_name": "", "why": ""}


def _act(row: Row[Any]) -> Values:
    return {"actor_name": "", "subject": "", "details": ""}


def _act_of(person_id: int, name: str) -> Callable[[Row[Any]], Values]:
    def emptied(row: Row[Any]) -> Values:
        by = "" if row.actor_name == name else row.actor_name
        about = f"no. {person_id}" if row.subject else ""
        return {"actor_name": by, "subject": about, "details": ""}

    return emptied


def _assignment(row: Row[Any]) -> Values:
    return {"person_id": NOBODY}


def _agreement(row: Row[Any]) -> Values:
    return {"person_name": "", "recorded_by": "", "withdrawn_by": None}


_ACTS: Final = _Rule(
    audit,
    (audit.c.action != Action.ERASE_PERSON.value)
    & or_(audit.c.actor_name != "", audit.c.subject != "", audit.c.details != ""),
    audit.c.at,
    _act,
)
_AGREEMENTS: Final = _Rule(
    consents,
    (consents.c.person_name != "") & consents.c.person_id.not_in(select(people.c.id)),
    consents.c.given_at,
    _agreement,
)
_FULL_LOOK: Final = events.c.reason != Reason.ERASED.value
_LOOKS: Final = _Rule(events, _FULL_LOOK, events.c.at, _look)
_REFUSED: Final = _Rule(
    events, _FULL_LOOK & (events.c.outcome != Outcome.ALLOW.value), events.c.at, _look
)
_ALLOWED: Final = _Rule(
    events, _FULL_LOOK & (events.c.outcome == Outcome.ALLOW.value), events.c.at, _look
)
_REQUESTS: Final = _Rule(
    correction_requests,
    correction_requests.c.person_id != NOBODY,
    correction_requests.c.asked_at,
    _request,
)
_emptied = select(clock_events.c.id).where(clock_events.c.person_id == NOBODY)
_STRIKES: Final = _Rule(
    clock_strikes,
    or_(clock_strikes.c.actor != "", clock_strikes.c.why != "")
    & clock_strikes.c.clock_event_id.in_(_emptied),
    clock_strikes.c.at,
    _strike,
)
_HOURS: Final = (
    _Rule(clock_events, clock_events.c.person_id != NOBODY, clock_events.c.at, _punch),
    _Rule(absences, absences.c.person_id != NOBODY, absences.c.until, _absence),
    _Rule(period_lines, period_lines.c.person_id != NOBODY, period_lines.c.day, _line),
)
_ASSIGNED: Final = _Rule(
    rota_assignments,
    rota_assignments.c.person_id != NOBODY,
    rota_assignments.c.since,
    _assignment,
)
_OF_KIND: Final = {
    Kept.REFUSED: (_REFUSED,),
    Kept.ALLOWED: (_ALLOWED,),
    Kept.ATTENDANCE: (*_HOURS, _STRIKES),
    Kept.REQUESTS: (_REQUESTS,),
    Kept.AUDIT: (_ACTS, _AGREEMENTS),
    # Of some people: what is theirs but their hours.
    Kept.ERASED: (_LOOKS, _REQUESTS, _AGREEMENTS, _ASSIGNED),
}


def _rules(which: Which) -> Iterator[_Rule]:
    """What was struck out goes with the punch: it names nobody of its own."""
    for rule in _OF_KIND[which.kind]:
        if which.people is None or rule is not _STRIKES:
            yield rule
