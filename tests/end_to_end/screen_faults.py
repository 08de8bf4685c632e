"""The watched kiosk on a real X screen, and what takes its picture away: how long it takes
each time until fresh pictures of the camera are on the screen again.
``python -m tests.end_to_end.screen_faults 10`` does each fault ten times; with a file it appends
each result there, and goes on from what the file has."""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
WITHIN = 60.0


class JpegCamera(BaseHTTPRequestHandler):
    """A network camera that shows noise, and can be made to freeze or to fall silent; whoever
    connects anew gets fresh pictures again, as from a camera whose stream hung."""

    ill = ""
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=b")
        self.end_headers()
        JpegCamera.ill = ""
        noise, picture = np.random.default_rng(), b""
        with suppress(OSError):
            while True:
                if self.ill != "frozen":
                    small = noise.integers(40, 220, (30, 40, 3), np.uint8)
                    image = cv2.resize(small, (640, 480), interpolation=cv2.INTER_NEAREST)
                    picture = cv2.imencode(".jpg", image)[1].tobytes()
                if self.ill != "silent":
                    head = f"--b\r\nContent-Length: {len(picture)}\r\n\r\n".encode()
                    self.wfile.write(head + picture + b"\r\n")
                time.sleep(0.1)

    def log_message(self, *_: object) -> None: ...


class Display:
    """The X screen, seen and handled from outside."""

    def __init__(self, name: str) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(name.encode()))
        self._environment = os.environ | {"DISPLAY": name}
        os.environ.update(DISPLAY=name, QT_QPA_PLATFORM="xcb")
        from PySide6.QtGui import QGuiApplication

        self._application = QGuiApplication([])

    def picture(self) -> bytes:
        """A strip of the middle of the screen."""
        screen = self._application.primaryScreen()
        grabbed = screen.grabWindow(0, 400, 250, 300, 8).toImage()
        return bytes(grabbed.constBits())

    def moves(self) -> bool:
        """Whether fresh pictures are painted now."""
        seen = set()
        for _ in range(4):
            seen.add(self.picture())
            time.sleep(0.12)
        return len(seen) > 2

    def unmap(self) -> None:
        said = subprocess.run(
            ["xwininfo", "-root", "-tree"],
            env=self._environment, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        for number in re.findall(r"(0x[0-9a-f]+) \"Kiosk\"", said):
            self._x.XUnmapWindow(self._display, ctypes.c_ulong(int(number, 16)))
        self._x.XSync(self._display, 0)

    def block(self, seconds: float) -> None:
        """No other client gets an answer meanwhile: the kiosk's painter hangs, and nothing else."""
        self._x.XGrabServer(self._display)
        self._x.XSync(self._display, 0)
        time.sleep(seconds)
        self._x.XUngrabServer(self._display)
        self._x.XSync(self._display, 0)


@dataclass
class Watched:
    """The kiosk as it is started at a door."""

    folder: Path
    camera: str
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        words = ["-m", "kiosk", "--data-dir", str(self.folder), "--camera", self.camera]
        self.process = subprocess.Popen([sys.executable, *words], cwd=ROOT)

    def child(self) -> int:
        assert self.process is not None
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int(path.read_text().split()[0])

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(30)

    def kill(self) -> None:
        """Both of them, whatever they do."""
        assert self.process is not None
        with suppress(OSError, IndexError):
            os.kill(self.child(), signal.SIGKILL)
        self.process.kill()
        self.process.wait(30)


@contextmanager
def screen() -> Iterator[Display]:
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    try:
        with os.fdopen(read) as said:
            yield Display(f":{said.readline().strip()}")
    finally:
        server.terminate()
        server.wait(10)


def until(true: Callable[[], bool], what: str) -> None:
    give_up = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < give_up, what


def freeze() -> None:
    JpegCamera.ill = "frozen"


def silence() -> None:
    JpegCamera.ill = "silent"


@dataclass(frozen=True, slots=True)
class Trial:
    """One fault: seconds until fresh pictures were on the screen again, None if they never were;
    and how many programs wanted a core meanwhile, since a start takes longer then."""

    fault: str
    took: float | None
    load: float


def trials(tries: int, written: Path, only: str = "") -> Iterator[Trial]:
    """What was not done yet, so many times each fault."""
    done = [trial.fault for trial in read(written)]
    server = ThreadingHTTPServer(("127.0.0.1", 0), JpegCamera)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    camera = f"http://127.0.0.1:{server.server_address[1]}/video"
    with screen() as display, tempfile.TemporaryDirectory() as folder:
        kiosk = Watched(Path(folder), camera)
        faults: dict[str, Callable[[], None]] = {
            "process stopped": lambda: os.kill(kiosk.child(), signal.SIGSTOP),
            "window unmapped": display.unmap,
            "process killed": lambda: os.kill(kiosk.child(), signal.SIGKILL),
            "camera frozen": freeze,
            "camera silent": silence,
            "painter hung": lambda: display.block(5.5),
        }
        for number in range(tries):
            for name, fault in faults.items():
                if only in name and done.count(name) <= number:
                    yield Trial(name, one(kiosk, display, fault), os.getloadavg()[0])
    server.shutdown()


def one(kiosk: Watched, display: Display, fault: Callable[[], None]) -> float | None:
    """Each time as on a day on which nothing was amiss before."""
    kiosk.start()
    try:
        until(display.moves, "it starts")
        begun = time.monotonic()
        fault()
        until(lambda: not display.moves(), "the picture stands")
        until(display.moves, "fresh pictures again")
        took = time.monotonic() - begun
        return took if kiosk.stop() == 0 else None
    except (AssertionError, OSError, subprocess.SubprocessError):
        kiosk.kill()
        return None


def read(written: Path) -> list[Trial]:
    if not written.exists():
        return []
    return [Trial(**json.loads(line)) for line in written.read_text().splitlines()]


def main() -> None:
    with tempfile.TemporaryDirectory() as keys:
        for name, variable in (("record", "KIOSK_KEY_FILE"), ("data", "KIOSK_DATABASE_KEY_FILE")):
            key = Path(keys) / name
            key.write_text("5a" * 32)
            os.environ[variable] = str(key)
        tries = int(sys.argv[1]) if len(sys.argv) > 1 else 1
        written = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(keys) / "results"
        for trial in trials(tries, written, *sys.argv[3:4]):
            with written.open("a") as file:
                file.write(json.dumps(asdict(trial)) + "\n")
            print(trial, flush=True)  # noqa: T201
        found = read(written)
        for name in dict.fromkeys(trial.fault for trial in found):
            took = [trial.took for trial in found if trial.fault == name]
            back = [seconds for seconds in took if seconds is not None]
            soon = sum(seconds <= 10 for seconds in back)
            print(  # noqa: T201
                f"{name}: {len(back)} of {len(took)} back, {soon} within 10 s, median "
                f"{statistics.median(back or [0]):.1f} s, longest {max(back, default=0):.1f} s"
            )


if __name__ == "__main__":
    main()
