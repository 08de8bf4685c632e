"""The whole program on a screen that is not there: the demo, from its start to its end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from kiosk.app import (
    DEMO,
    Options,
    data_folder,
    examine_all,
    opened_storage,
    read_settings,
    run,
    run_watched,
)
from kiosk.building import (
    build_engine,
    camera_name,
    encoder_in_force,
    enrol_demo_people,
    open_camera,
)
from kiosk.domain.records import EventFilter
from kiosk.domain.settings import Settings
from kiosk.running import RunningKiosk
from kiosk.services.decide.engine import Phase, View
from kiosk.ui.common.bridge import Bridge
from tests.devices.fakes import noises, write_video
from tests.fakes import RecordingListener

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 30_000
"""Milliseconds after which a test that waits for a verdict gives up."""


@pytest.mark.parametrize(("rotate", "shape"), [("0", (48, 64, 3)), ("90", (64, 48, 3))])
def test_the_settings_turn_the_cameras_picture(
    tmp_path: Path, rotate: str, shape: tuple[int, ...]
) -> None:
    write_video(tmp_path / "clip.avi", noises(2))
    with opened_storage(Options(data_dir=tmp_path)) as storage:
        storage.settings.save({"rotate": rotate})
        settings = read_settings(storage, Options(camera=str(tmp_path / "clip.avi")))
    camera = open_camera(settings, realtime=False)

    camera.open()
    frame = camera.read()
    camera.close()

    assert frame is not None
    assert frame.image.shape == shape


def test_options_do_not_tell_the_passwords_in_them() -> None:
    options = Options(camera="rtsp://a:geheim@b/c", database_url="postgresql://a:geheim@b/c")

    assert "geheim" not in repr(options)


@pytest.fixture
def given_up(qapp: QApplication) -> Iterator[QTimer]:
    """Ends what takes too long. It stops with its test: a quit that comes when nothing runs ends
    every later event loop at once."""
    timer = QTimer()
    timer.setSingleShot(True)
    yield timer
    timer.stop()


def test_the_demo_is_drawn_and_lets_somebody_in(qapp: QApplication, given_up: QTimer) -> None:
    before = set(threading.enumerate())
    pictures: list[QImage] = []
    outcomes: list[str] = []

    def attach(application: QApplication, bridge: Bridge) -> None:
        def heard(view: View) -> None:
            if view.phase is Phase.VERDICT and view.announcement is not None:
                outcomes.append(view.announcement.decision.outcome.value)
                QTimer.singleShot(200, photograph)

        def photograph() -> None:
            (window,) = application.topLevelWidgets()
            pictures.append(window.grab().toImage())
            window.close()

        bridge.view.connect(heard)
        given_up.timeout.connect(application.quit)
        given_up.start(LONGEST)

    assert run(Options(demo=True, windowed=True), attach) == 0

    assert outcomes == ["ALLOW"]
    (picture,) = pictures
    room = qapp.primaryScreen().availableSize()
    assert 600 <= picture.width() < room.width()
    assert 600 <= picture.height() < room.height()
    assert len(colours(picture)) > 1000, "the camera's picture, not a blank page"
    left = {thread for thread in threading.enumerate() if thread not in before}
    assert not [thread.name for thread in left if not thread.daemon]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_signal_ends_it_in_order(
    qapp: QApplication, given_up: QTimer, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    before = signal.getsignal(number)
    asked: list[View] = []

    def attach(application: QApplication, bridge: Bridge) -> None:
        def heard(view: View) -> None:
            if not asked:
                asked.append(view)
                os.kill(os.getpid(), number)

        bridge.view.connect(heard)
        given_up.timeout.connect(application.quit)
        given_up.start(LONGEST)

    assert run(Options(data_dir=tmp_path, windowed=True, camera="nothing.mp4"), attach) == code

    assert asked
    assert signal.getsignal(number) == before
    assert not (tmp_path / "kiosk.db-wal").exists(), "the database was closed"


def colours(picture: QImage) -> set[tuple[int, ...]]:
    rgb = picture.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    pixels = rows[:, : 3 * rgb.width()].reshape(-1, 3)
    return set(map(tuple, np.unique(pixels, axis=0)))


def test_opencv_and_qt_share_a_real_x11_window(tmp_path: Path) -> None:
    """OpenCV's full build points Qt at its own plugins, after which this can't open a window."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed: no real window can be opened here")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as display:
            number = display.readline().strip()
        environment = os.environ | {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        shot = tmp_path / "shot.png"
        done = subprocess.run(
            [sys.executable, "-c", WINDOW, str(shot)],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip
    finally:
        server.terminate()
        server.wait(10)

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["xcb", "True", "1280x800"]
    assert len(colours(QImage(str(shot)))) > 1000


WINDOW = """
import sys
import cv2
from PySide6.QtCore import QTimer
from kiosk.app import Options, run

def attach(application, bridge):
    def photograph():
        screen = application.primaryScreen()
        size = screen.size()
        shown = screen.grabWindow(0).save(sys.argv[1])
        print(application.platformName(), shown, f"{size.width()}x{size.height()}")
        application.exit(0)  # quit() would ask the window, which wants the PIN
    def once(frame):
        bridge.frame.disconnect(once)
        QTimer.singleShot(500, photograph)
    bridge.frame.connect(once)
    QTimer.singleShot(60_000, lambda: application.exit(1))

sys.exit(run(Options(demo=True), attach))
"""


def test_the_users_own_folder_is_the_default() -> None:
    folder = data_folder(Options())
    assert folder.is_absolute()
    assert folder.name == "kiosk"


def test_the_command_lines_camera_goes_before_the_stored_one(tmp_path: Path) -> None:
    with opened_storage(Options(data_dir=tmp_path)) as storage:
        storage.settings.save({"camera": "3"})
        assert read_settings(storage, Options()).camera == "3"
        assert read_settings(storage, Options(camera="clip.mp4")).camera == "clip.mp4"


def test_auto_keeps_to_the_encoder_that_people_are_enrolled_with(tmp_path: Path) -> None:
    with opened_storage(Options(data_dir=tmp_path)) as storage:
        settings = Settings()
        assert encoder_in_force(storage, settings) == "auto"
        person = storage.people.add("Ada")
        storage.people.add_template(person.id, np.ones(4, np.float32), "gone", 0.9, "a.jpg")
        assert encoder_in_force(storage, settings) == "auto", "it is not installed any more"
        storage.people.add_template(
            person.id, np.ones(128, np.float32), "dlib-resnet-v1", 0.9, "a.jpg"
        )
        assert encoder_in_force(storage, settings) == "dlib-resnet-v1"
        other = replace(settings, encoder="efficientfacenet")
        assert encoder_in_force(storage, other) == "efficientfacenet"


def test_a_kiosk_with_new_settings_waits_until_the_panel_is_left(tmp_path: Path) -> None:
    listener = RecordingListener()
    with opened_storage(Options(data_dir=tmp_path)) as storage:
        enrol_demo_people(storage, Settings())
        settings = replace(Settings(), camera=str(DEMO / "people" / "Mia Chen"), agree=1)
        kiosk = RunningKiosk(
            settings,
            listener,
            lambda settings: build_engine(storage, settings, camera_name(settings)),
            partial(open_camera, realtime=True),
        )
        listener.wait_for(lambda heard: Phase.VERDICT in {view.phase for view in heard.views})
        kiosk.apply(replace(settings, hold=1.0))
        seen, rows = len(listener.frames), storage.events.count(EventFilter())
        told = len(listener.views)
        listener.wait_for(lambda heard: len(heard.frames) > seen + 3)
        assert Phase.VERDICT not in {view.phase for view in listener.views[told:]}
        assert storage.events.count(EventFilter()) == rows
        kiosk.stop()


def test_the_doctor_says_where_nobody_can_be_recognised(tmp_path: Path) -> None:
    with opened_storage(Options(data_dir=tmp_path)) as storage:
        person = storage.people.add("Ada")
        storage.people.add_template(person.id, np.ones(4, np.float32), "gone", 0.9, "a.jpg")
        settings = replace(Settings(), camera=str(DEMO / "clip.mp4"))
        findings = {finding.title: finding for finding in examine_all(storage, settings)}
    assert not findings["Encoder"].ok
    assert "all photos are for gone" in findings["Encoder"].text
    assert "auto" not in findings["Encoder"].text, "no choice brings that encoder back"


def test_the_doctor_says_which_choice_brings_the_photos_back(tmp_path: Path) -> None:
    with opened_storage(Options(data_dir=tmp_path)) as storage:
        person = storage.people.add("Ada")
        storage.people.add_template(person.id, np.ones(128, np.float32), "sface", 0.9, "a.jpg")
        settings = replace(
            Settings(), camera=str(DEMO / "clip.mp4"), encoder="efficientfacenet-192"
        )
        findings = {finding.title: finding for finding in examine_all(storage, settings)}
    assert "Choose auto" in findings["Encoder"].text


def test_a_lost_camera_is_told_to_the_administrator_in_full_and_to_the_door_without_its_path(
    tmp_path: Path,
) -> None:
    listener = RecordingListener()
    with opened_storage(Options(data_dir=tmp_path)) as storage:
        settings = replace(Settings(), camera=str(tmp_path / "gone" / "clip.mp4"))
        kiosk = RunningKiosk(
            settings,
            listener,
            lambda settings: build_engine(storage, settings, "no camera"),
            partial(open_camera, realtime=True),
        )
        listener.wait_for(lambda heard: bool(heard.cameras))
        findings = {f.title: f for f in examine_all(storage, settings, kiosk=kiosk)}
        kiosk.stop()

    assert listener.cameras[0] == "Check that it is switched on and connected."
    assert not findings["Camera"].ok
    assert "clip.mp4" in findings["Camera"].text
    assert "clip.mp4" in findings["Last fault"].text
    assert findings["Last fault"].advice


def test_nothing_of_the_lab_is_loaded_by_a_whole_replay(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORBIDDEN, str(DEMO / "people" / "Mia Chen"), str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


FORBIDDEN = """
import sys
from typer.testing import CliRunner
from kiosk.cli import app

ran = CliRunner().invoke(app, ["replay", sys.argv[1], "--data-dir", sys.argv[2]])
assert "frames in" in ran.stdout, ran.output
lab = ("tensorflow", "keras", "torch", "mtcnn", "kiosk.lab")
print([name for name in sys.modules if name.startswith(lab)])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux may be without a screen")
def test_no_screen_is_told_in_a_sentence() -> None:
    without = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    environment = {name: value for name, value in os.environ.items() if name not in without}

    done = subprocess.run(
        [sys.executable, "main.py", "--demo"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert done.stderr.startswith("There is no screen here")


def test_a_kiosk_at_a_door_is_watched_and_a_window_for_development_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ran: list[object] = []
    monkeypatch.setattr("kiosk.app.run", lambda options, **more: ran.append(more) or 0)
    monkeypatch.setattr("kiosk.watchdog.supervise", lambda start, note: start(ran.append))
    monkeypatch.setattr("kiosk.watchdog.can_watch", lambda: True)
    for options in (Options(tmp_path), Options(tmp_path, windowed=True), Options(demo=True)):
        assert run_watched(options) == 0
    watched, windowed, demo = ran
    assert watched == {"tell": ran.append}
    assert windowed == demo == {}
