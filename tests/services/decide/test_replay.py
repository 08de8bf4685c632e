from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest

from kiosk.domain.decision import Mode, Outcome
from kiosk.domain.errors import CameraError, StorageError
from kiosk.domain.frame import Frame
from kiosk.domain.people import Person
from kiosk.services.decide.replay import MediaClock, ReplayResult, StageTimes, replay
from tests.fakes import MORNING, FakeCamera, Sitter, vector
from tests.services.conftest import Kiosk
from tests.services.decide.test_engine import FullDisk


@pytest.fixture
def ada(enrol: Callable[..., Person]) -> Person:
    return enrol("Ada", "17")


@pytest.fixture
def ben(ada: Person, enrol: Callable[..., Person]) -> Person:
    return enrol("Ben", "18")


def recording(kiosk: Kiosk, *parts: tuple[int | None, int]) -> FakeCamera:
    """So many frames of each person, or of nobody, eight a second, and the end."""
    camera = FakeCamera(live=False)
    pictures = {
        who: kiosk.studio.picture(*([Sitter(vector(who))] if who else [])) for who, _ in parts
    }
    index = 0
    for who, frames in parts:
        for _ in range(frames):
            camera.put(Frame(pictures[who], index, index / 8))
            index += 1
    camera.put(None)
    return camera


def test_a_recording_is_decided_as_it_would_be_live(kiosk: Kiosk, ada: Person, ben: Person) -> None:
    camera = recording(kiosk, (None, 8), (ada.id, 8), (None, 32), (9, 16), (None, 24), (ben.id, 2))
    clock, result = MediaClock(MORNING), ReplayResult()
    ticks = count()
    told = list(replay(camera, kiosk.engine(), clock, result, timer=lambda: float(next(ticks))))
    assert [(seconds, each.decision.outcome) for seconds, each in told] == [
        (1.25, Outcome.ALLOW),
        (7.0, Outcome.DENY),
        (11.125, Outcome.DENY),  # Ben's two frames were too few when it ended
    ]
    assert result.frames == 90
    assert result.seconds > 0
    assert clock() == MORNING + timedelta(seconds=89 / 8)
    assert (camera.opened, camera.closed) == (1, 1)


def test_every_attempt_claims_the_same_person(kiosk: Kiosk, ada: Person, ben: Person) -> None:
    camera = recording(kiosk, (ben.id, 16), (None, 32), (ada.id, 16), (None, 8))
    told = list(
        replay(camera, kiosk.engine(mode="claimed"), MediaClock(MORNING), ReplayResult(), ada.id)
    )
    assert [each.decision.outcome for _, each in told] == [Outcome.DENY, Outcome.ALLOW]
    assert {each.decision.mode for _, each in told} == {Mode.CLAIMED}


def test_a_log_that_can_not_be_written_ends_the_replay(kiosk: Kiosk, ada: Person) -> None:
    disk = FullDisk(kiosk.storage)
    kiosk.storage = disk  # type: ignore[assignment]
    camera = recording(kiosk, (ada.id, 8))
    with pytest.raises(StorageError, match="disk is full"):
        list(replay(camera, kiosk.engine(), MediaClock(MORNING), ReplayResult()))
    assert camera.closed == 1


def test_an_empty_recording(kiosk: Kiosk, ada: Person) -> None:
    camera, result = FakeCamera(None, live=False), ReplayResult()
    assert list(replay(camera, kiosk.engine(), MediaClock(MORNING), result)) == []
    assert result.frames == 0


def test_a_source_that_fails_is_closed(kiosk: Kiosk, ada: Person) -> None:
    camera = FakeCamera(CameraError("The file is damaged."), live=False)
    with pytest.raises(CameraError, match="damaged"):
        list(replay(camera, kiosk.engine(), MediaClock(MORNING), ReplayResult()))
    assert camera.closed == 1


def test_what_each_stage_cost(kiosk: Kiosk, ada: Person) -> None:
    times = StageTimes()
    assert times.milliseconds() == {}
    camera = recording(kiosk, (ada.id, 2))
    list(replay(camera, kiosk.engine(), MediaClock(MORNING), ReplayResult()))
    for look in kiosk.looks:
        times.observe(Frame(kiosk.studio.picture(), 0, 0), look)
    assert set(times.milliseconds()) == {"detect", "quality", "encode", "search"}
    for median, high in times.milliseconds().values():
        assert 0 <= median <= high
