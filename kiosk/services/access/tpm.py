"""The machine's TPM, by systemd-creds: what it seals opens on this machine alone."""

from __future__ import annotations

import base64
import binascii
import subprocess
from typing import Final

from kiosk.domain.errors import EnvironmentFailed
from kiosk.domain.language import _

_PATIENCE: Final = 60.0
"""Seconds: a TPM may take some, and one that hangs must not hold up the kiosk for ever."""
_BY_TPM: Final = frozenset(
    bytes.fromhex(kind)
    for kind in (
        "0c7cc07b117645919c4b0bea08bc20fe",
        "faf7eb9341e3412ca1a436f95a29362f",
        "93a894094874449090caf2fc93cab553",
        "af4950a849134eb1a73846304ff30c05",
    )
)
"""How a sealed text begins that needs the TPM to be opened, alone or with a key on the disk, with
fixed or signed measurements (systemd's creds-util.h). Asked by anybody but root, systemd 256 and
later leave `--with-key` out and take a key on the disk where there is no TPM."""


class Tpm:
    """``name`` is sealed in, so that no other program's text is taken for it. Any thread; a tenth
    of a second and more."""

    def __init__(self, name: str, program: str = "systemd-creds") -> None:
        self._name = name
        self._program = program

    def seal(self, text: str) -> bytes:
        """ASCII, sealed: as LoadCredentialEncrypted= takes it, and opened once to prove it.

        Raises:
            EnvironmentFailed: there is no TPM that does it, or it does not give it back.
        """
        sealed = self._run("encrypt", text.encode("ascii"), "--with-key=tpm2")
        if _kind(sealed) not in _BY_TPM:
            raise EnvironmentFailed(
                _("systemd-creds sealed the key without a TPM: it was not taken. ") + self._needs
            )
        if self.unseal(sealed) != text:
            raise EnvironmentFailed(_("The TPM does not give back what it sealed."))
        return sealed

    def unseal(self, sealed: bytes) -> str:
        """Raises EnvironmentFailed where this is another machine, or its TPM does not open it."""
        return self._run("decrypt", sealed).decode("ascii", "replace")

    def _run(self, what: str, given: bytes, *options: str) -> bytes:
        # By pipes: what is sealed stands in no file and in no list of running programs.
        words = [self._program, what, *options, f"--name={self._name}", "-", "-"]
        try:
            done = subprocess.run(
                words, input=given, capture_output=True, timeout=_PATIENCE, check=False
            )
        except OSError as error:
            why = f"{self._program}: {error.strerror}"
        except subprocess.TimeoutExpired:
            why = _("it does not answer")
        else:
            if not done.returncode:
                return done.stdout
            lines = done.stderr.decode("utf-8", "replace").split("\n")
            why = next((line.strip() for line in reversed(lines) if line.strip()), "?")
        raise EnvironmentFailed(
            _("The TPM can't be used ({why}). ").format(why=why.rstrip(".")) + self._needs
        )

    @property
    def _needs(self) -> str:
        return _(
            "`systemd-creds has-tpm2` says what this machine lacks; and up to systemd 255 the user "
            "of the kiosk must be in the group tss, from 256 on only root can do it."
        )


def _kind(sealed: bytes) -> bytes:
    try:
        return base64.b64decode(sealed)[:16]
    except binascii.Error:
        return b""
