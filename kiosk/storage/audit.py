"""The audit trail of administration."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from itertools import islice
from typing import Any

from sqlalchemy import Row, Select, select

from kiosk.domain.audit import Action, Actor, ActorKind, AuditEntry
from kiosk.domain.names import folded
from kiosk.domain.records import ALL_ACTS, AuditFilter
from kiosk.domain.roles import Role
from kiosk.storage import chain
from kiosk.storage.session import Database
from kiosk.storage.tables import audit


class SqlAudit:
    """The ``AuditTrail`` port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, entry: AuditEntry) -> AuditEntry:
        with self._database.write() as connection:
            made = chain.add(
                connection,
                audit,
                at=entry.at,
                actor_kind=entry.actor.kind.value,
                actor_name=entry.actor.name,
                action=entry.action.value,
                subject=entry.subject,
                details=entry.details,
                actor_role=entry.actor.role and entry.actor.role.value,
            )
        return replace(entry, at=entry.at.astimezone(UTC), id=made)

    def newest(self, limit: int = 200, wanted: AuditFilter = ALL_ACTS) -> tuple[AuditEntry, ...]:
        text = folded(wanted.text)
        rows = _fitting(wanted).order_by(audit.c.id.desc())
        with self._database.read() as connection:
            # No database folds accents as our search does; what is not wanted is not kept.
            entries = map(_entry, connection.execute(rows if text else rows.limit(limit)))
            found = (entry for entry in entries if text in folded(entry.subject))
            return tuple(islice(found, limit))

    def actors(self) -> tuple[Actor, ...]:
        kinds = select(audit.c.actor_kind, audit.c.actor_name).distinct()
        with self._database.read() as connection:
            rows = connection.execute(kinds.order_by(audit.c.actor_kind, audit.c.actor_name))
            return tuple(Actor(ActorKind(row.actor_kind), row.actor_name) for row in rows)


def _fitting(wanted: AuditFilter) -> Select[Any]:
    rows = select(audit)
    if wanted.actions:
        rows = rows.where(audit.c.action.in_(action.value for action in wanted.actions))
    if wanted.actor is not None:
        rows = rows.where(
            audit.c.actor_kind == wanted.actor.kind.value, audit.c.actor_name == wanted.actor.name
        )
    if wanted.since is not None:
        rows = rows.where(audit.c.at >= wanted.since)
    if wanted.until is not None:
        rows = rows.where(audit.c.at < wanted.until)
    return rows


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        row.at,
        Actor(
            ActorKind(row.actor_kind),
            row.actor_name,
            Role(row.actor_role) if row.actor_role else None,
        ),
        Action(row.action),
        row.subject,
        row.details,
        row.id,
    )
