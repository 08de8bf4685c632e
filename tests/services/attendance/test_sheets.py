"""A sheet adds up, says what it rests on and who gains, and stays as it was closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kiosk.domain.attendance import Evidence
from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.errors import BadInput
from kiosk.domain.hours import Flagged, Rounding, Rules, Way
from kiosk.domain.hours.words import EVIDENCE, FLAGS
from kiosk.domain.repositories import Storage
from kiosk.services.admin.corrections import Corrections
from kiosk.services.admin.periods import Periods
from kiosk.services.admin.trail import Trail
from kiosk.services.attendance import Attendance
from kiosk.services.attendance.sheets import NOTHING, Basis, PersonSheet, Sheets, month
from tests.fakes import WallClock
from tests.services.attendance.months import (
    NOVEMBER,
    NOW,
    OCTOBER,
    PEOPLE,
    SETTINGS,
    last_going,
)


@pytest.fixture
def storage(month_storage: Storage) -> Storage:
    return month_storage


@pytest.fixture
def sheets(storage: Storage) -> Sheets:
    return Sheets(storage, Attendance.of(storage, SETTINGS))


def adds_up(sheet: PersonSheet) -> bool:
    for figures in (*(day.figures for day in sheet.days), sheet.totals):
        sums = figures.exact + figures.paid - figures.deducted + figures.gain - figures.changed
        if sums != figures.counted or sum(figures.by_basis.values(), NOTHING) != figures.counted:
            return False
        if figures.by_hand > figures.counted or figures.exact % timedelta(seconds=1):
            return False
    return True


def test_everybody_has_a_sheet_that_adds_up(sheets: Sheets, ids: tuple[int, ...]) -> None:
    made = sheets.of(*NOVEMBER)
    assert {sheet.person_id for sheet in made} == set(ids)
    assert all(map(adds_up, made))
    by_hand = {Basis.PERSON, Basis.HAND, Basis.IMPORT, Basis.ASSUMED}
    for sheet in made:
        totals = sheet.totals
        words = sum((totals.by_basis.get(basis, NOTHING) for basis in by_hand), NOTHING)
        assert words == totals.by_hand
    bases = {basis for sheet in made for basis in sheet.totals.by_basis}
    assert bases == set(Basis) - {Basis.CLOSED, Basis.RECORDING}


def test_what_was_corrected_in_a_closed_month_is_carried_on(
    sheets: Sheets, ids: tuple[int, ...]
) -> None:
    ada = sheets.one(*NOVEMBER, ids[0])
    assert [(line.day, line.why) for line in ada.carried] == [
        (date(2025, 10, 8), "The gate's list says so"),
        (date(2025, 10, 20), "The gate's list says so"),
    ]
    assert ada.carried_total == sum((line.counted for line in ada.carried), NOTHING)
    assert ada.payable == ada.totals.counted + ada.carried_total
    assert sheets.one(*NOVEMBER, ids[2]).carried == ()


def test_a_closed_month_stays_as_it_was_signed(
    sheets: Sheets, ids: tuple[int, ...], storage: Storage
) -> None:
    (period,) = storage.hours.periods()
    lines = storage.hours.period_lines(period.id)
    made = sheets.of(*OCTOBER)
    assert all(map(adds_up, made))
    for sheet in made:
        assert sheet.period == period
        mine = [line for line in lines if line.person_id == sheet.person_id]
        assert sheet.totals.counted == sum((line.counted for line in mine), NOTHING)
        assert sheet.totals.by_hand == sum((line.by_hand for line in mine), NOTHING)
    ada = next(sheet for sheet in made if sheet.person_id == ids[0])
    changed = {day.row.day: day.figures.changed for day in ada.days if day.figures.changed}
    assert changed == {line.day: line.counted for line in sheets.one(*NOVEMBER, ids[0]).carried}


def test_a_closed_day_that_was_struck_out_since_is_on_the_sheet_yet(
    storage: Storage, sheets: Sheets, ids: tuple[int, ...]
) -> None:
    clock = WallClock(NOW)
    corrections = Corrections(storage, Trail(storage, clock), clock)
    (day,) = (one for one in sheets.one(*OCTOBER, ids[2]).days if one.row.day.day == 6)
    for event in day.row.events:
        corrections.strike(ADMINISTRATOR, event, "Somebody else")
    (now,) = (one for one in sheets.one(*OCTOBER, ids[2]).days if one.row.day.day == 6)
    assert now.figures.counted == day.figures.counted
    assert now.figures.changed == -day.figures.counted
    assert now.row.spans == ()


@pytest.mark.parametrize(
    ("way", "told"),
    [
        (Way.INWARD, "one-sided: every rounding takes"),
        (Way.OUTWARD, "one-sided: every rounding gives"),
        (Way.NEAREST, ""),
    ],
)
def test_who_gains_by_rounding(storage: Storage, ids: tuple[int, ...], way: Way, told: str) -> None:
    rules = Rules(rounding=Rounding(30, way))
    sheet = Sheets(storage, Attendance(storage, 4, rules=rules)).one(*NOVEMBER, ids[2])
    assert adds_up(sheet)
    assert told in sheet.proof
    assert ("one-sided" in sheet.proof) is bool(told)
    if way is Way.INWARD:
        assert sheet.totals.gain < NOTHING
        assert f"takes {-sheet.totals.gain // timedelta(hours=1)}:" in sheet.proof
    if way is Way.OUTWARD:
        assert sheet.totals.gain > NOTHING


def test_paid_breaks_are_not_taken_for_rounding(storage: Storage, ids: tuple[int, ...]) -> None:
    rules = Rules(paid_breaks=True, breaks=True)
    sheet = Sheets(storage, Attendance(storage, 4, rules=rules)).one(*NOVEMBER, ids[2])
    assert adds_up(sheet)
    assert sheet.totals.paid == sheet.totals.rested > timedelta(hours=6)
    assert abs(sheet.totals.gain) < timedelta(hours=1)


def test_open_questions_are_told(sheets: Sheets, ids: tuple[int, ...]) -> None:
    assert str(sheets.one(*NOVEMBER, ids[3]).unsettled) == "1 open end"
    assert not sheets.one(*NOVEMBER, ids[1]).unsettled


def test_a_group_alone(sheets: Sheets) -> None:
    names = {sheet.name for sheet in sheets.of(*NOVEMBER, group="laboratory")}
    assert names == {"Ada Lovelace", "Ελένη Παππά"}
    with pytest.raises(BadInput, match="There are: Laboratory, Warehouse"):
        sheets.of(*NOVEMBER, group="Kitchen")


def test_whoever_was_named_has_a_sheet_without_anything(sheets: Sheets, storage: Storage) -> None:
    new = storage.people.add("New Here", None)
    assert sheets.one(*NOVEMBER, new.id).days == ()
    assert new.id not in {sheet.person_id for sheet in sheets.of(*NOVEMBER)}


def test_whoever_is_deleted_keeps_their_sheet(
    sheets: Sheets, storage: Storage, ids: tuple[int, ...]
) -> None:
    before = sheets.one(*NOVEMBER, ids[1])
    storage.people.delete(ids[1])
    after = sheets.one(*NOVEMBER, ids[1])
    assert (after.name, after.totals) == (PEOPLE[1][0], before.totals)


def test_corrections_between_closings_are_carried_once(
    sheets: Sheets, storage: Storage, ids: tuple[int, ...]
) -> None:
    clock = WallClock(NOW)
    attendance = Attendance.of(storage, SETTINGS)
    trail = Trail(storage, clock)
    periods = Periods(storage, trail, clock, lambda: attendance)
    before = sheets.one(*NOVEMBER, ids[0])
    periods.close(ADMINISTRATOR, *NOVEMBER, unsettled_too=True)
    closed = sheets.one(*NOVEMBER, ids[0])
    assert (closed.carried, closed.totals) == (before.carried, before.totals)
    december = (date(2025, 12, 1), date(2025, 12, 31))
    assert sheets.one(*december, ids[0]).carried == ()
    went = last_going(storage, ids[0], date(2025, 11, 3))
    Corrections(storage, trail, clock).strike(ADMINISTRATOR, went, "Twice")
    assert [line.day for line in sheets.one(*december, ids[0]).carried] == [date(2025, 11, 3)]


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "November", "9999-12"])
def test_what_is_no_month_is_a_sentence(text: str) -> None:
    with pytest.raises(BadInput, match="is no month: write it as 2026-11"):
        month(text)


def test_months() -> None:
    assert month(" 2024-02 ") == (date(2024, 2, 1), date(2024, 2, 29))


def test_days_the_wrong_way_round_and_too_many(sheets: Sheets) -> None:
    with pytest.raises(BadInput, match="before the first"):
        sheets.of(NOVEMBER[1], NOVEMBER[0])
    with pytest.raises(BadInput, match="ten years"):
        sheets.of(date(2000, 1, 1), NOVEMBER[0])


def test_every_flag_and_evidence_has_words() -> None:
    assert set(FLAGS) == set(Flagged)
    assert set(EVIDENCE) == set(Evidence)
    assert {basis.value for basis in Basis} == {*map(str, Evidence), "assumed", "closed"}
