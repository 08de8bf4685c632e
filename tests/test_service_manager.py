from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.service_manager import ALIVE, READY, ServiceManager, status

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux's")


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        made.bind(str(tmp_path / "notify"))
        made.settimeout(10)
        yield made


def test_what_is_told_is_one_message(systemd: socket.socket) -> None:
    manager = ServiceManager({"NOTIFY_SOCKET": systemd.getsockname()})
    manager.tell(READY, status("The kiosk was started anew:\nnothing was painted."))
    manager.tell(ALIVE)
    assert systemd.recv(999) == (
        b"READY=1\nSTATUS=The kiosk was started anew: nothing was painted."
    )
    assert systemd.recv(999) == b"WATCHDOG=1"


def test_an_abstract_name() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        made.bind("")  # Linux makes an abstract name up
        made.settimeout(10)
        name = made.getsockname().decode()
        ServiceManager({"NOTIFY_SOCKET": "@" + name[1:]}).tell(READY)
        assert made.recv(999) == b"READY=1"


@pytest.mark.parametrize("address", ["", "nonsense", "/nowhere/at/all"])
def test_nobody_who_listens_is_no_trouble(address: str) -> None:
    ServiceManager({"NOTIFY_SOCKET": address}).tell(READY)
    ServiceManager({}).tell(READY)


def test_a_manager_that_does_not_read_holds_nobody_up(systemd: socket.socket) -> None:
    manager = ServiceManager({"NOTIFY_SOCKET": systemd.getsockname()})
    for _ in range(5000):
        manager.tell(ALIVE)
    assert systemd.recv(999) == b"WATCHDOG=1"
