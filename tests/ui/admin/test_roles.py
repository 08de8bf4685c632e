"""The panel as people with different roles find it: what they have no right to is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance import Direction
from kiosk.domain.audit import ADMINISTRATOR, Action, Actor, ActorKind
from kiosk.domain.people import Person
from kiosk.domain.roles import Role
from kiosk.services.admin.recovery import recovery_warning
from kiosk.services.site import Site
from kiosk.storage import SqlStorage
from kiosk.ui.admin.attendance.day_events import DayEvents
from kiosk.ui.admin.attendance.request_sheet import RequestSheet, read_asked
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.people.sheet import PersonSheet
from kiosk.ui.admin.settings.recovery import RecoverySheet
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.work import Worker
from tests.ui.admin.fakes import enrol, fill_days, fill_log

As = Callable[[Role], AdminPanel]

PAGES = {
    Role.OPERATOR: {"attendance"},
    Role.ENROLLER: {"people"},
    Role.MANAGER: {"attendance"},
    Role.ADMINISTRATOR: {
        *("people", "log", "attendance", "threshold", "liveness", "settings", "about")
    },
    Role.AUDITOR: {"people", "log", "attendance", "threshold", "liveness", "settings", "about"},
}
VIEWS = {
    Role.OPERATOR: {"inside"},
    Role.MANAGER: {"hours", "inside", "requests", "plans"},
    Role.AUDITOR: {"hours", "inside", "requests", "plans", "periods", "changes"},
}


@pytest.fixture
def boss(storage: SqlStorage) -> Person:
    ids = enrol(storage, 6)
    fill_log(storage, ids, 20)
    fill_days(storage, ids, 3)
    return storage.people.update(replace(storage.people.add("Ada L", "1815"), group="Night"))


@pytest.fixture
def panel_of(
    qtbot: QtBot, site: Site, storage: SqlStorage, boss: Person, bridge: Bridge, worker: Worker
) -> Iterator[As]:
    made: list[AdminPanel] = []

    def make(role: Role) -> AdminPanel:
        departments = ("Night",) if role is Role.MANAGER else ()
        site.admin.roles.give(ADMINISTRATOR, boss.id, role, departments)
        actor = Actor(ActorKind.STAFF, boss.name, role, departments, boss.id)
        panel = AdminPanel(site.by(actor), bridge, worker)
        made.append(panel)
        qtbot.addWidget(panel)
        panel.resize(1280, 800)
        panel.show()
        qtbot.waitUntil(lambda: panel.page is not None)
        return panel

    yield make
    for panel in made:
        panel.close()


def settle(qtbot: QtBot, panel: AdminPanel, worker: Worker) -> None:
    qtbot.waitUntil(lambda: panel.page is None or panel.page.complete)
    for _ in range(3):
        for thread in (worker, panel.models):
            answered: list[None] = []
            thread.submit(lambda: None, answered.append)
            qtbot.waitUntil(lambda answered=answered: bool(answered), timeout=20_000)


def buttons(widget: Any) -> set[str]:
    """The names of what can be pressed."""
    return {
        one.accessibleName() or one.text().strip()
        for one in widget.findChildren(QAbstractButton)
        if one.isVisible()
    }


@pytest.mark.parametrize("role", Role)
def test_a_role_has_its_pages_and_no_others(panel_of: As, role: Role) -> None:
    panel = panel_of(role)
    assert set(panel._buttons) == PAGES[role]
    shown = buttons(panel)
    assert ("Quit the program" in shown) == (role is Role.ADMINISTRATOR)
    assert "Sign out" in shown
    panel.enrol()
    assert (panel.sheets.top is not None) == (role in (Role.ENROLLER, Role.ADMINISTRATOR))


def test_the_administrators_pin_alone_goes_back_to_the_kiosk(panel: AdminPanel) -> None:
    assert "Back to the kiosk" in buttons(panel)
    assert "Quit the program" in buttons(panel)


@pytest.mark.parametrize("role", VIEWS)
def test_a_role_has_its_views_of_attendance(panel_of: As, role: Role) -> None:
    page: Any = panel_of(role).open("attendance")
    assert set(page._entries) == VIEWS[role]
    assert page.chips.isVisible() == (len(VIEWS[role]) > 1)


def test_an_operator_sees_who_is_in_and_nothing_of_their_days(
    panel_of: As, qtbot: QtBot, worker: Worker, storage: SqlStorage
) -> None:
    panel = panel_of(Role.OPERATOR)
    settle(qtbot, panel, worker)
    view = panel.page.view  # type: ignore[union-attr]
    assert view.model.rowCount() > 0
    assert "Everybody out" not in buttons(panel)
    view.table.opened.emit(view.table.model().index(0, 0))
    settle(qtbot, panel, worker)
    assert panel.sheets.top is None


def test_a_manager_sees_nobody_elses_hours(panel_of: As, qtbot: QtBot, worker: Worker) -> None:
    panel = panel_of(Role.MANAGER)
    settle(qtbot, panel, worker)
    view = panel.page.view  # type: ignore[union-attr]
    assert {line.row.name for line in view.model.lines} == {"Ada L"}
    assert "Add missing event" in buttons(panel)


def test_a_managers_own_hours_are_there_to_read_with_who_puts_them_right(
    panel_of: As, qtbot: QtBot, worker: Worker, storage: SqlStorage, boss: Person, site: Site
) -> None:
    event = storage.clock_events.add(boss.id, Direction.IN, datetime.now(UTC))
    site.admin.requests.ask(
        Actor(ActorKind.PERSON, boss.name), boss.id, Direction.IN, None, "Not me", event.id
    )
    panel = panel_of(Role.MANAGER)
    page: Any = panel.page
    settle(qtbot, panel, worker)
    view = page.view
    view.table.opened.emit(view.table.model().index(0, 0))
    settle(qtbot, panel, worker)
    day = panel.sheets.top
    assert isinstance(day, DayEvents)
    assert "another manager of Night puts them right" in day.own.text()
    assert day.own.isVisible()
    assert not buttons(day) & {"Add missing event", "Was away", "Change"}
    panel.sheets.close_all()
    page.open("requests")
    settle(qtbot, panel, worker)
    view = page.view
    view.table.chosen.emit(read_asked(site, site.records.hours.requests())[0])
    settle(qtbot, panel, worker)
    asked = panel.sheets.top
    assert isinstance(asked, RequestSheet)
    assert "another manager of Night puts them right" in asked.own.text()
    assert not buttons(asked) & {"Approve", "Refuse"}


@pytest.mark.parametrize("key", ["people", "log", "attendance", "threshold", "liveness"])
def test_an_auditor_finds_nothing_to_press_that_changes_anything(
    panel_of: As, qtbot: QtBot, worker: Worker, key: str
) -> None:
    panel = panel_of(Role.AUDITOR)
    page: Any = panel.open(key)
    settle(qtbot, panel, worker)
    for view in sorted(VIEWS[Role.AUDITOR]) if key == "attendance" else [""]:
        if view:
            page.open(view)
            settle(qtbot, panel, worker)
        assert not buttons(panel) & {
            *("Enrol somebody", "Add missing event", "Everybody out", "Add absence", "New rota"),
            *("Assign a rota", "Close a period", "Start a drill", "Save"),
        }


def test_an_auditor_reads_the_settings_and_changes_none(
    panel_of: As, qtbot: QtBot, worker: Worker
) -> None:
    panel = panel_of(Role.AUDITOR)
    page: Any = panel.open("settings")
    settle(qtbot, panel, worker)
    assert not any(row.control.isEnabled() for row in page.rows.values())
    assert not page.pin.isVisible()
    assert "Back up now" not in buttons(panel)
    read = {"Print the notice", "Save it as PDF", "Show what would be erased"}
    assert read <= buttons(panel), "what changes nothing"
    page.query.setText("PIN")
    assert not page.pin.isVisible()


def test_an_auditor_reads_of_the_backups_and_makes_none(
    panel_of: As, qtbot: QtBot, worker: Worker
) -> None:
    panel = panel_of(Role.AUDITOR)
    page: Any = panel.open("settings")
    settle(qtbot, panel, worker)
    assert "There is no backup yet in" in page.backups.newest.text()
    assert not page.backups.button.isVisibleTo(page.backups)


def test_a_backup_is_made_in_the_name_of_who_signed_in(
    panel_of: As, qtbot: QtBot, worker: Worker, storage: SqlStorage
) -> None:
    panel = panel_of(Role.ADMINISTRATOR)
    page: Any = panel.open("settings")
    settle(qtbot, panel, worker)
    page.backups.button.click()
    settle(qtbot, panel, worker)
    entry = storage.audit.newest(1)[0]
    assert (entry.action, entry.actor.name) == (Action.BACK_UP, "Ada L")


def test_an_auditor_reads_a_person_and_changes_nothing(
    panel_of: As, qtbot: QtBot, worker: Worker
) -> None:
    panel = panel_of(Role.AUDITOR)
    page: Any = panel.open("people")
    settle(qtbot, panel, worker)
    page._open(next(card for card in page.model.cards if card.person.name == "Ada L"))
    settle(qtbot, panel, worker)
    sheet = panel.sheets.top
    assert isinstance(sheet, PersonSheet)
    assert sheet.name.isReadOnly()
    assert sheet.role.told.text() == "auditor. No PIN for it yet."
    assert not buttons(sheet) & {
        *("Save", "Set PIN", "Add photos", "Delete person", "Add absence", "Set role", "Set it"),
    }


def test_an_enroller_does_not_see_roles_hours_and_when_somebody_came(
    panel_of: As, qtbot: QtBot, worker: Worker
) -> None:
    panel = panel_of(Role.ENROLLER)
    settle(qtbot, panel, worker)
    page: Any = panel.page
    page._open(next(card for card in page.model.cards if card.person.name != "Ada L"))
    settle(qtbot, panel, worker)
    sheet = panel.sheets.top
    assert isinstance(sheet, PersonSheet)
    assert not sheet.role.isVisible()
    assert not sheet.plans.isVisible()
    assert "Last seen" not in sheet.seen.text()
    assert {"Save", "Add photos"} <= buttons(sheet)
    assert "Delete person" not in buttons(sheet)


class TestRole:
    """On a person's sheet, by an administrator."""

    @pytest.fixture
    def sheet(
        self, panel: AdminPanel, boss: Person, open_page: Callable[[str], Any], qtbot: QtBot
    ) -> PersonSheet:
        page = open_page("people")
        qtbot.waitUntil(lambda: bool(page.model.cards))
        page._open(next(card for card in page.model.cards if card.person.id == boss.id))
        opened = panel.sheets.top
        assert isinstance(opened, PersonSheet)
        qtbot.waitUntil(lambda: bool(opened.role.departments))
        return opened

    def choose(self, combo: QComboBox, role: Role | None) -> None:
        combo.setCurrentIndex(combo.findData(role) if role else 0)

    def test_is_given_with_departments_and_a_pin_and_taken_away(
        self, sheet: PersonSheet, boss: Person, storage: SqlStorage, qtbot: QtBot
    ) -> None:
        part = sheet.role
        assert not part.give_button.isEnabled()
        assert not part.secret_field.isVisible()
        self.choose(part.role, Role.MANAGER)
        assert part.of_field.isVisible()
        part.give_button.click()
        qtbot.waitUntil(lambda: "department" in part.of_field.error)
        part.departments["Night"].setChecked(True)
        part.give_button.click()
        qtbot.waitUntil(lambda: storage.roles.get(boss.id) is not None)
        qtbot.waitUntil(lambda: part.told.text() == "manager: Night. No PIN for it yet.")
        part.secret.setText("123456")
        part.secret_button.click()
        qtbot.waitUntil(lambda: "first PIN" in part.secret_field.error)
        part.secret.setText("805471")
        part.secret_button.click()
        qtbot.waitUntil(lambda: "Signs in by name" in part.told.text())
        assert part.secret.text() == ""
        assert part.secret.echoMode() is QLineEdit.EchoMode.Password
        assert storage.roles.secret_hash(boss.id)
        self.choose(part.role, None)
        part.give_button.click()
        qtbot.waitUntil(lambda: storage.roles.get(boss.id) is None)
        qtbot.waitUntil(lambda: not part.secret_field.isVisible())


