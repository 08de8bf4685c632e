"""The audit trail of administration."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from sqlalchemy import insert, select

from kiosk.domain.audit import Action, Actor, ActorKind, AuditEntry
from kiosk.storage.session import Database
from kiosk.storage.tables import audit


class SqlAudit:
    """The ``AuditTrail`` port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, entry: AuditEntry) -> AuditEntry:
        with self._database.write() as connection:
            made = connection.execute(
                insert(audit).values(
                    at=entry.at,
                    actor_kind=entry.actor.kind.value,
                    actor_name=entry.actor.name,
                    action=entry.action.value,
                    subject=entry.subject,
                    details=entry.details,
                )
            )
        assert made.inserted_primary_key is not None
        return replace(entry, at=entry.at.astimezone(UTC), id=int(made.inserted_primary_key[0]))

    def newest(self, limit: int = 200) -> tuple[AuditEntry, ...]:
        rows = select(audit).order_by(audit.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return tuple(
                AuditEntry(
                    row.at,
                    Actor(ActorKind(row.actor_kind), row.actor_name),
                    Action(row.action),
                    row.subject,
                    row.details,
                    row.id,
                )
                for row in connection.execute(rows)
            )
