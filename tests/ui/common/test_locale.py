from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from PySide6.QtCore import QLocale

from kiosk.ui.common.locale import (
    local_date,
    local_hour,
    local_time,
    month,
    short_date,
    wall_time,
)

AT = datetime(2026, 11, 24, 12, 42, tzinfo=UTC).astimezone()


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("C", "Tuesday, 24 November"),
        ("en_US", "Tuesday, November 24"),
        ("de_DE", "Dienstag, 24. November"),
        ("fr_FR", "mardi 24 novembre"),
        ("es_ES", "martes, 24 de noviembre"),
    ],
)
def test_dates_without_their_year(name: str, day: str) -> None:
    assert local_date(AT, QLocale(name)) == day


def test_times_without_seconds_in_local_time() -> None:
    hour = AT.hour
    assert local_time(AT, QLocale("C")) == f"{hour:02}:42"
    assert local_time(AT, QLocale("de_DE")) == f"{hour:02}:42"
    assert local_time(AT, QLocale("fi_FI")) == f"{hour}.42"
    assert local_hour(AT) == hour
    assert local_time(AT)
    assert local_date(AT)


@pytest.mark.parametrize(
    ("name", "day", "of_month"),
    [
        ("C", "Tue, 24 Nov", "November 2026"),
        ("en_US", "Tue, Nov 24", "November 2026"),
        ("de_DE", "Di., 24. Nov.", "November 2026"),
        ("fr_FR", "mar. 24 nov.", "novembre 2026"),
    ],
)
def test_days_and_months_for_lists(name: str, day: str, of_month: str) -> None:
    which = date(2026, 11, 24)
    assert short_date(which, QLocale(name)) == day
    assert month(which, QLocale(name)) == of_month


def test_a_time_on_the_wall_of_another_place() -> None:
    there = datetime(2026, 11, 24, 3, 5, tzinfo=timezone(timedelta(hours=9)))
    assert wall_time(there, QLocale("C")) == "03:05"
