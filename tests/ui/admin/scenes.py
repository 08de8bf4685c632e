"""What the gallery does on a page before it takes another picture of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QTimer

from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.frame import Frame
from kiosk.domain.liveness.drill import Answer, Kind, Try
from kiosk.domain.roles import Role
from kiosk.domain.settings import Settings
from kiosk.services.admin.backups import kept_in_backups
from kiosk.services.privacy.erasure import Receipt
from kiosk.ui.admin.liveness.order import conditions
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.people.privacy import ReceiptSheet
from tests.ui.admin.fakes import load_image

Story = Callable[[AdminPanel], None]
PEOPLE = Path(__file__).resolve().parents[3] / "assets" / "demo" / "people"


def _page(panel: AdminPanel) -> Any:
    return panel.page


def _log_day(panel: AdminPanel) -> None:
    _page(panel).filters.when.choose("yesterday")


def _log_event(panel: AdminPanel) -> None:
    page = _page(panel)
    page.table.opened.emit(page.model.index(0, 0))


def _attacks(panel: AdminPanel) -> None:
    panel.show_attacks()


def _attack(panel: AdminPanel) -> None:
    _log_event(panel)


def _log_none(panel: AdminPanel) -> None:
    _page(panel).filters.text.setText("nobody of that name")


def _person(panel: AdminPanel) -> None:
    page = _page(panel)
    page.cards.opened.emit(page.model.cards[3])


def _scrolled(panel: AdminPanel) -> None:
    """What lies below on the sheet of somebody with a rota and absences."""
    page = _page(panel)
    planned = panel._context.site.records.hours.assignments()[-1].person_id
    page.clear()
    page.cards.opened.emit(
        next((one for one in page.model.cards if one.person.id == planned), page.model.cards[0])
    )
    sheet: Any = panel.sheets.top
    area = sheet._area
    context = panel._context
    context.worker.submit(
        lambda: None,
        lambda _: QTimer.singleShot(50, lambda: area.verticalScrollBar().setValue(10_000)),
    )


def _in_person(button: str) -> Story:
    def press(panel: AdminPanel) -> None:
        _person(panel)
        sheet: Any = panel.sheets.top
        getattr(sheet.plans, button).click()

    return press


def _group(panel: AdminPanel) -> None:
    _page(panel).groups.choose("Warehouse")


def _no_group(panel: AdminPanel) -> None:
    _page(panel).clear()


def _new_rota(panel: AdminPanel) -> None:
    _in_person("assign_button")(panel)
    sheet: Any = panel.sheets.top
    sheet.new_button.click()
    editor: Any = panel.sheets.top
    editor.kind.choose("cycle")
    editor.days[1].setText("6 to 2")


def _delete(panel: AdminPanel) -> None:
    _person(panel)
    sheet: Any = panel.sheets.top
    panel._context.worker.submit(lambda: None, lambda _: sheet.delete.click())


def _none(panel: AdminPanel) -> None:
    _page(panel).chips.choose("none")


def _enrol(panel: AdminPanel) -> None:
    page = _page(panel)
    page.chips.choose("all")
    page.enrol()
    sheet: Any = panel.sheets.top
    sheet.name.setText("Mia Chen")


def _consent(panel: AdminPanel) -> None:
    _enrol(panel)
    sheet: Any = panel.sheets.top
    sheet.consent.read.click()


def _live(panel: AdminPanel) -> None:
    from kiosk.services.enrol.target import Target
    from kiosk.ui.admin.enrol.live import EnrolLive

    context = panel._context
    sheet = EnrolLive(context, Target("Mia Chen"))
    panel.sheets.open(sheet)
    shot = load_image(next(PEOPLE.glob("Mia*/*.jpg")))

    def feed(number: int = 0) -> None:
        context.bridge.on_frame(Frame(shot, number, number * 0.7))
        if number < 3:
            context.models.submit(lambda: None, lambda _: feed(number + 1), owner=sheet)

    context.models.submit(lambda: None, lambda _: feed(), owner=sheet)


def _folder(panel: AdminPanel) -> None:
    from kiosk.ui.admin.enrol.files import EnrolFolder

    folder = Path(tempfile.mkdtemp()) / "people"
    for person in PEOPLE.iterdir():
        shutil.copytree(person, folder / person.name)
    (folder / "Mia Chen" / "holiday with everybody in the mountains.jpg").write_bytes(b"")
    (folder / "Mia Chen" / "letter.docx").write_bytes(b"PK")

    Image.new("RGB", (300, 300), (0, 40, 60)).save(folder / "Mia Chen" / "wall.png")
    Image.new("RGB", (300, 300), (120, 10, 60)).save(folder / "Mia Chen" / "night.png")
    panel.sheets.open(EnrolFolder(panel._context, folder))


def _one_person(panel: AdminPanel) -> None:
    page = _page(panel).view
    line = page.model.lines[1]
    page.show_person((line.row.person_id, line.row.name))


def _range(panel: AdminPanel, span: str) -> None:
    view = _page(panel).open("hours")
    view.show_person(None)
    view.span.choose(span)


def _month(panel: AdminPanel) -> None:
    _range(panel, "month")


def _inside(panel: AdminPanel) -> None:
    _page(panel).open("inside")


def _everybody_out(panel: AdminPanel) -> None:
    view = _page(panel).open("inside")
    panel._context.worker.submit(lambda: None, lambda _: view.out_button.click())


def _day_events(panel: AdminPanel) -> None:
    """A day with an event that was struck out, and one that nobody ended."""
    _range(panel, "day")
    view = _page(panel).view
    view.step(-1)

    def opened(_: object) -> None:
        line = next(line for line in view.model.lines if line.open_end and line.row.events)
        corrections = panel._context.site.admin.corrections
        corrections.strike(
            ADMINISTRATOR, line.row.events[0], "The wrong person: it was her brother"
        )
        corrections.strike(ADMINISTRATOR, line.row.events[0], "No, it was her", out=False)
        corrections.move(
            ADMINISTRATOR,
            line.row.events[0],
            line.row.events[0].at - timedelta(minutes=20),
            "She held the door for others first",
        )
        view._show_events(line)

    panel._context.worker.submit(lambda: None, opened)


def _change_event(panel: AdminPanel) -> None:
    _day_events(panel)

    def change(_: object) -> None:
        sheet: Any = panel.sheets.top
        sheet.recorded[-1].button.click()

    worker = panel._context.worker
    worker.submit(
        lambda: None,
        lambda _: worker.submit(lambda: None, lambda _: worker.submit(lambda: None, change)),
    )


def _add_event(panel: AdminPanel) -> None:
    _page(panel).open("hours").add_button.click()


def _export(panel: AdminPanel) -> None:
    _page(panel).open("hours").export_button.click()


def _export_table(panel: AdminPanel) -> None:
    _page(panel).open("hours").show_person(
        (1, "Maria-Theodora von Hohenlohe-Waldenburg-Schillingsfürst M.")
    )
    _export(panel)
    sheet: Any = panel.sheets.top
    sheet.form.choose("csv")


def _export_columns(panel: AdminPanel) -> None:
    _export_table(panel)
    sheet: Any = panel.sheets.top
    sheet.edit.click()


def _view(key: str, press: Callable[[Any], object] = lambda view: None) -> Story:
    """A view of the attendance page, and what is pressed in it once it has been read."""

    def show(panel: AdminPanel) -> None:
        view = _page(panel).open(key)
        panel._context.worker.submit(lambda: None, lambda _: press(view), owner=view)

    return show


def _open_row(place: int) -> Callable[[Any], object]:
    return lambda view: view.table.chosen.emit(view.table.values[place])


PLANS = {
    "requests": _view("requests"),
    "plans": _view("plans"),
    "periods": _view("periods"),
    "period-close": _view("periods", lambda view: view._close()),
}
PLANS_FULL = PLANS | {
    "request": _view("requests", _open_row(0)),
    "request-done": _view("requests", _open_row(-1)),
    "absences": _view("plans", lambda view: view.add_button.click()),
    "absence": _view("plans", lambda view: view.absences.chosen.emit(view.absences.values[0])),
    "assign": _view("plans", lambda view: view.rotas.chosen.emit(view.rotas.values[1])),
    "week": _view("plans", lambda view: view.rota_button.click()),
    "period": _view("periods", _open_row(0)),
}


def _stricter(panel: AdminPanel) -> None:
    _page(panel).plot.line.setValue(66)


def _changed(panel: AdminPanel) -> None:
    page = _page(panel)
    page.rows["mirror"].control.setChecked(False)
    page.rows["agree"].control.setValue(9)
    page.save()


def _photos(panel: AdminPanel) -> None:
    page = _page(panel)
    page.drop()
    page.query.setText("photo")
    page.rows["liveness"].set_value("off")


def _backups(panel: AdminPanel) -> None:
    page = _page(panel)
    page.query.setText("backup")
    page.backups.button.click()


def _notice(panel: AdminPanel) -> None:
    page = _page(panel)
    page.query.setText("notice")
    page.notice.write(Path("/nowhere/notice.pdf"))


def _erased(panel: AdminPanel) -> None:
    page = _page(panel)
    page.drop()
    page.query.setText("keep")
    for name in ("keep_refused", "keep_allowed", "keep_requests"):
        page.rows[name].set_value(3)
    page.retention.button.click()


def _photos_off(panel: AdminPanel) -> None:
    _page(panel).save()


def _searched(panel: AdminPanel) -> None:
    _page(panel).query.setText("pin")


def _drill(panel: AdminPanel, *counts: tuple[Kind, Answer, int]) -> None:
    site = panel._context.site
    session = site.admin.drills.begin(ADMINISTRATOR, conditions(site))
    for kind, answer, count in counts:
        for _number in range(count):
            session.add(Try(kind, answer, asked=kind is Kind.PHONE, seconds=2.0))
    panel.tell_drill(session.end())


def _drill_setup(panel: AdminPanel) -> None:
    _page(panel).set_up()


def _drill_passed(panel: AdminPanel) -> None:
    own, stopped = (Kind.OWN_FACE, Answer.LET_IN, 10), Answer.SUSPECTED
    _drill(panel, own, (Kind.PRINT, stopped, 10), (Kind.PHONE, stopped, 11))


def _drill_failed(panel: AdminPanel) -> None:
    _drill(
        panel,
        (Kind.OWN_FACE, Answer.LET_IN, 9),
        (Kind.OWN_FACE, Answer.SUSPECTED, 1),
        (Kind.PRINT, Answer.LET_IN, 2),
        (Kind.PRINT, Answer.SUSPECTED, 8),
        (Kind.PHONE, Answer.SUSPECTED, 9),
        (Kind.PHONE, Answer.OTHERWISE, 2),
    )


def _after_a_drill(panel: AdminPanel) -> None:
    _page(panel).refresh()


def _role(panel: AdminPanel) -> None:
    """A manager's, on the sheet."""
    admin, page = panel._context.site.admin, _page(panel)
    card = page.model.cards[0]
    admin.roles.give(ADMINISTRATOR, card.person.id, Role.MANAGER, ["Night shift"])
    page._open(card)
    sheet: Any = panel.sheets.top
    panel._context.worker.submit(
        lambda: None,
        lambda _: QTimer.singleShot(50, lambda: sheet._area.verticalScrollBar().setValue(10_000)),
    )


