"""What the kiosk keeps of somebody, at the kiosk: after face and PIN, and to be ended there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.domain.audit import ADMINISTRATOR, Action, Actor, ActorKind
from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.errors import BadInput
from kiosk.domain.liveness.proof import Proof
from kiosk.domain.people import Person
from kiosk.services.access.pins import Pins
from kiosk.services.privacy.own_data import Section
from kiosk.services.privacy.proof import Missing, missing
from kiosk.services.site import Site
from kiosk.storage import SqlStorage
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.kiosk.hours.acts import Acts
from kiosk.ui.kiosk.hours.own import lines_of
from kiosk.ui.kiosk.page import KioskPage
from tests.fakes import MORNING, QUICK_HASHER, vector
from tests.ui.fakes import FakeKiosk
from tests.ui.kiosk.hours.conftest import Hours
from tests.ui.kiosk.hours.test_page import greets, read_by, said, settle, touch  # noqa: F401

ReadBy = Callable[..., None]
Settle = Callable[[], None]


@pytest.fixture
def site(kiosk: FakeKiosk, hours: Hours) -> Site:
    return replace(
        kiosk.site(),
        records=hours.storage,
        admin=hours.admin,
        attendance=lambda: hours.attendance,
        pins=Pins(hours.storage, hasher=QUICK_HASHER),
    )


@pytest.fixture
def mia(storage: SqlStorage, hours: Hours) -> Person:
    """With a face, a PIN and her agreement."""
    mia = storage.people.add("Mia Chen", "101")
    storage.people.add_template(mia.id, vector(1), "fake", 0.9, "camera")
    hours.admin.people.set_pin(ADMINISTRATOR, mia.id, "2580")
    hours.admin.consents.record(ADMINISTRATOR, mia.id, "at the kiosk")
    return storage.people.get(mia.id)


def type_pin(page: KioskPage, settle: Settle, pin: str = "2580") -> None:  # noqa: F811
    pad = page.hours.pad
    assert pad is not None
    for figure in pin:
        pad.type(figure)
    pad.submitted.emit(pad.entry.entered())
    settle()


@pytest.fixture
def opened(
    page: KioskPage,
    read_by: ReadBy,  # noqa: F811
    settle: Settle,  # noqa: F811
    mia: Person,
) -> KioskPage:
    """Mia sees what is kept of her."""
    read_by(mia)
    touch(page, "My data")
    settle()
    type_pin(page, settle)
    return page


def test_a_line_says_what_it_is_about() -> None:
    kinds = (("kind", ""), ("rows", ""), ("oldest", ""), ("days", ""), ("ends", ""))
    rows = (("Refused", 0, None, None, None), ("Let in", 3, None, None, None))
    kept = Section("retention", "How long it is kept", kinds, rows)
    assert lines_of(kept) == ("Let in (3): until somebody deletes them",)
    agreed = Section(
        "consents", "Agreements", (("version", "Version"), ("how", "How")), (("1", "x"),)
    )
    assert lines_of(agreed) == ("Version 1  ·  x",)


def test_it_is_shown_after_face_and_pin(
    page: KioskPage,
    read_by: ReadBy,  # noqa: F811
    settle: Settle,  # noqa: F811
    storage: SqlStorage,
    mia: Person,
) -> None:
    read_by(mia)
    touch(page, "My data")
    settle()
    assert page.hours.pad is not None
    assert "Please type your own PIN" in said(page)
    assert "101" not in said(page), "nothing of it before"
    type_pin(page, settle, "1111")
    assert "That PIN is not right." in said(page)
    assert "Your face is stored" not in said(page)
    touch(page, "My data")
    settle()
    type_pin(page, settle)
    told = said(page)
    assert "My data · Mia Chen" in told
    assert "Your face is stored, as numbers: 1 photo." in told
    assert "at the kiosk, to version 1 of the text" in told
    assert "Staff number: 101" in told
    newest = storage.audit.newest(1)[0]
    assert (newest.action, newest.actor) == (
        Action.HAND_OUT_DATA,
        Actor(ActorKind.PERSON, "Mia Chen"),
    )
    touch(page, "Back")
    assert "My hours · Mia Chen" in said(page)


def test_giving_up_the_pin_shows_nothing(
    page: KioskPage,
    read_by: ReadBy,  # noqa: F811
    settle: Settle,  # noqa: F811
    mia: Person,
) -> None:
    read_by(mia)
    touch(page, "My data")
    settle()
    assert page.hours.pad is not None
    page.hours.pad.cancelled.emit()
    QApplication.processEvents()
    assert page.hours.pad is None
    assert "Please type" not in said(page)
    assert "My hours · Mia Chen" in said(page)


def test_withdrawing_deletes_the_face_at_once_and_says_what_stays(
    opened: KioskPage,
    settle: Settle,  # noqa: F811
    storage: SqlStorage,
    mia: Person,
) -> None:
    touch(opened, "I don't want that any more")
    told = said(opened)
    assert "Deleted at once: 1 photo of your face" in told
    assert "Your name, your hours and the log stay" in told
    assert "You come in with your PIN, at the same door" in told
    assert storage.people.get(mia.id).template_count == 1, "not yet"
    touch(opened, "Back")
    touch(opened, "I don't want that any more")
    touch(opened, "Delete my photos")
    settle()
    assert storage.people.get(mia.id).template_count == 0
    assert not storage.consents.newest()[mia.id].stands
    told = said(opened)
    assert "1 photo is deleted, and your face is known no more. Use your PIN" in told
    assert "No face of yours is stored." in told
    newest = storage.audit.newest(1)[0]
    assert (newest.action, newest.actor.name) == (Action.WITHDRAW_CONSENT, "Mia Chen")


def test_a_copy_is_taken_along_where_the_site_has_a_place_for_it(
    opened: KioskPage,
    kiosk: FakeKiosk,
    settle: Settle,  # noqa: F811
    tmp_path: Path,
) -> None:
    assert "gives you all of it as a file" in said(opened)
    kiosk.settings = replace(kiosk.settings, copies_folder=str(tmp_path / "stick"))
    touch(opened, "Back")
    touch(opened, "My data")
    settle()
    touch(opened, "Take a copy")
    settle()
    assert "is the stick plugged in?" in said(opened)
    (tmp_path / "stick").mkdir()
    touch(opened, "Take a copy")
    settle()
    assert "The copy is written: own-data-1-" in said(opened)
    plain, paper = sorted((tmp_path / "stick").iterdir())
    assert json.loads(plain.read_text())["card"][0]["name"] == "Mia Chen"
    assert paper.read_bytes().startswith(b"%PDF")


def test_a_site_without_hours_has_it_too(
    page: KioskPage,
    bridge: Bridge,
    kiosk: FakeKiosk,
    settle: Settle,  # noqa: F811
    mia: Person,
) -> None:
    kiosk.settings = replace(kiosk.settings, attendance=False)
    bridge.on_view(greets(mia))
    QApplication.processEvents()
    assert page.my_hours.text() == "My data"
    page.hours.open(greets(mia))
    QApplication.processEvents()
    assert "Ask for a correction" not in said(page)
    page.hours._open_data()
    settle()
    type_pin(page, settle)
    assert "Your face is stored" in said(page)


def test_a_face_alone_is_not_enough_without_a_pin(
    page: KioskPage,
    read_by: ReadBy,  # noqa: F811
    settle: Settle,  # noqa: F811
    ben: Person,
) -> None:
    read_by(ben)
    touch(page, "My data")
    settle()
    assert "you have no PIN" in said(page)
    assert page.hours.pad is None


def test_what_is_missing_follows_from_how_they_came() -> None:
    person = Person(1, "Mia", None, True, MORNING, has_pin=True, template_count=1)
    face = Decision(MORNING, Outcome.ALLOW, Reason.FACE_MATCHED, Mode.WALK_UP, 1)
    pin = replace(face, mode=Mode.PIN)
    assert missing(face, person) is Missing.PIN
    assert missing(face, replace(person, has_pin=False)) is Missing.OWN_PIN
    assert missing(pin, person) is Missing.FACE
    assert missing(replace(pin, liveness=Proof.PIN), person) is Missing.NOTHING
    assert missing(pin, replace(person, template_count=0)) is Missing.NOTHING


def test_without_what_is_missing_nothing_is_read(site: Site, mia: Person, hours: Hours) -> None:
    face = Decision(MORNING, Outcome.ALLOW, Reason.FACE_MATCHED, Mode.WALK_UP, mia.id)
    with pytest.raises(BadInput, match="your face and your PIN are needed"):
        Acts(site, face, lambda: hours.now).own_data(None)
