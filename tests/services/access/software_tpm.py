"""A TPM in software (swtpm), where there is one, for systemd-creds to use."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ctypes.util import find_library
from pathlib import Path

import pytest

_WRAPPER = """#!{python}
# Between two programs the kernel flushes what one left in a TPM; nothing does it for this one.
import os, socket, struct, sys
for kind in (0x02000000, 0x03000000, 0x80000000):
    for number in range(3):
        with socket.create_connection(("127.0.0.1", {port})) as tpm:
            tpm.sendall(struct.pack(">HIII", 0x8001, 14, 0x165, kind + number))
            tpm.recv(10)
os.execv("{creds}", sys.argv)
"""


@contextmanager
def software_tpm(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A new one, whose state lies in a folder: this machine's, as long as it runs."""
    creds = shutil.which("systemd-creds")
    if not creds or not shutil.which("swtpm"):
        pytest.skip("systemd-creds and swtpm are not installed")
    if not find_library("tss2-esys") or not find_library("tss2-tcti-swtpm"):
        pytest.skip("libtss2-esys and libtss2-tcti-swtpm are not installed")
    folder.mkdir()
    port, pid = _two_ports(), folder / "pid"
    words = ["swtpm", "socket", "--tpm2", "--daemon", f"--tpmstate=dir={folder}"]
    words += [f"--server=type=tcp,port={port},disconnect", f"--ctrl=type=tcp,port={port + 1}"]
    words += ["--flags=not-need-init,startup-clear", f"--pid=file={pid}"]
    subprocess.run(words, check=True)  # which ends once the other listens
    try:
        wrapper = folder / "bin" / "systemd-creds"
        wrapper.parent.mkdir()
        wrapper.write_text(_WRAPPER.format(python=sys.executable, port=port, creds=creds))
        wrapper.chmod(0o700)
        with monkeypatch.context() as here:
            here.setenv("PATH", f"{wrapper.parent}:{os.environ['PATH']}")
            here.setenv("SYSTEMD_TPM2_DEVICE", f"swtpm:host=127.0.0.1,port={port}")
            yield
    finally:
        os.kill(int(pid.read_text()), signal.SIGTERM)


def _two_ports() -> int:
    """The first of two that are free: the library looks for the second behind it."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first, suppress(OSError, OverflowError):
            port: int = first.getsockname()[1]
            with socket.create_server(("127.0.0.1", port + 1)):
                return port
