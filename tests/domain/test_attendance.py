from __future__ import annotations

from datetime import date, datetime

import pytest

from kiosk.domain.attendance import working_day


@pytest.mark.parametrize(
    ("at", "starts_at", "day"),
    [
        (datetime(2026, 3, 2, 3, 59), 4, date(2026, 3, 1)),
        (datetime(2026, 3, 2, 4, 0), 4, date(2026, 3, 2)),
        (datetime(2026, 3, 2, 0, 0), 0, date(2026, 3, 2)),
        (datetime(2026, 1, 1, 1, 0), 4, date(2025, 12, 31)),
        (datetime(2026, 3, 2, 22, 59), 23, date(2026, 3, 1)),
    ],
)
def test_shortly_after_midnight_it_is_the_day_before(
    at: datetime, starts_at: int, day: date
) -> None:
    assert working_day(at, starts_at) == day
