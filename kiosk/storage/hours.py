"""Rotas, absences, periods that are closed, and what people ask to be put right."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, Table, select, update

from kiosk.domain.attendance import Direction, Mark
from kiosk.domain.errors import BadInput, NotFound
from kiosk.domain.hours.periods import Period, PeriodLine
from kiosk.domain.hours.requests import Answer, CorrectionRequest
from kiosk.domain.hours.shifts import Absence, Assignment, Rota
from kiosk.domain.language import _
from kiosk.domain.retention import NOBODY
from kiosk.storage import chain
from kiosk.storage.session import Database
from kiosk.storage.tables import (
    absences,
    correction_requests,
    period_lines,
    periods,
    rota_assignments,
    rotas,
)


class SqlHours:
    """The ``Hours`` port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rotas(self) -> tuple[Rota, ...]:
        with self._database.read() as connection:
            return tuple(
                _rota(row) for row in connection.execute(select(rotas).order_by(rotas.c.id))
            )

    def add_rota(self, rota: Rota) -> Rota:
        made = self._insert(
            rotas,
            name=rota.name,
            days=",".join("-" if shift is None else str(shift) for shift in rota.days),
            grace_minutes=rota.grace // timedelta(minutes=1),
        )
        return replace(rota, id=made)

    def assignments(self, person_id: int | None = None) -> tuple[Assignment, ...]:
        known = {rota.id: rota for rota in self.rotas()}
        theirs = rota_assignments.c.person_id != NOBODY
        wanted = select(rota_assignments).where(theirs).order_by(rota_assignments.c.id)
        if person_id is not None:
            wanted = wanted.where(rota_assignments.c.person_id == person_id)
        with self._database.read() as connection:
            found = connection.execute(wanted).all()
        newest = {  # of one person and day the one that was said last
            (row.person_id, row.since): Assignment(
                row.person_id, row.since, known.get(row.rota_id), row.first
            )
            for row in found
        }
        return tuple(sorted(newest.values(), key=lambda one: (one.person_id, one.since)))

    def assign(self, assignment: Assignment) -> None:
        self._insert(
            rota_assignments,
            person_id=assignment.person_id,
            since=assignment.since,
            rota_id=assignment.rota.id if assignment.rota else None,
            first=assignment.first,
        )

    def absences(
        self, since: date, until: date, person_id: int | None = None
    ) -> tuple[Absence, ...]:
        wanted = select(absences).where(
            absences.c.withdrawn.is_(False),
            absences.c.since <= until,
            absences.c.until >= since,
            absences.c.person_id != NOBODY,
        )
        if person_id is not None:
            wanted = wanted.where(absences.c.person_id == person_id)
        with self._database.read() as connection:
            found = connection.execute(wanted.order_by(absences.c.since, absences.c.id))
            return tuple(_absence(row) for row in found)

    def add_absence(self, absence: Absence) -> Absence:
        made = self._insert(
            absences,
            person_id=absence.person_id,
            kind=absence.kind,
            since=absence.since,
            until=absence.until,
            note=absence.note,
        )
        return replace(absence, id=made)

    def withdraw_absence(self, absence_id: int) -> Absence:
        with self._database.write() as connection:
            row = connection.execute(
                select(absences).where(absences.c.id == absence_id, absences.c.withdrawn.is_(False))
            ).one_or_none()
            if row is None:
                raise NotFound(_("There is no absence {number}.").format(number=absence_id))
            connection.execute(
                update(absences).where(absences.c.id == absence_id).values(withdrawn=True)
            )
            chain.record(connection, absences, absence_id)
            return _absence(row)

    def periods(self) -> tuple[Period, ...]:
        with self._database.read() as connection:
            found = connection.execute(select(periods).order_by(periods.c.since, periods.c.id))
            return tuple(
                Period(
                    *(row.id, row.since, row.until, row.closed_at, row.closed_by, row.digest),
                    rules=json.loads(row.rules),
                    mark=Mark(row.last_event, row.last_strike),
                )
                for row in found
            )

    def period_lines(
        self, period_id: int | None = None, day: date | None = None
    ) -> tuple[PeriodLine, ...]:
        theirs = period_lines.c.person_id != NOBODY
        wanted = select(period_lines).where(theirs).order_by(period_lines.c.id)
        if period_id is not None:
            wanted = wanted.where(period_lines.c.period_id == period_id)
        if day is not None:
            wanted = wanted.where(period_lines.c.day == day)
        with self._database.read() as connection:
            return tuple(_line(row) for row in connection.execute(wanted))

    def close_period(self, period: Period, lines: Iterable[PeriodLine]) -> Period:
        with self._database.write() as connection:
            made = self._insert(
                periods,
                since=period.since,
                until=period.until,
                closed_at=period.closed_at,
                closed_by=period.closed_by,
                digest=period.digest,
                rules=json.dumps(dict(period.rules), sort_keys=True),
                last_event=period.mark.event,
                last_strike=period.mark.strike,
            )
            rows = [
                {
                    "period_id": made,
                    "person_id": line.person_id,
                    "person_name": line.name,
                    "staff_number": line.staff_number,
                    "day": line.day,
                    "counted": line.counted // timedelta(seconds=1),
                    "by_hand": line.by_hand // timedelta(seconds=1),
                    "carried": line.carried,
                    "why": line.why,
                }
                for line in lines
            ]
            chain.add_all(connection, period_lines, rows)
        return replace(period, id=made)

    def requests(
        self, person_id: int | None = None, *, open_only: bool = False
    ) -> tuple[CorrectionRequest, ...]:
        theirs = correction_requests.c.person_id != NOBODY
        newest_first = correction_requests.c.id.desc()
        wanted = select(correction_requests).where(theirs).order_by(newest_first)
        if person_id is not None:
            wanted = wanted.where(correction_requests.c.person_id == person_id)
        if open_only:
            wanted = wanted.where(correction_requests.c.answered_at.is_(None))
        with self._database.read() as connection:
            return tuple(_request(row) for row in connection.execute(wanted))

    def add_request(self, request: CorrectionRequest) -> CorrectionRequest:
        made = self._insert(
            correction_requests,
            person_id=request.person_id,
            person_name=request.name,
            asked_at=request.asked_at,
            direction=request.direction.value,
            moment=request.moment,
            replaces=request.replaces,
            why=request.why,
        )
        return replace(request, id=made)

    def answer_request(self, request_id: int, answer: Answer) -> CorrectionRequest:
        this = correction_requests.c.id == request_id
        with self._database.write() as connection:
            row = connection.execute(select(correction_requests).where(this)).one_or_none()
            if row is None:
                raise NotFound(_("There is no request {number}.").format(number=request_id))
            if row.answered_at is not None:
                raise BadInput(_("This request was answered already."))
            connection.execute(
                update(correction_requests)
                .where(this)
                .values(
                    answered_at=answer.at,
                    answered_by=answer.by,
                    approved=answer.approved,
                    answer=answer.why,
                )
            )
            chain.record(connection, correction_requests, request_id)
            return _request(connection.execute(select(correction_requests).where(this)).one())

    def _insert(self, table: Table, **values: Any) -> int:
        with self._database.write() as connection:
            return chain.add(connection, table, **values)


def _rota(row: Row[Any]) -> Rota:
    read = Rota.parse(row.name, row.days, timedelta(minutes=row.grace_minutes))
    return replace(read, id=row.id)


def _absence(row: Row[Any]) -> Absence:
    return Absence(row.id, row.person_id, row.kind, row.since, row.until, row.note)


def _line(row: Row[Any]) -> PeriodLine:
    return PeriodLine(
        row.person_id,
        row.person_name,
        row.staff_number,
        row.day,
        timedelta(seconds=row.counted),
        timedelta(seconds=row.by_hand),
        row.carried,
        row.why,
    )


def _request(row: Row[Any]) -> CorrectionRequest:
    answer = None
    if row.answered_at is not None:
        answer = Answer(row.answered_at, row.answered_by, row.approved, row.answer)
    return CorrectionRequest(
        row.id,
        row.person_id,
        row.person_name,
        row.asked_at,
        Direction(row.direction),
        row.moment,
        row.replaces,
        row.why,
        answer,
    )
