from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QLocale

from kiosk.ui.common.locale import local_date, local_hour, local_time

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
