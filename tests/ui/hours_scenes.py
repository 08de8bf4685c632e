"""My hours to look at: people with all kinds of days, in a database of their own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from kiosk.domain.attendance import ClockEvent, Direction, Doubt
from kiosk.domain.audit import ADMINISTRATOR, Actor, ActorKind
from kiosk.domain.hours import Forgotten, Rules
from kiosk.domain.hours.shifts import Absence, Assignment, Rota, Shift
from kiosk.domain.people import Person
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.attendance import Attendance
from kiosk.services.decide.engine import View
from kiosk.services.decide.verify import Announcement
from kiosk.services.site import Site
from kiosk.storage import SqlStorage, database_url, open_storage
from kiosk.ui.kiosk.hours.draft import Draft
from kiosk.ui.kiosk.hours.page import HoursPage
from tests.fakes import QUICK_HASHER, vector
from tests.ui.fakes import MORNING, allow, verdict

LONG = "Wilhelmina-Anneliese von Hohenstaufen-Brandenburg-Schwarzenfels"
UNBROKEN = "Hubertuswolfgangmaximilianconstantinleopoldferdinandkonradin"
NOW = MORNING + timedelta(hours=8)
Settle = Callable[[Callable[[], bool]], None]


def punch(storage: SqlStorage, person: Person, text: str, doubt: Doubt | None = None) -> ClockEvent:
    direction, _, at = text.partition(" ")
    moment = datetime.fromisoformat(at).astimezone().astimezone(UTC)
    return storage.clock_events.put(
        ClockEvent(0, person.id, Direction(direction), moment, doubt=doubt)
    )


def full(storage: SqlStorage, person: Person) -> None:
    """Two months with breaks, nights, a holiday, a forgotten going, a look that was asked."""
    early = storage.hours.add_rota(
        Rota(0, "Early", (*(Shift(time(8), time(16, 30)),) * 5, None, None))
    )
    storage.hours.assign(Assignment(person.id, date(2026, 10, 1), early))
    storage.hours.add_absence(
        Absence(0, person.id, "Holiday", date(2026, 11, 9), date(2026, 11, 11))
    )
    day = date(2026, 10, 1)
    while day <= date(2026, 11, 24):
        if day.weekday() < 5 and not date(2026, 11, 9) <= day <= date(2026, 11, 11):
            late = day.day % 11 == 0
            punch(storage, person, f"in {day} 0{8 if late else 7}:{12 + day.day}")
            if day < date(2026, 11, 24):
                if day.day % 3:
                    punch(storage, person, f"break {day} 12:03")
                    punch(storage, person, f"back {day} 12:48")
                if day != date(2026, 11, 19):
                    punch(storage, person, f"out {day} 16:{10 + day.day}")
        day += timedelta(days=1)
    punch(storage, person, "in 2026-11-21 22:00")
    punch(storage, person, "out 2026-11-22 06:04")
    punch(storage, person, "seen 2026-11-23 16:34", Doubt.SOON)


def requests(storage: SqlStorage, person: Person, admin: Administration) -> None:
    """One that waits, one approved, one refused."""
    me = Actor(ActorKind.PERSON, person.name)

    def ask(day: int, hour: int, why: str, direction: Direction = Direction.OUT):  # type: ignore[no-untyped-def]
        moment = datetime(2026, 11, day, hour, 45).astimezone(UTC)
        return admin.requests.ask(me, person.id, direction, moment, why)

    approved = ask(12, 18, "I was at a customer")
    refused = ask(13, 19, "The kiosk did not know me")
    ask(18, 6, "I forgot to clock in", Direction.IN)
    admin.requests.approve(ADMINISTRATOR, approved)
    admin.requests.refuse(
        ADMINISTRATOR, refused, "The alarm was set at 17:05 that day, and nobody was in."
    )


def own_hours(page: HoursPage, until: Settle, scene: str) -> None:
    """Open the page as it looks in a scene."""
    folder = Path(tempfile.mkdtemp(prefix="hours-"))
    storage = open_storage(database_url(folder))
    name = LONG if "long" in scene else UNBROKEN if "unbroken" in scene else "Mia Chen"
    person = storage.people.add(name, "101")
    admin = Administration.of(storage, Pins(storage, hasher=QUICK_HASHER), lambda: NOW)
    if "empty" not in scene:
        full(storage, person)
    if "asked" in scene:
        requests(storage, person, admin)
    rules = Rules(forgotten=Forgotten.SHIFT if "assumed" in scene else Forgotten.OPEN)
    site: Site = replace(
        page._site,
        records=storage,
        admin=admin,
        attendance=lambda: Attendance(storage, 0, rules=rules),
    )
    page._site, page._now = site, lambda: NOW
    page.open(_greets(person))
    if not page.visit.sure:
        page.visit.sure = True
    until(lambda: page._state is not None and page._state.own is not None)
    state = page._state
    assert state is not None
    assert state.own is not None
    line = state.own.days[1]
    if "day" in scene:
        page._go(Draft(line))
    elif "change" in scene:
        page._go(Draft(line).wrong(line.entries[0].event))
    elif "time" in scene:
        page._go(Draft(line).missing(Direction.OUT).typed("1").typed("7").typed("0").typed("5"))
    elif "reason" in scene or "typed" in scene:
        draft = Draft(line).wrong(line.entries[0].event).another_time()
        for digit in "0715":
            draft = draft.typed(digit)
        page._go(draft.at_time())
        page._choose_reason("I touched the wrong button")
    if "typed" in scene:
        page._type_reason()
        for letter in "was at a customer":
            assert page.pad is not None
            page.pad.type(letter)
    if "data" in scene or "withdraw" in scene:
        _own_data(page, until, storage, person)
    if "withdraw" in scene:
        page._desk.ask_withdraw(state)
    if "end" in scene and page.leaf is not None:
        leaf = page.leaf
        until(lambda: leaf._area.verticalScrollBar().maximum() > 0)
        leaf.scroll_to(100_000)
    storage.close()


def _own_data(page: HoursPage, until: Settle, storage: SqlStorage, person: Person) -> None:
    state = page._state
    assert state is not None
    storage.people.add_template(person.id, vector(1), "sface", 0.9, "camera")
    page._site.admin.consents.record(ADMINISTRATOR, person.id, "at the kiosk")
    state.data = page._site.admin.own_data.hand_out(ADMINISTRATOR, person.id)
    page._desk.open(state)


def _greets(person: Person) -> View:
    told = allow(person.name).announcement
    assert told is not None
    decision = replace(told.decision, person_id=person.id)
    return verdict(Announcement(decision, told.clock_event))


SCENES = (
    "hours_empty",
    "hours_month",
    "hours_month_end",
    "hours_asked",
    "hours_long_asked",
    "hours_unbroken",
    "hours_assumed",
    "hours_day",
    "hours_change",
    "hours_time",
    "hours_reason",
    "hours_typed",
    "hours_data",
    "hours_long_data",
    "hours_data_end",
    "hours_withdraw",
)
