"""Somebody of whom there is a row in every table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk.domain.attendance import Direction, Strike
from kiosk.domain.audit import ADMINISTRATOR, Actor, ActorKind
from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.hours.periods import Period, PeriodLine
from kiosk.domain.hours.shifts import Absence, Assignment, Rota
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.privacy.erasure import Erasures
from kiosk.services.privacy.retention import Retention
from tests.fakes import MORNING, WallClock

DAY = timedelta(days=1)


@pytest.fixture
def admin(storage: Storage, pins: Pins, clock: WallClock) -> Administration:
    made = Administration.of(storage, pins, clock)
    quick = Retention(storage, made.trail, clock, pause=lambda: None)
    erasures = Erasures(storage, pins, made.staff, made.trail, quick, clock)
    return replace(made, retention=quick, erasures=erasures)


@pytest.fixture
def ada(enrol: Callable[..., Person], storage: Storage, admin: Administration) -> Person:
    """Ada did all that leaves a trace, and so did Ben."""
    ada, ben = enrol("Ada", "17"), enrol("Ben", "18")
    for who in (ada, ben):
        for days in (800, 1):
            allow = Decision(
                MORNING - days * DAY, Outcome.ALLOW, Reason.FACE_MATCHED, Mode.WALK_UP, who.id
            )
            storage.decide(allow, Direction.IN)
        me = Actor(ActorKind.PERSON, who.name)
        asked = admin.requests.ask(me, who.id, Direction.OUT, MORNING - DAY / 2, "forgot")
        admin.requests.refuse(ADMINISTRATOR, asked, "not seen")
        admin.consents.record(ADMINISTRATOR, who.id, "on paper")
    return ada


@pytest.fixture
def everywhere(storage: Storage, ada: Person) -> Person:
    """Ada with plans, a correction and a closed period, too."""
    (event, *_) = storage.clock_events.between(MORNING - 900 * DAY, MORNING, ada.id)
    storage.clock_events.strike(event.id, Strike(MORNING, "mia", "wrong"), out=True)
    rota = storage.hours.add_rota(Rota.parse("Early", "06:00-14:00,-"))
    storage.hours.assign(Assignment(ada.id, date(2026, 3, 2), rota))
    storage.hours.add_absence(
        Absence(0, ada.id, "Holiday", date(2026, 4, 1), date(2026, 4, 9), "Rome")
    )
    line = PeriodLine(ada.id, "Ada", "17", date(2026, 2, 2), timedelta(hours=8))
    closed = Period(0, date(2026, 2, 1), date(2026, 2, 28), MORNING, "mia")
    storage.hours.close_period(closed, [line])
    return ada
