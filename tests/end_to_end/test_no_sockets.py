"""No socket to any machine unless the administrator named one: a whole run of the program, seen
from inside by Python's audit events and from outside by strace."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

WATCHED = """
import json, socket, sys

opened = []

def hear(event, arguments):
    if event == "socket.__new__" and arguments[1] not in (socket.AF_UNIX, -1):
        opened.append(f"{event} {arguments[1]!r}")
    elif event.startswith("socket.") and event.split(".")[1] in NAMED:
        opened.append(f"{event} {arguments[0]!r}")
    elif event in ("socket.connect", "socket.bind") and isinstance(arguments[1], tuple):
        opened.append(f"{event} {arguments[1]!r}")

NAMED = ("getaddrinfo", "gethostbyname", "gethostbyaddr")
sys.addaudithook(hear)
"""

KIOSK = """
from pathlib import Path
from PySide6.QtCore import QTimer
from kiosk.app import DEMO, Options, opened_storage, run
from kiosk.building import enrol_demo_people
from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.settings import Settings
from kiosk.services.decide.engine import Phase

folder = Path(sys.argv[1])
options = Options(data_dir=folder, camera=str(DEMO / "clip.mp4"), windowed=True)
with opened_storage(options) as storage:
    enrol_demo_people(storage, Settings())
    storage.settings.save({"liveness": "off"})
outcomes, shown = [], []

def attach(application, bridge):
    from kiosk.ui.admin.pages import PAGES
    from kiosk.ui.main_window import MainWindow

    waiting = [entry.key for entry in PAGES]
    timer = QTimer(application)

    def heard(view):
        if view.phase is Phase.VERDICT and view.announcement is not None and not outcomes:
            outcomes.append(view.announcement.decision.outcome.value)
            timer.start(100)

    def next_page():
        (window,) = [w for w in application.topLevelWidgets() if isinstance(w, MainWindow)]
        if window.panel is None:
            window.open_panel(ADMINISTRATOR)
        elif window.panel.page is None or not window.panel.page.complete:
            return
        elif waiting:
            shown.append(waiting.pop(0))
            window.panel.open(shown[-1])
        else:
            timer.stop()
            application.exit(0)

    timer.timeout.connect(next_page)
    bridge.view.connect(heard)
    QTimer.singleShot(240_000, lambda: application.exit(1))

code = run(options, attach)
print(json.dumps({"code": code, "outcomes": outcomes, "pages": len(shown), "opened": opened}))
"""

CAUGHT = """
import contextlib
with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", 9), timeout=0.1):
    pass
print(json.dumps({"opened": opened}))
"""


def ran(program: str, folder: Path, *before: str) -> dict[str, Any]:
    done = subprocess.run(
        [*before, sys.executable, "-c", WATCHED + program, str(folder / "data")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def traced(folder: Path) -> tuple[str, ...]:
    """How strace is called, its own lines into a file."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed: what C code opens is not seen here")
    if subprocess.run([strace, "-o", os.devnull, "true"], check=False).returncode:
        pytest.skip("strace may not trace here: what C code opens is not seen")
    calls = ("-f", "-qq", "--seccomp-bpf", "-e", "trace=socket,connect,bind,listen,sendto")
    return strace, *calls, "-o", str(folder / "calls.txt")


def inet(folder: Path) -> list[str]:
    lines = (folder / "calls.txt").read_text("utf-8").splitlines()
    return [line for line in lines if "AF_INET" in line or "listen(" in line]


def worked(told: dict[str, Any]) -> bool:
    """Whether it started, let somebody in and showed every page of the panel."""
    return told["code"] == 0 and told["outcomes"] == ["ALLOW"] and told["pages"] >= 7


def test_a_start_a_decision_and_every_page_open_no_socket(tmp_path: Path) -> None:
    told = ran(KIOSK, tmp_path)

    assert worked(told), told
    assert told["opened"] == []


def test_nor_does_what_is_written_in_c_or_runs_beside_it(tmp_path: Path) -> None:
    told = ran(KIOSK, tmp_path, *traced(tmp_path))

    assert worked(told), told
    assert inet(tmp_path) == []


def test_it_would_be_seen_from_inside(tmp_path: Path) -> None:
    assert any("127.0.0.1" in line for line in ran(CAUGHT, tmp_path)["opened"])


def test_it_would_be_seen_from_outside(tmp_path: Path) -> None:
    ran(CAUGHT, tmp_path, *traced(tmp_path))

    assert any("127.0.0.1" in line for line in inet(tmp_path))
