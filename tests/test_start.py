"""A kiosk whose database can't be opened at the very start: the screen says so, lets nobody in and
changes nothing, and goes on once the cause is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from kiosk.app import Options, opened_administration, opened_storage, run
from kiosk.domain.audit import ADMINISTRATOR
from kiosk.services.access.keys import KEY_FILE
from kiosk.services.access.record_key import KEY_FILE as RECORD_KEY_FILE
from kiosk.services.decide.view import View
from kiosk.services.log_file import NAME
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.main_window import MainWindow
from tests import databases

LONGEST = 60_000
"""Milliseconds after which a test gives up."""
HOLD = """
import sys
from pathlib import Path
from tests.databases import opened
connection = opened(Path(sys.argv[1]))
connection.execute("PRAGMA locking_mode = EXCLUSIVE")
connection.execute("BEGIN EXCLUSIVE")
connection.execute("UPDATE alembic_version SET version_num = version_num")
print("held", flush=True)
sys.stdin.read()
"""
Mend = Callable[[], None]


@dataclass
class Door:
    """The screen of a kiosk that is run on ``folder``."""

    folder: Path
    said: list[str] = field(default_factory=list)
    """What it said while it could not start, each once."""
    allowed: list[object] = field(default_factory=list)
    began: bool = False
    """Whether the kiosk's page came."""

    def open(self, mend: Mend | None, **options: object) -> None:
        """Run it; ``mend`` once it says that it can't start (None: it is closed then)."""
        chosen = Options(data_dir=self.folder, windowed=True, camera="nothing.mp4", **options)
        timers = (QTimer(), QTimer())  # kept, to be stopped: the next test has a screen, too

        def attach(application: QApplication, bridge: Bridge) -> None:
            bridge.view.connect(self._hear)
            looks, given_up = timers
            looks.timeout.connect(lambda: self._look(application, mend))
            looks.start(20)
            given_up.timeout.connect(application.quit)
            given_up.start(LONGEST)

        try:
            assert run(chosen, attach) == 0
        finally:
            for timer in timers:
                timer.stop()

    def _hear(self, view: View) -> None:
        if view.announcement is not None:
            self.allowed.append(view.announcement)

    def _look(self, application: QApplication, mend: Mend | None) -> None:
        for window in application.topLevelWidgets():
            if not isinstance(window, MainWindow):
                continue
            page = window.start.page
            if page is not None and page.accessibleName() not in self.said:
                self.said.append(page.accessibleName())
                assert window.currentWidget() is page
                assert "Nobody is let in meanwhile." in page.words.second
                if mend is None:
                    window.close()
                else:
                    mend()
                    page.button.click()
            elif window._page is not None:
                self.began = True
                window.close()


@pytest.fixture
def door(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Door:
    for name, value in ((KEY_FILE, "a5"), (RECORD_KEY_FILE, "5a")):
        path = tmp_path / name
        path.write_text(32 * value)
        monkeypatch.setenv(name, str(path))
    with opened_storage(Options(data_dir=tmp_path / "data")):
        pass
    return Door(tmp_path / "data")


@pytest.fixture
def database(door: Door) -> Path:
    return door.folder / "kiosk.db"


def test_held_by_another_process(door: Door, database: Path) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"

    door.open(lambda: other.communicate() and None)

    (said,) = door.said
    assert said == (
        f"The kiosk can't start The database {database} is locked by another program. Close "
        "whatever else has it open (a database browser, a backup), then try again."
    )
    assert door.began
    assert not door.allowed
    log = (door.folder / NAME).read_text()
    assert log.count("is locked by another program") == 1, "for doctor, and once"


@pytest.mark.parametrize("cut", [True, False], ids=["cut off", "something else"])
def test_a_damaged_file(door: Door, database: Path, cut: bool) -> None:
    whole = database.read_bytes()
    damaged = whole[:8192] if cut else b"No database at all. " * 1000
    database.write_bytes(damaged)

    def mend() -> None:
        assert database.read_bytes() == damaged, "nothing is replaced by itself"
        database.write_bytes(whole)

    door.open(mend)

    assert "damaged" in door.said[0]
    assert "`kiosk restore`" in door.said[0]
    assert door.began


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("b6" * 32, "it is under another key"),
        ("kiosk", "should hold the key of the database"),
        (None, "its key is not there"),
    ],
)
def test_a_key_that_is_wrong_or_gone(door: Door, text: str | None, told: str) -> None:
    path = Path(os.environ[KEY_FILE])
    if text is None:
        path.unlink()
    else:
        path.write_text(text)

    def mend() -> None:
        assert path.exists() == (text is not None), "none is made"
        path.write_text("a5" * 32)

    door.open(mend)

    assert told in door.said[0]
    assert "`kiosk key restore`" in door.said[0]
    assert door.began


