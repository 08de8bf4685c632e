"""Settings and small secrets, by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert, select, update

from kiosk.domain.errors import StorageError
from kiosk.domain.language import _
from kiosk.domain.settings import SettingValue
from kiosk.storage.session import Database, forget_deleted
from kiosk.storage.tables import settings


class SqlSettings:
    """The ``SettingsStore`` port; each value is JSON."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self) -> Mapping[str, SettingValue]:
        with self._database.read() as connection:
            rows = connection.execute(select(settings.c.name, settings.c.value))
            try:
                return {row.name: row.value for row in rows}
            except (RecursionError, ValueError) as error:
                # Not passed over: with the administrator's PIN among them, a missing value
                # would open the door to whoever comes first.
                raise StorageError(
                    _(
                        "A setting in the database {name} is damaged ({error}). Go back to a "
                        "backup."
                    ).format(name=self._database.name, error=error)
                ) from error

    def save(self, values: Mapping[str, SettingValue]) -> None:
        with self._database.write() as connection:
            for name, value in values.items():
                row = update(settings).where(settings.c.name == name).values(value=value)
                if not connection.execute(row).rowcount:
                    connection.execute(insert(settings).values(name=name, value=value))

    def remove(self, names: Collection[str]) -> None:
        with self._database.write() as connection:
            connection.execute(delete(settings).where(settings.c.name.in_(names)))
            forget_deleted(connection)
