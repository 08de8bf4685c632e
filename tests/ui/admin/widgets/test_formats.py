"""Days as the system's locale writes them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import QLocale

from kiosk.ui.admin.widgets.formats import day, long_day, longest_moment, moment, pydate, qdate

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("C", "2026-03-02"),
        ("en_GB", "02/03/2026"),
        ("en_US", "3/2/26"),
        ("de_DE", "02.03.26"),
    ],
)
def test_a_day_in_figures(locale: str, written: str) -> None:
    assert day(DAY, QLocale(locale)) == written


def test_a_day_with_its_weekday_ends_with_its_figures() -> None:
    assert long_day(DAY).endswith(day(DAY))
    assert long_day(DAY) != day(DAY)


def test_days_to_qt_and_back() -> None:
    assert pydate(qdate(DAY)) == DAY


def test_no_moment_is_longer_than_the_longest() -> None:
    moments = [
        moment(datetime(2026, month, 28, hour, 0, 0).astimezone())
        for month in range(1, 13)
        for hour in (0, 9, 23)
    ]
    assert max(map(len, moments)) <= len(longest_moment())
