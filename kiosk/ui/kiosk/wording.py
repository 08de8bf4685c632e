"""What the page says in each state: sentence, second line, colour, shape and sound."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kiosk.domain.attendance import ClockEvent, Direction
from kiosk.domain.decision import HINT_REASONS, Decision, Hint, Mode, Outcome, Reason
from kiosk.services.decide.engine import Phase, View
from kiosk.services.decide.verify import Announcement
from kiosk.ui.common.palette import BandKind
from kiosk.ui.common.texts import Texts
from kiosk.ui.kiosk.entry import Entry, Purpose, Step

LONGEST = 40
"""Characters of a sentence that can be read from two metres."""


class Sound(StrEnum):
    """What is heard once when a state begins."""

    NONE = "none"
    RISING = "rising"
    FALLING = "falling"
    SOFT = "soft"
    ASK = "ask"
    """Something is to be done: a turn of the head."""
    DONE = "done"
    """It was done."""


class Action(StrEnum):
    """What the one large button does."""

    NONE = "none"
    TURN = "turn"
    """Make the clock event just shown an out instead of an in, or the reverse."""
    PANEL = "panel"
    ENROL = "enrol"
    """The admin panel, and in it the first step of an enrolment."""
    DEMO = "demo"
    OTHER_WAY = "other_way"
    """A way in for whoever can't do what is asked."""


@dataclass(frozen=True, slots=True)
class Words:
    """A state as the page shows it. ``second`` and ``third`` may be empty; ``icon`` names one
    of assets/icons; ``button`` is the label of ``action``, ``also`` that of a smaller button that
    shows the demo. ``clock`` marks the idle screen, whose
    sentence is the time."""

    sentence: str
    second: str = ""
    third: str = ""
    band: BandKind = BandKind.NEUTRAL
    icon: str = ""
    sound: Sound = Sound.NONE
    button: str = ""
    action: Action = Action.NONE
    also: str = ""
    clock: bool = False


@dataclass(frozen=True, slots=True)
class Manner:
    """How things are said here and now. ``clock`` and ``date`` write a moment (with zone) in the
    locale's way and in local time; ``hour`` is a moment's local hour."""

    texts: Texts
    clock: Callable[[datetime], str]
    date: Callable[[datetime], str]
    hour: Callable[[datetime], int]
    mirror: bool = True
    pin_entry: bool = True


def first_name(name: str) -> str:
    """The name to greet with: the first word, or the first after the comma of "Chen, Mia"."""
    _, comma, given = name.partition(",")
    words = (given if comma and given.strip() else name).split()
    return words[0].strip(",") if words else ""


def shortened(text: str, most: int) -> str:
    """The text with an ellipsis where it has more than ``most`` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def idle(manner: Manner, now: datetime) -> Words:
    """Nobody is there: a clock, and what to do."""
    return Words(
        manner.clock(now),
        manner.date(now),
        manner.texts.look_here,
        band=BandKind.NONE,
        clock=True,
    )


def no_camera(manner: Manner, problem: str, *, demo: bool = False) -> Words:
    """The camera is lost; ``problem`` says what to check. With ``demo``, as to somebody who tries
    the kiosk out, it offers to begin without a camera, and the demo."""
    second = f"{problem} {manner.texts.tries_again}"
    words = Words(manner.texts.no_camera, second, band=BandKind.AMBER, icon="camera-off")
    if not demo:
        return words
    return replace(
        words,
        button=manner.texts.enrol_from_pictures,
        action=Action.ENROL,
        also=manner.texts.watch_demo,
    )


def stays(announcement: Announcement, manner: Manner) -> Words:
    """What holds now for whoever was let in and stands there still; quiet, for it was told."""
    texts, event = manner.texts, announcement.clock_event
    if event is None:
        pattern, second = texts.hello, texts.let_in_at
        at = announcement.decision.at
    else:
        out = event.direction is Direction.OUT
        pattern, second = (texts.you_are_out if out else texts.you_are_in), texts.since
        at = event.at
    return Words(
        _with_name(pattern, announcement.decision.person_name or ""),
        second.format(time=manner.clock(at)),
        band=BandKind.ALLOW,
        icon="circle-check",
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
                button=texts.open_panel,
                action=Action.PANEL,
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
        case _, Step.WHO:
            words = Words(texts.your_number, texts.how_letters, icon="keyboard")
        case Purpose.ADMIN, _:
            words = Words(texts.admin_pin, icon="lock")
        case Purpose.NEW_ADMIN, Step.PIN:
            problem = problem or entry.problem
            why = texts.pins_differ if entry.differs else texts.why_admin_pin
            words = Words(texts.choose_admin_pin, why, icon="lock")
        case Purpose.NEW_ADMIN, _:
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
            return _allow(decision, announcement.clock_event, manner)
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


def waiting(seconds: float, manner: Manner) -> Words:
    """A face that is not looked at for some seconds."""
    texts = manner.texts
    return Words(
        texts.please_wait.format(seconds=max(1, math.ceil(seconds))),
        texts.or_use_pin if manner.pin_entry else texts.ask_at_desk,
        band=BandKind.AMBER,
        icon="lock",
    )


def _allow(decision: Decision, event: ClockEvent | None, manner: Manner) -> Words:
    texts = manner.texts
    full = decision.person_name or ""
    going = event is not None and event.direction is Direction.OUT
    if decision.repeat and event is not None:
        pattern = texts.already_out if going else texts.already_in
        second = texts.since.format(time=manner.clock(event.at))
    else:
        pattern = texts.goodbye if going else _greeting(texts, manner.hour(decision.at))
        if event is None:
            second = manner.clock(decision.at)
        else:
            second = (texts.out_at if going else texts.in_at).format(time=manner.clock(event.at))
    sentence = _with_name(pattern, full)
    if not decision.repeat and full != first_name(full):
        second = f"{second} · {full}"
    words = Words(
        sentence,
        second,
        band=BandKind.ALLOW,
        icon="circle-check",
        sound=Sound.SOFT if decision.repeat else Sound.RISING,
    )
    if event is None or decision.repeat:
        return words
    return replace(words, button=texts.arriving if going else texts.leaving, action=Action.TURN)


def _with_name(pattern: str, full: str) -> str:
    room = LONGEST - len(pattern.format(name=""))
    return pattern.format(name=shortened(first_name(full), room))


def _greeting(texts: Texts, hour: int) -> str:
    if 5 <= hour < 12:
        return texts.morning
    return texts.afternoon if 12 <= hour < 18 else texts.evening


def _hint_of(reason: Reason) -> Hint:
    return next((hint for hint, why in HINT_REASONS.items() if why is reason), Hint.STEP_BACK)
