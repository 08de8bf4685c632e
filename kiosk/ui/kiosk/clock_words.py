"""What the page says of coming, going and breaks, and what it asks; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from kiosk.domain.attendance import ClockEvent, Direction, Doubt
from kiosk.services.decide.verify import Announcement
from kiosk.ui.common.palette import BandKind
from kiosk.ui.common.texts import Texts
from kiosk.ui.kiosk.words import Action, Manner, Offer, Sound, Words, first_name, with_name

ALTERNATIVES = 2
"""Buttons at most beside what was recorded without a question."""
WEEKDAYS = 6
"""Days for which a weekday says which day is meant."""


def let_in(announcement: Announcement, manner: Manner) -> Words:
    """Whoever was let in: what was recorded, or what is asked of it."""
    decision, event = announcement.decision, announcement.clock_event
    if event is None:
        return _greeted(announcement, manner, manner.clock(decision.at))
    if decision.repeat:
        return _again(announcement, event, manner)
    if announcement.doubtful:
        return _question(announcement, event, manner)
    return _recorded(announcement, event, manner)


def stays(announcement: Announcement, manner: Manner) -> Words:
    """What holds now for whoever was let in and stands there still; quiet, for it was told."""
    texts, event = manner.texts, _holds(announcement)
    if event is None:
        return _quiet(texts.hello, _unmoved(announcement, manner), announcement)
    pattern = {
        Direction.OUT: texts.you_are_out,
        Direction.BREAK: texts.you_are_on_break,
    }.get(event.direction, texts.you_are_in)
    return _quiet(pattern, texts.since.format(time=manner.clock(event.at)), announcement)


def when_left(
    came: ClockEvent, moments: Sequence[datetime], manner: Manner, now: datetime
) -> Words:
    """Somebody came, and never clocked out: when did they leave? ``moments`` are offered."""
    texts = manner.texts
    days = (now.astimezone().date() - came.at.astimezone().date()) // timedelta(days=1)
    if days < 1:
        sentence = texts.when_left
    elif days == 1:
        sentence = texts.when_left_yesterday
    else:
        day = manner.day(came.at) if days <= WEEKDAYS else manner.date(came.at)
        sentence = texts.when_left_on.format(day=day)
    offers = [Offer(manner.clock(moment), Action.LEFT, moment=moment) for moment in moments]
    return Words(
        sentence,
        texts.came_at.format(time=manner.clock(came.at)),
        band=BandKind.ALLOW,
        icon="circle-question-mark",
        offers=(*offers, Offer(texts.another_time, Action.ANOTHER_TIME, plain=True)),
        asks=True,
    )


def thanked(announcement: Announcement, left: ClockEvent, manner: Manner) -> Words:
    """They have said when they left."""
    texts = manner.texts
    second = texts.left_at.format(time=manner.clock(left.at))
    return _quiet(texts.thank_you_name, second, announcement)


def _question(announcement: Announcement, event: ClockEvent, manner: Manner) -> Words:
    texts, reading = manner.texts, announcement.reading
    assert reading is not None
    likely = event.direction
    others = [means for means in reading.options if means is not likely]
    before = reading.since.direction if reading.since is not None else None
    short = event.doubt is Doubt.SHORT
    match likely:
        case Direction.OUT | Direction.BREAK:
            pattern = texts.ask_going
        case Direction.BACK:
            pattern = texts.ask_back
        case Direction.IN:
            pattern = texts.ask_arrived
        case Direction.SEEN if before is None:
            pattern = texts.ask_arrived
        case Direction.SEEN if before is Direction.OUT:
            pattern = texts.ask_again
        case Direction.SEEN if before is Direction.BREAK:
            pattern = texts.ask_back_already if short else texts.ask_back
        case Direction.SEEN:
            pattern = texts.ask_going_already if short else texts.ask_going
    return Words(
        with_name(pattern, announcement.decision.person_name or ""),
        _context(reading.since, manner) or texts.choose,
        band=BandKind.ALLOW,
        icon="circle-question-mark",
        sound=Sound.RISING,
        offers=(
            Offer(_label(likely, announcement, texts), Action.MEANT, icon="check", means=likely),
            *(
                Offer(_label(means, announcement, texts), Action.MEANT, plain=True, means=means)
                for means in others
            ),
        ),
        asks=True,
    )


def _recorded(announcement: Announcement, event: ClockEvent, manner: Manner) -> Words:
    texts, time = manner.texts, manner.clock(event.at)
    match event.direction:
        case Direction.IN:
            words = _greeted(announcement, manner, texts.in_at.format(time=time))
        case Direction.OUT:
            words = _said(texts.goodbye, texts.out_at.format(time=time), announcement)
        case Direction.BREAK:
            words = _said(texts.break_begins, texts.break_at.format(time=time), announcement)
        case Direction.BACK:
            words = _said(texts.break_ends, texts.back_at.format(time=time), announcement)
        case Direction.SEEN:
            words = _seen(announcement, manner)
    return replace(words, offers=_alternatives(announcement, event, texts))


def _alternatives(announcement: Announcement, event: ClockEvent, texts: Texts) -> tuple[Offer, ...]:
    """What else it may have been."""
    options = announcement.reading.options if announcement.reading else ()
    others = [means for means in options if means is not event.direction][:ALTERNATIVES]
    if event.direction is Direction.OUT:
        own = {Direction.SEEN: texts.not_going, Direction.BREAK: texts.is_break}
    else:
        own = {}
    return tuple(
        Offer(
            own.get(means) or _label(means, announcement, texts),
            Action.MEANT,
            # What is touched every day stands out, what is touched by mistake does not.
            plain=means is not Direction.BREAK,
            means=means,
        )
        for means in others
    )


def _again(announcement: Announcement, event: ClockEvent, manner: Manner) -> Words:
    texts = manner.texts
    pattern = {
        Direction.OUT: texts.already_out,
        Direction.BREAK: texts.you_are_on_break,
    }.get(event.direction, texts.already_in)
    words = _quiet(pattern, texts.since.format(time=manner.clock(event.at)), announcement)
    return replace(words, sound=Sound.SOFT)


def _seen(announcement: Announcement, manner: Manner) -> Words:
    """Nothing came of it: what held before holds on."""
    texts, before = manner.texts, _holds(announcement)
    if before is None:
        return _said(texts.see_you, _unmoved(announcement, manner), announcement)
    pattern = {
        Direction.OUT: texts.see_you,
        Direction.BREAK: texts.still_on_break,
    }.get(before.direction, texts.still_here)
    return _said(pattern, _context(before, manner), announcement)


def _holds(announcement: Announcement) -> ClockEvent | None:
    """What was recorded, or what held before where no hours follow from it."""
    event, reading = announcement.clock_event, announcement.reading
    if event is None or event.direction is not Direction.SEEN:
        return event
    return reading.since if reading is not None else None


def _unmoved(announcement: Announcement, manner: Manner) -> str:
    """The second line where nothing of coming and going is known."""
    texts = manner.texts
    if announcement.clock_event is None:
        return texts.let_in_at.format(time=manner.clock(announcement.decision.at))
    return texts.here_a_moment_ago if announcement.reading is None else texts.not_clocked_in


def _context(since: ClockEvent | None, manner: Manner) -> str:
    """What held until now."""
    if since is None:
        return ""
    texts = manner.texts
    pattern = {Direction.OUT: texts.went_at, Direction.BREAK: texts.break_at}
    return pattern.get(since.direction, texts.came_at).format(time=manner.clock(since.at))


def _label(means: Direction, announcement: Announcement, texts: Texts) -> str:
    match means:
        case Direction.IN:
            return texts.say_arrived
        case Direction.OUT:
            return texts.say_going
        case Direction.BREAK:
            return texts.say_break
        case Direction.BACK:
            return texts.say_back
        case Direction.SEEN:
            since = announcement.reading.since if announcement.reading else None
            if since is None or since.direction is Direction.OUT:
                return texts.say_passing
            resting = since.direction is Direction.BREAK
            return texts.say_still_on_break if resting else texts.say_still_here


def _greeted(announcement: Announcement, manner: Manner, second: str) -> Words:
    decision = announcement.decision
    words = _said(_greeting(manner.texts, manner.hour(decision.at)), second, announcement)
    return replace(words, sound=Sound.SOFT) if decision.repeat else words


def _said(pattern: str, second: str, announcement: Announcement) -> Words:
    """With the full name below, by which people see that it is not another's."""
    full = announcement.decision.person_name or ""
    if not announcement.decision.repeat and full != first_name(full):
        second = f"{second} · {full}" if second else full
    return replace(_quiet(pattern, second, announcement), sound=Sound.RISING)


def _quiet(pattern: str, second: str, announcement: Announcement) -> Words:
    return Words(
        with_name(pattern, announcement.decision.person_name or ""),
        second,
        band=BandKind.ALLOW,
        icon="circle-check",
    )


def _greeting(texts: Texts, hour: int) -> str:
    if 5 <= hour < 12:
        return texts.morning
    return texts.afternoon if 12 <= hour < 18 else texts.evening