def _recovery(panel: AdminPanel) -> None:
    panel.show_recovery_code("7K3Q9-ABCDE-FGHJK-MNPQR-STVWX")


def _privacy(panel: AdminPanel) -> None:
    """The end of somebody's sheet: what they agreed to, and what they may ask for."""
    page = _page(panel)
    person = page.model.cards[0].person
    panel._context.site.admin.consents.record(ADMINISTRATOR, person.id, "on paper")
    page.cards.opened.emit(page.model.cards[0])
    sheet: Any = panel.sheets.top
    bar = sheet._area.verticalScrollBar()
    bar.rangeChanged.connect(lambda _least, most: bar.setValue(most))
    bar.setValue(bar.maximum())


def _receipt(panel: AdminPanel) -> None:
    person = replace(_page(panel).model.cards[0].person, name="Mia Chen", template_count=3)
    receipt = Receipt(
        person,
        at=datetime(2026, 11, 27, 9, tzinfo=UTC),
        photos=3,
        looks=214,
        punches=98,
        until=date(2028, 11, 26),
        erased=True,
        backups=kept_in_backups(Settings()),
    )
    panel.sheets.open(ReceiptSheet(panel._context, receipt))


STORIES: dict[tuple[str, str], dict[str, Story]] = {
    ("people", "empty"): {"enrol": _enrol, "live": _live},
    ("people", "full"): {
        "person": _person,
        "role": _role,
        "recovery": _recovery,
        "person-below": _scrolled,
        "rota": _in_person("assign_button"),
        "new-rota": _new_rota,
        "absence": _in_person("add_button"),
        "group": _group,
        "all": _no_group,
        "delete": _delete,
        "none": _none,
        "enrol": _enrol,
        "consent": _consent,
        "privacy": _privacy,
        "receipt": _receipt,
        "live": _live,
        "folder": _folder,
    },
    ("log", "full"): {
        "day": _log_day,
        "event": _log_event,
        "attacks": _attacks,
        "attack": _attack,
        "none": _log_none,
    },
    ("attendance", "empty"): {"inside": _inside, "changes": _view("changes"), **PLANS},
    ("attendance", "full"): {
        "person": _one_person,
        "month": _month,
        "events": _day_events,
        "change": _change_event,
        "add": _add_event,
        "inside": _inside,
        "out": _everybody_out,
        "changes": _view("changes"),
        "export": _export,
        "export-table": _export_table,
        "export-columns": _export_columns,
        **PLANS_FULL,
    },
    ("threshold", "full"): {"stricter": _stricter},
    ("liveness", "full"): {
        "setup": _drill_setup,
        "passed": _drill_passed,
        "after": _after_a_drill,
        "failed": _drill_failed,
        "owed": _after_a_drill,
    },
    ("settings", "full"): {
        "backups": _backups,
        "notice": _notice,
        "erased": _erased,
        "changed": _changed,
        "search": _searched,
        "photos": _photos,
        "photos-off": _photos_off,
    },
}
