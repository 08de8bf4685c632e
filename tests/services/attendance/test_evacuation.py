"""A list of who is in, that can be read after a power cut."""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.attendance import Direction
from kiosk.domain.errors import EnvironmentFailed
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.services.attendance import Attendance
from kiosk.services.attendance.evacuation import NAME, EvacuationList, check_evacuation
from tests.fakes import MORNING, WallClock

IN, OUT = Direction.IN, Direction.OUT
HOUR = timedelta(hours=1)


class Site:
    """A real folder, and settings that change."""

    def __init__(self, folder: Path, storage: Storage, clock: WallClock) -> None:
        self.settings = Settings().changed(evacuation_list=True)
        self.folder = folder
        self.clock = clock
        self.full = False
        self.list = EvacuationList(
            folder,
            lambda: self.settings,
            lambda: Attendance.of(storage, self.settings),
            clock,
        )

    def text(self) -> str:
        return (self.folder / NAME).read_text("utf-8")


@pytest.fixture
def site(tmp_path: Path, storage: Storage, clock: WallClock) -> Site:
    return Site(tmp_path, storage, clock)


def test_who_is_in_and_how_sure_it_is(
    site: Site, storage: Storage, enrol: Callable[..., Person], machine_in: Callable[[str], None]
) -> None:
    machine_in("Europe/Berlin")
    people = [enrol(name) for name in ("Ada <b>", "Ben", "Cid", "Dot", "Eve")]
    storage.people.update(replace(people[0], group="Kitchen & Co"))
    for person, hours in zip(people, (1, 14, 30, 2, 1), strict=True):
        storage.clock_events.add(person.id, IN, MORNING - hours * HOUR)
    storage.clock_events.add(people[3].id, OUT, MORNING - HOUR)
    storage.clock_events.add(people[4].id, Direction.BREAK, MORNING)
    site.list.look()
    text = site.text()
    assert "<h1>09:00</h1>" in text
    assert "2026-03-02" in text
    surely, perhaps, unknown = text.split("<h2>")[1:]
    assert surely.startswith("Surely in: 1 person")
    assert "Ada &lt;b&gt;" in surely
    assert "Kitchen &amp; Co" in surely
    assert perhaps.startswith("Perhaps in: 2 people")
    assert "Ben" in perhaps
    assert "2026-03-02 08:00, on a break" in perhaps
    assert unknown.startswith("Not known: 1 person")
    assert "Cid" in unknown
    assert "Dot" not in text
    assert stat.S_IMODE((site.folder / NAME).stat().st_mode) == 0o600
    assert [path.name for path in site.folder.iterdir()] == [NAME], "nothing lies beside it"


def test_it_is_written_anew_every_minute(site: Site, clock: WallClock) -> None:
    site.list.look()
    first = site.text()
    clock.forward(59)
    site.list.look()
    assert site.text() == first
    clock.forward(1)
    site.list.look()
    assert site.text() != first
    clock.forward(-7200)
    site.list.look()
    assert f"<h1>{clock.now.astimezone():%H:%M}</h1>" in site.text(), "the clock was set back"
    (site.folder / NAME).unlink()
    site.list.look()
    assert site.text(), "somebody deleted it"


@pytest.mark.parametrize("change", [{"evacuation_list": False}, {"attendance": False}])
def test_switched_off_it_is_gone(site: Site, change: dict[str, bool]) -> None:
    site.list.look()
    site.settings = site.settings.changed(**change)
    site.list.look()
    assert not (site.folder / NAME).exists()
    site.list.look()
    assert site.list.problem == ""


def test_a_full_disk_is_one_line_and_leaves_the_list_as_it_was(
    tmp_path: Path,
    site: Site,
    storage: Storage,
    clock: WallClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    site.list.look()
    before = site.text()

    def full(path: Path, _content: bytes) -> None:
        raise EnvironmentFailed(f"{path} can't be written (No space left on device).")

    failing = EvacuationList(
        tmp_path, lambda: site.settings, lambda: Attendance.of(storage, site.settings), clock, full
    )
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            clock.forward(60)
            failing.look()
    assert len(caplog.records) == 1
    assert "No space left" in failing.problem
    assert site.text() == before
    (finding,) = check_evacuation(tmp_path, site.settings, clock.now, failing.problem)
    assert not finding.ok
    assert "is not up to date" in finding.text


def test_the_doctor_says_how_old_it_is(site: Site, clock: WallClock) -> None:
    def told(settings: Settings | None = None) -> list[tuple[bool, bool]]:
        found = check_evacuation(site.folder, settings or site.settings, clock.now)
        return [(finding.ok, finding.advice) for finding in found]

    assert told(Settings()) == []
    assert told() == [(True, True)], "not there"
    site.list.look()
    clock.now = clock.now.fromtimestamp((site.folder / NAME).stat().st_mtime, clock.now.tzinfo)
    assert told() == [(True, False)]
    clock.forward(400)
    assert told() == [(True, True)], "of a kiosk that is off"


def test_the_thread_keeps_it_and_ends(database: Storage, tmp_path: Path) -> None:
    settings = Settings().changed(evacuation_list=True)
    kept = EvacuationList(tmp_path, lambda: settings, lambda: Attendance.of(database, settings))
    kept.start()
    kept.stop()
    assert "<h1>" in (tmp_path / NAME).read_text("utf-8")
