"""Closing a period: from then on it stands, and what is put right later is carried on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from kiosk.domain.audit import Action, Actor
from kiosk.domain.errors import BadInput
from kiosk.domain.hours import DayRow, Flagged
from kiosk.domain.hours.periods import Period
from kiosk.domain.language import _, counted
from kiosk.domain.repositories import Storage
from kiosk.services.admin.trail import Trail
from kiosk.services.attendance.ledger import Ledger, digest, rules_in_force
from kiosk.services.attendance.reading import Attendance


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What nobody has said of a period's days: how many ends are open, how many looks were asked
    about and not answered, how many requests wait; ``first`` is the first day with either of the
    first two."""

    open_ends: int = 0
    unanswered: int = 0
    requests: int = 0
    first: date | None = field(default=None, compare=False)

    def __bool__(self) -> bool:
        return bool(self.open_ends or self.unanswered or self.requests)

    def __str__(self) -> str:
        parts = (
            (self.open_ends, counted("{count} open end", "{count} open ends", self.open_ends)),
            (
                self.unanswered,
                counted("{count} open question", "{count} open questions", self.unanswered),
            ),
            (
                self.requests,
                counted("{count} open request", "{count} open requests", self.requests),
            ),
        )
        return ", ".join(text for count, text in parts if count)


class Periods:
    """Any thread but the screen's; a second for a month of 500 people; StorageError.
    ``attendance`` gives the hours by the settings in force."""

    def __init__(
        self,
        storage: Storage,
        trail: Trail,
        now: Callable[[], datetime],
        attendance: Callable[[], Attendance],
    ) -> None:
        self._storage = storage
        self._trail = trail
        self._now = now
        self._attendance = attendance

    def unsettled(self, since: date, until: date) -> Unsettled:
        """What should be settled before these days are closed."""
        attendance = self._attendance()
        return self._unsettled(attendance, since, until, attendance.days(since, until))

    def _unsettled(
        self, attendance: Attendance, since: date, until: date, rows: Sequence[DayRow]
    ) -> Unsettled:
        waiting = self._storage.hours.requests(open_only=True)
        begins, ends = attendance.span(since)[0], attendance.span(until)[1]
        lacking = (Flagged.OPEN_END, Flagged.UNANSWERED)
        days = (row.day for row in rows if any(map(row.flagged, lacking)))
        return Unsettled(
            sum(row.flagged(Flagged.OPEN_END) for row in rows),
            sum(row.flagged(Flagged.UNANSWERED) for row in rows),
            sum(begins <= (one.moment or one.asked_at) < ends for one in waiting),
            next(days, None),
        )

    def close(
        self, actor: Actor, since: date, until: date, *, unsettled_too: bool = False
    ) -> Period:
        """Freeze the days from ``since`` to ``until``, both included, with what is carried on from
        periods before.

        Raises:
            BadInput: the last day lies before the first or is not over; some of the days are
                closed already; or something is unsettled and ``unsettled_too`` is False.
        """
        if until < since:
            raise BadInput(_("The last day lies before the first."))
        attendance = self._attendance()
        if until >= attendance.today(self._now()):
            raise BadInput(
                _("{day} is not over yet: close a period that lies behind.").format(day=until)
            )
        # All is read before the transaction, during which nobody could be let in: what is said
        # meanwhile lies after the mark, and is carried on.
        hours = self._storage.hours
        known, mark = hours.periods(), self._storage.clock_events.newest()
        _check_free(known, since, until)
        rows = attendance.days(since, until)
        lacking = self._unsettled(attendance, since, until, rows)
        if lacking and not unsettled_too:
            raise BadInput(
                _("{what} in these days: settle them first, or close anyway.").format(what=lacking)
            )
        lines = Ledger(self._storage, attendance).lines(since, until, rows)
        with self._trail.act(actor, Action.CLOSE_PERIOD) as entry:
            if hours.periods() != known:
                _check_free(hours.periods(), since, until)
                raise BadInput(_("Another period was closed meanwhile: look once more."))
            entry.subject = f"{since} to {until}"
            entry.details = "; ".join(
                part
                for part in (f"{len(lines)} lines, SHA-256 {digest(lines)}", str(lacking))
                if part
            )
            by = actor.name or actor.kind.value
            rules = rules_in_force(self._storage.settings.load())
            period = Period(0, since, until, self._now(), by, digest(lines), rules, mark)
            return hours.close_period(period, lines)


def _check_free(periods: Iterable[Period], since: date, until: date) -> None:
    """Raises BadInput where some of the days are closed already."""
    for other in periods:
        if other.since <= until and since <= other.until:
            raise BadInput(
                _(
                    "{since} to {until} is closed already, by {by}: what is put right in it now "
                    "appears in the next period."
                ).format(since=other.since, until=other.until, by=other.closed_by)
            )
