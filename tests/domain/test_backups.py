"""Which backups stay, by a calendar of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kiosk.domain.backups import backup_name, check_folder, gone_after, kept, made_at
from kiosk.domain.errors import BadInput

START = datetime(2026, 3, 2, 3, tzinfo=UTC)  # a Monday


def years_of(daily: int, weekly: int, days: int = 400) -> list[set[datetime]]:
    """What lies there after each day, where one is made each."""
    there: set[datetime] = set()
    each = []
    for day in range(days):
        now = START + timedelta(days=day)
        there = kept(there | {now}, now.date(), daily, weekly)
        each.append(there)
    return each


@pytest.mark.parametrize(("daily", "weekly"), [(7, 4), (1, 0), (1, 4), (30, 2), (14, 104)])
def test_nobody_is_in_a_backup_for_longer_than_is_said(daily: int, weekly: int) -> None:
    for day, there in enumerate(years_of(daily, weekly, 900)):
        now = START + timedelta(days=day)
        assert now in there, "the newest"
        assert all((now - at).days < gone_after(daily, weekly) for at in there)


def test_days_and_weeks_are_covered() -> None:
    for day, there in enumerate(years_of(7, 4)[60:], start=60):
        now = START + timedelta(days=day)
        assert {now - timedelta(days=back) for back in range(7)} <= there
        assert {(at - timedelta(days=at.weekday())).date() for at in there} == {
            (now - timedelta(days=now.weekday(), weeks=back)).date() for back in range(4)
        }
        assert len(there) <= 7 + 3


def test_of_a_day_the_newest_stays() -> None:
    morning, noon = START, START + timedelta(hours=9)
    assert kept([noon, morning], START.date(), 7, 4) == {noon}


def test_the_newest_stays_however_old() -> None:
    assert kept([START, START - timedelta(days=1)], date(2030, 1, 1), 7, 4) == {START}


def test_what_seems_to_be_of_the_future_stays() -> None:
    ahead = START + timedelta(days=900)
    assert kept([START, ahead], START.date(), 7, 4) == {START, ahead}


def test_a_name_tells_the_moment_and_whose_it_is() -> None:
    name = backup_name("0a1b2c3d", START)
    assert name == "kiosk-0a1b2c3d-20260302T030000Z.db"
    assert made_at(name, "0a1b2c3d") == START
    assert made_at(name, "ffffffff") is None
    for other in (f".{name}.ab", "kiosk-0a1b2c3d-20269902T030000Z.db", "kiosk.db"):
        assert made_at(other, "0a1b2c3d") is None


def test_a_folder_is_named_as_a_whole() -> None:
    check_folder("")
    check_folder("/mnt/backups")
    with pytest.raises(BadInput, match=r"'backups' is no whole path"):
        check_folder("backups")
