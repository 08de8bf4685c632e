"""Changing the settings, the threshold and the administrator's PIN."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime

from kiosk.domain.audit import Action, Actor
from kiosk.domain.errors import BadInput, BadSetting
from kiosk.domain.language import _
from kiosk.domain.pin import LEAST_ADMIN
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings, SettingValue
from kiosk.services.access.pins import Pins
from kiosk.services.admin.trail import Trail
from kiosk.services.attendance.holidays import check_place

_ABOUT = {info.name: info for info in Settings.about()}


class SettingsAdmin:
    """Any thread but the screen's; some ms a call, 0.1 s where a PIN is hashed; StorageError."""

    def __init__(
        self, storage: Storage, pins: Pins, trail: Trail, now: Callable[[], datetime]
    ) -> None:
        self._storage = storage
        self._pins = pins
        self._trail = trail
        self._now = now

    def change(self, actor: Actor, before: Settings, after: Settings) -> None:
        """Store what differs. Only that: a camera named on the command line is for one run.

        Raises:
            BadSetting: no public holidays are known of the place, or hours would be kept for less
                than the law asks.
        """
        old, new = asdict(before), asdict(after)
        changed = {name: new[name] for name in new if new[name] != old[name]}
        if "holidays" in changed:
            try:
                check_place(after.holidays)
            except BadInput as error:
                raise BadSetting(str(error), "holidays") from None
        if 0 < after.keep_attendance < after.hours_by_law and {
            "keep_attendance",
            "hours_by_law",
        } & {*changed}:
            raise BadSetting(
                _(
                    "Hours must be kept for {count} days, as the law asks: keep them for as "
                    "long, or for ever (0)."
                ).format(count=after.hours_by_law),
                "keep_attendance",
            )
        if changed:
            self._save(actor, old, changed, changed)

    def remember(self, values: Mapping[str, SettingValue]) -> None:
        """Keep what is no setting and nobody's act, such as the page that was open last."""
        self._storage.settings.save(values)

    def change_far(self, actor: Actor, settings: Settings, far: float, why: str) -> Settings:
        """Store a new FAR with the reason and the time beside it.

        Raises:
            BadInput: the FAR is out of bounds.
        """
        changed = settings.changed(far=far)
        values: dict[str, SettingValue] = {
            "far": changed.far,
            "far_reason": why.strip(),
            "far_changed_at": self._now().isoformat(),
        }
        self._save(actor, asdict(settings), {"far": changed.far}, values, why.strip())
        return changed

    def set_admin_pin(self, actor: Actor, pin: str) -> None:
        """Set the administrator's PIN.

        Raises:
            BadInput: it is not 6 to 12 digits or too easy.
        """
        hashed = self._pins.hashed(pin, LEAST_ADMIN)
        with self._trail.act(actor, Action.SET_ADMIN_PIN):
            self._pins.store_admin(hashed)

    def reset_admin_pin(self, actor: Actor) -> None:
        """Forget the administrator's PIN, so that the next start of the panel asks for a new one:
        for whoever owns the machine and has forgotten it."""
        with self._trail.act(actor, Action.RESET_ADMIN_PIN):
            self._pins.store_admin(None)

    def _save(
        self,
        actor: Actor,
        old: Mapping[str, SettingValue],
        changed: Mapping[str, SettingValue],
        values: Mapping[str, SettingValue],
        why: str = "",
    ) -> None:
        with self._trail.act(actor, Action.CHANGE_SETTINGS) as note:
            note.subject = ", ".join(changed)
            told = [
                f"{name}: {_ABOUT[name].shown(old[name])} -> {_ABOUT[name].shown(value)}"
                for name, value in changed.items()
            ]
            if changed.get("keep_crops") is False:
                told.append(f"crops deleted: {self._storage.people.forget_crops()}")
            note.details = "; ".join([*told, why] if why else told)
            self._storage.settings.save(values)
