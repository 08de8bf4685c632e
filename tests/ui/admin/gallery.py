"""Pictures of every page of the admin panel, empty and full, in all sizes, light and dark.

python tests/ui/admin/gallery.py OUT_DIR [--only PAGE] [--size 1280x800] [--theme light]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from kiosk.domain.audit import Actor, ActorKind
from kiosk.domain.ports import EncoderInfo
from kiosk.domain.repositories import Storage
from kiosk.domain.rights import shown
from kiosk.domain.roles import Role
from kiosk.services.site import Site
from kiosk.storage import database_url, open_storage
from kiosk.ui.admin.pages import pages_for
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.theme import apply_theme
from kiosk.ui.common.work import Worker
from tests.ui.admin import scenes
from tests.ui.admin.fakes import (
    Kiosk,
    encoder_info,
    enrol,
    fill_days,
    fill_log,
    fill_plans,
    site_of,
)

SIZES = ("1280x800", "800x1280", "3840x2160")


def idle(worker: Worker, panel: AdminPanel, rounds: int = 4) -> None:
    """Run the event loop until what was asked has been answered and painted."""
    for _ in range(rounds):
        for thread in (worker, panel.models):
            loop = QEventLoop()
            thread.submit(lambda: None, lambda _, loop=loop: loop.quit())
            QTimer.singleShot(60_000, loop.quit)
            loop.exec()
        QApplication.processEvents()
        panel.grab()  # painting asks for more
    loop = QEventLoop()
    QTimer.singleShot(350, loop.quit)  # typing delays
    loop.exec()


def shoot(app: QApplication, site: Site, out: Path, state: str, chosen: argparse.Namespace) -> None:
    for theme in chosen.theme:
        apply_theme(app, dark=theme == "dark")
        for size in chosen.size:
            bridge, worker = Bridge(), Worker()
            panel = AdminPanel(site, bridge, worker)
            panel.resize(*(int(part) for part in size.split("x")))
            panel.show()
            for entry in pages_for(partial(shown, site.actor)):
                if chosen.only and entry.key not in chosen.only:
                    continue
                panel.open(entry.key)
                told = {} if chosen.role else scenes.STORIES.get((entry.key, state), {})
                stories = {"": lambda _: None, **told}
                for name, tell in stories.items():
                    tell(panel)
                    idle(worker, panel)
                    story = f"{entry.key}-{name}" if name else entry.key
                    panel.grab().save(str(out / f"{story}-{state}-{size}-{theme}.png"))
                    panel.sheets.close_all()
            panel.close()
            panel.deleteLater()
            idle_once(app)
            worker.close()


def idle_once(app: QApplication) -> None:
    for _ in range(5):
        app.sendPostedEvents()
        app.processEvents()


def measured() -> EncoderInfo:
    """As much is known of the encoder as of those that ship."""
    info = encoder_info()
    known = replace(info.curve, fitted_to=1e-9, worst_group="Left-handed men", worst=2.3)
    return replace(info, curve=known)


def fill(storage: Storage) -> None:
    ids = enrol(storage, 50)
    fill_log(storage, ids, 10_000)
    fill_days(storage, ids, 20)
    fill_plans(storage, ids)


def signed_in(storage: Storage, role: Role) -> Actor:
    """Somebody with a long name and this role; a manager of one group of two."""
    person = storage.people.find()[0] if storage.people.find() else storage.people.add("Ada")
    groups = sorted({one.group for one in storage.people.find() if one.group})
    departments = tuple(groups[:1]) if role is Role.MANAGER else ()
    storage.roles.give(person.id, role, departments)
    return Actor(ActorKind.STAFF, person.name, role, departments, person.id)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--size", action="append", default=[])
    parser.add_argument("--theme", action="append", default=[])
    parser.add_argument("--state", action="append", default=[])
    parser.add_argument("--role", help="as somebody with this role sees it")
    parser.add_argument("--data", type=Path, help="keep the filled database here between runs")
    chosen = parser.parse_args()
    chosen.size = chosen.size or list(SIZES)
    chosen.theme = chosen.theme or ["light", "dark"]
    chosen.out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory() as temporary:
        for state in chosen.state or ("empty", "full"):
            folder = Path(temporary) / state
            if state == "full" and chosen.data:
                folder = chosen.data
            begun = not (folder / "kiosk.db").exists()
            storage = open_storage(database_url(folder))
            if state == "full" and begun:
                fill(storage)
            site = site_of(Kiosk(storage), folder, info=measured)
            if chosen.role:
                site = site.by(signed_in(storage, Role(chosen.role)))
            shoot(app, site, chosen.out, state, chosen)
            storage.close()


if __name__ == "__main__":
    main()
