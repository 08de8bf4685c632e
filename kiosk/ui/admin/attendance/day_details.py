"""All that is known of one person's day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from kiosk.domain.attendance import ClockEvent, Strike
from kiosk.domain.hours import Span
from kiosk.services.site import Site
from kiosk.ui.admin.attendance.model import Line
from kiosk.ui.admin.attendance.reading import read_lines


@dataclass(frozen=True, slots=True)
class DayDetails:
    """``struck`` is what was struck out, ``strikes`` all that was said of events since they were
    recorded, by their ids; ``left`` when the person may have left whose coming has no going, by
    the coming's id, the likely moment (with zone) first."""

    line: Line
    struck: tuple[ClockEvent, ...] = ()
    strikes: Mapping[int, tuple[Strike, ...]] = field(default_factory=dict)
    left: Mapping[int, tuple[datetime, ...]] = field(default_factory=dict)
    breaks: bool = False
    """Whether people begin breaks at the kiosk."""

    @property
    def events(self) -> tuple[ClockEvent, ...]:
        """All, by time, struck out or not."""
        found = {event.id: event for event in (*self.line.row.events, *self.struck)}
        return tuple(sorted(found.values(), key=lambda event: (event.at, event.id)))

    @property
    def forgotten(self) -> tuple[Span, ...]:
        """The spans that somebody never ended, and nobody waits for."""
        spans = self.line.row.spans
        waits = spans[-1] if self.line.at_work else None
        return tuple(s for s in spans if s.came and s.went is None and s is not waits)

    @property
    def replaced_by(self) -> Mapping[int, ClockEvent]:
        """What stands in the place of an event, by that event's id."""
        return {e.replaces: e for e in self.events if e.replaces is not None}


def read_day(site: Site, person_id: int, day: date) -> DayDetails | None:
    """For the worker; None where there is nothing to say of the day."""
    found = read_lines(site, [day], person_id)
    if not found:
        return None
    attendance, line = site.attendance(), found[0]
    details = DayDetails(line, attendance.struck(line.row), breaks=attendance.rules.breaks)
    now = datetime.now(UTC)
    comings = [span.came for span in details.forgotten if span.came is not None]
    return DayDetails(
        line,
        details.struck,
        site.records.clock_events.strikes([event.id for event in details.events]),
        {came.id: attendance.left(came, _until(line, came, now)) for came in comings},
        details.breaks,
    )


def _until(line: Line, came: ClockEvent, now: datetime) -> datetime:
    """Whoever came anew had left before that."""
    later = (event.at for event in line.row.events if event.at > came.at)
    return min(later, default=now)
