"""What the page says in each state: sentence, second line, colour, shape and sound."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

from kiosk.domain.decision import HINT_REASONS, Hint, Mode, Outcome, Reason
from kiosk.domain.errors import IN_SECONDS
from kiosk.domain.language import _, counted
from kiosk.services.decide.engine import Phase, View
from kiosk.services.decide.verify import Announcement
from kiosk.ui.common.palette import BandKind
from kiosk.ui.common.texts import Texts
from kiosk.ui.kiosk.clock_words import let_in, stays
from kiosk.ui.kiosk.entry import Entry, Purpose, Step
from kiosk.ui.kiosk.words import Action, Manner, Offer, Sound, Words


def idle(manner: Manner, now: datetime) -> Words:
    """Nobody is there: a clock, and what to do."""
    return Words(
        manner.clock(now),
        " · ".join(filter(None, (manner.date(now), _inside(manner.inside)))),
        manner.texts.look_here,
        band=BandKind.NONE,
        clock=True,
    )


def _inside(count: int | None) -> str:
    if count is None:
        return ""
    if not count:
        return _("Nobody is in")
    return counted("{count} person is in", "{count} people are in", count)


def no_camera(manner: Manner, problem: str, *, demo: bool = False) -> Words:
    """The camera is lost; ``problem`` says what to check. With ``demo``, as to somebody who tries
    the kiosk out, it offers to begin without a camera, and the demo."""
    second = f"{problem} {manner.texts.tries_again}"
    words = Words(manner.texts.no_camera, second, band=BandKind.AMBER, icon="camera-off")
    if not demo:
        return words
    return replace(
        words,
        offers=(
            Offer(manner.texts.enrol_from_pictures, Action.ENROL),
            Offer(manner.texts.watch_demo, Action.DEMO, plain=True),
        ),
    )


def fault(manner: Manner, message: str) -> Words:
    """Something around the kiosk failed; nobody is let in. Why is for the administrator; only a
    ``message`` that tells the person what to do is shown."""
    return Words(manner.texts.fault, message, band=BandKind.AMBER, icon="triangle-alert")


def wording(view: View, manner: Manner, now: datetime, left: float = 0.0) -> Words:
    """The words for a view; ``left`` is how many seconds it will still stay."""
    texts = manner.texts
    match view.phase:
        case Phase.STAYS if view.announcement is not None:
            return stays(view.announcement, manner)
        case Phase.IDLE | Phase.STAYS:
            return idle(manner, now)
        case Phase.TAP_FIRST:
            return Words(texts.tap, icon="pointer")
        case Phase.TYPE_FIRST:
            more = texts.type_first_more
            return Words(texts.type_first, more, icon="keyboard")
        case Phase.NOBODY_ENROLLED:
            return Words(
                texts.nobody_enrolled,
                icon="user-plus",
                offers=(Offer(texts.open_panel, Action.PANEL),),
            )
        case Phase.FAULT:
            return fault(manner, view.message)
        case Phase.WAITS:
            return waiting(view.hold, manner)
        case Phase.LOOKING | Phase.CHALLENGE:
            return guidance(view.hint, manner, begun=view.share > 0)
        case Phase.VERDICT:
            assert view.announcement is not None
            return verdict(view.announcement, manner, left)


def asking(entry: Entry, texts: Texts, problem: str = "") -> Words:
    """What is to be typed now; ``problem`` says why it must be typed again."""
    match entry.purpose, entry.step:
        case Purpose.STAFF, Step.WHO:
            words = Words(texts.your_number, texts.or_admin_pin, icon="keyboard")
        case Purpose.STAFF, _ if entry.who:
            words = Words(texts.your_secret, icon="key-round")
        case Purpose.RECOVER, Step.CODE:
            words = Words(texts.recovery_code, texts.how_code, icon="key-round")
        case _, Step.WHO:
            words = Words(texts.your_number, texts.how_letters, icon="keyboard")
        case Purpose.LEFT, _:
            problem = problem or entry.problem
            words = Words(texts.when_left, texts.how_time, icon="calendar-clock")
        case Purpose.ADMIN | Purpose.STAFF, _:
            words = Words(texts.admin_pin, icon="lock")
        case Purpose.NEW_ADMIN | Purpose.RECOVER, Step.PIN:
            problem = problem or entry.problem
            why = texts.pins_differ if entry.differs else texts.why_admin_pin
            words = Words(texts.choose_admin_pin, why, icon="lock")
        case Purpose.NEW_ADMIN | Purpose.RECOVER, _:
            words = Words(texts.once_more, icon="lock")
        case _:
            words = Words(texts.your_pin, icon="key-round")
    if problem:
        return replace(words, second=problem, band=BandKind.AMBER)
    return words


def moment(texts: Texts) -> Words:
    """Something is on its way that takes part of a second."""
    return Words(texts.one_moment, icon="hourglass")


def guidance(hint: Hint, manner: Manner, *, begun: bool = True) -> Words:
    """What to ask of the person before the camera; ``begun`` once a usable frame was seen."""
    texts = manner.texts
    # In a mirror the left of the camera's picture is on the right.
    left, right = "arrow-left", "arrow-right"
    if manner.mirror:
        left, right = right, left
    match hint:
        case Hint.COME_CLOSER:
            return Words(texts.come_closer, icon="maximize-2")
        case Hint.STEP_BACK:
            return Words(texts.step_back, icon="minimize-2")
        case Hint.MOVE_LEFT:
            return Words(texts.this_way, icon=left)
        case Hint.MOVE_RIGHT:
            return Words(texts.this_way, icon=right)
        case Hint.MORE_LIGHT:
            return Words(texts.more_light, icon="sun")
        case Hint.HOLD_STILL:
            return Words(texts.hold_still, icon="focus")
        case Hint.LOOK_STRAIGHT:
            return Words(texts.look_straight, icon="eye")
        case Hint.ONE_PERSON:
            return Words(texts.one_person, band=BandKind.AMBER, icon="users")
        case Hint.NO_FACE if not begun:
            return Words(texts.look, icon="scan-face")
        case Hint.NONE | Hint.NO_FACE:
            return moment(texts)


def verdict(announcement: Announcement, manner: Manner, left: float = 0.0) -> Words:
    """A decision in words; only an ALLOW has a name in it."""
    texts = manner.texts
    decision = announcement.decision
    if decision.outcome is Outcome.SUSPECTED_ATTACK:
        return suspected(manner)
    if announcement.wait > 0:
        # After too many PINs there is none to use.
        waits = waiting(left, replace(manner, pin_entry=False))
        return replace(waits, sound=Sound.FALLING)
    again = texts.try_again_or_pin if manner.pin_entry else texts.try_again
    match decision.outcome:
        case Outcome.ALLOW:
            return let_in(announcement, manner)
        case Outcome.AMBIGUOUS:
            return Words(texts.type_number, band=BandKind.AMBER, icon="keyboard")
        case Outcome.SEVERAL_FACES:
            return Words(texts.one_person, band=BandKind.AMBER, icon="users")
        case Outcome.LOW_QUALITY:
            asked = guidance(_hint_of(decision.reason), manner)
            return replace(asked, second=again)
        case Outcome.DENY if decision.reason is Reason.PIN_NEEDED:
            return Words(
                texts.use_your_pin, texts.ask_at_desk, band=BandKind.AMBER, icon="key-round"
            )
        case _:
            if decision.mode is Mode.PIN:
                again = texts.check_pin
            covered = decision.reason is Reason.FACE_COVERED
            return Words(
                texts.uncover if covered else texts.not_recognised,
                again,
                band=BandKind.DENY,
                icon="hand",
                sound=Sound.FALLING,
            )


def suspected(manner: Manner) -> Words:
    """It may be a picture; what gave it away is never said, nor that anything did."""
    texts = manner.texts
    return Words(
        texts.not_worked,
        texts.nothing_before_or_pin if manner.pin_entry else texts.nothing_before,
        band=BandKind.DENY,
        icon="hand",
        sound=Sound.FALLING,
    )


def wait_of(seconds: float, texts: Texts) -> str:
    """How long to wait, in minutes where seconds would have to be reckoned."""
    if seconds > IN_SECONDS:
        return texts.please_wait_minutes.format(minutes=math.ceil(seconds / 60))
    return texts.please_wait.format(seconds=max(1, math.ceil(seconds)))


def waiting(seconds: float, manner: Manner) -> Words:
    """A face that is not looked at for some seconds."""
    texts = manner.texts
    return Words(
        wait_of(seconds, texts),
        texts.or_use_pin if manner.pin_entry else texts.ask_at_desk,
        band=BandKind.AMBER,
        icon="lock",
    )


def _hint_of(reason: Reason) -> Hint:
    return next((hint for hint, why in HINT_REASONS.items() if why is reason), Hint.STEP_BACK)
