"""The site's own profiles are kept, told in the audit trail, and taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.audit import ADMINISTRATOR, Action
from kiosk.domain.errors import BadInput
from kiosk.domain.repositories import Storage
from kiosk.services.admin.sheet_profiles import KEPT, SheetProfiles
from kiosk.services.admin.trail import Trail
from kiosk.services.attendance.profiles import BUILT_IN, DATEV, DAYS
from tests.fakes import WallClock

OURS = replace(DATEV, name="Our office")


@pytest.fixture
def profiles(storage: Storage, clock: WallClock) -> SheetProfiles:
    return SheetProfiles(storage, Trail(storage, clock))


def test_one_is_kept_changed_and_removed(profiles: SheetProfiles, storage: Storage) -> None:
    profiles.save(ADMINISTRATOR, replace(OURS, name="  Our   office "))
    assert profiles.all() == (*BUILT_IN, OURS)
    changed = replace(OURS, name="our OFFICE", delimiter=",")
    profiles.save(ADMINISTRATOR, changed)
    assert profiles.own() == (changed,)
    assert profiles.named("Our office") == changed
    profiles.remove(ADMINISTRATOR, "Our office")
    assert profiles.own() == ()
    told = storage.audit.newest()
    assert {entry.action for entry in told} == {Action.CHANGE_SETTINGS}
    assert told[0].details == "our OFFICE: removed"


def test_those_of_the_program_stay(profiles: SheetProfiles) -> None:
    with pytest.raises(BadInput, match="comes with the program"):
        profiles.save(ADMINISTRATOR, replace(DAYS, name="days"))
    with pytest.raises(BadInput, match="no profile 'Days' of your own"):
        profiles.remove(ADMINISTRATOR, "Days")


def test_a_damaged_store_has_none(profiles: SheetProfiles, storage: Storage) -> None:
    storage.settings.save({KEPT: "[{"})
    assert profiles.own() == ()
