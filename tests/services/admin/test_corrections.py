"""What was put right: taken back by further rows, split, and done for everybody who is in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.attendance import ClockEvent, Direction, Doubt
from kiosk.domain.audit import ADMINISTRATOR, Action
from kiosk.domain.errors import BadInput
from kiosk.domain.hours import spans
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.admin.corrections import Corrections
from kiosk.storage import SqlStorage
from tests.fakes import MORNING, WallClock

IN, OUT, BREAK = Direction.IN, Direction.OUT, Direction.BREAK
SINCE, UNTIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)


@pytest.fixture
def corrections(storage: Storage, pins: Pins, clock: WallClock) -> Corrections:
    return Administration.of(storage, pins, clock).corrections


@pytest.fixture
def ada(enrol: Callable[..., Person]) -> Person:
    return enrol("Ada", "17")


def hours_ago(hours: float) -> datetime:
    return MORNING - timedelta(hours=hours)


def counts(storage: Storage) -> list[tuple[Direction, float, bool]]:
    """Which events count: direction, how many hours ago, and whether they are asked about."""
    return [
        (event.direction, (MORNING - event.at) / timedelta(hours=1), event.asks)
        for event in storage.clock_events.between(SINCE, UNTIL)
    ]


def recorded(storage: SqlStorage, person: Person, *events: tuple[Direction, float]) -> ClockEvent:
    made = [storage.clock_events.add(person.id, what, hours_ago(ago)) for what, ago in events]
    return made[-1]


def test_what_was_added_is_taken_back(
    corrections: Corrections, storage: SqlStorage, ada: Person
) -> None:
    made = corrections.add(ADMINISTRATOR, ada.id, IN, hours_ago(9), "forgot")
    assert storage.clock_events.get(made.id).by == "administrator"
    corrections.undo(ADMINISTRATOR, made)
    assert counts(storage) == []
    (said,) = storage.clock_events.strikes([made.id])[made.id]
    assert (said.why, said.by) == ("undone", "administrator")
    entry = storage.audit.newest(1)[0]
    assert (entry.action, entry.subject) == (Action.UNDO_CLOCK_EVENT, "Ada")
    with pytest.raises(BadInput, match="struck out meanwhile"):
        corrections.undo(ADMINISTRATOR, made)


@pytest.mark.parametrize("by", ["turn", "move"])
def test_what_was_put_in_the_place_of_another_is_taken_back(
    corrections: Corrections, storage: SqlStorage, ada: Person, by: str
) -> None:
    event = recorded(storage, ada, (IN, 9))
    if by == "turn":
        made = corrections.turn(ADMINISTRATOR, event, OUT, "wrong way")
    else:
        made = corrections.move(ADMINISTRATOR, event, hours_ago(8), "wrong hour")
    assert counts(storage) != [(IN, 9, False)]
    corrections.undo(ADMINISTRATOR, made)
    assert counts(storage) == [(IN, 9, False)]


@pytest.mark.parametrize("said", [OUT, IN])
def test_an_answer_that_is_taken_back_leaves_the_question_open(
    corrections: Corrections, storage: SqlStorage, ada: Person, said: Direction
) -> None:
    asked = storage.clock_events.put(
        ClockEvent(0, ada.id, OUT, hours_ago(2), doubt=Doubt.LONG, person_name="Ada")
    )
    made = corrections.answer(ADMINISTRATOR, asked, said)
    assert counts(storage) == [(said, 2, False)]
    corrections.undo(ADMINISTRATOR, made)
    assert counts(storage) == [(OUT, 2, True)]


def test_a_turn_of_what_was_answered_before_asks_nothing_when_it_is_taken_back(
    corrections: Corrections, storage: SqlStorage, ada: Person
) -> None:
    asked = storage.clock_events.put(
        ClockEvent(0, ada.id, OUT, hours_ago(2), doubt=Doubt.LONG, person_name="Ada")
    )
    confirmed = corrections.answer(ADMINISTRATOR, asked, OUT)
    made = corrections.turn(ADMINISTRATOR, confirmed, IN, "no")
    corrections.undo(ADMINISTRATOR, made)
    assert counts(storage) == [(OUT, 2, False)]


def test_a_span_is_split(corrections: Corrections, storage: SqlStorage, ada: Person) -> None:
    recorded(storage, ada, (IN, 9), (OUT, 1))
    (span,) = spans(storage.clock_events.between(SINCE, UNTIL))
    made = corrections.split(ADMINISTRATOR, span, hours_ago(6), hours_ago(5), "at the dentist")
    parts = spans(storage.clock_events.between(SINCE, UNTIL))
    assert [part.worked for part in parts] == [timedelta(hours=3), timedelta(hours=4)]
    entry = storage.audit.newest(1)[0]
    assert "at the dentist" in entry.details
    assert "out at" in entry.details
    corrections.undo(ADMINISTRATOR, *made)
    (span,) = spans(storage.clock_events.between(SINCE, UNTIL))
    assert span.worked == timedelta(hours=8)


@pytest.mark.parametrize(
    ("left", "back", "why", "told"),
    [
        (5, 6, "dentist", "within these hours"),
        (10, 5, "dentist", "within these hours"),
        (6, 0.5, "dentist", "within these hours"),
        (6, 5, " ", "Say why"),
        (7.5, 6.5, "dentist", "Something is recorded between"),
        (6, -1, "dentist", "has not come yet"),
    ],
)
def test_what_lies_outside_a_span_does_not_split_it(
    corrections: Corrections,
    storage: SqlStorage,
    ada: Person,
    left: float,
    back: float,
    why: str,
    told: str,
) -> None:
    recorded(storage, ada, (IN, 9), (BREAK, 7), (OUT, 1))
    (span,) = spans(storage.clock_events.between(SINCE, UNTIL))
    with pytest.raises(BadInput, match=told):
        corrections.split(ADMINISTRATOR, span, hours_ago(left), hours_ago(back), why)
    assert len(counts(storage)) == 3


def test_everybody_who_can_be_is_clocked_out_and_the_others_are_told(
    corrections: Corrections, storage: SqlStorage, enrol: Callable[..., Person]
) -> None:
    names = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn")
    ada, ben, cleo, dan, eve, finn = (enrol(name) for name in names)
    comings = [
        recorded(storage, ada, (IN, 9)),
        recorded(storage, ben, (IN, 1)),
        recorded(storage, cleo, (IN, 30)),
        recorded(storage, dan, (IN, 9)),
        recorded(storage, eve, (IN, 9)),
        recorded(storage, finn, (IN, 9)),
    ]
    recorded(storage, dan, (OUT, 3))
    recorded(storage, eve, (BREAK, 1))
    storage.people.delete(finn.id)

    outs = corrections.everybody_out(ADMINISTRATOR, comings, hours_ago(2), "fire drill")

    assert [(out.person_name, out.at, out.note) for out in outs.done] == [
        ("Ada", hours_ago(2), "fire drill")
    ]
    assert [(came.person_name, why) for came, why in outs.left][:4] == [
        ("Ben", "Came after this time."),
        ("Cleo", "Came so long before that nobody stays as long."),
        ("Dan", "Has gone already."),
        ("Eve", "Was seen after this time."),
    ]
    assert outs.left[4][0].person_name == "Finn"
    acts = [entry for entry in storage.audit.newest() if entry.action is Action.ADD_CLOCK_EVENT]
    assert [entry.subject for entry in acts] == ["Ada"]


@pytest.mark.parametrize(("ago", "why", "told"), [(2, " ", "Say why"), (-1, "x", "not come yet")])
def test_nobody_is_clocked_out_without_a_reason_or_in_the_future(
    corrections: Corrections, storage: SqlStorage, ada: Person, ago: float, why: str, told: str
) -> None:
    came = recorded(storage, ada, (IN, 9))
    with pytest.raises(BadInput, match=told):
        corrections.everybody_out(ADMINISTRATOR, [came], hours_ago(ago), why)
    assert counts(storage) == [(IN, 9, False)]
