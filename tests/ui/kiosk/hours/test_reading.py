from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, time, timedelta

from kiosk.domain.attendance import Direction, Doubt, Evidence
from kiosk.domain.audit import ADMINISTRATOR, Actor, ActorKind
from kiosk.domain.hours import Flagged, Forgotten
from kiosk.domain.hours.shifts import Absence, Assignment, Rota, Shift
from kiosk.domain.people import Person
from kiosk.ui.kiosk.hours import words
from kiosk.ui.kiosk.hours.model import Answered, DayLine, Note, OwnHours
from tests.ui.kiosk.hours.conftest import Hours, local


def day(own: OwnHours, number: int) -> DayLine:
    (found,) = (
        line for month in own.months for line in month.days if line.day == date(2026, 11, number)
    )
    return found


def test_nothing_recorded_is_nothing(hours: Hours, mia: Person) -> None:
    own = hours.read(mia)
    assert (own.name, own.questions, own.asked, own.months) == ("Mia Chen", (), (), ())
    assert [(total.title, total.time, total.note) for total in own.totals] == [
        ("Today", "0:00", ""),
        ("This week", "0:00", ""),
        ("This month", "0:00", ""),
    ]
    assert (own.days[0].title, own.days[-1].title) == ("Tue 24 Nov", "Thu 1 Oct")


def test_today_this_week_this_month_and_the_one_before(hours: Hours, mia: Person) -> None:
    hours.punch(mia, "in 2026-10-30 08:00", "out 2026-10-30 12:00")
    hours.punch(mia, "in 2026-11-20 08:00", "out 2026-11-20 13:00")
    hours.punch(mia, "in 2026-11-23 08:00", "out 2026-11-23 11:30")
    hours.punch(mia, "in 2026-11-24 07:42")
    own = hours.read(mia)
    assert [(total.time, total.note) for total in own.totals] == [
        ("0:00", "in since 07:42"),
        ("3:30", ""),
        ("8:30", ""),
    ]
    assert [(month.title, month.total) for month in own.months] == [
        ("November", "8:30"),
        ("October", "4:00"),
    ]
    assert [(line.title, line.times, line.total) for line in own.months[0].days] == [
        ("Tue 24 Nov", "since 07:42", ""),
        ("Mon 23 Nov", "08:00 – 11:30", "3:30"),
        ("Fri 20 Nov", "08:00 – 13:00", "5:00"),
    ]
    assert own.questions == (), "whoever is at work forgot nothing"
    assert own.months[0].days[0].notes == ()


def test_a_night_shift_is_one_span_on_the_evening_it_began(hours: Hours, mia: Person) -> None:
    hours.punch(mia, "in 2026-11-22 22:00", "out 2026-11-23 06:00")
    own = hours.read(mia)
    assert day(own, 22).times == "22:00 – 06:00 the next day"
    assert day(own, 22).total == "8:00"
    assert own.questions == ()


def test_a_night_that_runs_is_told_with_its_day(hours: Hours, mia: Person) -> None:
    hours.punch(mia, "in 2026-11-23 22:00")
    hours.now = local("2026-11-24 03:00")
    own = hours.read(mia)
    assert own.totals[0].note == "in since Mon 23 Nov, 22:00"
    assert day(own, 23).times == "since 22:00"
    assert own.questions == ()


def test_breaks_are_told_and_do_not_count(hours: Hours, mia: Person) -> None:
    hours.punch(
        mia,
        "in 2026-11-23 08:00",
        "break 2026-11-23 12:00",
        "back 2026-11-23 12:45",
        "out 2026-11-23 17:00",
    )
    hours.punch(mia, "in 2026-11-24 08:00", "break 2026-11-24 11:50")
    own = hours.read(mia)
    assert (day(own, 23).times, day(own, 23).total) == ("08:00 – 17:00", "8:15")
    assert Note("break 12:00 – 12:45") in day(own, 23).notes
    assert own.totals[0].note == "on a break since 11:50"
    assert Note("break since 11:50") in day(own, 24).notes
    assert [entry.text for entry in day(own, 23).entries] == [
        "Came in 08:00",
        "Break began 12:00",
        "Break ended 12:45",
        "Went out 17:00",
    ]


