"""When people are expected."""

from __future__ import annotations

from datetime import UTC, date, timedelta

from kiosk.domain.hours.shifts import Assignment, Rota, day_off, planned

OFFICE = Rota.parse("Office", "08:00-16:30,08:00-16:30,08:00-16:30,08:00-16:30,08:00-12:00,-,-")
MONDAY = date(2026, 11, 16)


def test_a_day_off_is_one_of_a_rota_in_force() -> None:
    saturday, sunday = MONDAY + timedelta(days=5), MONDAY + timedelta(days=6)
    by_rota = [Assignment(1, MONDAY, OFFICE)]
    assert not day_off([], saturday)
    assert not day_off(by_rota, MONDAY - timedelta(days=2)), "not yet"
    assert not day_off(by_rota, MONDAY)
    assert day_off(by_rota, saturday)
    assert planned(by_rota, saturday, UTC) is None
    assert not day_off([*by_rota, Assignment(1, sunday, None)], sunday), "by no rota any more"
