"""What is typed on the page: who somebody is, a PIN, the administrator's PIN. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.domain.errors import BadInput
from kiosk.domain.hours.forgotten import FIGURES, clock_time
from kiosk.domain.passphrase import MOST_LETTERS
from kiosk.domain.people import NAME_LIMIT
from kiosk.domain.pin import LEAST_ADMIN, checked
from kiosk.services.access.recovery_code import GROUPS, IN_A_GROUP

PIN_LIMIT = 12
CODE_LENGTH = GROUPS * IN_A_GROUP


class Purpose(StrEnum):
    """What is being typed for."""

    PIN = "pin"
    """The other way in: who, then the person's own PIN."""
    OWN_PIN = "own_pin"
    """The own PIN of whoever was let in, once more: for what is theirs alone."""
    CLAIM = "claim"
    """Who, and then the face must be that person's."""
    ADMIN = "admin"
    """The door to the admin panel."""
    NEW_ADMIN = "new_admin"
    """The first start: an admin PIN, twice."""
    STAFF = "staff"
    """The same door where people have roles: who, or nobody for the admin PIN, and then the PIN or
    passphrase."""
    RECOVER = "recover"
    """For whoever forgot the admin PIN: the recovery code, and a new PIN, twice."""
    LEFT = "left"
    """When somebody left who never clocked out: hours and minutes."""
    REASON = "reason"
    """Why a correction is asked for."""


class Step(StrEnum):
    """What is asked now."""

    WHO = "who"
    PIN = "pin"
    AGAIN = "again"
    TIME = "time"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry on its way. ``text`` is what was typed for the current step (once ``done``, the
    PIN), ``who`` and ``first`` what was typed for the steps before; ``differs`` says that the two
    new PINs were not the same, ``problem`` why a new one, or a time, can't be taken."""

    purpose: Purpose
    step: Step
    text: str = ""
    who: str = ""
    first: str = ""
    differs: bool = False
    problem: str = ""
    done: bool = False

    @classmethod
    def begin(cls, purpose: Purpose) -> Entry:
        if purpose is Purpose.LEFT:
            return cls(purpose, Step.TIME)
        if purpose is Purpose.RECOVER:
            return cls(purpose, Step.CODE)
        asks_who = purpose in (Purpose.PIN, Purpose.CLAIM, Purpose.REASON, Purpose.STAFF)
        return cls(purpose, Step.WHO if asks_who else Step.PIN)

    @property
    def secret(self) -> bool:
        """Whether what is typed shows as dots."""
        return self.step in (Step.PIN, Step.AGAIN)

    @property
    def figures(self) -> bool:
        """Whether it takes nothing but figures."""
        return self.step not in (Step.WHO, Step.CODE) and not self._passphrase

    @property
    def shown(self) -> str:
        """What was typed, as it is read: hours and minutes apart, a code in its groups."""
        if self.step is Step.CODE:
            groups = range(0, len(self.text), IN_A_GROUP)
            return "-".join(self.text[place : place + IN_A_GROUP] for place in groups)
        parts = (self.text[:2], self.text[2:]) if self.step is Step.TIME else (self.text,)
        return ":".join(filter(None, parts))

    @property
    def ready(self) -> bool:
        """Whether there is anything to go on with; nobody's name is the administrator's."""
        return bool(self.text.strip()) or (self.purpose, self.step) == (Purpose.STAFF, Step.WHO)

    @property
    def forgettable(self) -> bool:
        """Whether it is the admin PIN that is asked for, which a code replaces."""
        asks_admin = self.purpose is Purpose.ADMIN or self.purpose is Purpose.STAFF
        return asks_admin and self.step is Step.PIN and not self.who

    @property
    def _passphrase(self) -> bool:
        return self.purpose is Purpose.STAFF and self.step is Step.PIN and bool(self.who)

    @property
    def last(self) -> bool:
        """Whether this step is the last one."""
        if self.step is Step.WHO:
            return self.purpose not in (Purpose.PIN, Purpose.STAFF)
        new = self.purpose in (Purpose.NEW_ADMIN, Purpose.RECOVER)
        return not (new and self.step is Step.PIN)

    def typed(self, character: str) -> Entry:
        """One more character; what does not belong is left out."""
        if self.figures:
            limit = FIGURES if self.step is Step.TIME else PIN_LIMIT
            fits = character.isascii() and character.isdigit() and len(self.text) < limit
        elif self.step is Step.CODE:
            character = character.upper()
            fits = character.isascii() and character.isalnum() and len(self.text) < CODE_LENGTH
        else:
            limit = MOST_LETTERS if self._passphrase else NAME_LIMIT
            fits = character.isprintable() and len(self.text) < limit
        if not (fits and character):
            return self
        return replace(self, text=self.text + character, problem="")

    def erased(self) -> Entry:
        return replace(self, text=self.text[:-1])

    def cleared(self) -> Entry:
        """The same step from its beginning, as after a wrong PIN."""
        return replace(self, text="", done=False)

    def entered(self) -> Entry:
        """On to the next step, or done; nothing typed changes nothing."""
        if not self.ready:
            return self
        if self.step is Step.WHO:
            named = replace(self, who=self.text.strip())
            return (
                replace(named, done=True) if self.last else replace(named, step=Step.PIN, text="")
            )
        if self.step is Step.CODE:
            return replace(self, who=self.text, done=True)
        if self.step is Step.TIME:
            try:
                clock_time(self.text)
            except BadInput as error:
                return replace(self, text="", problem=str(error))
        if not self.last:
            try:
                checked(self.text, LEAST_ADMIN)
            except BadInput as error:
                # Said now, not after it was typed twice.
                return replace(self, text="", differs=False, problem=str(error))
            return replace(self, step=Step.AGAIN, first=self.text, text="", differs=False)
        if self.step is Step.AGAIN and self.text != self.first:
            return replace(self, step=Step.PIN, text="", first="", differs=True)
        return replace(self, done=True)
