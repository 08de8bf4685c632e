"""The access log."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from kiosk.domain.clock import offset_minutes
from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.liveness.proof import Proof
from kiosk.domain.names import folded
from kiosk.domain.records import EventFilter
from kiosk.storage import chain
from kiosk.storage.columns import storable
from kiosk.storage.session import Database
from kiosk.storage.tables import events, people


class SqlEvents:
    """The ``Events`` port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, decision: Decision) -> Decision:
        with self._database.write() as connection:
            return log(connection, decision)

    def query(
        self, wanted: EventFilter, *, limit: int = 200, offset: int = 0
    ) -> tuple[Decision, ...]:
        rows = select(events).where(*_fits(wanted)).order_by(events.c.id.desc())
        with self._database.read() as connection:
            found = connection.execute(rows.limit(limit).offset(offset))
            return tuple(_decision(row) for row in found)

    def count(self, wanted: EventFilter) -> int:
        rows = select(func.count()).select_from(events).where(*_fits(wanted))
        with self._database.read() as connection:
            return connection.scalar(rows) or 0

    def last_allow(self, person_id: int) -> Decision | None:
        rows = (
            select(events)
            .where(
                events.c.person_id == person_id,
                events.c.outcome == Outcome.ALLOW.value,
                events.c.repeat.is_(False),
            )
            .order_by(events.c.id.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            found = connection.execute(rows).one_or_none()
        return None if found is None else _decision(found)

    def liveness_scores(self, camera: str, version: str, limit: int) -> tuple[float, ...]:
        rows = (
            select(events.c.liveness_score)
            .where(
                events.c.outcome == Outcome.ALLOW.value,
                events.c.camera == camera,
                events.c.liveness_version == version,
                events.c.liveness_score.is_not(None),
                events.c.repeat.is_(False),
            )
            .order_by(events.c.id.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(connection.scalars(rows))

    def last_at(self) -> datetime | None:
        newest = (
            select(events.c.at)
            .where(events.c.clock_suspect.is_(False))
            .order_by(events.c.id.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            return connection.scalar(newest)


def log(connection: Connection, decision: Decision) -> Decision:
    """Insert the row and return the decision as it is logged, with its ``event_id``."""
    name = decision.person_name
    if name is None and decision.person_id is not None:
        name = connection.scalar(select(people.c.name).where(people.c.id == decision.person_id))
    elif name is not None:
        name = storable(name)
    offset = decision.utc_offset_minutes
    if offset is None:
        offset = offset_minutes(decision.at)
    made = chain.add(
        connection,
        events,
        at=decision.at,
        utc_offset_minutes=offset,
        outcome=decision.outcome.value,
        reason=decision.reason.value,
        mode=decision.mode.value,
        person_id=decision.person_id,
        person_name=name,
        search_name=folded(name or ""),
        score=decision.score,
        threshold=decision.threshold,
        far=decision.far,
        encoder_id=decision.encoder_id,
        camera=decision.camera,
        duration=decision.duration,
        repeat=decision.repeat,
        clock_suspect=decision.clock_suspect,
        liveness=None if decision.liveness is None else decision.liveness.value,
        liveness_score=decision.liveness_score,
        liveness_version=decision.liveness_version,
        recording=decision.recording or None,
    )
    return replace(
        decision,
        at=decision.at.astimezone(UTC),
        person_name=name,
        utc_offset_minutes=offset,
        event_id=made,
    )


def _fits(wanted: EventFilter) -> list[ColumnElement[bool]]:
    fits: list[ColumnElement[bool]] = []
    if wanted.person_id is not None:
        fits.append(events.c.person_id == wanted.person_id)
    if wanted.outcome is not None:
        fits.append(events.c.outcome == wanted.outcome.value)
    if wanted.mode is not None:
        fits.append(events.c.mode == wanted.mode.value)
    if wanted.since is not None:
        fits.append(events.c.at >= wanted.since)
    if wanted.until is not None:
        fits.append(events.c.at < wanted.until)
    if wanted.clock_suspect is not None:
        fits.append(events.c.clock_suspect.is_(wanted.clock_suspect))
    if part := folded(wanted.text):
        fits.append(events.c.search_name.contains(part, autoescape=True))
    return fits


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        at=row.at,
        outcome=Outcome(row.outcome),
        reason=Reason(row.reason),
        mode=Mode(row.mode),
        person_id=row.person_id,
        person_name=row.person_name,
        score=row.score,
        threshold=row.threshold,
        far=row.far,
        encoder_id=row.encoder_id,
        camera=row.camera,
        duration=row.duration,
        event_id=row.id,
        repeat=row.repeat,
        utc_offset_minutes=row.utc_offset_minutes,
        clock_suspect=row.clock_suspect,
        liveness=None if row.liveness is None else Proof(row.liveness),
        liveness_score=row.liveness_score,
        liveness_version=row.liveness_version,
        recording=bool(row.recording),
    )
