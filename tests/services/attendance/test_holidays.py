"""Public holidays, and the setting that names their place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.errors import BadInput, BadSetting
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.attendance.holidays import check_place, public_holidays
from tests.fakes import WallClock

EPIPHANY = date(2026, 1, 6)


def test_a_part_of_a_country_has_its_own() -> None:
    assert public_holidays("DE")(EPIPHANY) == ""
    for place in ("DE-BY", "de-by", " DE - BY "):
        assert public_holidays(place)(EPIPHANY)
        check_place(place)
    assert public_holidays("US-CA")(date(2026, 7, 4)) == "Independence Day"


@pytest.mark.parametrize("place", ["XX", "DE-XX", "Bavaria", "-", "DE-BY-BY"])
def test_a_place_that_is_not_known_is_refused_and_has_none(place: str) -> None:
    with pytest.raises(BadInput, match="such as DE-BY or US-CA"):
        check_place(place)
    assert public_holidays(place)(EPIPHANY) == ""


def test_no_place_is_no_mistake() -> None:
    check_place(" ")
    assert public_holidays("")(EPIPHANY) == ""


def test_a_setting_that_names_no_place_is_not_stored(
    storage: Storage, pins: Pins, clock: WallClock
) -> None:
    admin, before = Administration.of(storage, pins, clock), Settings()
    with pytest.raises(BadSetting, match="'Bavaria' are not known") as told:
        admin.settings.change(ADMINISTRATOR, before, replace(before, holidays="Bavaria", hold=5))
    assert told.value.name == "holidays"
    assert storage.settings.load() == {}
    admin.settings.change(ADMINISTRATOR, before, replace(before, holidays="DE-BY"))
    assert storage.settings.load() == {"holidays": "DE-BY"}