def shift(hours: Hours, person: Person) -> None:
    early = Rota(0, "Early", (Shift(time(8), time(16)),) * 7)
    rota = hours.storage.hours.add_rota(early)
    hours.storage.hours.assign(Assignment(person.id, date(2026, 11, 23), rota))


def test_an_assumed_end_counts_and_is_told(hours: Hours, mia: Person) -> None:
    hours.rules = replace(hours.rules, forgotten=Forgotten.SHIFT)
    shift(hours, mia)
    hours.punch(mia, "in 2026-11-23 08:00", "in 2026-11-24 08:00")
    own = hours.read(mia)
    monday, today = day(own, 23), day(own, 24)
    assert (monday.times, monday.total) == ("08:00 – 16:00", "8:00")
    assert Note("you did not clock out: the end of your shift counts", warns=True) in monday.notes
    assert (today.times, today.total) == ("since 08:00", ""), "the shift is not over"
    assert own.totals[0].time == "0:00"
    (question,) = own.questions
    assert question.text == "Mon 23 Nov, 08:00: you came in. When did you leave?"
    assert question.choices[0].label == "16:00"
    assert question.choices[0].moment == local("2026-11-23 16:00")


def test_a_shift_that_is_not_over_is_not_missed(hours: Hours, mia: Person) -> None:
    shift(hours, mia)
    own = hours.read(mia)
    assert day(own, 23).notes == (Note("nothing was recorded", warns=True),)
    assert [line.day.day for line in own.months[0].days] == [23]
    hours.storage.hours.add_absence(
        Absence(0, mia.id, "Holiday", date(2026, 11, 23), date(2026, 11, 23))
    )
    assert day(hours.read(mia), 23).notes == (Note("Holiday"),)


def test_flags_in_words(hours: Hours, mia: Person) -> None:
    shift(hours, mia)
    hours.punch(mia, "in 2026-11-23 08:12", "out 2026-11-23 15:40")
    notes = [note.text for note in day(hours.read(mia), 23).notes if note.warns]
    assert notes == ["late by 0:12", "left early by 0:20", "the breaks are too short by 0:30"]


def test_a_look_that_was_asked_is_answered_by_what_it_may_have_meant(
    hours: Hours, mia: Person
) -> None:
    hours.punch(mia, "in 2026-11-23 08:00")
    asked = hours.punch(mia, "seen 2026-11-23 08:03", doubt=Doubt.SHORT)
    hours.punch(mia, "out 2026-11-23 16:00")
    (question,) = hours.read(mia).questions
    assert question.event.id == asked.id
    assert question.text == "Mon 23 Nov, 08:03: what did you do?"
    assert [choice.label for choice in question.choices] == ["I stayed", "I left"]
    me = Actor(ActorKind.PERSON, mia.name)
    hours.admin.corrections.answer(me, question.event, Direction.SEEN)
    assert hours.read(mia).questions == ()


def test_whoever_came_back_soon_may_have_passed_by(hours: Hours, mia: Person) -> None:
    hours.punch(mia, "in 2026-11-23 08:00", "out 2026-11-23 16:00")
    hours.punch(mia, "seen 2026-11-23 16:03", doubt=Doubt.SOON)
    (question,) = hours.read(mia).questions
    assert [choice.label for choice in question.choices] == ["I only passed by", "I came in"]