def test_the_key_of_the_record_is_gone(door: Door) -> None:
    path = Path(os.environ[RECORD_KEY_FILE])
    path.unlink()

    door.open(lambda: path.write_text("5a" * 32) and None)

    assert "sealed with can't be read" in door.said[0]
    assert door.began


def test_made_by_a_newer_program(door: Door, database: Path) -> None:
    def revise(revision: str) -> None:
        with closing(databases.opened(database)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", [revision])

    with closing(databases.opened(database)) as connection:
        (head,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    revise("9999")

    door.open(lambda: revise(head))

    assert "is of a newer version" in door.said[0]
    assert "Install the newer program" in door.said[0]
    assert door.began


def test_a_setting_that_is_damaged(door: Door, database: Path) -> None:
    def set_to(value: str) -> None:
        with closing(databases.opened(database)) as connection:
            connection.execute("INSERT OR REPLACE INTO settings VALUES ('theme', ?)", [value])

    set_to("{")

    door.open(lambda: set_to('"dark"'))

    assert "is damaged" in door.said[0]
    assert door.began


def test_a_disk_that_is_not_mounted(door: Door) -> None:
    away = door.folder.with_name("away")
    with opened_administration(Options(data_dir=door.folder)) as admin:
        admin.settings.set_admin_pin(ADMINISTRATOR, "258014")
    door.folder.rename(away)

    def mend() -> None:
        assert not door.folder.exists(), "nothing takes its place"
        away.rename(door.folder)

    door.open(mend)

    (said,) = door.said
    assert f"The database that was at {door.folder / 'kiosk.db'} is not there." in said
    assert "`kiosk restore`" in said
    assert "`kiosk log accept --new`" in said
    assert door.began


def test_an_empty_database_in_the_place_of_one(door: Door, database: Path) -> None:
    away = database.with_name("away.db")
    with opened_administration(Options(data_dir=door.folder)) as admin:
        admin.settings.set_admin_pin(ADMINISTRATOR, "258014")
    database.rename(away)
    with opened_storage(Options(data_dir=door.folder.with_name("other"))):
        pass
    other = (door.folder.with_name("other") / "kiosk.db").read_bytes()
    database.write_bytes(other)

    def mend() -> None:
        assert database.read_bytes() == other
        away.rename(database)

    door.open(mend)

    assert "is not the one that was there: entry 1 of its record is missing" in door.said[0]
    assert door.began


def test_a_server_that_is_not_there(door: Door) -> None:
    door.open(None, database_url="postgresql+psycopg://kiosk:geheim@127.0.0.1:1/kiosk")

    (said,) = door.said
    assert "127.0.0.1" in said
    assert "Check that it runs" in said
    assert "geheim" not in said + (door.folder / NAME).read_text()
    assert not door.began


def test_an_address_that_is_none(door: Door) -> None:
    door.open(None, database_url="nonsense")

    assert "nonsense is no database address" in door.said[0]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    place = tmp_path / "small"
    place.mkdir()
    made = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(place)]
    try:
        subprocess.run(made, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk can be made here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_disk_without_room(door: Door, small_disk: Path) -> None:
    door.folder = small_disk / "data"
    with opened_storage(Options(data_dir=door.folder)):
        pass
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))

    door.open(filler.unlink)

    assert "the disk is full. Free some space" in door.said[0]
    assert door.began
