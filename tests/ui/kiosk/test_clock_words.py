"""What the page says of coming, going and breaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.attendance import ClockEvent, Direction, Doubt
from kiosk.domain.hours import Reading
from kiosk.services.decide.engine import Phase, View
from kiosk.ui.common.palette import BandKind
from kiosk.ui.common.texts import ENGLISH
from kiosk.ui.kiosk.clock_words import thanked, when_left
from kiosk.ui.kiosk.wording import wording
from kiosk.ui.kiosk.words import LONGEST, Action, Manner, Words
from tests.ui.fakes import CAME, FORGOTTEN, MORNING, allow, read

IN, OUT, SEEN = Direction.IN, Direction.OUT, Direction.SEEN
BREAK, BACK = Direction.BREAK, Direction.BACK
WENT = replace(CAME, direction=OUT)
RESTS = replace(CAME, direction=BREAK)
MANNER = Manner(
    ENGLISH,
    clock=lambda at: f"{at:%H:%M}",
    date=lambda at: f"{at:%d %B}",
    hour=lambda at: at.hour,
    day=lambda at: f"{at:%A}",
)


def said(view: View) -> Words:
    return wording(view, MANNER, MORNING, 3.0)


def labels(words: Words) -> list[str]:
    return [offer.label for offer in words.offers]


@pytest.mark.parametrize(
    ("options", "doubt", "since", "sentence", "second", "answers"),
    [
        (
            (SEEN, OUT), Doubt.SHORT, CAME, "Going already, Mia?", "You came at 22:42",
            ["Still here", "Going home"],
        ),
        (
            (SEEN, OUT, BREAK), Doubt.SHORT, CAME, "Going already, Mia?", "You came at 22:42",
            ["Still here", "Going home", "Taking a break"],
        ),
        (
            (SEEN, BACK, OUT), Doubt.SHORT, RESTS, "Back already, Mia?", "Break since 22:42",
            ["Still on break", "Back from break", "Going home"],
        ),
        (
            (OUT, IN, SEEN), Doubt.LONG, CAME, "Going home, Mia?", "You came at 22:42",
            ["Going home", "Just arrived", "Still here"],
        ),
        (
            (SEEN, IN), Doubt.SOON, WENT, "Here again, Mia?", "You went at 22:42",
            ["Only passing by", "Just arrived"],
        ),
        (
            (IN, SEEN), Doubt.CHOICE, None, "Just arrived, Mia?", "Touch what fits",
            ["Just arrived", "Only passing by"],
        ),
        (
            (SEEN, IN), Doubt.UNUSUAL, None, "Just arrived, Mia?", "Touch what fits",
            ["Only passing by", "Just arrived"],
        ),
        (
            (SEEN, OUT), Doubt.UNUSUAL, CAME, "Going home, Mia?", "You came at 22:42",
            ["Still here", "Going home"],
        ),
        (
            (OUT, BREAK, IN, SEEN), Doubt.UNUSUAL, CAME, "Going home, Mia?", "You came at 22:42",
            ["Going home", "Taking a break", "Just arrived", "Still here"],
        ),
        (
            (IN, OUT, SEEN), Doubt.UNUSUAL, None, "Just arrived, Mia?", "Touch what fits",
            ["Just arrived", "Going home", "Only passing by"],
        ),
        (
            (BACK, OUT, SEEN), Doubt.CHOICE, RESTS, "Back from your break, Mia?",
            "Break since 22:42", ["Back from break", "Going home", "Still on break"],
        ),
    ],
)  # fmt: skip
def test_what_a_look_meant_is_asked(
    options: tuple[Direction, ...],
    doubt: Doubt,
    since: ClockEvent | None,
    sentence: str,
    second: str,
    answers: list[str],
) -> None:
    words = said(read(Reading(options, doubt, since=since)))
    assert (words.sentence, words.second, words.asks) == (sentence, second, True)
    assert words.band is BandKind.ALLOW
    assert labels(words) == answers
    assert [offer.means for offer in words.offers] == list(options)
    likely, *others = words.offers
    assert likely.icon
    assert not likely.plain
    assert all(offer.plain and not offer.icon for offer in others)


@pytest.mark.parametrize(
    ("options", "since", "sentence", "second", "others"),
    [
        ((IN, SEEN), None, "Good morning, Mia", "In at 07:42", ["Only passing by"]),
        ((OUT, SEEN), CAME, "Goodbye, Mia", "Out at 07:42", ["Not going"]),
        ((OUT, BREAK, SEEN), CAME, "Goodbye, Mia", "Out at 07:42", ["It's a break", "Not going"]),
        ((BREAK, OUT), CAME, "Enjoy your break, Mia", "Break since 07:42", ["Going home"]),
        (
            (BACK, OUT, SEEN), RESTS, "Welcome back, Mia", "Back at 07:42",
            ["Going home", "Still on break"],
        ),
        ((SEEN, OUT), CAME, "Still here, Mia", "You came at 22:42", ["Going home"]),
        ((SEEN, BACK), RESTS, "Still on a break, Mia", "Break since 22:42", ["Back from break"]),
        ((SEEN, IN), WENT, "See you, Mia", "You went at 22:42", ["Just arrived"]),
        ((SEEN, IN), None, "See you, Mia", "You are not clocked in", ["Just arrived"]),
    ],
)  # fmt: skip
def test_what_was_recorded_is_said_with_what_else_it_may_have_been(
    options: tuple[Direction, ...],
    since: ClockEvent | None,
    sentence: str,
    second: str,
    others: list[str],
) -> None:
    words = said(read(Reading(options, since=since)))
    assert (words.sentence, words.second) == (sentence, f"{second} · Mia Chen")
    assert labels(words) == others
    assert not words.asks
    assert all(offer.action is Action.MEANT for offer in words.offers)


@pytest.mark.parametrize("direction", Direction)
def test_a_repeat_asks_nothing(direction: Direction) -> None:
    view = allow(direction=direction, repeat=True)
    told = view.announcement
    assert told is not None
    assert told.clock_event is not None
    doubtful = replace(told, clock_event=replace(told.clock_event, doubt=Doubt.SHORT))
    words = said(replace(view, announcement=doubtful))
    assert not words.offers
    assert not words.asks
    assert words.second == "since 07:42"


@pytest.mark.parametrize(
    ("options", "since", "sentence", "second"),
    [
        ((IN,), None, "You are in, Mia", "since 07:42"),
        ((OUT,), CAME, "You are out, Mia", "since 07:42"),
        ((BREAK,), CAME, "You are on a break, Mia", "since 07:42"),
        ((BACK,), RESTS, "You are in, Mia", "since 07:42"),
        ((SEEN,), CAME, "You are in, Mia", "since 22:42"),
        ((SEEN,), RESTS, "You are on a break, Mia", "since 22:42"),
        ((SEEN,), WENT, "You are out, Mia", "since 22:42"),
        ((SEEN,), None, "Hello, Mia", "You are not clocked in"),
    ],
)
def test_whoever_stays_reads_what_holds(
    options: tuple[Direction, ...], since: ClockEvent | None, sentence: str, second: str
) -> None:
    told = read(Reading(options, since=since)).announcement
    words = said(View(Phase.STAYS, announcement=told))
    assert (words.sentence, words.second, words.offers) == (sentence, second, ())


def test_a_look_of_which_nothing_else_is_known() -> None:
    told = allow(direction=SEEN, repeat=True).announcement
    words = said(View(Phase.STAYS, announcement=told))
    assert words.second == "You were here a moment ago"


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (0, "When did you leave?"),
        (1, "When did you leave yesterday?"),
        (4, "When did you leave on Friday?"),
        (7, "When did you leave on 17 November?"),
    ],
)
def test_when_somebody_left_is_asked_by_the_day(days: int, sentence: str) -> None:
    came = replace(FORGOTTEN, at=MORNING - timedelta(days=days))
    moments = [MORNING - timedelta(days=days, hours=-hours) for hours in (8, 9)]
    words = when_left(came, moments, MANNER, MORNING)
    assert (words.sentence, words.second) == (sentence, "You came at 07:42")
    assert labels(words) == ["15:42", "16:42", "Another time"]
    assert [offer.moment for offer in words.offers] == [*moments, None]
    assert words.asks


def test_who_said_when_they_left_is_thanked() -> None:
    told = allow().announcement
    assert told is not None
    words = thanked(told, replace(FORGOTTEN, direction=OUT), MANNER)
    assert (words.sentence, words.second) == ("Thank you, Mia", "You left at 08:02")


def test_no_question_is_longer_than_can_be_read() -> None:
    for options, doubt, since in (
        ((SEEN, OUT), Doubt.SHORT, CAME), ((SEEN, BACK), Doubt.SHORT, RESTS),
        ((BACK, OUT), Doubt.CHOICE, RESTS), ((SEEN, IN), Doubt.SOON, WENT),
    ):  # fmt: skip
        words = said(read(Reading(options, doubt, since=since), "Hubertus" * 10))
        assert len(words.sentence) <= LONGEST
