"""Pictures of every page of the admin panel, empty and full, in all sizes, light and dark.

python tests/ui/admin/gallery.py OUT_DIR [--only PAGE] [--size 1280x800] [--theme light]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from kiosk.domain.repositories import Storage
from kiosk.services.site import Site
from kiosk.storage import database_url, open_storage
from kiosk.ui.admin.pages import PAGES
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.theme import apply_theme
from kiosk.ui.common.work import Worker
from tests.ui.admin import scenes
from tests.ui.admin.fakes import Kiosk, enrol, fill_days, fill_log, fill_plans, site_of

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
            for entry in PAGES:
                if chosen.only and entry.key not in chosen.only:
                    continue
                panel.open(entry.key)
                stories = {"": lambda _: None, **scenes.STORIES.get((entry.key, state), {})}
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


def fill(storage: Storage) -> None:
    ids = enrol(storage, 50)
    fill_log(storage, ids, 10_000)
    fill_days(storage, ids, 20)
    fill_plans(storage, ids)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--size", action="append", default=[])
    parser.add_argument("--theme", action="append", default=[])
    parser.add_argument("--state", action="append", default=[])
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
            shoot(app, site_of(Kiosk(storage), folder), chosen.out, state, chosen)
            storage.close()


if __name__ == "__main__":
    main()
