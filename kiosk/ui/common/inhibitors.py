"""Ways to ask a desktop not to darken the screen. Each ends with the process that asked."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

NAME, REASON = "Kiosk", "People look at the screen without touching it"
TIMEOUT = 2.0
"""Seconds that a service of the desktop has to answer."""
_GNOME_IDLE = 8
_CONTINUOUS, _SYSTEM, _DISPLAY = 0x8000_0000, 1, 2


class Inhibitor(Protocol):
    """Holds until ``close``, at the latest until the process ends."""

    def close(self) -> None: ...

    def holds(self) -> bool:
        """Whether the desktop still keeps to it."""
        ...


@dataclass(frozen=True, slots=True)
class Service:
    """Somebody on the session's bus who can be asked."""

    name: str
    path: str
    interface: str
    signature: str
    arguments: tuple[Any, ...]


SERVICES = (
    Service(
        "org.freedesktop.ScreenSaver",
        "/org/freedesktop/ScreenSaver",
        "org.freedesktop.ScreenSaver",
        "ss",
        (NAME, REASON),
    ),
    Service(
        "org.gnome.SessionManager",
        "/org/gnome/SessionManager",
        "org.gnome.SessionManager",
        "susu",
        (NAME, 0, REASON, _GNOME_IDLE),
    ),
    Service(
        "org.freedesktop.portal.Desktop",
        "/org/freedesktop/portal/desktop",
        "org.freedesktop.portal.Inhibit",
        "sua{sv}",
        ("", _GNOME_IDLE, {"reason": ("s", REASON)}),
    ),
)
"""In the order in which they are asked; the first that agrees is enough."""


def inhibit(environment: Mapping[str, str], platform: str = sys.platform) -> Inhibitor | None:
    """Ask whoever can be asked here; None where nobody can, or nobody agrees."""
    if platform == "win32":
        return _Windows()
    if platform == "darwin":
        return _MacOS()
    address = _bus(environment)
    return _ask_desktop(address) if address else None


def _bus(environment: Mapping[str, str]) -> str:
    """The address of the session's bus; empty where there is none."""
    named = environment.get("DBUS_SESSION_BUS_ADDRESS", "")
    if named:
        return named
    socket = Path(environment.get("XDG_RUNTIME_DIR", "/nonexistent")) / "bus"
    return f"unix:path={socket}" if socket.exists() else ""


def _ask_desktop(address: str) -> Inhibitor | None:
    from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    try:
        connection = open_dbus_connection(address)
    except (OSError, RuntimeError, ValueError):  # no bus there, or one of another kind
        return None
    for service in SERVICES:
        call = new_method_call(
            DBusAddress(service.path, service.name, service.interface),
            "Inhibit",
            service.signature,
            service.arguments,
        )
        try:
            reply = connection.send_and_get_reply(call, timeout=TIMEOUT)
        except TimeoutError:
            continue
        except OSError:
            break
        if reply.header.message_type is MessageType.method_return:
            return _OnBus(connection, reply.header.fields[HeaderFields.sender])
    connection.close()
    return None


class _OnBus:
    """Whoever agreed keeps to it as long as both are on the bus."""

    def __init__(self, connection: Any, agreed: str) -> None:
        self._connection = connection
        self._agreed = agreed

    def holds(self) -> bool:
        from jeepney import message_bus

        try:
            reply = self._connection.send_and_get_reply(
                message_bus.NameHasOwner(self._agreed), timeout=TIMEOUT
            )
        except OSError:
            return False
        return bool(reply.body[0])

    def close(self) -> None:
        self._connection.close()


class _Windows:
    def __init__(self) -> None:
        self._set(_CONTINUOUS | _SYSTEM | _DISPLAY)

    def holds(self) -> bool:
        return True

    def close(self) -> None:
        self._set(_CONTINUOUS)

    def _set(self, state: int) -> None:
        windll: Any = getattr(ctypes, "windll", None)
        windll.kernel32.SetThreadExecutionState(ctypes.c_uint(state))


class _MacOS:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["/usr/bin/caffeinate", "-d", "-i", "-w", str(os.getpid())],
            stdin=subprocess.DEVNULL,
        )

    def holds(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()
