"""Text as it is searched and stored."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import Dialect

from kiosk.storage.columns import Float32, FreeText, UtcDateTime, storable


@pytest.fixture
def dialect() -> Dialect:
    return create_engine("sqlite://").dialect


def test_storable_keeps_what_can_be_stored() -> None:
    assert storable("Ada 👩‍🔬 é") == "Ada 👩‍🔬 é"


def test_vectors_are_little_endian_whatever_the_machine(dialect: Dialect) -> None:
    column = Float32()
    for order in "<>":
        stored = column.process_bind_param(np.array([1.0, -2.5], f"{order}f4"), dialect)
        assert stored == b"\0\0\x80\x3f\0\0\x20\xc0"
    read = column.process_result_value(stored, dialect)
    assert read is not None
    assert (read.dtype, read.tolist()) == (np.float32, [1, -2.5])


def test_nothing_stays_nothing(dialect: Dialect) -> None:
    for column in (Float32(), FreeText(), UtcDateTime()):
        assert column.process_bind_param(None, dialect) is None
    assert Float32().process_result_value(None, dialect) is None
    assert UtcDateTime().process_result_value(None, dialect) is None
