from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.attendance import Direction, Doubt
from kiosk.domain.decision import Hint, Mode, Outcome, Reason
from kiosk.domain.errors import BadInput, StorageError
from kiosk.domain.frame import Image
from kiosk.domain.people import Person
from kiosk.domain.presence import GLANCE
from kiosk.domain.records import EventFilter
from kiosk.domain.region import Region
from kiosk.domain.repositories import Storage
from kiosk.domain.request import LASTS as CLAIM_LASTS
from kiosk.services.access.pins import Pins
from kiosk.services.decide.engine import ASKED, GREETED, Engine, Phase, View
from kiosk.services.decide.gallery_watch import LOOK_ANEW, TRY_ANEW
from kiosk.services.decide.scene import Scene as Place
from kiosk.services.decide.verify import Announcement
from tests.fakes import CURVE, Sitter, WallClock, vector
from tests.services.conftest import Kiosk

LOGGED = EventFilter()


@pytest.fixture
def ada(enrol: Callable[..., Person]) -> Person:
    return enrol("Ada", "17")


@pytest.fixture
def ben(enrol: Callable[..., Person], ada: Person) -> Person:
    return enrol("Ben", "18")


class Scene:
    """Plays pictures to an engine and keeps the views."""

    def __init__(self, kiosk: Kiosk, engine: Engine) -> None:
        self.kiosk, self.engine = kiosk, engine
        self.nobody = kiosk.studio.picture()

    def face(self, person: int, similarity: float = 0.9, hint: Hint = Hint.NONE) -> Image:
        return self.kiosk.studio.picture(Sitter(vector(person, similarity), hint=hint))

    def show(self, image: Image, times: int = 1, after: float = 0.125) -> View:
        for _ in range(times):
            view = self.engine.step(self.kiosk.frame(image, after))
        return view

    def until_verdict(self, image: Image) -> Announcement:
        for _ in range(100):
            view = self.show(image)
            if view.announcement is not None:
                return view.announcement
        raise AssertionError(f"no verdict after 100 frames, but {view}")


def scene(kiosk: Kiosk, **settings: Any) -> Scene:
    return Scene(kiosk, kiosk.engine(**settings))


def test_nobody_is_enrolled(kiosk: Kiosk) -> None:
    play = scene(kiosk)
    assert play.show(play.face(1)) == View(Phase.NOBODY_ENROLLED)
    assert kiosk.looks == []