def test_a_forgotten_going_is_answered_in_one_touch(hours: Hours, mia: Person) -> None:
    for number in (19, 20):
        hours.punch(mia, f"in 2026-11-{number} 08:00", f"out 2026-11-{number} 16:30")
    hours.punch(mia, "in 2026-11-23 09:00")
    hours.punch(mia, "in 2026-11-24 08:00")
    (question,) = hours.read(mia).questions
    assert question.missing is Direction.OUT
    assert [choice.label for choice in question.choices] == ["16:30", "17:30"]
    moment = question.choices[0].moment
    assert moment is not None
    me = Actor(ActorKind.PERSON, mia.name)
    hours.admin.corrections.add(me, mia.id, Direction.OUT, moment, "said at the kiosk")
    own = hours.read(mia)
    assert own.questions == ()
    assert day(own, 23).total == "7:30"
    assert Note("7:30 of it not by face or PIN") in day(own, 23).notes
    assert day(own, 23).entries[-1].evidence == "as you said: said at the kiosk"


def test_a_missing_coming_is_asked_and_not_guessed(hours: Hours, mia: Person) -> None:
    hours.punch(mia, "out 2026-11-23 16:00")
    (question,) = hours.read(mia).questions
    assert (question.missing, question.choices) == (Direction.IN, ())
    assert question.text == "Mon 23 Nov, 16:00: you went out. When did you come?"
    assert day(hours.read(mia), 23).times == "? – 16:00"


def test_requests_and_their_answers(hours: Hours, mia: Person) -> None:
    me = Actor(ActorKind.PERSON, mia.name)
    came = hours.punch(mia, "in 2026-11-23 08:00")
    ask = hours.admin.requests.ask
    going = local("2026-11-23 17:00").astimezone(UTC)
    ask(me, mia.id, Direction.OUT, going, "I forgot")
    moved = ask(me, mia.id, Direction.IN, going - timedelta(hours=10), "Was early", came.id)
    struck = ask(me, mia.id, Direction.IN, None, "Not me", came.id)
    hours.admin.requests.refuse(ADMINISTRATOR, moved, "Nobody was there")
    hours.admin.requests.approve(ADMINISTRATOR, struck, "")
    own = hours.read(mia)
    assert [(one.text, one.why, one.state, one.answer) for one in own.asked] == [
        ("Take out: Came in Mon 23 Nov, 08:00", "Not me", Answered.APPROVED, "Approved"),
        (
            "Came in Mon 23 Nov, 07:00 instead of Came in Mon 23 Nov, 08:00",
            "Was early",
            Answered.REFUSED,
            "Refused: Nobody was there",
        ),
        ("Went out Mon 23 Nov, 17:00", "I forgot", Answered.WAITS, "Waits for an answer"),
    ]


def test_what_is_asked_for_already_is_not_asked(hours: Hours, mia: Person) -> None:
    hours.punch(mia, "in 2026-11-23 08:00")
    hours.punch(mia, "in 2026-11-24 08:00")
    assert len(hours.read(mia).questions) == 1
    going = local("2026-11-23 17:00").astimezone(UTC)
    hours.admin.requests.ask(
        Actor(ActorKind.PERSON, mia.name), mia.id, Direction.OUT, going, "I forgot"
    )
    assert hours.read(mia).questions == ()


def test_nothing_of_others(hours: Hours, mia: Person, ben: Person) -> None:
    hours.punch(ben, "in 2026-11-23 08:00", "out 2026-11-23 17:00", "in 2026-11-24 08:00")
    hours.punch(ben, "seen 2026-11-24 08:02", doubt=Doubt.SHORT)
    him = Actor(ActorKind.PERSON, ben.name)
    going = local("2026-11-20 17:00").astimezone(UTC)
    hours.admin.requests.ask(him, ben.id, Direction.OUT, going, "Ben forgot")
    own = hours.read(mia)
    assert (own.months, own.questions, own.asked) == ((), (), ())
    assert {total.time for total in own.totals} == {"0:00"}
    assert not any(line.entries for line in own.days)
    assert "Ben" not in repr(own)


def test_everything_that_can_be_said_has_words() -> None:
    assert set(words.FLAGS) == set(Flagged)
    assert set(words.DONE) == set(words.WHEN) == set(Direction)
    assert set(words.EVIDENCE) == set(Evidence)
