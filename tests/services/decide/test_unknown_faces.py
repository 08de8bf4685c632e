"""Of a face that nobody knows no file holds a thing but that somebody was refused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sqlalchemy import select

from kiosk.domain.decision import Outcome
from kiosk.domain.frame import Vector
from kiosk.domain.people import Person
from kiosk.storage import SqlStorage
from kiosk.storage.tables import metadata
from tests.fakes import vector
from tests.services.conftest import Kiosk
from tests.services.decide.test_engine import scene


def test_a_strangers_vector_is_nowhere(
    kiosk: Kiosk, enrol: Callable[..., Person], storage: SqlStorage
) -> None:
    ada = enrol("Ada", "17")
    before = rows(storage)
    play = scene(kiosk)
    told = play.until_verdict(play.face(9))
    assert told.decision.outcome is Outcome.DENY
    after = rows(storage)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"events", "chain"}, "one row of the log and its entry"
    (row,) = [row for row in after["events"] if row not in before["events"]]
    assert not any(isinstance(value, bytes) and len(value) > 32 for value in row)
    assert held(after, vector(ada.id)), "what is searched for would be found"
    for similarity in (1.0, 0.9):
        assert not held(after, vector(9, similarity))


Rows = dict[str, list[tuple[object, ...]]]


def rows(storage: SqlStorage) -> Rows:
    """All that the database holds, by table; vectors as they lie there."""
    with storage.database.read() as connection:
        return {
            table.name: [tuple(map(plain, row)) for row in connection.execute(select(table))]
            for table in metadata.tables.values()
        }


def plain(value: object) -> object:
    return value.astype(np.float32).tobytes() if isinstance(value, np.ndarray) else value


def held(everything: Rows, wanted: Vector) -> bool:
    """Whether some value is, or holds, this vector."""
    found = wanted.astype(np.float32).tobytes()
    values = (value for table in everything.values() for row in table for value in row)
    return any(found in value for value in values if isinstance(value, bytes))
