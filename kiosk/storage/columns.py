"""Column types and text forms that mean the same on every database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Date, DateTime, LargeBinary, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Damaged(Exception):
    """A value that stands in the database, and that this program can't have written."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment; stored in UTC, and always with its zone in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; pass a datetime in UTC.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite has no zones and gives back what process_bind_param made: UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return _checked(super().result_processor(dialect, coltype))


class Day(TypeDecorator[date]):
    """A day of the calendar."""

    impl = Date
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return _checked(super().result_processor(dialect, coltype))


def _checked(read: Callable[[Any], Any] | None) -> Callable[[Any], Any] | None:
    """SQLite keeps whatever is put into a column: what is none of its kind is found when read."""
    if read is None:
        return None

    def checked(value: Any) -> Any:
        try:
            return read(value)
        except (OverflowError, TypeError, ValueError) as error:
            raise Damaged(f"{value!r:.60} where a time should stand") from error

    return checked


class Float32(TypeDecorator[NDArray[np.float32]]):
    """A vector (dimension,) as little-endian float32, whatever the machine."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(
        self, value: NDArray[np.float32] | None, dialect: Dialect
    ) -> bytes | None:
        return None if value is None else np.asarray(value, "<f4").tobytes()

    def process_result_value(
        self, value: bytes | None, dialect: Dialect
    ) -> NDArray[np.float32] | None:
        # Cut to whole numbers: a damaged blob is found by its wrong dimension, not by a crash.
        if value is None:
            return None
        return np.frombuffer(value, "<f4", len(value) // 4).astype(np.float32, copy=False)


class FreeText(TypeDecorator[str]):
    """Text of any origin, such as a file's name: what no database can store becomes ``?``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """The text with lone surrogates (undecodable file names) and NUL replaced by ``?``."""
    return text.encode("utf-8", "replace").decode().replace("\0", "?")
