"""A database that whoever runs the kiosk may read and not write: nobody is let in, and it is said.

Root may write everything: there what it runs is started without that right.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.app import DEMO

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")

RIGHTS = "-dac_override,-dac_read_search,-fowner"
DOOR = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from kiosk.app import Options, run
from kiosk.services.decide.view import Phase

def attach(application, bridge):
    def heard(view):
        if view.phase is Phase.FAULT or view.announcement:
            print(view.phase.value, view.announcement, flush=True)
            application.quit()
    bridge.view.connect(heard)
    QTimer.singleShot(60_000, application.quit)

run(Options(Path(sys.argv[1]), camera=sys.argv[2], windowed=True), attach)
"""

START = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from kiosk.app import Options, run
from kiosk.ui.main_window import MainWindow

def attach(application, bridge):
    def look():
        for window in application.topLevelWidgets():
            if isinstance(window, MainWindow) and window.start.page is not None:
                print(window.start.page.accessibleName(), flush=True)
                application.quit()
    looks = QTimer(application)
    looks.timeout.connect(look)
    looks.start(20)
    QTimer.singleShot(60_000, application.quit)

run(Options(Path(sys.argv[1]), windowed=True), attach)
"""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def without_rights() -> list[str]:
    """What stands before a command so that modes of files count."""
    if os.getuid() != 0:
        return []
    lower = ["setpriv", "--bounding-set", RIGHTS, "--inh-caps", RIGHTS]
    try:
        subprocess.run([*lower, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("root can't lower its rights here")
    return lower


@pytest.fixture
def run(without_rights: list[str]) -> Run:
    def run(*words: object) -> subprocess.CompletedProcess[str]:
        command = [*without_rights, sys.executable, *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)

    return run


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    kiosk = [sys.executable, "-m", "kiosk", "enrol", "--folder", str(DEMO / "people")]
    subprocess.run([*kiosk, "--data-dir", str(folder)], check=True, capture_output=True)
    return folder


@pytest.fixture
def data(enrolled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(enrolled, tmp_path / "data"))


def test_a_file_that_is_read_only(data: Path, run: Run) -> None:
    (data / "kiosk.db").chmod(0o400)

    assert "Mia Chen" in run("-m", "kiosk", "people", "list", "--data-dir", data).stdout
    for words in (
        ["people", "remove", "Mia Chen", "--yes"],
        ["replay", DEMO / "people" / "Mia Chen"],
        ["enrol", "Eve", DEMO / "people" / "Mia Chen" / "1.jpg", "--anyway"],
    ):
        ran = run("-m", "kiosk", *words, "--data-dir", data)
        assert (ran.returncode, "ALLOW" in ran.stdout) == (2, False), ran
        assert "kiosk.db can't be written: it is read-only" in ran.stderr
        assert "Traceback" not in ran.stderr

    doctor = run("-m", "kiosk", "doctor", "--json", "--data-dir", data)
    findings = {row["title"]: row for row in json.loads(doctor.stdout)["findings"]}
    assert not findings["Database"]["ok"]
    assert "can't be written: it is read-only" in findings["Database"]["text"]


def test_at_the_door_a_file_that_is_read_only_is_a_fault(data: Path, run: Run) -> None:
    (data / "kiosk.db").chmod(0o400)

    ran = run("-c", DOOR, data, DEMO / "clip.mp4")

    assert ran.stdout.splitlines() == ["fault None"], ran
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("command", ["people list", "doctor"])
@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_a_folder_that_is_read_only_or_closed(
    data: Path, run: Run, mode: int, command: str
) -> None:
    data.chmod(mode)

    ran = run("-m", "kiosk", *command.split(), "--data-dir", data)
    data.chmod(0o700)

    assert (ran.returncode, ran.stdout) == (2, "")
    (said,) = (line for line in ran.stderr.splitlines() if "kiosk.db" in line)
    assert said.startswith(f"The database {data}")
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_at_the_door_a_folder_that_is_read_only_or_closed_is_told_on_the_screen(
    data: Path, run: Run, mode: int
) -> None:
    data.chmod(mode)

    ran = run("-c", START, data)
    data.chmod(0o700)

    assert ran.stdout.startswith(f"The kiosk can't start The database {data}"), ran
    assert "Traceback" not in ran.stderr
