"""Who agreed, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from kiosk.domain.consent import Consent, Wording
from kiosk.domain.errors import NotFound
from kiosk.domain.language import _
from kiosk.storage import chain
from kiosk.storage.session import Database
from kiosk.storage.tables import consents


class SqlConsents:
    """The ``Consents`` port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, person_id: int) -> tuple[Consent, ...]:
        wanted = select(consents).where(consents.c.person_id == person_id)
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(consents.c.id.desc()))
            return tuple(_consent(row) for row in rows)

    def newest(self) -> dict[int, Consent]:
        last = select(func.max(consents.c.id)).group_by(consents.c.person_id)
        with self._database.read() as connection:
            rows = connection.execute(select(consents).where(consents.c.id.in_(last)))
            return {row.person_id: _consent(row) for row in rows}

    def add(self, consent: Consent) -> Consent:
        with self._database.write() as connection:
            made = chain.add(
                connection,
                consents,
                person_id=consent.person_id,
                person_name=consent.name,
                version=consent.wording.version,
                text=consent.wording.text,
                given_at=consent.given_at,
                recorded_by=consent.recorded_by,
                how=consent.how,
            )
        return replace(consent, id=made)

    def withdraw(self, consent_id: int, at: datetime, by: str) -> Consent:
        this = consents.c.id == consent_id
        with self._database.write() as connection:
            changed = connection.execute(
                update(consents)
                .where(this, consents.c.withdrawn_at.is_(None))
                .values(withdrawn_at=at, withdrawn_by=by)
            )
            if not changed.rowcount:
                raise NotFound(_("This agreement was withdrawn already."))
            chain.record(connection, consents, consent_id)
            return _consent(connection.execute(select(consents).where(this)).one())


def _consent(row: Row[Any]) -> Consent:
    return Consent(
        row.id,
        row.person_id,
        row.person_name,
        Wording(row.version, row.text),
        row.given_at,
        row.recorded_by,
        row.how,
        row.withdrawn_at,
        row.withdrawn_by or "",
    )
