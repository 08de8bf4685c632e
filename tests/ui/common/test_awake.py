"""On an X server and a session bus of their own: what the desktop is told, and what is left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jeepney import MessageType, message_bus, new_error, new_method_return
from jeepney.io.blocking import open_dbus_connection
from jeepney.low_level import HeaderFields

from kiosk.ui.common.awake import ScreenAwake, screen_awake_problem
from kiosk.ui.common.inhibitors import SERVICES, inhibit
from kiosk.ui.common.x11_saver import SaverSettings, X11Saver

USUAL = SaverSettings(600, 600, 1, 1, dpms=False)


def _in_time(true: Callable[[], bool]) -> bool:
    """Whether something comes true within 20 s."""
    waiting = threading.Event()
    return any(true() or waiting.wait(0.02) for _ in range(1000))


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X server's address."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-noreset", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.fixture
def server(display: str) -> Iterator[X11Saver]:
    """Another program's look at that server, which has the usual screen saver."""
    opened = X11Saver(display)
    opened.write(USUAL)
    yield opened
    opened.close()


@pytest.fixture
def environment(display: str) -> dict[str, str]:
    """A plain X desktop: no bus."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    return {**kept, "DISPLAY": display}


class TestX11:
    def test_the_screen_saver_is_off_while_the_kiosk_runs(
        self, server: X11Saver, environment: dict[str, str]
    ) -> None:
        awake = ScreenAwake(environment)
        awake.start()
        assert _in_time(lambda: server.read().timeout == 0)
        assert awake.problem == ""
        awake.close()
        assert server.read() == USUAL

    def test_a_killed_kiosk_leaves_the_screen_saver_as_it_was(
        self, server: X11Saver, environment: dict[str, str]
    ) -> None:
        code = (
            "import sys; from kiosk.ui.common.awake import ScreenAwake; "
            "ScreenAwake().start(); sys.stdin.read()"
        )
        kiosk = subprocess.Popen(
            [sys.executable, "-c", code], env=environment, stdin=subprocess.PIPE
        )
        assert _in_time(lambda: server.read().timeout == 0)
        kiosk.kill()
        kiosk.communicate()
        assert _in_time(lambda: server.read() == USUAL)

    def test_a_guard_that_is_asked_to_end_restores_too(
        self, server: X11Saver, environment: dict[str, str]
    ) -> None:
        awake = ScreenAwake(environment)
        awake.start()
        assert _in_time(lambda: server.read().timeout == 0)
        assert awake._guard is not None
        awake._guard.send_signal(signal.SIGTERM)
        assert _in_time(lambda: server.read() == USUAL)
        awake._guard.wait()
        assert "Restart the kiosk" in awake.problem
        awake.close()

    def test_what_others_set_meanwhile_is_overruled_and_given_back(
        self, server: X11Saver, display: str
    ) -> None:
        kiosk = X11Saver(display)
        kiosk.hold()
        theirs = SaverSettings(300, 600, 1, 1, dpms=False)
        server.write(theirs)
        kiosk.hold()
        assert server.read().timeout == 0
        kiosk.release()
        assert server.read() == theirs
        kiosk.close()

    def test_two_kiosks_on_one_screen(self, server: X11Saver, display: str) -> None:
        one, other = X11Saver(display), X11Saver(display)
        one.hold()
        other.hold()
        one.release()
        other.hold()
        assert server.read().timeout == 0
        other.release()
        assert server.read() == USUAL
        for kiosk in (one, other):
            kiosk.close()

    def test_looking_for_problems_changes_nothing(
        self, server: X11Saver, environment: dict[str, str]
    ) -> None:
        assert screen_awake_problem(environment) == ""
        assert server.read() == USUAL

    def test_no_server_is_told(self) -> None:
        told = screen_awake_problem({"DISPLAY": ":4711"})
        assert "no X server answers at :4711" in told
        assert "xset s off" in told


class Desktop:
    """A session bus on which one service can be asked to inhibit, or refuses."""

    def __init__(self, folder: Path) -> None:
        self.address = f"unix:path={folder / 'bus'}"
        self.asked: list[tuple[object, ...]] = []
        self._daemon = subprocess.Popen(
            [
                "dbus-daemon",
                "--session",
                "--nofork",
                f"--address={self.address}",
                "--print-address",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._daemon.stdout is not None
        self._daemon.stdout.readline()
        self._services: list[threading.Thread] = []

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        return {
            **kept,
            "WAYLAND_DISPLAY": "wayland-0",
            "DBUS_SESSION_BUS_ADDRESS": self.address,
        }

    def serve(self, name: str, *, agree: bool = True) -> None:
        """Answer one question under a name, then leave the bus once ``leave`` is called."""
        connection = open_dbus_connection(self.address)
        connection.send_and_get_reply(message_bus.RequestName(name))

        def answer() -> None:
            try:
                while True:
                    asked = connection.receive()
                    if asked.header.fields.get(HeaderFields.member) != "Inhibit":
                        continue
                    self.asked.append((name, asked.header.fields[HeaderFields.sender], *asked.body))
                    reply = new_method_return(asked, "u", (1,))
                    connection.send(reply if agree else new_error(asked, "org.kiosk.No"))
            except OSError:
                connection.close()

        self._services.append(threading.Thread(target=answer))
        self._services[-1].start()

    def has(self, name: object) -> bool:
        """Whether somebody is on the bus."""
        with open_dbus_connection(self.address) as connection:
            reply = connection.send_and_get_reply(message_bus.NameHasOwner(str(name)))
        assert reply.header.message_type is MessageType.method_return
        return bool(reply.body[0])

    def close(self) -> None:
        self._daemon.terminate()
        self._daemon.communicate()
        for service in self._services:
            service.join()


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    if shutil.which("dbus-daemon") is None:
        pytest.skip("dbus-daemon is not installed")
    made = Desktop(tmp_path)
    yield made
    made.close()


class TestDesktop:
    def test_the_desktop_is_asked_and_keeps_to_it_until_the_kiosk_ends(
        self, desktop: Desktop
    ) -> None:
        desktop.serve("org.freedesktop.ScreenSaver")
        awake = ScreenAwake(desktop.environment)
        awake.start()
        assert _in_time(lambda: bool(desktop.asked))
        _name, who, program, reason = desktop.asked[0]
        assert (program, reason) == ("Kiosk", "People look at the screen without touching it")
        assert desktop.has(who)
        awake.close()
        assert not desktop.has(who)

    @pytest.mark.parametrize("name", [service.name for service in SERVICES])
    def test_any_of_them_will_do(self, desktop: Desktop, name: str) -> None:
        desktop.serve(name)
        assert screen_awake_problem(desktop.environment) == ""
        assert desktop.asked[0][0] == name

    def test_one_that_refuses_is_passed_over(self, desktop: Desktop) -> None:
        desktop.serve("org.freedesktop.ScreenSaver", agree=False)
        desktop.serve("org.gnome.SessionManager")
        assert screen_awake_problem(desktop.environment) == ""
        assert len(desktop.asked) == 2

    def test_nobody_to_ask_is_told(self, desktop: Desktop) -> None:
        told = screen_awake_problem(desktop.environment)
        assert "in the system's settings" in told

    def test_no_bus_is_told(self, tmp_path: Path) -> None:
        told = screen_awake_problem(
            {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
        )
        assert "in the system's settings" in told

    def test_a_desktop_that_is_gone_no_longer_holds(self, tmp_path: Path) -> None:
        desktop = Desktop(tmp_path)
        desktop.serve("org.freedesktop.ScreenSaver")
        held = inhibit(desktop.environment)
        assert held is not None
        assert held.holds()
        desktop.close()
        assert not held.holds()
        held.close()


@pytest.mark.parametrize(
    "environment",
    [{}, {"DISPLAY": ":4711", "QT_QPA_PLATFORM": "offscreen"}],
    ids=["none", "hidden"],
)
def test_where_there_is_no_screen_nothing_is_done(environment: dict[str, str]) -> None:
    awake = ScreenAwake(environment)
    awake.start()
    assert awake._guard is None
    assert awake.problem == ""
    awake.close()
