"""Which days are proposed to be closed next."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kiosk.domain.hours.periods import Period, proposed

TODAY = date(2026, 3, 15)


def period(since: date, until: date) -> Period:
    return Period(1, since, until, datetime(2026, 1, 1, tzinfo=UTC), "mia")


def test_the_first_is_the_last_whole_month() -> None:
    assert proposed((), TODAY) == (date(2026, 2, 1), date(2026, 2, 28))
    assert proposed((), date(2026, 1, 1)) == (date(2025, 12, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("last", "following"),
    [
        (("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28")),
        (("2024-01-01", "2024-01-31"), ("2024-02-01", "2024-02-29")),
        (("2025-11-26", "2025-12-25"), ("2025-12-26", "2026-01-25")),
        (("2025-10-01", "2025-12-31"), ("2026-01-01", "2026-03-31")),
        (("2026-03-02", "2026-03-08"), ("2026-03-09", "2026-03-15")),
        (("2026-03-02", "2026-03-02"), ("2026-03-03", "2026-03-03")),
    ],
)
def test_then_what_follows_and_is_as_long(
    last: tuple[str, str], following: tuple[str, str]
) -> None:
    earlier = period(date(2020, 1, 1), date(2020, 1, 9))
    newest = period(*map(date.fromisoformat, last))
    assert proposed((newest, earlier), TODAY) == tuple(map(date.fromisoformat, following))
