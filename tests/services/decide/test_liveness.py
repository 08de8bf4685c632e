"""Between being recognised and being let in, through the whole engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from kiosk.domain.decision import Decision, Hint, Mode, Outcome, Reason
from kiosk.domain.liveness.challenge import Plan, Turn
from kiosk.domain.liveness.cues import Stream
from kiosk.domain.liveness.light import Reach
from kiosk.domain.liveness.pause import STEPS
from kiosk.domain.liveness.policy import Policy, Rules
from kiosk.domain.liveness.prompt import Ask
from kiosk.domain.liveness.proof import Proof
from kiosk.domain.people import Person
from kiosk.domain.records import EventFilter
from kiosk.services.access.pins import Pins
from kiosk.services.decide.engine import Phase, View
from kiosk.services.decide.liveness import GOOD_FOR, Liveness
from tests.fakes import QUICK_HASHER, SCALE, Sitter, vector
from tests.services.conftest import Kiosk

ALL = EventFilter()
SIDE = {Ask.LEFT: 1.0, Ask.RIGHT: -1.0}
LIVE, UNSURE, PHOTO = 5.0, -0.5, -6.0


def liveness(policy: Policy = Policy.PASSIVE_THEN_CHALLENGE, **more: Any) -> Liveness:
    plan = Plan(
        tuple(Turn((Ask.LEFT, Ask.RIGHT)[n % 2], (0.2, 1.0)[n % 2], lit=n == 1) for n in range(8))
    )
    return Liveness(Rules(policy), SCALE, same=40.0, draw=lambda: plan, **more)


@dataclass
class Door:
    """Somebody before a kiosk that looks eight times a second."""

    kiosk: Kiosk
    live: float | None = UNSURE
    policy: Policy = Policy.PASSIVE_THEN_CHALLENGE
    settings: dict[str, Any] = field(default_factory=dict)
    behind: tuple[Sitter, ...] = ()

    def __post_init__(self) -> None:
        self.liveness = liveness(self.policy)
        self.engine = self.kiosk.engine(self.liveness, **self.settings)
        self.nobody = self.kiosk.studio.picture()
        self.sitter = Sitter(vector(1, 0.95), live=self.live)

    def show(self, *sitters: Sitter, times: int = 1, after: float = 0.125) -> View:
        for _ in range(times):
            picture = self.kiosk.studio.picture(*sitters)
            view = self.engine.step(self.kiosk.frame(picture, after))
        return view

    def look(self, times: int = 1, **changes: Any) -> View:
        """The face, looking straight ahead unless it is said otherwise."""
        return self.show(replace(self.sitter, **changes), *self.behind, times=times)

    def until(self, phase: Phase, **changes: Any) -> View:
        for _ in range(120):
            view = self.look(**changes)
            if view.phase is phase:
                return view
        raise AssertionError(f"no {phase} but {view}")

    def asked(self) -> Ask:
        """Look straight ahead until a turn is asked for."""
        for _ in range(60):
            view = self.look()
            assert view.phase is Phase.CHALLENGE, view
            assert view.prompt is not None
            if view.prompt.ask in SIDE:
                return view.prompt.ask
        raise AssertionError("nothing was asked")

    def turn(self, side: float) -> View:
        self.look(times=3)
        view = self.look(turn=0.2 * side)
        if view.phase is Phase.CHALLENGE:
            view = self.look(turn=0.4 * side)
        return view

    def follow(self) -> View:
        """Turn both ways as asked."""
        self.turn(SIDE[self.asked()])
        return self.turn(SIDE[self.asked()])

    def decided(self, view: View) -> Decision:
        assert view.announcement is not None, view
        return view.announcement.decision

    def leave(self) -> None:
        self.show(after=4)
        self.show(times=9)

    def rows(self) -> tuple[Decision, ...]:
        return self.kiosk.storage.events.query(ALL)


@pytest.fixture
def ada(enrol: Callable[..., Person], pins: Pins, kiosk: Kiosk) -> Person:
    person = enrol("Ada", "17")
    kiosk.storage.people.set_pin_hash(person.id, pins.hashed("7391"))
    return person


@pytest.fixture
def door(kiosk: Kiosk, ada: Person) -> Door:
    return Door(kiosk)


def test_whoever_looks_live_is_let_in_at_once(kiosk: Kiosk, ada: Person) -> None:
    door = Door(kiosk, live=LIVE)
    decision = door.decided(door.look(times=3))
    assert (decision.outcome, decision.liveness, decision.liveness_score) == (
        Outcome.ALLOW,
        Proof.PASSIVE,
        LIVE,
    )
    assert decision.duration == 0.25, "not a frame more than without"
    assert door.rows() == (decision,)


def test_whoever_leaves_it_in_doubt_is_asked_and_then_let_in(door: Door) -> None:
    view = door.until(Phase.CHALLENGE)
    assert view.prompt is not None
    assert (view.prompt.ask, view.prompt.asks) == (Ask.STRAIGHT, 2)
    assert door.rows() == (), "nothing is announced before"
    assert door.kiosk.announced == []
    decision = door.decided(door.follow())
    assert (decision.outcome, decision.liveness, decision.liveness_score) == (
        Outcome.ALLOW,
        Proof.CHALLENGE,
        UNSURE,
    )
    assert door.rows() == (decision,)
    assert len(door.kiosk.announced) == 1


def test_more_frames_are_looked_at_before_somebody_is_asked(door: Door) -> None:
    assert door.look(times=3) == View(Phase.LOOKING, Hint.NONE, 1.0)
    assert door.look(live=LIVE).phase is Phase.LOOKING
    assert door.look(live=2 * LIVE).announcement is not None, "live after all"


def test_without_a_network_everybody_is_asked(kiosk: Kiosk, ada: Person) -> None:
    door = Door(kiosk, live=None)
    assert door.look(times=3).phase is Phase.CHALLENGE
    decision = door.decided(door.follow())
    assert (decision.liveness, decision.liveness_score) == (Proof.CHALLENGE, None)


def test_looking_alone_lets_in_where_nothing_can_be_told(kiosk: Kiosk, ada: Person) -> None:
    door = Door(kiosk, live=None, policy=Policy.PASSIVE)
    decision = door.decided(door.look(times=3))
    assert (decision.outcome, decision.liveness) == (Outcome.ALLOW, None)


def test_looking_alone_refuses_whoever_is_in_doubt(kiosk: Kiosk, ada: Person) -> None:
    door = Door(kiosk, policy=Policy.PASSIVE)
    decision = door.decided(door.until(Phase.VERDICT))
    assert (decision.outcome, decision.reason) == (Outcome.SUSPECTED_ATTACK, Reason.NOT_LIVE)


def test_always_asked(kiosk: Kiosk, ada: Person) -> None:
    door = Door(kiosk, live=LIVE, policy=Policy.ALWAYS_CHALLENGE)
    assert door.look(times=3).phase is Phase.CHALLENGE
    assert door.decided(door.follow()).liveness is Proof.CHALLENGE


def test_a_kiosk_that_does_not_check_says_so(kiosk: Kiosk, ada: Person) -> None:
    engine = kiosk.engine()
    for _ in range(3):
        view = engine.step(kiosk.frame(kiosk.studio.picture(Sitter(vector(ada.id)))))
    assert view.announcement is not None
    assert view.announcement.decision.liveness is Proof.OFF


def test_a_picture_is_refused_and_the_log_says_whose(kiosk: Kiosk, ada: Person) -> None:
    door = Door(kiosk, live=PHOTO)
    decision = door.decided(door.until(Phase.VERDICT))
    assert (decision.outcome, decision.reason, decision.person_name) == (
        Outcome.SUSPECTED_ATTACK,
        Reason.NOT_LIVE,
        "Ada",
    )
    assert (decision.liveness, decision.liveness_score) == (None, PHOTO)
    assert kiosk.storage.clock_events.between(decision.at, kiosk.clock.now) == ()


@pytest.mark.parametrize("stream", [Stream.SAME, Stream.LOOP, Stream.CLEAN])
def test_a_clip_as_a_camera_is_refused(kiosk: Kiosk, ada: Person, stream: Stream) -> None:
    door = Door(kiosk, live=LIVE)
    decision = door.decided(door.until(Phase.VERDICT, stream=stream))
    assert (decision.outcome, decision.reason) == (Outcome.SUSPECTED_ATTACK, Reason.NOT_A_CAMERA)


def test_nobody_turns(door: Door) -> None:
    door.until(Phase.CHALLENGE)
    decision = door.decided(door.until(Phase.VERDICT))
    assert (decision.outcome, decision.reason) == (
        Outcome.SUSPECTED_ATTACK,
        Reason.CHALLENGE_UNANSWERED,
    )


def test_turned_the_wrong_way_twice(door: Door) -> None:
    door.until(Phase.CHALLENGE)
    door.turn(-SIDE[door.asked()])
    decision = door.decided(door.turn(-SIDE[door.asked()]))
    assert decision.reason is Reason.CHALLENGE_FAILED


def test_a_face_that_is_not_the_one_recognised(door: Door) -> None:
    door.until(Phase.CHALLENGE)
    decision = door.decided(door.look(times=2, vector=vector(9)))
    assert decision.reason is Reason.CHALLENGE_FAILED
    assert decision.person_name == "Ada"


def test_a_picture_that_passed_for_a_head_is_no_head(door: Door) -> None:
    """What the frames say counts in the end, too."""
    door.until(Phase.CHALLENGE)
    door.sitter = replace(door.sitter, live=PHOTO)
    assert door.decided(door.follow()).reason is Reason.NOT_LIVE


def test_a_face_that_leaves_in_mid_challenge(door: Door) -> None:
    door.until(Phase.CHALLENGE)
    door.asked()
    door.show(times=5)
    decision = door.decided(door.show())
    assert decision.reason is Reason.CHALLENGE_UNANSWERED


def test_company_in_mid_challenge(door: Door) -> None:
    door.until(Phase.CHALLENGE)
    beside = Sitter(vector(9), left=200.0)
    view = door.show(door.sitter, beside, times=6)
    decision = door.decided(view)
    assert (decision.outcome, decision.reason) == (Outcome.SEVERAL_FACES, Reason.SEVERAL_PEOPLE)
    assert decision.person_name is None


def test_somebody_beside_a_photo_of_a_colleague(door: Door) -> None:
    """Nothing proves who of the two will walk through the door."""
    photo = Sitter(vector(1), left=200.0, live=PHOTO)
    for _ in range(30):
        view = door.show(Sitter(vector(9), live=LIVE), photo)
        if view.announcement is not None:
            break
    assert door.decided(view).outcome is Outcome.SEVERAL_FACES


@pytest.mark.parametrize("hint", [Hint.MORE_LIGHT, Hint.HOLD_STILL])
def test_a_face_that_is_too_dark_to_be_compared_gets_nowhere(door: Door, hint: Hint) -> None:
    """Backlight, low light, a blur: the turns alone prove nothing of whose face it is."""
    door.until(Phase.CHALLENGE)
    decision = door.decided(door.until(Phase.VERDICT, hint=hint))
    assert decision.outcome is Outcome.SUSPECTED_ATTACK


@pytest.mark.parametrize("hint", [Hint.MORE_LIGHT, Hint.HOLD_STILL, Hint.STEP_BACK])
def test_whoever_is_dark_or_cut_off_is_told_so_and_is_no_suspect(door: Door, hint: Hint) -> None:
    """Backlight, or a wheelchair below the oval, so that the edge of the picture cuts the face: who
    nobody has recognised yet is shown the way, and nothing is written down."""
    view = door.look(hint=hint, times=24)
    assert (view.phase, view.hint) == (Phase.LOOKING, hint)
    assert door.rows() == ()
    door.until(Phase.CHALLENGE)
    assert door.decided(door.follow()).outcome is Outcome.ALLOW, "as soon as they can be seen"


@pytest.mark.parametrize("dazzled", [{1}, {0, 3}, {2, 4}])
def test_glasses_that_mirror_for_a_moment_are_no_picture(
    kiosk: Kiosk, ada: Person, dazzled: set[int]
) -> None:
    """One frame in four that a reflection lights up does not count: a few more are looked at."""
    door = Door(kiosk, live=LIVE)
    for frame in range(8):
        view = door.look(live=PHOTO if frame in dazzled else LIVE)
        if view.phase is not Phase.LOOKING:
            break
    assert view.phase in (Phase.VERDICT, Phase.CHALLENGE), view
    if view.phase is Phase.CHALLENGE:
        view = door.follow()
    assert door.decided(view).outcome is Outcome.ALLOW


@pytest.mark.parametrize("size", [40.0, 70.0])
def test_a_television_behind_is_no_company(door: Door, size: float) -> None:
    """A face that moves, much smaller than the one before the kiosk; so is a poster."""
    door.behind = (Sitter(vector(9), size=size, left=200.0, live=PHOTO),)
    door.until(Phase.CHALLENGE)
    decision = door.decided(door.follow())
    assert (decision.outcome, decision.person_name) == (Outcome.ALLOW, "Ada")


def test_a_television_as_large_as_the_person_is_company(door: Door) -> None:
    door.behind = (Sitter(vector(9), size=100.0, left=200.0, live=PHOTO),)
    for _ in range(60):
        view = door.look()
        if view.announcement is not None:
            break
    assert door.decided(view).outcome is Outcome.SEVERAL_FACES, "until it is known as furniture"


def test_ten_frames_a_second_and_half_of_them_lost(door: Door) -> None:
    """Every second frame comes, so that a turn is seen in one or two of them."""
    for _ in range(40):
        view = door.show(door.sitter, after=0.2)
        if view.phase is Phase.CHALLENGE:
            break
    for _ in range(2):
        for _ in range(40):
            view = door.show(door.sitter, after=0.2)
            assert view.prompt is not None, view
            if view.prompt.ask in SIDE:
                break
        side = SIDE[view.prompt.ask]
        door.show(door.sitter, times=2, after=0.2)
        view = door.show(replace(door.sitter, turn=0.2 * side), after=0.2)
        if view.announcement is None:
            view = door.show(replace(door.sitter, turn=0.4 * side), after=0.2)
    assert door.decided(view).outcome is Outcome.ALLOW


def test_a_mask_is_no_attack(door: Door) -> None:
    door.sitter = replace(door.sitter, covered=True)
    door.until(Phase.CHALLENGE)
    assert door.decided(door.follow()).outcome is Outcome.ALLOW


def test_the_camera_is_lost_in_mid_challenge(door: Door) -> None:
    door.until(Phase.CHALLENGE)
    view = door.engine.camera_lost()
    assert view is not None
    assert door.decided(view).reason is Reason.CAMERA_LOST
    assert not door.liveness.open


def test_a_recording_ends_in_mid_challenge(door: Door) -> None:
    door.until(Phase.CHALLENGE)
    view = door.engine.finish()
    assert view is not None
    assert door.decided(view).reason is Reason.CHALLENGE_UNANSWERED


@pytest.mark.parametrize(
    ("live", "reason"),
    [(LIVE, Reason.FACE_MATCHED), (PHOTO, Reason.NOT_LIVE), (UNSURE, Reason.CHALLENGE_UNANSWERED)],
)
def test_a_recording_ends_before_it_is_clear(
    kiosk: Kiosk, ada: Person, live: float, reason: Reason
) -> None:
    door = Door(kiosk, live=live, settings={"agree": 1, "window": 1})
    assert door.look() == View(Phase.LOOKING, Hint.NONE, 1.0)
    view = door.engine.finish()
    assert view is not None
    assert door.decided(view).reason is reason


def test_the_database_refuses_in_mid_challenge(kiosk: Kiosk, ada: Person) -> None:
    door = Door(kiosk)
    door.until(Phase.CHALLENGE)
    kiosk.storage.close()
    view = door.follow()
    assert view.phase is Phase.FAULT
    assert kiosk.announced == []
    assert door.look(times=4).phase is Phase.FAULT, "and nobody is let in by it later"


def test_somebody_is_disabled_in_mid_challenge(door: Door, ada: Person) -> None:
    door.until(Phase.CHALLENGE)
    door.kiosk.storage.people.update(replace(ada, enabled=False))
    door.engine.reload()
    assert door.decided(door.follow()).reason is Reason.PERSON_DISABLED


def test_time_begins_anew_in_mid_challenge(door: Door) -> None:
    door.until(Phase.CHALLENGE)
    door.kiosk.time = -1.0
    assert door.look().phase is Phase.LOOKING
    assert door.kiosk.studio.forgotten == 1
    assert door.rows() == ()


def test_a_claim_holds_through_a_challenge(kiosk: Kiosk, ada: Person) -> None:
    door = Door(kiosk, settings={"mode": "claimed"})
    door.look()
    door.engine.claim(ada.id)
    door.until(Phase.CHALLENGE)
    decision = door.decided(door.follow())
    assert (decision.mode, decision.outcome) == (Mode.CLAIMED, Outcome.ALLOW)
    assert door.until(Phase.TYPE_FIRST)


def test_whoever_touches_the_screen_instead_of_turning_is_written_down(door: Door) -> None:
    door.until(Phase.CHALLENGE)
    door.engine.pause(True)
    assert [row.reason for row in door.rows()] == [Reason.CHALLENGE_UNANSWERED]
    door.engine.pause(False)
    assert door.look().phase is not Phase.VERDICT


def test_whoever_cannot_turn_the_head_types_a_pin(door: Door) -> None:
    door.until(Phase.CHALLENGE)
    door.engine.pause(True)
    decision = door.decided(door.engine.pin("17", "7391"))
    assert (decision.outcome, decision.mode, decision.reason, decision.liveness) == (
        Outcome.ALLOW,
        Mode.PIN,
        Reason.PIN_MATCHED,
        Proof.PIN,
    )


def test_a_pin_long_after_the_face_is_a_pin_alone(door: Door) -> None:
    door.until(Phase.CHALLENGE)
    door.until(Phase.VERDICT)
    door.show(after=GOOD_FOR + 1)
    decision = door.decided(door.engine.pin("17", "7391"))
    assert (decision.outcome, decision.liveness) == (Outcome.ALLOW, None)


def test_another_person_s_pin_makes_sure_of_nothing(
    door: Door, enrol: Callable[..., Person], pins: Pins
) -> None:
    ben = enrol("Ben", "18")
    door.kiosk.storage.people.set_pin_hash(
        ben.id, Pins(door.kiosk.storage, door.kiosk.clock, QUICK_HASHER).hashed("8264")
    )
    door.engine.reload()
    door.until(Phase.CHALLENGE)
    door.until(Phase.VERDICT)
    decision = door.decided(door.engine.pin("18", "8264"))
    assert (decision.person_name, decision.liveness) == ("Ben", None)


def test_a_photo_after_a_true_visit_is_not_greeted_as_the_same_person_again(
    kiosk: Kiosk, ada: Person
) -> None:
    door = Door(kiosk, live=LIVE)
    door.look(times=3)
    door.leave()
    door.sitter = replace(door.sitter, live=PHOTO)
    decision = door.decided(door.until(Phase.VERDICT))
    assert (decision.outcome, decision.repeat) == (Outcome.SUSPECTED_ATTACK, False)
    assert [row.outcome for row in door.rows()] == [Outcome.SUSPECTED_ATTACK, Outcome.ALLOW]


def test_a_photo_in_the_place_of_somebody_who_stays(kiosk: Kiosk, ada: Person) -> None:
    """Held up as soon as the person has turned away: no row says that they are there."""
    door = Door(kiosk, live=LIVE)
    door.look(times=3)
    door.show(door.sitter, after=4)
    assert door.look(times=3).phase is Phase.STAYS
    door.show(times=6)
    decision = door.decided(door.until(Phase.VERDICT, live=PHOTO))
    assert decision.outcome is Outcome.SUSPECTED_ATTACK


def test_a_photo_of_somebody_does_not_read_their_hours(kiosk: Kiosk, ada: Person) -> None:
    door = Door(kiosk, live=LIVE)
    door.until(Phase.VERDICT)
    door.until(Phase.STAYS)
    assert door.engine.attend(ada.id, sure=False) == View(Phase.IDLE)
    door.show(times=6)
    assert door.look(live=PHOTO, times=24).phase is Phase.IDLE
    assert door.look(live=LIVE, times=24).phase is Phase.STAYS
    door.engine.attend(ada.id, sure=False)
    door.show(times=6)
    door.look(live=UNSURE, times=24)
    assert door.look(live=UNSURE).phase is Phase.STAYS, "as whoever stays"


def test_whoever_stays_and_is_in_doubt_is_left_alone(kiosk: Kiosk, ada: Person) -> None:
    door = Door(kiosk)
    door.until(Phase.CHALLENGE)
    door.follow()
    door.show(door.sitter, after=4)
    assert door.look(times=8 * 90).phase is Phase.STAYS, "and not asked to turn again and again"
    assert len(door.rows()) == 1


def test_the_pause_grows_and_is_told(kiosk: Kiosk, ada: Person) -> None:
    door = Door(kiosk, live=PHOTO)
    door.until(Phase.VERDICT)
    door.show(door.sitter, after=4)
    door.until(Phase.VERDICT)
    waits = door.show(door.sitter, after=4)
    assert (waits.phase, waits.hold) == (Phase.WAITS, STEPS[1] - 4)
    door.until(Phase.VERDICT)
    waits = door.show(door.sitter, after=4)
    assert (waits.phase, waits.hold) == (Phase.WAITS, STEPS[2] - 4)


def test_a_colleague_whose_photo_was_shown_gets_in_by_the_pin_at_once(
    kiosk: Kiosk, ada: Person
) -> None:
    door = Door(kiosk, live=PHOTO)
    for _ in range(2):
        door.until(Phase.VERDICT)
        door.show(after=4)
    door.sitter = replace(door.sitter, live=LIVE)
    assert door.look().phase is Phase.WAITS
    assert door.decided(door.engine.pin("17", "7391")).outcome is Outcome.ALLOW
    door.show(after=4)
    assert door.decided(door.until(Phase.VERDICT)).outcome is Outcome.ALLOW, "and by the face again"


def test_the_door_draws_its_line_by_whom_it_let_in(kiosk: Kiosk, ada: Person) -> None:
    asked = []

    def scores(limit: int) -> list[float]:
        asked.append(limit)
        return [9.0 + n % 7 / 10 for n in range(400)]

    made = liveness(scores=scores)
    door = Door(kiosk)
    door.liveness = made
    door.engine = kiosk.engine(made)
    door.sitter = replace(door.sitter, live=1.5)  # live where no visitor has been yet
    assert door.until(Phase.CHALLENGE)
    assert asked == [400], "read once, with the first face that is judged"


def test_visits_are_remembered_for_the_line(door: Door) -> None:
    door.until(Phase.CHALLENGE)
    door.follow()
    storage = door.kiosk.storage
    assert storage.events.liveness_scores("Camera 0", "1", 9) == (UNSURE,)


def test_a_frame_without_a_face_shows_the_empty_place(door: Door) -> None:
    door.show(times=3)
    assert (door.kiosk.studio.emptied, door.kiosk.studio.looked) == (3, 0)


def test_a_drill_begins_with_nobody_suspected(kiosk: Kiosk, ada: Person) -> None:
    door = Door(kiosk, live=PHOTO)
    for _ in range(2):
        door.until(Phase.VERDICT)
        door.show(after=4)
    door.engine.rehearse(True)
    assert door.until(Phase.VERDICT)
    assert len(door.rows()) == 2


def test_the_screen_lights_a_face_between_the_turns(kiosk: Kiosk, ada: Person) -> None:
    """Where no answer can be told nobody is refused, and after some people nobody is asked."""
    door = Door(kiosk)
    door.liveness = liveness(reach=Reach())
    door.engine = kiosk.engine(door.liveness)
    lit = []
    for _ in range(4):
        door.until(Phase.CHALLENGE)
        seen = set()
        door.turn(SIDE[door.asked()])
        for _ in range(40):
            view = door.look()
            assert view.prompt is not None
            seen.add(view.prompt.ask)
            if view.prompt.ask in SIDE:
                break
        lit.append(Ask.LIGHT in seen)
        assert view.prompt is not None
        assert door.decided(door.turn(SIDE[view.prompt.ask])).outcome is Outcome.ALLOW
        door.show(times=100)
    assert lit == [True, True, True, False]


def test_a_photo_held_up_by_somebody_alive_is_judged_by_itself(kiosk: Kiosk, ada: Person) -> None:
    """In the same place, within a moment: the frames before were of another face."""
    door = Door(kiosk)
    somebody = Sitter(vector(2), live=LIVE)
    door.show(somebody, times=5)
    views = [door.look(live=PHOTO) for _ in range(10)]
    told = [view.announcement.decision for view in views if view.announcement]
    assert told, views[-1]
    assert told[0].outcome is not Outcome.ALLOW
