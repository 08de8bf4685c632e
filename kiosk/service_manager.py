"""Tells systemd how the kiosk is, where it was started by a unit with ``Type=notify``: readiness, a
line for ``systemctl status``, and that whoever watches the screen still does.

The protocol is sd_notify(3): one datagram a message, to the socket that the environment names.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from typing import Final

READY: Final = "READY=1"
ALIVE: Final = "WATCHDOG=1"
STOPPING: Final = "STOPPING=1"


def status(text: str) -> str:
    """The line that ``systemctl status`` shows."""
    return f"STATUS={' '.join(text.split())}"


class ServiceManager:
    """Nobody, where no unit started the program. A manager that does not listen holds nobody up."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")

    def tell(self, *messages: str) -> None:
        """Some 20 us."""
        if not self._address.startswith(("/", "@")):
            return
        # A leading @ stands for the 0 of Linux's abstract names.
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as told:
                told.sendto("\n".join(messages).encode(), address)
        except OSError:
            return
