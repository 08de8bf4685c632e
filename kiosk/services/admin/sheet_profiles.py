"""The site's own forms of file for payroll offices."""

from __future__ import annotations

from typing import Final

from kiosk.domain.audit import Action, Actor
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.domain.repositories import Storage
from kiosk.services.admin.trail import Trail
from kiosk.services.attendance.profiles import BUILT_IN, Profile, from_json, named, to_json

KEPT: Final = "sheet_profiles"
"""Under which name they stand beside the settings, as JSON."""


class SheetProfiles:
    """Any thread but the screen's; some ms a call; StorageError."""

    def __init__(self, storage: Storage, trail: Trail) -> None:
        self._storage = storage
        self._trail = trail

    def own(self) -> tuple[Profile, ...]:
        """What the site has made, by name."""
        kept = self._storage.settings.load().get(KEPT)
        return from_json(kept) if isinstance(kept, str) else ()

    def all(self) -> tuple[Profile, ...]:
        """Those that come with the program first."""
        return (*BUILT_IN, *self.own())

    def named(self, name: str) -> Profile:
        """Raises BadInput where there is none of this name."""
        return named(name, self.own())

    def save(self, actor: Actor, profile: Profile) -> Profile:
        """Keep a profile, in the place of the one of the same name.

        Raises:
            BadInput: it can't be used, or one that comes with the program has this name.
        """
        profile = profile.checked()
        if any(_same(one.name, profile.name) for one in BUILT_IN):
            raise BadInput(
                _("{name} comes with the program: give yours another name.").format(
                    name=_(profile.name)
                )
            )
        with self._trail.act(actor, Action.CHANGE_SETTINGS) as entry:
            entry.subject = KEPT
            entry.details = f"{profile.name}: {', '.join(c.heading for c in profile.columns)}"
            others = [one for one in self.own() if not _same(one.name, profile.name)]
            self._keep([*others, profile])
        return profile

    def remove(self, actor: Actor, name: str) -> None:
        """Forget one of the site's own.

        Raises:
            BadInput: there is none of this name.
        """
        with self._trail.act(actor, Action.CHANGE_SETTINGS) as entry:
            found = [one for one in self.own() if _same(one.name, name)]
            if not found:
                raise BadInput(_("There is no profile {name} of your own.").format(name=repr(name)))
            entry.subject, entry.details = KEPT, f"{found[0].name}: removed"
            self._keep([one for one in self.own() if one not in found])

    def _keep(self, profiles: list[Profile]) -> None:
        profiles.sort(key=lambda one: one.name.casefold())
        self._storage.settings.save({KEPT: to_json(profiles)})


def _same(one: str, other: str) -> bool:
    return one.casefold() in (other.casefold(), _(other).casefold())
