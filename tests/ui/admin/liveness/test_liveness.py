"""The page Liveness: what is checked, and the drill before and after the door's page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from kiosk.domain.audit import ADMINISTRATOR, Action
from kiosk.domain.decision import Outcome
from kiosk.domain.errors import StorageError
from kiosk.domain.liveness.drill import Answer, Drill, Kind, Tally, Try
from kiosk.domain.settings import Settings
from kiosk.services.admin.live_visits import LiveVisits
from kiosk.services.drill import owed_kinds
from kiosk.services.site import Site
from kiosk.ui.admin.liveness import words
from kiosk.ui.admin.liveness.order import Order, conditions
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.kiosk.drill_words import Plan
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import Kiosk, enrol, fill_log


@pytest.fixture
def page(open_page: OpenPage) -> Any:
    return open_page("liveness")


@pytest.fixture
def people(kiosk: Kiosk) -> None:
    enrol(kiosk.storage, 2)


def drilled(site: Site, *tries: tuple[Kind, Answer, int]) -> Drill:
    session = site.admin.drills.begin(ADMINISTRATOR, conditions(site))
    for kind, answer, count in tries:
        for _ in range(count):
            session.add(Try(kind, answer))
    return session.end()


def test_what_is_checked_stands_there_in_words(page: Any, kiosk: Kiosk, settle: Settle) -> None:
    assert "asks when it is not sure" in page.checked.text()
    assert "twice" in page.how.text()
    kiosk.settings = replace(kiosk.settings, liveness="always_challenge", liveness_risk="high")
    page.refresh()
    settle()
    assert "Everybody" in page.checked.text()
    assert "three times" in page.how.text()
    assert page.light.isVisibleTo(page)
    kiosk.settings = replace(kiosk.settings, liveness="off")
    page.refresh()
    settle()
    assert "photo opens this door" in page.checked.text()
    assert not page.light.isVisibleTo(page)
    assert not page.start.isEnabled()
    assert "switch it on" in page.cannot.text()


def test_without_anybody_enrolled_there_is_nothing_to_hold_up(page: Any) -> None:
    assert not page.start.isEnabled()
    assert "Enrol somebody first" in page.cannot.text()


@pytest.mark.usefixtures("people")
def test_a_drill_is_ordered_at_the_door(
    qtbot: QtBot, page: Any, panel: AdminPanel, kiosk: Kiosk
) -> None:
    page.start.click()
    sheet: Any = panel.sheets.top
    sheet.counts[Kind.OWN_FACE].setValue(0)
    sheet.counts[Kind.PRINT].setValue(3)
    sheet.counts[Kind.PHONE].setValue(0)
    assert "3 tries" in sheet.proves.text()
    assert "71%" in sheet.proves.text()
    assert "10 of each kind are needed" in sheet.proves.text()
    with qtbot.waitSignal(panel.drill_requested) as asked:
        sheet.start.click()
    assert asked.args is not None
    order = asked.args[0]
    assert isinstance(order, Order)
    assert order.plan == Plan(((Kind.PRINT, 3),))
    assert kiosk.storage.audit.newest(1)[0].action is Action.BEGIN_DRILL
    assert panel.sheets.top is None


@pytest.mark.usefixtures("people")
def test_a_drill_without_a_picture_tries_nothing(page: Any, panel: AdminPanel) -> None:
    page.set_up()
    sheet: Any = panel.sheets.top
    for count in sheet.counts.values():
        count.setValue(0)
    sheet.counts[Kind.OWN_FACE].setValue(10)
    assert not sheet.start.isEnabled()
    assert "at least one" in sheet.proves.text()


@pytest.mark.usefixtures("people")
def test_the_setup_is_filled_in_by_keyboard(qtbot: QtBot, page: Any, panel: AdminPanel) -> None:
    page.set_up()
    sheet: Any = panel.sheets.top
    box = sheet.counts[Kind.TABLET]
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert (Kind.TABLET, 1) in sheet.plan.counts
    assert box.accessibleName() == "A tablet: how many times"


@pytest.mark.usefixtures("people")
def test_a_passed_drill_says_what_it_bounds(
    page: Any, panel: AdminPanel, site: Site, settle: Settle
) -> None:
    drill = drilled(site, (Kind.OWN_FACE, Answer.LET_IN, 10), (Kind.PRINT, Answer.SUSPECTED, 10))
    panel.tell_drill(drill)
    settle()
    said = " ".join(label.text() for label in panel.sheets.top.findChildren(QLabel))
    assert "Passed" in said
    assert "0 of 10 let in: the true share may still be up to 31%." in said
    assert "IAPAR 0%" in said
    assert not page.owed_card.isVisibleTo(page)
    assert "0 of 10" in page.drill_text.text()


@pytest.mark.usefixtures("people")
def test_a_failed_drill_turns_the_face_alone_off_and_says_so(
    page: Any, panel: AdminPanel, site: Site, settle: Settle
) -> None:
    panel.tell_drill(drilled(site, (Kind.PRINT, Answer.LET_IN, 1)))
    settle()
    said = " ".join(label.text() for label in panel.sheets.top.findChildren(QLabel))
    assert "Opening by face alone is off until a drill is passed" in said
    panel.sheets.back()
    assert page.owed_card.isVisibleTo(page)
    assert "passed with what was let in: printed photo." in page.owed.text()

    page.lift.click()
    sheet: Any = panel.sheets.top
    sheet.act.click()
    settle()
    assert sheet.field.error, "a reason is asked for"
    assert owed_kinds(site.records)
    sheet.why.setText("The camera was exchanged")
    sheet.act.click()
    settle()
    assert not owed_kinds(site.records)
    assert not page.owed_card.isVisibleTo(page)


@pytest.mark.usefixtures("people")
def test_the_last_drill_is_kept_and_a_change_since_is_said(
    page: Any, panel: AdminPanel, site: Site, kiosk: Kiosk, settle: Settle
) -> None:
    drilled(site, (Kind.PRINT, Answer.SUSPECTED, 2))
    page.refresh()
    settle()
    assert not page.outdated.isVisibleTo(page)
    kiosk.settings = replace(kiosk.settings, liveness="passive")
    page.refresh()
    settle()
    assert "policy" in page.outdated.text()
    page.show_last.click()
    assert panel.sheets.top is not None


@pytest.mark.usefixtures("people")
def test_the_result_is_saved_as_pdf(
    qtbot: QtBot, page: Any, panel: AdminPanel, site: Site, settle: Settle, tmp_path: Path
) -> None:
    panel.tell_drill(drilled(site, (Kind.PRINT, Answer.SUSPECTED, 2)))
    settle()
    sheet: Any = panel.sheets.top
    sheet.write(tmp_path / "drill.pdf")
    settle()
    assert (tmp_path / "drill.pdf").read_bytes().startswith(b"%PDF")
    assert "Saved" in sheet.banner.text
    sheet.write(tmp_path / "nowhere" / "drill.pdf")
    settle()
    assert "can't be written" in sheet.banner.text


def test_why_a_drill_ended_early_is_said(page: Any, panel: AdminPanel, settle: Settle) -> None:
    panel.tell_drill(StorageError("The disk is full."))
    settle()
    assert page.banner.text == "The disk is full."


@pytest.mark.parametrize("size", [QSize(1280, 800), QSize(800, 1280)])
@pytest.mark.parametrize("right_to_left", [False, True])
@pytest.mark.usefixtures("people")
def test_nothing_is_wider_than_the_panel(
    page: Any,
    panel: AdminPanel,
    site: Site,
    settle: Settle,
    size: QSize,
    right_to_left: bool,
) -> None:
    if right_to_left:
        panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    panel.resize(size)
    panel.tell_drill(
        drilled(site, *((kind, Answer.SUSPECTED, 10) for kind in Kind)),
    )
    settle()
    panel.grab()
    sheet: Any = panel.sheets.top
    assert sheet.content.minimumSizeHint().width() <= sheet.width()
    assert page.minimumSizeHint().width() <= size.width()


def test_every_policy_kind_and_count_has_its_words() -> None:
    policies = next(i for i in Settings.about() if i.name == "liveness").choices
    for policy, _ in policies:
        assert all(words.checked(Settings(liveness=policy)))
    for kind in Kind:
        assert words.KINDS[kind]
        none = Tally(kind, (Try(kind, Answer.NOTHING),))
        assert "prove nothing" in words.bound(none)
        wrong = Answer.LET_IN if kind.attack else Answer.SUSPECTED
        some = Tally(kind, (Try(kind, wrong), Try(kind, Answer.SUSPECTED)))
        assert "between" in words.bound(some)
    assert "never" in words.bound(Tally(Kind.OWN_FACE, (Try(Kind.OWN_FACE, Answer.LET_IN),)))
    assert words.measure(Tally(Kind.PRINT, ())) == "IAPAR –"
    assert (words.per_cent(0.0), words.per_cent(0.026), words.per_cent(0.31)) == (
        "0%",
        "2.6%",
        "31%",
    )


def test_what_the_line_rests_on() -> None:
    assert "Nothing yet" in words.learned(LiveVisits())
    assert "everybody is asked" in words.learned(LiveVisits(let_in=9, asked=9))
    assert "3 visits here so far" in words.learned(LiveVisits(let_in=3, scored=3))
    assert "the last 300 visits" in words.learned(LiveVisits(let_in=310, scored=300))
    visits = LiveVisits(let_in=200, scored=200, asked=4)
    assert "Of 100 people let in, 2 were asked to turn the head; you chose 20." in words.asked(
        visits, Settings()
    )
    assert "you chose 60" in words.asked(visits, Settings(liveness_risk="high"))
    assert words.asked(visits, Settings(liveness="always_challenge")) == ""
    assert words.asked(LiveVisits(let_in=4, asked=4), Settings()) == ""


def test_visits_and_attacks_are_counted_and_the_log_shows_them(
    page: Any, panel: AdminPanel, kiosk: Kiosk, settle: Settle
) -> None:
    ids = enrol(kiosk.storage, 3)
    fill_log(kiosk.storage, ids, 300)
    page.refresh()
    settle()
    assert "visits here" in page.learned.text()
    assert "Of 100 people" in page.asked.text()
    assert page.see_attacks.isVisibleTo(page)
    page.see_attacks.click()
    settle()
    log: Any = panel.page
    assert log.title == "Log"
    assert log.filters.wanted().outcome is Outcome.SUSPECTED_ATTACK
    assert log.model.rowCount() > 0
