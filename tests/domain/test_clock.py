from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kiosk import BUILT
from kiosk.domain.clock import clock_problem, local_time

MADE = date(2026, 2, 1)
NEWEST = datetime(2026, 11, 25, 7, tzinfo=UTC)


def problem(now: datetime, newest: datetime | None = NEWEST) -> str:
    return clock_problem(now, newest, MADE)


def test_the_program_was_not_built_in_the_future() -> None:
    assert date(2026, 1, 1) < BUILT <= datetime.now(UTC).date()


@pytest.mark.parametrize("later", [0, 1, 3600, 86400, 31 * 86400, 200 * 86400])
def test_a_clock_after_the_newest_row_is_right(later: int) -> None:
    assert problem(NEWEST + timedelta(seconds=later)) == ""


@pytest.mark.parametrize("year", [1970, 2000, 2020, 2025])
def test_a_clock_before_the_program_was_built(year: int) -> None:
    at = datetime(year, 1, 1, tzinfo=UTC)
    for newest in (None, NEWEST, at - timedelta(days=1)):
        assert "older than this program" in problem(at, newest)


def test_a_clock_before_the_newest_row() -> None:
    assert problem(NEWEST - timedelta(seconds=60)) == "", "two kiosks differ a little"
    assert "newest entry in the log" in problem(NEWEST - timedelta(seconds=61))


def test_a_clock_that_leapt_years_ahead() -> None:
    assert "far ahead" in problem(datetime(2031, 5, 5, tzinfo=UTC))
    assert "far ahead" in problem(datetime(2099, 1, 1, tzinfo=UTC), None)


def test_a_kiosk_that_runs_for_ten_years_is_right() -> None:
    at = datetime(2036, 2, 1, tzinfo=UTC)
    assert problem(at, at - timedelta(days=30)) == ""


def test_an_old_program_in_a_new_folder_is_right() -> None:
    assert problem(datetime(2030, 1, 1, tzinfo=UTC), None) == ""


def test_local_time_is_told_by_the_offset_of_then() -> None:
    assert f"{local_time(NEWEST, 345):%H:%M %z}" == "12:45 +0545"
    assert local_time(NEWEST, None) == NEWEST
