"""Who has a role, and the hash of what they sign in by."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from kiosk.domain.errors import NotFound
from kiosk.domain.language import _
from kiosk.domain.roles import Role, StaffRole
from kiosk.storage.session import Database
from kiosk.storage.tables import people, roles

_ROLE = select(
    roles.c.person_id,
    roles.c.role,
    roles.c.departments,
    roles.c.secret_hash.is_not(None).label("has_secret"),
).order_by(roles.c.person_id)


class SqlRoles:
    """The ``Roles`` port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, person_id: int) -> StaffRole | None:
        with self._database.read() as connection:
            row = connection.execute(_ROLE.where(roles.c.person_id == person_id)).one_or_none()
            return None if row is None else _role(row)

    def all(self) -> tuple[StaffRole, ...]:
        with self._database.read() as connection:
            return tuple(map(_role, connection.execute(_ROLE)))

    def secret_hash(self, person_id: int) -> str | None:
        wanted = select(roles.c.secret_hash).where(roles.c.person_id == person_id)
        with self._database.read() as connection:
            return connection.scalar(wanted)

    def give(self, person_id: int, role: Role, departments: Collection[str] = ()) -> StaffRole:
        values = {"role": role.value, "departments": "\n".join(departments)}
        with self._database.write() as connection:
            if connection.scalar(select(people.c.id).where(people.c.id == person_id)) is None:
                raise NotFound(
                    _("There is no person no. {person_id}: they may have been deleted.").format(
                        person_id=person_id
                    )
                )
            known = update(roles).where(roles.c.person_id == person_id)
            if not connection.execute(known.values(**values)).rowcount:
                connection.execute(insert(roles).values(person_id=person_id, **values))
            made = connection.execute(_ROLE.where(roles.c.person_id == person_id))
            return _role(made.one())

    def take(self, person_id: int) -> None:
        with self._database.write() as connection:
            connection.execute(delete(roles).where(roles.c.person_id == person_id))

    def set_secret_hash(self, person_id: int, secret_hash: str | None) -> None:
        known = update(roles).where(roles.c.person_id == person_id)
        with self._database.write() as connection:
            if not connection.execute(known.values(secret_hash=secret_hash)).rowcount:
                raise NotFound(_("This person has no role: give one first."))


def _role(row: Row[Any]) -> StaffRole:
    departments = tuple(filter(None, row.departments.split("\n")))
    return StaffRole(row.person_id, Role(row.role), departments, bool(row.has_secret))
