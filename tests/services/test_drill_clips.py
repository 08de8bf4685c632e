"""A drill over clips."""

from __future__ import annotations

import pytest

from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.frame import Frame
from kiosk.domain.liveness.drill import Answer, Kind, Try
from kiosk.domain.records import EventFilter
from kiosk.domain.repositories import Storage
from kiosk.services.admin.trail import Trail
from kiosk.services.drill import Drills, last_drill, owed_kinds
from kiosk.services.drill_clips import tries_of
from tests.fakes import FakeCamera, Sitter, WallClock, vector
from tests.services.conftest import Enrol, Kiosk
from tests.services.test_drill import HERE


def clip(kiosk: Kiosk, *parts: tuple[int | None, int]) -> FakeCamera:
    """So many frames of each person, or of nobody, eight a second, and the end."""
    camera = FakeCamera(live=False)
    index = 0
    for who, frames in parts:
        picture = kiosk.studio.picture(*([Sitter(vector(who))] if who else []))
        for _ in range(frames):
            camera.put(Frame(picture, index, index / 8))
            index += 1
    camera.put(None)
    return camera


def test_each_answer_is_a_try_and_nothing_is_logged(kiosk: Kiosk, enrol: Enrol) -> None:
    ada = enrol("Ada")
    camera = clip(kiosk, (None, 4), (ada.id, 40))
    engine = kiosk.engine()
    times: list[float] = []
    told = list(tries_of(camera, engine, Kind.PRINT, 3, times.append))
    assert [one.answer for one in told] == [Answer.LET_IN] * 3
    assert kiosk.storage.events.count(EventFilter()) == 0
    assert times == sorted(times)
    assert (camera.opened, camera.closed) == (1, 1)


@pytest.mark.parametrize(
    ("who", "frames", "answer"), [(None, 8, Answer.NOTHING), (9, 30, Answer.OTHERWISE)]
)
def test_a_clip_that_nobody_is_recognised_in_is_one_try(
    kiosk: Kiosk, enrol: Enrol, who: int | None, frames: int, answer: Answer
) -> None:
    enrol("Ada")
    (told,) = tries_of(clip(kiosk, (who, frames)), kiosk.engine(), Kind.PHONE)
    assert told.answer is answer


def test_clips_never_let_a_face_alone_open_again(storage: Storage, clock: WallClock) -> None:
    drills = Drills(storage, Trail(storage, clock), clock)
    for at_the_door, owed in ((False, {Kind.PRINT}), (True, set())):
        drills.begin(ADMINISTRATOR, HERE).add(Try(Kind.PRINT, Answer.LET_IN))
        session = drills.begin(ADMINISTRATOR, HERE, at_the_door=at_the_door)
        session.add(Try(Kind.OWN_FACE, Answer.LET_IN))
        for _ in range(10):
            session.add(Try(Kind.PRINT, Answer.SUSPECTED))
        session.end()
        assert owed_kinds(storage) == owed
        assert last_drill(storage) == session.drill
