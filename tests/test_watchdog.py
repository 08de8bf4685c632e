"""The process that watches, around a kiosk that is none: what is to be watched is said by it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.watchdog import GAVE_UP, can_watch, note_in

pytestmark = pytest.mark.skipif(not can_watch(), reason="nothing is watched on this system")

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = """
import os, signal, sys, time
from kiosk import watchdog
from kiosk.domain.screen_watch import Beat, Patience, Restarts
from kiosk.watchdog import supervise

starts = int(os.environ["STARTS"])

def kiosk(tell):
    number = len(noted)
    print("start", number, flush=True)
    if number >= starts:
        return end()
    FAULT

def end():
    print("well", os.getpid(), flush=True)
    return 0

def beats(tell, count=3, **more):
    for painted in range(count):
        tell(Beat(painted + 1, begun=True, **more))
        time.sleep(0.02)

noted = []
patience = Patience(start=1.5, answer=0.3, shown=0.1, painted=0.3, camera=0.3, opening=0.3)
Restarts.MOST = 2
watchdog.ENDS_WITHIN = 0.2
code = supervise(kiosk, noted.append, patience=patience)
print("ended", code, *noted, flush=True)
sys.exit(code)
"""


def program(fault: str, starts: int = 1) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM.replace("FAULT", fault)],
        cwd=ROOT, env=os.environ | {"STARTS": str(starts)},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("time.sleep(60)", "the screen did not answer"),
        ("beats(tell); time.sleep(60)", "the screen did not answer"),
        ("beats(tell); os.kill(os.getpid(), signal.SIGSTOP)", "the screen did not answer"),
        ("beats(tell, 600, shown=False)", "the window was gone from the screen"),
        ("beats(tell, 600, ended=True)", "a part of the kiosk had ended"),
        ("beats(tell, 6); os.kill(os.getpid(), signal.SIGKILL)", "the kiosk had ended by itself"),
        ("beats(tell, 6); time.sleep(0.1); os._exit(1)", "the kiosk had ended by itself"),
        (
            "signal.signal(signal.SIGTERM, signal.SIG_IGN); beats(tell); time.sleep(60)",
            "the screen did not answer",
        ),
    ],
)
def test_a_kiosk_that_nobody_could_use_is_started_anew(fault: str, why: str) -> None:
    ran = program(fault)
    said, _ = ran.communicate(timeout=60)

    assert ran.returncode == 0, said
    assert [line for line in said.splitlines() if line.startswith("start")] == [
        "start 0", "start 1",
    ]  # fmt: skip
    told = f"The kiosk was started anew: {why}."
    assert said.splitlines()[-1] == f"ended 0 {told}"


@pytest.mark.parametrize("code", [0, 2, 130])
def test_an_end_that_was_wanted_or_told_why_is_the_end(code: int) -> None:
    ran = program(f"beats(tell, {0 if code == 2 else 3}); return {code}")
    said, _ = ran.communicate(timeout=60)
    assert (ran.returncode, said.count("start")) == (code, 1)


def test_a_screen_that_says_why_it_can_not_start_is_left_alone_and_watched() -> None:
    """Only its end, or that it is not painted, is a reason to start anew."""
    waits = "[(tell(Beat(n, waits=True)), time.sleep(0.02)) for n in range(200)]"
    ran = program(f"{waits}; return 0")
    said, _ = ran.communicate(timeout=60)
    assert (ran.returncode, said.count("start")) == (0, 1), said

    ran = program(f"{waits}; os.kill(os.getpid(), signal.SIGKILL)")
    said, _ = ran.communicate(timeout=60)
    assert said.count("start 1") == 1, said


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_both(number: signal.Signals, code: int) -> None:
    ends = (
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); "
        "signal.signal(signal.SIGINT, lambda *_: sys.exit(130)); beats(tell, 6000)"
    )
    ran = program(ends)
    assert ran.stdout is not None
    assert ran.stdout.readline() == "start 0\n"
    time.sleep(0.2)
    ran.send_signal(number)
    said, _ = ran.communicate(timeout=60)
    assert (ran.returncode, "start" in said) == (code, False)


def test_a_kiosk_that_can_never_run_is_given_up() -> None:
    ran = program("beats(tell); os._exit(1)", starts=99)
    said, _ = ran.communicate(timeout=60)
    assert ran.returncode == GAVE_UP, said
    assert said.count("start ") == 3
    assert said.splitlines()[-1].endswith(
        "The kiosk can't run: the kiosk had ended by itself. Run main.py doctor."
    )


def test_a_driver_that_hangs_again_is_not_started_anew_at_once() -> None:
    """The first start hangs before a picture; the second is left alone, and ends by itself."""
    ran = program("beats(tell, 40, tries=1); return 0", starts=99)
    said, _ = ran.communicate(timeout=60)
    assert ran.returncode == 0
    assert said.count("start ") == 2
    assert said.splitlines()[-1].endswith("the camera's driver did not answer.")


def test_a_kiosk_whose_watcher_dies_goes_on() -> None:
    goes_on = "beats(tell, 40); print('goes on', flush=True)"
    ran = program(goes_on)
    assert ran.stdout is not None
    assert ran.stdout.readline() == "start 0\n"
    ran.kill()
    said, _ = ran.communicate(timeout=60)
    assert "goes on" in said


def test_systemd_hears_when_it_is_ready_that_it_is_watched_and_why_it_was_started_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        ran = program("beats(tell, 6); os._exit(1)")
        heard: list[bytes] = []
        systemd.settimeout(0.2)
        while ran.poll() is None:
            with suppress(TimeoutError):
                heard.append(systemd.recv(999))
        assert ran.communicate(timeout=60)[0].splitlines()[0] == "start 0"
    assert ran.returncode == 0
    why = "STATUS=The kiosk was started anew: the kiosk had ended by itself."
    assert list(dict.fromkeys(heard)) == [b"WATCHDOG=1", b"READY=1", why.encode()]


def test_restarts_stand_in_the_log(tmp_path: Path) -> None:
    note_in(tmp_path / "data")("The kiosk was started anew: nothing was painted.")
    written = (tmp_path / "data" / "kiosk.log").read_text()
    assert "ERROR kiosk.watchdog: The kiosk was started anew: nothing was painted." in written
