"""Numbers that rise with every change of what they stand for."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, insert, select, update

from kiosk.storage.tables import counters

GALLERY: Final = "gallery"


def current(connection: Connection, name: str) -> int:
    """The counter's value; 0 where nothing has changed yet."""
    return connection.scalar(select(counters.c.value).where(counters.c.name == name)) or 0


def bump(connection: Connection, name: str) -> None:
    """Raise the counter, in the transaction of the change that it tells of."""
    raised = update(counters).where(counters.c.name == name).values(value=counters.c.value + 1)
    if not connection.execute(raised).rowcount:
        connection.execute(insert(counters).values(name=name, value=1))
