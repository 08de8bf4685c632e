"""What an enrolment came to: everybody, taken or left out, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kiosk.domain.people import Person
from kiosk.services.enrol.enroller import Capture, Refused
from kiosk.services.enrol.target import Target


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Photos of one person after all checks. ``captures`` would be stored; ``known`` are stored
    already; ``refused`` are left out, each for its reason. ``doubts`` are sentences that somebody
    must say yes to before it is stored, ``notes`` what is good to know."""

    target: Target
    captures: tuple[Capture, ...] = ()
    known: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One person's line in the report. ``person`` is as stored now, None where nobody was (or with
    a dry run); ``problem`` says why the person was left out, empty where not;
    ``doubtful``, that somebody's yes would change it."""

    name: str
    staff_number: str | None
    where: Path | None
    person: Person | None = None
    new: bool = False
    accepted: int = 0
    known: int = 0
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""
    doubtful: bool = False

    @property
    def left_out_of(self) -> str:
        """The folder or file of whoever is left out, where it is called otherwise than the person:
        two folders may stand for one name. Empty where the name says it."""
        if not self.problem or self.where is None:
            return ""
        named = (self.name, f"{self.staff_number} {self.name}")
        return "" if self.where.name in named else self.where.name


@dataclass(frozen=True, slots=True)
class EnrolReport:
    """Everybody, in order. With ``dry_run`` nothing was stored."""

    everybody: tuple[Enrolled, ...] = field(default=())
    cancelled: bool = False
    dry_run: bool = False

    @property
    def people(self) -> tuple[Person, ...]:
        """Who is enrolled now."""
        return tuple(line.person for line in self.everybody if line.person is not None)

    @property
    def accepted(self) -> int:
        """How many photos were taken."""
        return sum(line.accepted for line in self.everybody)

    @property
    def refused(self) -> tuple[Refused, ...]:
        """Every picture that was not taken, and every folder as a whole."""
        found: list[Refused] = []
        for line in self.everybody:
            found += line.refused
            if line.problem and line.where is not None:
                found.append(Refused(line.where, line.problem))
        return tuple(found)

    @property
    def left_out(self) -> tuple[Enrolled, ...]:
        """Who is not enrolled by this."""
        return tuple(line for line in self.everybody if not (line.accepted or line.known))
