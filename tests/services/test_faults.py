"""What failed: the administrator finds it all, the door's screen none of it."""

from __future__ import annotations

import logging
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.decision import Hint
from kiosk.domain.errors import EnvironmentFailed, StorageError
from kiosk.services.decide.engine import Phase, View
from kiosk.services.faults import Discreet, Fault, Faults, last_fault
from kiosk.services.log_file import NAME, log_file
from tests.fakes import RecordingListener

AT = datetime(2026, 11, 26, 7, 42, tzinfo=UTC)
SECRET = "The database postgresql://kiosk:ge#heim@db.example.org/x can't be reached."
OPEN = "The database postgresql://***@db.example.org/x can't be reached."


class Clock:
    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at


def test_the_screen_hears_that_something_failed_and_not_what() -> None:
    heard, faults = RecordingListener(), Faults(lambda: AT)

    Discreet(heard, faults).on_view(View(Phase.FAULT, message=SECRET, hold=3.0))

    assert heard.views == [View(Phase.FAULT, hold=3.0)]
    assert faults.last == Fault(AT, OPEN)


def test_other_views_pass_as_they_are() -> None:
    heard, faults = RecordingListener(), Faults(lambda: AT)

    Discreet(heard, faults).on_view(View(Phase.IDLE, Hint.COME_CLOSER))

    assert heard.views == [View(Phase.IDLE, Hint.COME_CLOSER)]
    assert faults.last is None


@pytest.mark.parametrize(
    "problem",
    ["rtsp://10.0.0.5:554 does not answer.", "/home/mia/clip.mp4 can't be read.",
     r"C:\Users\Mia\clip.mp4 can't be read."],
)  # fmt: skip
def test_the_screen_is_told_of_a_lost_camera_without_host_and_path(problem: str) -> None:
    heard, faults = RecordingListener(), Faults(lambda: AT)
    discreet = Discreet(heard, faults)

    discreet.on_camera(problem)
    assert heard.cameras == ["Check that it is switched on and connected."]
    assert discreet.camera_problem == problem
    assert faults.last == Fault(AT, problem)

    discreet.on_camera(None)
    assert discreet.camera_problem == ""


def test_the_screen_says_what_helps() -> None:
    heard = RecordingListener()
    Discreet(heard, Faults()).on_camera("Camera 0 is in use by another program: close it.")

    assert heard.cameras == ["Camera 0 is in use by another program: close it."]


def test_a_fault_is_written_down_and_found_again(tmp_path: Path) -> None:
    with log_file(tmp_path) as path:
        Faults(lambda: AT).note(f"{SECRET}\nsecond line")
        logging.getLogger("kiosk.other").warning("another at rtsp://u:p#w@host")

    text = path.read_text()
    assert "heim" not in text
    assert "p#w" not in text
    fault = last_fault(path)
    assert fault is not None
    assert fault.text == f"{OPEN} second line"
    assert abs(datetime.now(UTC) - fault.at) < timedelta(minutes=10)


def test_what_goes_on_failing_does_not_fill_the_log(tmp_path: Path) -> None:
    clock = Clock()
    faults = Faults(clock)
    with log_file(tmp_path) as path:
        for _ in range(50):
            clock.at += timedelta(minutes=2)
            faults.note("The disk is full.")

    assert len(path.read_text().splitlines()) == 2
    assert faults.last == Fault(clock.at, "The disk is full.")


def test_a_log_without_faults_and_no_log_tell_of_none(tmp_path: Path) -> None:
    assert last_fault(tmp_path / NAME) is None
    (tmp_path / NAME).write_text("nothing of interest\n")
    assert last_fault(tmp_path / NAME) is None


def test_a_sentence_about_signs_is_kept() -> None:
    faults = Faults(lambda: AT)
    text = "rtsp://10.0.0.5:554 does not answer. Write these signs safely: @ as %40, : as %3A."
    faults.note(text)

    assert faults.last == Fault(AT, text)


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_the_log_is_its_owners(tmp_path: Path) -> None:
    with log_file(tmp_path) as path:
        logging.getLogger("kiosk.x").warning("something")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_log_is_what_is_at_its_path_now(tmp_path: Path) -> None:
    """As where a disk is mounted over the folder while the kiosk waits for it."""
    with log_file(tmp_path / "data") as path:
        logging.getLogger("kiosk.x").warning("nowhere: there is no folder yet")
        path.parent.mkdir()
        logging.getLogger("kiosk.x").warning("first")
        path.parent.rename(tmp_path / "covered")
        logging.getLogger("kiosk.x").warning("nowhere again")
        path.parent.mkdir()
        logging.getLogger("kiosk.x").warning("second")

    assert [line.split(": ")[1] for line in path.read_text().splitlines()] == ["second"]
    assert "first" in (tmp_path / "covered" / NAME).read_text()


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with log_file(tmp_path):
        logging.getLogger("kiosk.x").warning("something")


def test_a_stack_trace_tells_no_password(tmp_path: Path) -> None:
    with log_file(tmp_path) as path:
        try:
            raise ValueError("rtsp://u:ge heim@host")
        except ValueError:
            logging.getLogger("kiosk.x").exception("failed")

    assert "Traceback" in path.read_text()
    assert "heim" not in path.read_text().replace('"rtsp://u:ge heim@host"', "")


def test_why_the_kiosk_can_not_start_is_noted_and_raised_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    faults = Faults(lambda: AT)
    for _ in range(3):
        with pytest.raises(StorageError, match="ge#heim"), faults.noting():
            raise StorageError(SECRET)
    assert faults.last == Fault(AT, OPEN)
    assert [record.getMessage() for record in caplog.records] == [OPEN]


def test_an_error_of_ours_at_the_start_is_a_sentence_and_its_trace_is_written_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    faults = Faults(lambda: AT)
    for _ in range(3):
        with pytest.raises(EnvironmentFailed, match="and tries again"), faults.noting():
            raise ZeroDivisionError
    assert sum(record.exc_info is not None for record in caplog.records) == 1