def test_a_new_recovery_code_is_made_in_the_settings_and_shown_once(
    panel: AdminPanel, open_page: Callable[[str], Any], site: Site, qtbot: QtBot, tmp_path: Any
) -> None:
    site.admin.settings.set_admin_pin(ADMINISTRATOR, "805471")
    page = open_page("settings")
    page.query.setText("recovery code")
    page.pin.renew_button.click()
    qtbot.waitUntil(lambda: panel.sheets.top is not None)
    sheet = panel.sheets.top
    assert isinstance(sheet, RecoverySheet)
    assert not sheet.close_button.isVisible()
    code = sheet.code.text()
    sheet.write(tmp_path / "code.pdf")
    qtbot.waitUntil(lambda: "then delete the file" in sheet.banner.text)
    assert (tmp_path / "code.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "code.pdf").stat().st_mode & 0o77 == 0
    assert "Nobody has said" in str(recovery_warning(site.records))
    sheet.done.click()
    assert panel.sheets.top is None
    qtbot.waitUntil(lambda: recovery_warning(site.records) == "")
    site.admin.recovery.check(code)


def test_a_demo_has_no_code_to_keep(
    site: Site, bridge: Bridge, worker: Worker, qtbot: QtBot
) -> None:
    panel = AdminPanel(replace(site, demo=True), bridge, worker)
    qtbot.addWidget(panel)
    panel.show_recovery_code("7K3Q9-ABCDE-FGHJK-MNPQR-STVWX")
    assert panel.sheets.top is None
    panel.close()
