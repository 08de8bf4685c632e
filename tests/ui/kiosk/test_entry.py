from __future__ import annotations

import pytest

from kiosk.domain.people import NAME_LIMIT
from kiosk.ui.kiosk.entry import PIN_LIMIT, Entry, Purpose, Step


def typed(entry: Entry, text: str) -> Entry:
    for character in text:
        entry = entry.typed(character)
    return entry


def test_a_pin_is_asked_after_who() -> None:
    entry = typed(Entry.begin(Purpose.PIN), "101").entered()
    assert (entry.step, entry.who, entry.text) == (Step.PIN, "101", "")
    assert not entry.done
    entry = typed(entry, "2580").entered()
    assert entry.done
    assert (entry.who, entry.text) == ("101", "2580")


def test_a_claim_is_only_who() -> None:
    entry = typed(Entry.begin(Purpose.CLAIM), " Mia Chen ").entered()
    assert entry.done
    assert entry.who == "Mia Chen"


def test_the_admin_types_a_pin() -> None:
    entry = Entry.begin(Purpose.ADMIN)
    assert entry.secret
    assert typed(entry, "4711").entered().done


def test_a_new_admin_pin_is_typed_twice() -> None:
    entry = typed(Entry.begin(Purpose.NEW_ADMIN), "258064").entered()
    assert (entry.step, entry.done) == (Step.AGAIN, False)
    assert typed(entry, "258064").entered().done
    differs = typed(entry, "258065").entered()
    assert differs.differs
    assert not differs.done
    assert (differs.step, differs.text, differs.first) == (Step.PIN, "", "")


def test_a_name_is_followed_by_a_pin_or_passphrase_and_no_name_by_the_admin_pin() -> None:
    named = typed(Entry.begin(Purpose.STAFF), "Mia").entered()
    assert (named.step, named.secret, named.figures, named.forgettable) == (
        Step.PIN,
        True,
        False,
        False,
    )
    passphrase = typed(named, "Straße 12, in the rain").entered()
    assert (passphrase.done, passphrase.text) == (True, "Straße 12, in the rain")
    assert len(typed(named, "x" * 200).text) == 128
    unnamed = Entry.begin(Purpose.STAFF).entered()
    assert (unnamed.step, unnamed.figures, unnamed.forgettable) == (Step.PIN, True, True)
    assert typed(unnamed, "4711").entered().done


def test_a_recovery_code_is_typed_in_groups_and_then_a_pin_twice() -> None:
    entry = typed(Entry.begin(Purpose.RECOVER), "7k3q9-abcdef")
    assert entry.shown == "7K3Q9-ABCDE-F"
    assert not entry.secret
    assert len(typed(entry, "A" * 40).text) == 25
    entered = entry.entered()
    assert (entered.done, entered.who) == (True, "7K3Q9ABCDEF")
    new = Entry(Purpose.RECOVER, Step.PIN, who="7K3Q9ABCDEF")
    again = typed(new, "258064").entered()
    assert (again.step, again.done) == (Step.AGAIN, False)
    differs = typed(again, "258065").entered()
    assert (differs.differs, differs.step, differs.who) == (True, Step.PIN, "7K3Q9ABCDEF")
    assert typed(again, "258064").entered().done


@pytest.mark.parametrize("purpose", [one for one in Purpose if one is not Purpose.STAFF])
def test_nothing_typed_changes_nothing(purpose: Purpose) -> None:
    entry = Entry.begin(purpose)
    assert entry.entered() is entry
    assert entry.erased() == entry
    if not entry.figures:
        assert typed(entry, "   ").entered() == typed(entry, "   ")


def test_a_pin_takes_digits_only_and_twelve_of_them() -> None:
    entry = typed(Entry.begin(Purpose.ADMIN), "12a٣4-" + "9" * 20)
    assert entry.text == "124" + "9" * (PIN_LIMIT - 3)


def test_a_name_takes_what_can_be_printed_and_no_more_than_a_name_has() -> None:
    assert typed(Entry.begin(Purpose.CLAIM), "Zoë\n\t🦊").text == "Zoë🦊"
    assert len(typed(Entry.begin(Purpose.CLAIM), "x" * 500).text) == NAME_LIMIT


def test_a_time_takes_four_figures_that_are_one() -> None:
    entry = typed(Entry.begin(Purpose.LEFT), "1a7")
    assert (entry.shown, entry.secret) == ("17", False)
    assert "four digits" in entry.entered().problem
    entry = typed(entry, "159")
    assert (entry.text, entry.shown) == ("1715", "17:15")
    assert entry.entered().done
    impossible = typed(Entry.begin(Purpose.LEFT), "2460").entered()
    assert (impossible.text, impossible.done) == ("", False)
    assert "24:60" in impossible.problem
    assert typed(impossible, "1").problem == ""


def test_erased_and_cleared() -> None:
    entry = typed(Entry.begin(Purpose.CLAIM), "101")
    assert entry.erased().text == "10"
    assert entry.cleared().text == ""


@pytest.mark.parametrize(
    ("purpose", "last"),
    [
        (Purpose.PIN, False),
        (Purpose.CLAIM, True),
        (Purpose.ADMIN, True),
        (Purpose.NEW_ADMIN, False),
        (Purpose.LEFT, True),
    ],
)
def test_which_first_step_is_the_last(purpose: Purpose, last: bool) -> None:
    assert Entry.begin(purpose).last is last


def test_a_reason_is_one_step_of_letters() -> None:
    entry = Entry.begin(Purpose.REASON)
    assert entry.last
    assert not entry.secret
    for character in " at the dentist ":
        entry = entry.typed(character)
    done = entry.entered()
    assert (done.done, done.who) == (True, "at the dentist")
