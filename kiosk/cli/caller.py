"""Who calls a command, where that must be asked: see ``kiosk.app.administration_for``."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from kiosk.app import Options, administration_for, opened_storage
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.domain.roles import Sight
from kiosk.services.admin.administration import Administration

USER_VARIABLE, PIN_VARIABLE = "KIOSK_USER", "KIOSK_PIN"


@contextmanager
def signed_in(
    options: Options, sight: Sight, *, another: bool = False, new: bool = False
) -> Iterator[Administration]:
    """What the caller may do with the database, closed at the end; ``sight`` is what they must be
    allowed to see for this command, ``another`` and ``new`` are as for ``opened_storage``. Raises
    as ``administration_for``."""
    with opened_storage(options, another=another, new=new) as storage:
        yield administration_for(storage, sight, ask_who)


def ask_who() -> tuple[str, str]:
    """A name or number, and the PIN or passphrase.

    Raises:
        BadInput: nobody is there to answer, and no variable says it.
    """
    secret = os.environ.get(PIN_VARIABLE)
    if secret is not None:
        return os.environ.get(USER_VARIABLE, ""), secret
    if sys.stdin is None or not sys.stdin.isatty():
        raise BadInput(
            _(
                "This data is not yours: say who you are with the variables {user} (a name or "
                "number; empty for the administrator's PIN) and {pin}."
            ).format(user=USER_VARIABLE, pin=PIN_VARIABLE)
        )
    prompt = _("Name or number (empty: the administrator's PIN)")
    who: str = typer.prompt(prompt, default="", show_default=False, err=True)
    return who, getpass.getpass(_("PIN or passphrase") + ": ")
