"""Moments, directions and days as other systems write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.attendance import Direction
from kiosk.domain.errors import BadInput
from kiosk.domain.hours.imports import PUNCH_COLUMNS, Mapped, offset

BERLIN = ZoneInfo("Europe/Berlin")
SUMMER = datetime(2026, 7, 1, 5, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-07-01 07:45", ""),
        ("2026-07-01T07:45:00+02:00", ""),
        ("2026-07-01T05:45:00Z", ""),
        ("01.07.2026 07:45", ""),
        ("2026/07/01 07:45:00", ""),
        ("01.07.26 7:45", ""),
        ("07/01/2026 07:45", "%m/%d/%Y %H:%M"),
    ],
)
def test_moments(text: str, form: str) -> None:
    mapped = Mapped({"moment": "Time"}, form=form)
    at = mapped.moment({"Time": text}, BERLIN)
    assert at == SUMMER
    assert offset(at) in (120, 0)


@pytest.mark.parametrize("clock", ["07:45", "7:45", "07:45:00", "7.45", "7:45 am"])
def test_a_date_and_a_time(clock: str) -> None:
    mapped = Mapped({"date": "Day", "time": "Clock"})
    assert mapped.moment({"Day": "2026-07-01", "Clock": clock}, BERLIN) == SUMMER


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("07/01/2026 07:45", "--form"),
        ("yesterday", "--form"),
        ("", "--form"),
        ("2026-02-30 08:00", "--form"),
        ("2026-10-25 02:30", "twice"),
        ("2026-03-29 02:30", "put forward"),
    ],
)
def test_what_is_no_moment_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        Mapped({"moment": "Time"}).moment({"Time": text}, BERLIN)
    assert Mapped({}).day("24.11.2026") == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("word", "direction"),
    [
        ("IN", Direction.IN),
        ("Gehen", Direction.OUT),
        ("Arrived", Direction.IN),
        ("pause", Direction.BREAK),
    ],
)
def test_directions(word: str, direction: Direction) -> None:
    mapped = Mapped.of("direction=Kind", "arrived=in, smoke=break")
    assert mapped.direction({"Kind": word}) is direction
    with pytest.raises(BadInput, match="--words"):
        mapped.direction({"Kind": "7"})


def test_columns_are_found_by_what_they_are_called() -> None:
    mapped = Mapped.of("moment=Zeit").within(("Number", "zeit", "Direction", "x"), PUNCH_COLUMNS)
    assert mapped.columns == {"number": "Number", "direction": "Direction", "moment": "zeit"}
    mapped.need(("number", "name"), ("moment", "time"))
    with pytest.raises(BadInput, match="which column is the kind"):
        mapped.need(("kind",))


@pytest.mark.parametrize(
    ("text", "words", "why"),
    [
        ("moment", "", "can't be read"),
        ("=x", "", "can't be read"),
        ("colour=Zeit", "", "means nothing here"),
        ("moment=Uhr", "", "has no column 'Uhr'"),
        ("", "Came=inside", "no direction"),
    ],
)
def test_a_map_that_can_not_be_read(text: str, words: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        Mapped.of(text, words).within(("Zeit",), PUNCH_COLUMNS)


@pytest.mark.parametrize(
    "text",
    ["0001-01-01 00:00", "0001-01-01T00:00+14:00", "1899-12-31", "9999-12-31T23:59-12:00"],
)
@pytest.mark.parametrize("zone", [BERLIN, None])
def test_what_is_beside_all_calendars_is_a_slip(text: str, zone: ZoneInfo | None) -> None:
    with pytest.raises(BadInput, match=r"can't be right: it is in the year (1|1899|9999)\."):
        Mapped({"moment": "Time"}).moment({"Time": text}, zone)
    with pytest.raises(BadInput, match="can't be right"):
        Mapped({}).day(text)


def test_a_form_that_names_one_thing_twice_reads_nothing() -> None:
    with pytest.raises(BadInput, match="no date that is known"):
        Mapped({}, form="%d %d").day("1 1")
