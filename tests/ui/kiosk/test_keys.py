from __future__ import annotations

import itertools
import string

import pytest

from kiosk.domain.names import TYPED
from kiosk.ui.common.texts import ENGLISH
from kiosk.ui.kiosk.entry import Entry, Purpose
from kiosk.ui.kiosk.keys import Key, KeyRole, Layout, layout

WHO, PIN = Entry.begin(Purpose.CLAIM), Entry.begin(Purpose.ADMIN)
LAYOUTS = {
    "who": layout(WHO, ENGLISH, letters=False, upright=False),
    "pin": layout(PIN, ENGLISH, letters=False, upright=False),
    "time": layout(Entry.begin(Purpose.LEFT), ENGLISH, letters=True, upright=False),
    "wide letters": layout(WHO, ENGLISH, letters=True, upright=False),
    "upright letters": layout(WHO, ENGLISH, letters=True, upright=True),
}


def cells(key: Key) -> set[tuple[int, int]]:
    return {(key.row, key.column + place) for place in range(key.width)}


@pytest.mark.parametrize("made", LAYOUTS.values(), ids=list(LAYOUTS))
def test_keys_lie_in_the_grid_and_beside_each_other(made: Layout) -> None:
    for key in made.keys:
        assert all(0 <= column < made.columns for _, column in cells(key)), key
        assert 0 <= key.row < made.rows
    for one, other in itertools.combinations(made.keys, 2):
        assert not cells(one) & cells(other), (one, other)


@pytest.mark.parametrize("made", LAYOUTS.values(), ids=list(LAYOUTS))
def test_every_key_is_seen_named_and_every_role_there_once(made: Layout) -> None:
    assert all(key.name and (key.label or key.icon) for key in made.keys)
    roles = [key.role for key in made.keys]
    for role in (KeyRole.ENTER, KeyRole.ERASE, KeyRole.CANCEL):
        assert roles.count(role) == 1


def test_all_figures_and_all_letters() -> None:
    def characters(name: str) -> set[str]:
        return {key.character for key in LAYOUTS[name].keys if key.role is KeyRole.CHARACTER}

    assert characters("who") == characters("pin") == set(string.digits)
    for name in ("wide letters", "upright letters"):
        assert characters(name) >= {*string.ascii_lowercase, " ", "-", "'"}


@pytest.mark.parametrize("letters", ["wide letters", "upright letters"])
def test_what_can_be_typed_is_what_the_pad_has_keys_for(letters: str) -> None:
    keys = (*LAYOUTS["who"].keys, *LAYOUTS[letters].keys)
    assert {key.character for key in keys if key.role is KeyRole.CHARACTER} == TYPED


def test_a_pin_has_no_letters() -> None:
    assert layout(PIN, ENGLISH, letters=True, upright=False) == LAYOUTS["pin"]
    assert all(key.role is not KeyRole.SWITCH for key in LAYOUTS["pin"].keys)


def test_the_last_step_says_so() -> None:
    def enter(entry: Entry) -> str:
        keys = layout(entry, ENGLISH, letters=False, upright=False).keys
        return next(key.label for key in keys if key.role is KeyRole.ENTER)

    assert enter(Entry.begin(Purpose.PIN)) == "Next"
    assert enter(WHO) == "OK"
