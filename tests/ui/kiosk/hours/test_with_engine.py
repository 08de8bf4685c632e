"""My hours with the engine that decides at the door: who sees them, and who never does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from kiosk.domain.frame import Frame
from kiosk.domain.gallery import Gallery
from kiosk.domain.people import Person
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import Pins
from kiosk.services.decide.analyse import Analyser, Recogniser
from kiosk.services.decide.engine import Engine, Phase, View
from kiosk.services.decide.pipeline import Command
from kiosk.services.decide.verify import Verifier
from kiosk.services.site import Site
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.work import Worker
from kiosk.ui.kiosk.page import KioskPage
from tests.fakes import ENCODER, QUICK_HASHER, SCALE, Sitter, Studio, vector
from tests.ui.fakes import Clock
from tests.ui.kiosk.hours.conftest import Hours, local

FRAME = 0.125


@dataclass
class Door:
    """A page, its engine, and people who walk up to it."""

    page: KioskPage
    bridge: Bridge
    engine: Engine
    studio: Studio
    clock: Clock
    seen: int = 0
    shown: View | None = None

    def looks(self, person: Person | None, seconds: float) -> None:
        """Somebody stands there for so long, or nobody."""
        sitters = () if person is None else (Sitter(vector(person.id, 0.9)),)
        picture = self.studio.picture(*sitters)
        for _ in range(round(seconds / FRAME)):
            self.seen += 1
            self.clock.time += FRAME
            self.tell(self.engine.step(Frame(picture, self.seen, self.seen * FRAME)))
        self.page.refresh()

    def tell(self, view: View | None) -> None:
        """As the pipeline does: what changed."""
        if view is not None and view != self.shown:
            self.shown = view
            self.bridge.on_view(view)
            QApplication.processEvents()

    def texts(self) -> str:
        leaf = self.page.hours.leaf
        return "" if leaf is None else "\n".join(x.text() for x in leaf.findChildren(QLabel))


@pytest.fixture
def door(
    qtbot: QtBot,
    site: Site,
    hours: Hours,
    bridge: Bridge,
    worker: Worker,
    clock: Clock,
    enrolled: tuple[Person, Person],
) -> Door:
    storage, studio = hours.storage, Studio()
    pins = Pins(storage, hasher=QUICK_HASHER)
    engine = Engine(
        Settings(),
        ENCODER,
        Recogniser(Analyser(studio, studio, studio, min_face=48), Gallery.of((), SCALE)),
        Verifier(storage, pins, hours.attendance, repeat_after=60, now=lambda: hours.now),
        lambda: Gallery.of(storage.people.templates("fake"), SCALE),
        "Camera 0",
        stamp=storage.people.revision,
    )
    made: list[Door] = []

    def submit(command: Command) -> None:
        view = command(engine)
        if view is not None and made:
            made[0].tell(view)

    page = KioskPage(
        replace(site, submit=submit), bridge, worker, clock=clock, now=lambda: hours.now
    )
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    made.append(Door(page, bridge, engine, studio, clock))
    return made[0]


@pytest.fixture
def enrolled(hours: Hours, mia: Person, ben: Person) -> tuple[Person, Person]:
    for person in (mia, ben):
        hours.storage.people.add_template(person.id, vector(person.id), "fake", 0.9, "camera")
    hours.punch(mia, "in 2026-11-23 08:11", "out 2026-11-23 16:22")
    hours.punch(ben, "in 2026-11-23 09:33", "out 2026-11-23 17:44")
    return mia, ben


@pytest.fixture
def answered(qtbot: QtBot, door: Door) -> Callable[[], None]:
    def wait() -> None:
        qtbot.waitUntil(lambda: "2026" in door.texts())

    return wait


def test_from_a_greeting_to_own_hours_and_back(
    door: Door, enrolled: tuple[Person, Person], answered: Callable[[], None], hours: Hours
) -> None:
    mia, _ = enrolled
    door.looks(mia, 1)
    assert "Mia" in door.page.words.sentence
    door.page.my_hours.click()
    answered()
    assert "08:11 – 16:22" in door.texts()
    door.looks(mia, 15)
    assert door.page.hours.is_open
    door.page.hours.close_page()
    door.looks(mia, 30)
    assert "Mia" in door.page.words.sentence, "she stands there still"
    today = hours.storage.clock_events.between(local("2026-11-24 00:00"), local("2026-11-25 00:00"))
    assert len(today) == 1, "and was clocked once"


def test_whoever_steps_up_after_her_sees_nothing(
    door: Door, enrolled: tuple[Person, Person], answered: Callable[[], None]
) -> None:
    mia, ben = enrolled
    door.looks(mia, 1)
    door.page.my_hours.click()
    answered()
    door.looks(mia, 5)
    door.looks(ben, 2.5)
    assert not door.page.hours.is_open
    door.looks(ben, 2)
    assert "Ben" in door.page.words.sentence
    door.page.my_hours.click()
    answered()
    assert "09:33 – 17:44" in door.texts()
    assert "08:11" not in door.texts()


def test_when_she_walks_away_it_closes(
    door: Door, enrolled: tuple[Person, Person], answered: Callable[[], None]
) -> None:
    mia, ben = enrolled
    door.looks(mia, 1)
    door.page.my_hours.click()
    answered()
    door.looks(mia, 5)
    door.looks(None, 4.5)
    assert not door.page.hours.is_open
    door.looks(None, 2)
    assert not door.page.my_hours.isVisible()
    door.looks(ben, 1)
    assert "Ben" in door.page.words.sentence


def test_the_button_that_she_left_behind_shows_nothing_to_the_next(
    door: Door, enrolled: tuple[Person, Person], qtbot: QtBot
) -> None:
    mia, ben = enrolled
    door.looks(mia, 8)
    assert door.shown is not None
    assert door.shown.phase is Phase.STAYS
    assert door.page.my_hours.isVisible()
    door.page.my_hours.click()
    for _ in range(12):
        door.looks(ben, 0.5)
        qtbot.wait(5)  # the worker has read it all the same
        assert "08:11" not in door.texts()


def test_who_stays_is_known_again_and_sees_their_hours(
    door: Door, enrolled: tuple[Person, Person], answered: Callable[[], None]
) -> None:
    mia, _ = enrolled
    door.looks(mia, 8)
    door.page.my_hours.click()
    assert "look into the camera" in door.texts()
    door.looks(mia, 0.5)
    answered()
    assert "08:11 – 16:22" in door.texts()
