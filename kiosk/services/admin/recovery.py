"""A way back for whoever forgot the administrator's PIN: a printed code that works once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from kiosk.domain.audit import Action, Actor, AuditEntry
from kiosk.domain.errors import WrongPin
from kiosk.domain.language import _
from kiosk.domain.pin import LEAST_ADMIN
from kiosk.domain.records import Records
from kiosk.domain.repositories import Storage
from kiosk.services.access.pins import ADMIN_HASH, SOMEBODY, Pins
from kiosk.services.access.recovery_code import code_fits, code_hash, new_code
from kiosk.services.access.throttle import Limit
from kiosk.services.admin.trail import Trail

LIMIT: Final = Limit(5, None, 3600.0)
"""Nobody guesses 125 bits: it is never switched off, or nobody could come back."""
_HASH: Final = "recovery_code_hash"
_KEPT: Final = "recovery_code_kept"
_KEY: Final = "recovery"


class Recovery:
    """Any thread but the screen's; 0.1 s where a PIN is hashed; StorageError."""

    def __init__(
        self, storage: Storage, pins: Pins, trail: Trail, now: Callable[[], datetime]
    ) -> None:
        self._storage = storage
        self._pins = pins
        self._trail = trail
        self._now = now

    def renew(self, actor: Actor) -> str:
        """A new code, told this once; the one before opens nothing any more."""
        with self._trail.act(actor, Action.NEW_RECOVERY_CODE):
            return self._renew()

    def set_first_pin(self, actor: Actor, pin: str) -> str:
        """The administrator's PIN at the first start, and the code that belongs to it.

        Raises:
            BadInput: the PIN is not 6 to 12 digits or too easy.
            WrongPin: one was set meanwhile.
        """
        hashed = self._pins.hashed(pin, LEAST_ADMIN)
        with self._trail.act(actor, Action.SET_ADMIN_PIN):
            if self._pins.admin_set:
                raise WrongPin(_("The admin PIN was chosen meanwhile: type that one."))
            self._pins.store_admin(hashed)
            return self._renew()

    def recover(self, code: str, pin: str) -> str:
        """A new administrator's PIN by the code, and the next code: all of it or nothing.

        Raises:
            BadInput: the PIN is not 6 to 12 digits or too easy.
            WrongPin: this is not the code; it is a row of the audit trail.
            LockedOut: five wrong ones in a row.
        """
        hashed = self._pins.hashed(pin, LEAST_ADMIN)
        self.check(code)
        with self._trail.act(SOMEBODY, Action.RECOVER):
            if not code_fits(self._stored(), code):
                raise WrongPin(_("This code was used meanwhile."))
            self._pins.store_admin(hashed)
            return self._renew()

    def note_kept(self, code: str) -> None:
        """Somebody has this code on paper."""
        with self._storage.transaction():
            if code_fits(self._stored(), code):
                self._storage.settings.save({_KEPT: True})

    def check(self, code: str) -> None:
        """Raises WrongPin or LockedOut where this is not the code."""
        with self._storage.transaction():
            self._pins.throttle.count(_KEY, LIMIT)
            right = code_fits(self._stored(), code)
            if right:
                self._pins.throttle.forget(_KEY)
            else:
                wrong = AuditEntry(self._now(), SOMEBODY, Action.WRONG_ADMIN_PIN, "recovery code")
                self._storage.audit.append(wrong)
        if not right:
            raise WrongPin(_("This is not the recovery code: look at the print once more."))

    def _renew(self) -> str:
        code = new_code()
        self._storage.settings.save({_HASH: code_hash(code), _KEPT: False})
        return code

    def _stored(self) -> str:
        return str(self._storage.settings.load().get(_HASH, ""))


def recovery_warning(records: Records) -> str | None:
    """Why nobody could come back who forgets the administrator's PIN; empty where somebody could,
    None where there is no such PIN."""
    state = records.settings.load()
    if not state.get(ADMIN_HASH):
        return None
    if not state.get(_HASH):
        told = _(
            "There is no recovery code. Make one in the settings, under Security, and print it."
        )
    elif not state.get(_KEPT):
        told = _(
            "Nobody has said that the recovery code is on paper. If it is not, make another in the "
            "settings, under Security, print it, and say so there."
        )
    else:
        return ""
    lead = _("Whoever forgets the admin PIN gets back in only by `reset-pin` on this machine.")
    return f"{told} {lead}"