def test_from_idle_to_a_verdict_and_back(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    face = play.face(ada.id)
    assert play.show(play.nobody) == View(Phase.IDLE, Hint.NO_FACE)
    assert play.show(face) == View(Phase.LOOKING, Hint.NONE, pytest.approx(1 / 3))
    assert play.show(face).share == pytest.approx(2 / 3)
    view = play.show(face)
    assert (view.phase, view.hold) == (Phase.VERDICT, 3.0)
    assert view.announcement is not None
    decision = view.announcement.decision
    assert (decision.outcome, decision.person_name, decision.mode) == (
        Outcome.ALLOW,
        "Ada",
        Mode.WALK_UP,
    )
    assert decision.duration == 0.25
    assert (decision.far, decision.encoder_id, decision.camera) == (0.001, "fake", "Camera 0")
    assert kiosk.announced == [view.announcement]
    assert kiosk.storage.events.query(LOGGED) == (decision,)
    assert len(kiosk.looks) == 4
    assert play.show(face, 23) is view, "held, and nobody is looked at"
    assert len(kiosk.looks) == 4
    assert play.show(play.nobody, 9).phase is Phase.IDLE
    # The same person back within a minute: told so, shorter, and logged as that.
    again = play.show(face, 3)
    assert again.announcement is not None
    assert (again.announcement.decision.repeat, again.hold) == (True, 2.0)
    assert kiosk.storage.events.query(LOGGED) == (again.announcement.decision, decision)


def test_whoever_stays_after_being_let_in_is_told_once(
    kiosk: Kiosk, ada: Person, ben: Person
) -> None:
    play = scene(kiosk)
    face = play.face(ada.id)
    play.until_verdict(face)
    play.show(face, after=4)
    for _ in range(8 * 90):  # a chat of 90 s, longer than the time for repeats
        kiosk.clock.forward(0.125)
        assert play.show(face) == View(Phase.STAYS, announcement=kiosk.announced[0])
    assert [row.repeat for row in kiosk.storage.events.query(LOGGED)] == [True, True, False], (
        "after four seconds without a frame, and once in a minute"
    )
    play.show(play.face(ada.id, hint=Hint.LOOK_STRAIGHT), 3)
    assert play.show(play.nobody, 3).phase is Phase.STAYS, "a moment out of sight"
    assert play.show(face, 10).phase is Phase.STAYS
    assert len(kiosk.announced) == 1
    assert kiosk.storage.events.count(LOGGED) == 4, "and looked away: a row of its own"

    told = play.until_verdict(play.face(ben.id))
    assert told.decision.person_name == "Ben", "somebody else is somebody new"
    play.show(face, after=4)
    told = play.until_verdict(face)
    assert (told.decision.person_name, told.decision.repeat) == ("Ada", True), "still that visit"


def test_whoever_was_let_in_and_left_is_greeted_again(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    face = play.face(ada.id)
    play.until_verdict(face)
    play.show(face, after=4)
    play.show(play.nobody, 9)
    assert play.until_verdict(face).decision.repeat


def test_a_chat_with_a_friend_clocks_nobody_out(kiosk: Kiosk, ada: Person, ben: Person) -> None:
    play = scene(kiosk)
    face, turned = play.face(ada.id), play.face(ada.id, hint=Hint.LOOK_STRAIGHT)
    both = kiosk.studio.picture(Sitter(vector(ada.id)), Sitter(vector(9)))
    play.until_verdict(face)
    moments = (both, 5), (turned, 7), (play.face(9, 0.0), 2), (play.nobody, 2)
    for picture, seconds in [
        part for moment in moments for part in ((face, 40), moment, (face, 3))
    ]:
        for _ in range(8 * seconds):
            kiosk.clock.forward(0.125)
            play.show(picture)
    events = kiosk.storage.clock_events.between(
        kiosk.clock.now - timedelta(days=1), kiosk.clock.now + timedelta(days=1)
    )
    assert [event.direction.value for event in events] == ["in"]


def test_the_next_in_the_queue_is_guided(kiosk: Kiosk, ada: Person, ben: Person) -> None:
    play = scene(kiosk)
    play.until_verdict(play.face(ada.id))
    play.show(play.face(ada.id), after=4)
    assert play.show(play.face(ben.id)) == View(Phase.LOOKING, Hint.NONE, pytest.approx(1 / 3))
    play.engine.pause(False)
    play.until_verdict(play.face(ada.id))
    dark = play.face(ben.id, hint=Hint.MORE_LIGHT)
    play.show(dark, after=4)
    assert play.show(dark, after=GLANCE) == View(Phase.LOOKING, Hint.MORE_LIGHT)


def test_a_camera_lost_while_somebody_stays_ends_that(
    kiosk: Kiosk, ada: Person, ben: Person
) -> None:
    play = scene(kiosk)
    face = play.face(ada.id)
    play.until_verdict(face)
    play.show(face, after=4)
    assert play.engine.camera_lost() is None, "whoever was let in is not refused"
    kiosk.clock.forward(3600)
    told = play.until_verdict(face)
    assert (told.decision.outcome, told.decision.repeat) == (Outcome.ALLOW, False)
    assert told.decision.duration == 0.25

    play.show(face, after=4)
    play.show(play.face(ben.id))
    lost = play.engine.camera_lost()
    assert lost is not None
    assert lost.announcement is not None
    assert lost.announcement.decision.reason is Reason.CAMERA_LOST


def test_after_a_visit_to_the_panel_nobody_stays(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    face = play.face(ada.id)
    play.until_verdict(face)
    play.engine.pause(True)
    play.show(play.nobody, after=3600)
    play.engine.pause(False)
    assert play.until_verdict(face).decision.outcome is Outcome.ALLOW


def test_whoever_stands_there_when_the_panel_closes_by_itself_is_asked(
    kiosk: Kiosk, ada: Person
) -> None:
    play = scene(kiosk)
    face = play.face(ada.id)
    play.until_verdict(face)
    play.engine.pause(True)
    play.show(play.nobody, after=3600)
    kiosk.clock.forward(3600)
    play.engine.pause(False)
    play.engine.step_back(by_hand=False)
    seen = play.until_verdict(face).clock_event
    assert seen is not None
    assert (seen.direction, seen.doubt) == (Direction.SEEN, Doubt.UNUSUAL)
    play.show(play.nobody, after=7200)
    play.show(play.nobody, after=2)
    kiosk.clock.forward(7200)
    later = play.until_verdict(face).clock_event
    assert later is not None
    assert (later.direction, later.doubt) == (Direction.OUT, None), "a visit of its own"


def test_an_administrator_who_leaves_the_panel_is_not_clocked(
    kiosk: Kiosk, ada: Person, ben: Person
) -> None:
    play = scene(kiosk)
    face = play.face(ada.id)
    play.until_verdict(face)
    play.engine.pause(True)
    play.show(face, after=1200)
    play.engine.pause(False)
    play.engine.step_back(by_hand=True)
    for _ in range(8 * 90):
        assert play.show(face) == View(Phase.STAYS), "nothing is told"
    assert len(kiosk.storage.clock_events.between(
        kiosk.clock.now - timedelta(days=1), kiosk.clock.now
    )) == 1  # fmt: skip
    told = play.until_verdict(play.face(ben.id))
    assert told.decision.person_name == "Ben", "the next is somebody new"

    play.engine.pause(True)
    play.show(face, after=1200)
    play.engine.pause(False)
    play.engine.step_back(by_hand=True)
    play.show(play.nobody, 12)
    assert play.until_verdict(face).decision.person_name == "Ada", "gone, and come back"


def test_whoever_opened_the_pad_and_gave_up_comes_like_anybody(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    play.engine.pause(True)
    play.show(play.face(ada.id), 8)
    play.engine.pause(False)
    told = play.until_verdict(play.face(ada.id))
    assert told.clock_event is not None
    assert (told.clock_event.direction, told.doubtful) == (Direction.IN, False)


def test_whoever_is_asked_about_hours_has_time_to_answer(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    face = play.face(ada.id)
    assert play.until_verdict(face).doubtful is False
    play.show(play.nobody, after=70)
    play.show(play.nobody, 12)
    told = play.until_verdict(face)
    assert told.doubtful
    held = play.show(face)
    assert (held.phase, held.hold) == (Phase.VERDICT, ASKED)
    assert play.show(face, after=ASKED - 1) is held
    play.engine.stay(3.0)
    assert play.show(face, after=2.5) is held, "answered, and told what holds"
    assert play.show(play.nobody, after=1.0).phase is not Phase.VERDICT

    play.show(play.nobody, after=20 * 3600)
    assert play.until_verdict(face).forgotten is not None
    assert play.show(face).hold == GREETED + ASKED


def test_a_drill_asks_nobody_about_hours(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    face = play.face(ada.id)
    play.until_verdict(face)
    play.show(play.nobody, after=70)
    play.engine.rehearse(True)
    assert not play.until_verdict(face).doubtful
    assert play.show(face).hold == 3.0


def test_whoever_stays_may_still_ask(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    face = play.face(ada.id)
    play.until_verdict(face)
    play.show(face, after=4)
    play.engine.claim(ada.id)
    assert play.show(face).phase is Phase.LOOKING
    assert play.until_verdict(face).decision.mode is Mode.CLAIMED


def test_a_stranger_after_somebody_let_in_is_refused(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    play.until_verdict(play.face(ada.id))
    play.show(play.nobody, after=4)
    assert play.until_verdict(play.face(9, 0.0)).decision.outcome is Outcome.DENY


def test_a_stranger_is_refused_after_a_second(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    told = play.until_verdict(play.face(9, 0.0))
    assert (told.decision.outcome, told.decision.reason) == (Outcome.DENY, Reason.NOT_RECOGNISED)
    assert told.decision.duration == 1.0
    assert told.decision.person_id is None
    assert kiosk.announced == [told]


def test_hints_and_one_frame_without_a_face_keep_the_attempt(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    dark = play.face(ada.id, hint=Hint.MORE_LIGHT)
    assert play.show(dark) == View(Phase.LOOKING, Hint.MORE_LIGHT)
    assert play.show(play.nobody) == View(Phase.LOOKING, Hint.NO_FACE), "no clock for a blink"
    assert play.show(play.face(ada.id), 2).phase is Phase.LOOKING
    view = play.show(play.face(ada.id))
    assert view.announcement is not None
    assert view.announcement.decision.duration == 0.5, "from the first face"


def test_a_face_in_the_dark_is_refused_in_the_end(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    decision = play.until_verdict(play.face(ada.id, hint=Hint.MORE_LIGHT)).decision
    assert (decision.outcome, decision.reason) == (Outcome.LOW_QUALITY, Reason.FACE_TOO_DARK)
    assert decision.score is decision.threshold is None
    assert decision.duration == 6.0


def test_two_people_are_asked_to_come_one_by_one(kiosk: Kiosk, ada: Person, ben: Person) -> None:
    play = scene(kiosk)
    both = kiosk.studio.picture(Sitter(vector(ada.id)), Sitter(vector(ben.id)))
    assert play.show(both) == View(Phase.LOOKING, Hint.ONE_PERSON)
    assert play.until_verdict(both).decision.outcome is Outcome.SEVERAL_FACES


def test_twins_are_asked_for_a_number_and_then_compared_with_one(
    kiosk: Kiosk, ada: Person, ben: Person
) -> None:
    play = scene(kiosk)
    between = vector(ada.id, 0.7)
    between[ben.id], between[-1] = 0.69, (1 - 0.7**2 - 0.69**2) ** 0.5
    twins = kiosk.studio.picture(Sitter(between))
    told = play.until_verdict(twins)
    assert told.decision.outcome is Outcome.AMBIGUOUS
    view = play.show(twins)
    assert (view.announcement, view.hold) == (told, 15.0), "time for the keypad"
    play.engine.claim(ada.id)
    told = play.until_verdict(twins)
    assert (told.decision.outcome, told.decision.person_name) == (Outcome.ALLOW, "Ada")
    assert told.decision.mode is Mode.CLAIMED


def test_the_threshold_follows_the_number_of_people(
    kiosk: Kiosk, ada: Person, enrol: Callable[..., Person]
) -> None:
    play = scene(kiosk)
    alone = play.engine.operating_point
    assert (alone.comparisons, alone.far) == (1, 0.001)
    assert alone.threshold == pytest.approx(30)
    for number in range(9):
        enrol(f"P{number}")
    assert play.engine.operating_point is alone
    play.engine.reload()
    ten = play.engine.operating_point
    assert (ten.comparisons, ten.far) == (10, 0.001)
    assert ten.threshold == pytest.approx(CURVE.threshold_at(0.0001)) == pytest.approx(40)
    play.engine.claim(ada.id)
    assert play.engine.operating_point.threshold == pytest.approx(30), "1:1 is one comparison"
    play.engine.claim(None)
    assert play.engine.operating_point == ten


def test_a_covered_face_that_is_not_known_is_asked_to_uncover(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    masked = kiosk.studio.picture(Sitter(vector(9), covered=True))
    told = play.until_verdict(masked).decision
    assert (told.outcome, told.reason) == (Outcome.DENY, Reason.FACE_COVERED)
    assert kiosk.storage.events.query(LOGGED) == (told,)
    play.show(play.nobody, 40)
    known = play.until_verdict(kiosk.studio.picture(Sitter(vector(ada.id), covered=True)))
    assert known.decision.outcome is Outcome.ALLOW


def test_a_stranger_who_is_refused_five_times_waits(kiosk: Kiosk, ada: Person, ben: Person) -> None:
    play = scene(kiosk)
    stranger = play.face(9)
    waits = []
    for _ in range(5):
        waits.append(play.until_verdict(stranger).wait)
        play.show(play.nobody, 40)
    assert waits == [0, 0, 0, 0, 30]
    assert kiosk.announced[-1].wait == 30, "the screen counts down"
    rows = kiosk.storage.events.count(EventFilter())
    assert play.show(stranger, 100).phase is Phase.IDLE, "not looked at"
    assert kiosk.storage.events.count(EventFilter()) == rows
    told = play.until_verdict(play.face(ben.id))
    assert told.decision.outcome is Outcome.ALLOW, "somebody else need not wait"
    play.show(play.nobody, 160)
    again = play.until_verdict(stranger)
    assert (again.decision.outcome, again.wait) == (Outcome.DENY, 0)


def test_who_was_enrolled_elsewhere_is_known_in_ten_seconds(
    kiosk: Kiosk, enrol: Callable[..., Person]
) -> None:
    play = scene(kiosk)
    assert play.show(play.nobody) == View(Phase.NOBODY_ENROLLED)
    ada = enrol("Ada")
    assert play.show(play.nobody) == View(Phase.NOBODY_ENROLLED)
    assert play.show(play.nobody, after=LOOK_ANEW).phase is Phase.IDLE
    assert play.until_verdict(play.face(ada.id)).decision.outcome is Outcome.ALLOW


def test_who_was_deleted_is_unknown_after_a_reload(kiosk: Kiosk, ada: Person, ben: Person) -> None:
    play = scene(kiosk)
    kiosk.storage.people.delete(ada.id)
    play.engine.reload()
    assert play.until_verdict(play.face(ada.id)).decision.outcome is Outcome.DENY


def test_who_was_disabled_without_a_reload_is_still_refused(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    kiosk.storage.people.update(replace(ada, enabled=False))
    told = play.until_verdict(play.face(ada.id))
    assert (told.decision.outcome, told.decision.reason) == (Outcome.DENY, Reason.PERSON_DISABLED)


def test_in_tap_first_it_looks_only_after_a_tap(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk, tap_first=True)
    face = play.face(ada.id)
    assert play.show(face) == View(Phase.TAP_FIRST)
    assert kiosk.looks == []
    play.engine.tap()
    assert play.show(play.nobody) == View(Phase.LOOKING, Hint.NO_FACE)
    assert play.until_verdict(face).decision.outcome is Outcome.ALLOW
    assert play.show(face, after=4) == View(Phase.TAP_FIRST)
    play.engine.tap()
    assert play.show(play.nobody, after=CLAIM_LASTS).phase is Phase.LOOKING
    assert play.show(play.nobody) == View(Phase.TAP_FIRST), "a tap does not last for ever"


def test_a_claim_is_answered_one_to_one(kiosk: Kiosk, ada: Person, ben: Person) -> None:
    play = scene(kiosk, mode="claimed")
    face = play.face(ben.id)
    assert play.show(face) == View(Phase.TYPE_FIRST)
    play.engine.claim(ada.id)
    told = play.until_verdict(face)
    assert (told.decision.outcome, told.decision.reason, told.decision.mode) == (
        Outcome.DENY,
        Reason.CLAIM_NOT_MATCHED,
        Mode.CLAIMED,
    )
    assert play.show(face, after=4) == View(Phase.TYPE_FIRST), "one claim, one answer"
    play.engine.claim(ben.id)
    told = play.until_verdict(face)
    assert (told.decision.outcome, told.decision.person_name) == (Outcome.ALLOW, "Ben")


def test_a_tap_is_no_claim(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk, mode="claimed", tap_first=True)
    play.engine.tap()
    assert play.show(play.face(ada.id), 10) == View(Phase.TYPE_FIRST)
    assert kiosk.looks == []


def test_a_claim_can_be_taken_back_and_runs_out(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk, mode="claimed")
    play.engine.claim(ada.id)
    assert play.show(play.nobody) == View(Phase.LOOKING, Hint.NO_FACE)
    play.engine.claim(None)
    assert play.show(play.nobody) == View(Phase.TYPE_FIRST)
    play.engine.claim(ada.id)
    assert play.show(play.nobody, after=CLAIM_LASTS).phase is Phase.LOOKING
    assert play.show(play.face(ada.id)) == View(Phase.TYPE_FIRST)
    assert kiosk.announced == []


def test_a_claim_ends_a_verdict_that_is_still_shown(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    play.until_verdict(play.face(9, 0.0))
    play.engine.claim(ada.id)
    assert play.show(play.face(ada.id)).phase is Phase.LOOKING


def test_nothing_is_looked_at_while_somebody_is_in_the_panel(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    face = play.face(ada.id)
    play.show(face, 2)
    play.engine.pause(True)
    assert play.show(face, 20) == View(Phase.IDLE)
    assert len(kiosk.looks) == 2
    play.engine.pause(False)
    assert play.show(face).share == pytest.approx(1 / 3), "the votes before do not count"


def test_a_pin_is_another_way_in(kiosk: Kiosk, pins: Pins, ada: Person) -> None:
    kiosk.storage.people.set_pin_hash(ada.id, pins.hashed("2580"))
    play = scene(kiosk)
    play.show(play.face(9, 0.0))
    view = play.engine.pin("17", "2580")
    assert view.announcement is not None
    assert view.announcement.decision.mode is Mode.PIN
    assert play.show(play.nobody) is view
    assert kiosk.announced == [view.announcement]
    refused = play.engine.pin("17", "1379")
    assert refused.announcement is not None
    assert refused.announcement.decision.reason is Reason.WRONG_PIN


def test_a_pin_is_no_way_in_where_pins_are_switched_off(
    kiosk: Kiosk, pins: Pins, ada: Person
) -> None:
    kiosk.storage.people.set_pin_hash(ada.id, pins.hashed("2580"))
    play = scene(kiosk, pin_entry=False)
    with pytest.raises(BadInput, match="switched off"):
        play.engine.pin("17", "2580")
    assert kiosk.announced == []


class FullDisk:
    """Reads, and fails to write; counts the tries."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.full = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def decide(self, *values: Any) -> Any:
        if self.full:
            raise StorageError("The disk is full: make room.")
        return self._storage.decide(*values)


def test_what_cannot_be_logged_lets_nobody_in(kiosk: Kiosk, ada: Person) -> None:
    disk = FullDisk(kiosk.storage)
    kiosk.storage = disk  # type: ignore[assignment]
    play = scene(kiosk)
    face = play.face(ada.id)
    view = play.show(face, 3)
    assert view == View(Phase.FAULT, message="The disk is full: make room.", hold=3.0)
    assert play.show(face, 10) is view
    assert play.engine.pin("17", "2580").phase is Phase.FAULT
    assert kiosk.announced == []
    assert kiosk.storage.events.count(LOGGED) == 0
    disk.full = False
    play.show(play.nobody, after=4)
    assert play.until_verdict(face).decision.outcome is Outcome.ALLOW


def test_a_database_that_is_taken_away_is_told_and_lets_nobody_in_until_it_is_back(
    database: Storage, tmp_path: Path, clock: WallClock
) -> None:
    ada = database.people.add("Ada")
    database.people.add_template(ada.id, vector(ada.id), "fake", 0.9, "camera")
    kiosk = Kiosk(database, clock)
    play = scene(kiosk)
    face, path = play.face(ada.id), tmp_path / "kiosk.db"

    path.rename(tmp_path / "away.db")
    view = play.show(face, 3)
    assert (view.phase, "kiosk.db is gone" in view.message) == (Phase.FAULT, True)
    play.show(play.nobody, after=4)
    view = play.show(play.nobody, after=LOOK_ANEW)
    assert (view.phase, "kiosk.db is gone" in view.message) == (Phase.FAULT, True), "nobody there"
    assert play.show(face, 20).phase is Phase.FAULT
    assert kiosk.announced == []

    (tmp_path / "away.db").rename(path)
    play.show(play.nobody, after=TRY_ANEW)
    told = play.until_verdict(face)
    assert told.decision.outcome is Outcome.ALLOW
    assert database.events.query(LOGGED) == (told.decision,)


def test_only_who_is_in_the_oval_is_decided_on(kiosk: Kiosk, ada: Person, ben: Person) -> None:
    kiosk.place = Place(Region())
    play = scene(kiosk)

    def at(left: float, person: int = ada.id) -> Image:
        return kiosk.studio.picture(Sitter(vector(person), left=left))

    aside, inside = at(10), at(112)
    assert play.show(aside, 100) == View(Phase.LOOKING, Hint.MOVE_RIGHT)
    assert play.show(at(220)) == View(Phase.LOOKING, Hint.MOVE_LEFT)
    assert kiosk.studio.encoded == 0
    play.show(inside, 2)
    assert play.show(aside, 10) == View(Phase.LOOKING, Hint.MOVE_RIGHT, 0.0), "begun, and left"
    assert kiosk.announced == []

    play.until_verdict(inside)
    assert play.show(inside, after=4).phase is Phase.STAYS
    assert play.show(aside, 4).phase is Phase.STAYS
    assert play.show(aside, 8).phase is Phase.LOOKING, "whoever steps aside has left"
    assert play.until_verdict(inside).decision.repeat

    both = kiosk.studio.picture(
        Sitter(vector(ada.id), left=112), Sitter(vector(ben.id), size=150, left=230)
    )
    play.show(play.nobody, 10, after=1)
    assert play.until_verdict(both).decision.outcome is Outcome.SEVERAL_FACES


def test_a_source_that_ends_with_somebody_aside_says_so(kiosk: Kiosk, ada: Person) -> None:
    kiosk.place = Place(Region())
    play = scene(kiosk)
    play.show(kiosk.studio.picture(Sitter(vector(ada.id), left=10)), 3)
    view = play.engine.finish()
    assert view is not None
    assert view.announcement is not None
    assert view.announcement.decision.reason is Reason.FACE_OUT_OF_VIEW
    assert play.engine.finish() is None


class Locked:
    """A storage that can't even be read."""

    @property
    def people(self) -> Any:
        raise StorageError("The database is locked.")


def test_a_gallery_that_cannot_be_read_leaves_the_old_one(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    storage, kiosk.storage = kiosk.storage, Locked()  # type: ignore[assignment]
    with pytest.raises(StorageError):
        play.engine.reload()
    kiosk.storage = storage
    assert play.until_verdict(play.face(ada.id)).decision.outcome is Outcome.ALLOW


def test_the_source_ends(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    assert play.engine.finish() is None
    play.show(play.face(ada.id))
    view = play.engine.finish()
    assert view is not None
    assert view.announcement is not None
    assert view.announcement.decision.outcome is Outcome.DENY
    assert play.engine.finish() is None


def test_the_camera_goes_away_in_mid_attempt(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    assert play.engine.camera_lost() is None, "nobody was there"
    face = play.face(ada.id)
    play.show(face, 2)
    view = play.engine.camera_lost()
    assert view is not None
    assert view.announcement is not None
    decision = view.announcement.decision
    assert (decision.outcome, decision.reason) == (Outcome.DENY, Reason.CAMERA_LOST)
    assert decision.score is None
    assert play.engine.camera_lost() is None
    assert play.show(face, after=4).share == pytest.approx(1 / 3)


def test_a_claim_that_was_made_before_the_camera_went_is_refused_as_such(
    kiosk: Kiosk, ada: Person
) -> None:
    play = scene(kiosk, mode="claimed")
    play.engine.claim(ada.id)
    play.show(play.face(ada.id))
    view = play.engine.camera_lost()
    assert view is not None
    assert view.announcement is not None
    assert view.announcement.decision.mode is Mode.CLAIMED
    assert view.announcement.decision.reason is Reason.CAMERA_LOST


def test_a_source_that_begins_anew_holds_nothing_for_ever(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    kiosk.time = 1000.0
    face = play.face(ada.id)
    play.until_verdict(face)
    kiosk.time = 0.0
    assert play.show(play.nobody) == View(Phase.IDLE, Hint.NO_FACE)
    assert play.show(face, 2).phase is Phase.LOOKING


def test_a_rehearsal_goes_the_same_way_and_leaves_nothing(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    face = play.face(ada.id)
    for _ in range(2):  # each try begins with somebody who was never seen
        play.engine.rehearse(True)
        told = play.until_verdict(face)
        assert told.decision.outcome is Outcome.ALLOW
        assert (told.decision.event_id, told.clock_event) == (None, None)
    assert kiosk.announced == []
    assert kiosk.storage.events.count(LOGGED) == 0
    play.engine.rehearse(False)
    assert play.until_verdict(face).decision.event_id == 1
    assert len(kiosk.announced) == 1


def test_strangers_of_a_rehearsal_do_not_wait(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    for _ in range(7):
        play.engine.rehearse(True)
        told = play.until_verdict(play.face(9))
        assert (told.decision.outcome, told.wait) == (Outcome.DENY, 0.0)


def test_nothing_is_told_before_it_is_committed(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    play.until_verdict(play.face(ada.id))
    play.show(play.nobody, after=4)
    play.until_verdict(play.face(9, 0.0))
    assert kiosk.rows_when_told == [1, 2]


def test_while_somebody_reads_their_hours_nobody_is_decided_on(
    kiosk: Kiosk, ada: Person, ben: Person
) -> None:
    play = scene(kiosk)
    face = play.face(ada.id)
    told = play.until_verdict(face)
    play.engine.attend(ada.id)
    for _ in range(8 * 90):
        assert play.show(face).phase is Phase.STAYS
    assert play.show(play.nobody, 16).phase is Phase.STAYS
    play.engine.attend(None)
    assert play.show(face, 24) == View(Phase.STAYS, announcement=told), "and is told nothing anew"
    assert len(kiosk.announced) == 1
    assert kiosk.storage.clock_events.between(kiosk.clock() - timedelta(days=1), kiosk.clock())

    play.engine.attend(ada.id)
    assert play.show(play.face(ben.id), 24).phase is Phase.IDLE
    assert len(kiosk.announced) == 1
    play.engine.attend(None)
    assert play.until_verdict(play.face(ben.id)).decision.person_name == "Ben"


def test_whoever_reads_their_hours_and_goes_has_left(kiosk: Kiosk, ada: Person) -> None:
    play = scene(kiosk)
    play.until_verdict(play.face(ada.id))
    play.engine.attend(ada.id)
    assert play.show(play.nobody, 40).phase is Phase.IDLE
    play.engine.attend(None)
    assert play.show(play.nobody).phase is Phase.IDLE


def test_after_a_pin_the_face_that_reads_is_told_nothing_anew(
    kiosk: Kiosk, ada: Person, pins: Pins
) -> None:
    kiosk.storage.people.set_pin_hash(ada.id, pins.hashed("2580"))
    play = scene(kiosk)
    face = play.face(ada.id)
    play.show(play.nobody)
    told = play.engine.pin("17", "2580").announcement
    play.engine.attend(ada.id, by_face=False)
    assert play.show(play.nobody, 80).phase is Phase.STAYS, "where the camera knows nobody"
    assert play.show(face, 8 * 90).phase is Phase.STAYS
    play.engine.attend(None)
    assert play.show(face, 8) == View(Phase.STAYS, announcement=told)
    assert len(kiosk.announced) == 1
