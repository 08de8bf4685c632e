"""Real work, as it happens at doors: what was recorded, and what the sheet says of it.

``python -m tests.services.attendance.scenarios`` prints the page docs/attendance-scenarios.md.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Final

from tests.services.attendance.played import ASKED, Played, Scenario, play

BREAKS: Final = {"breaks": "unpaid"}
LAW: Final = {"break_rule": "warn"}
ON_CALL: Final = {"longest_shift": 26, "usual_shift": 25}
OFFICE: Final = "08:00-16:30,08:00-16:30,08:00-16:30,08:00-16:30,08:00-16:30,-,-"
NEW_YORK: Final = "America/New_York"

SCENARIOS: Final = (
    # Plain days.
    Scenario(
        "a day with a walk at noon",
        ("2026-11-16 08:00", "2026-11-16 12:00", "2026-11-16 12:30", "2026-11-16 16:30"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
    Scenario(
        "a split shift",
        ("2026-11-16 06:00", "2026-11-16 10:00", "2026-11-16 16:00", "2026-11-16 20:00"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
    Scenario(
        "three nights",
        (
            "2026-11-16 22:00",
            "2026-11-17 06:00",
            "2026-11-17 22:00",
            "2026-11-18 06:00",
            "2026-11-18 22:00",
            "2026-11-19 06:00",
        ),
        {"2026-11-16": "8:00", "2026-11-17": "8:00", "2026-11-18": "8:00"},
        ("2026-11-16 8:00", "2026-11-17 8:00", "2026-11-18 8:00"),
    ),
    Scenario(
        "a night with a break at two",
        ("2026-11-16 22:00", "2026-11-17 02:00", "2026-11-17 02:45", "2026-11-17 06:00"),
        {"2026-11-16": "7:15"},
        ("2026-11-16 7:15",),
    ),
    Scenario(
        "an hour over midnight",
        ("2026-11-16 23:30", "2026-11-17 00:30"),
        {"2026-11-16": "1:00"},
        ("2026-11-16 1:00",),
    ),
    Scenario(
        "coming at two in the night counts to the evening before",
        ("2026-11-17 02:00", "2026-11-17 07:00"),
        {"2026-11-16": "5:00"},
        ("2026-11-16 5:00",),
    ),
    Scenario(
        "early at four, the working day begins with her",
        ("2026-11-17 04:00", "2026-11-17 12:00"),
        {"2026-11-17": "8:00"},
        ("2026-11-17 8:00",),
    ),
    Scenario(
        "a night, and late on the same day",
        ("2026-11-16 22:00", "2026-11-17 06:00", "2026-11-17 14:00", "2026-11-17 22:00"),
        {"2026-11-16": "8:00", "2026-11-17": "8:00"},
        ("2026-11-16 8:00", "2026-11-17 8:00 unanswered short_rest"),
        settings={"rest": 11},
    ),
    Scenario(
        "on call for 24 hours, at a site that says so",
        ("2026-11-16 08:00", "2026-11-17 08:00", "2026-11-18 08:00", "2026-11-19 08:00"),
        {"2026-11-16": "24:00", "2026-11-18": "24:00"},
        ("2026-11-16 24:00", "2026-11-18 24:00"),
        settings=ON_CALL,
    ),
    Scenario(
        "on call for 24 hours, at a site that does not",
        ("2026-11-16 08:00", "2026-11-17 08:00 left 07:59"),
        {"2026-11-16": "23:59"},
        ("2026-11-16 0:00 open_end", "2026-11-17 0:00 open_end"),
    ),
    # Looks that mean nothing.
    Scenario(
        "a second look after 30 seconds",
        ("2026-11-16 08:00", "2026-11-16 08:00:30", "2026-11-16 16:00"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
    Scenario(
        "a second look after three minutes, nobody answers",
        ("2026-11-16 08:00", "2026-11-16 08:03", "2026-11-16 16:00"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00 unanswered",),
    ),
    Scenario(
        "a second look after three minutes, she is still here",
        ("2026-11-16 08:00", "2026-11-16 08:03 says seen", "2026-11-16 16:00"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
    Scenario(
        "forgot the keys, out again after three minutes and back",
        (
            "2026-11-16 08:00",
            "2026-11-16 08:03 says out",
            "2026-11-16 09:00",
            "2026-11-16 16:00",
        ),
        {"2026-11-16": "7:03"},
        ("2026-11-16 7:03",),
    ),
    Scenario(
        "a second look after six minutes",
        ("2026-11-16 08:00", "2026-11-16 08:06", "2026-11-16 16:00"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 0:06 open_end brief",),
    ),
    Scenario(
        "a second look after six minutes, and the kiosk asks for ten",
        ("2026-11-16 08:00", "2026-11-16 08:06 says seen", "2026-11-16 16:00"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
        settings={"shortest_stay": 10},
    ),
    Scenario(
        "two second looks after six minutes each",
        (
            "2026-11-16 08:00",
            "2026-11-16 08:06",
            "2026-11-16 16:00",
            "2026-11-16 16:06",
        ),
        {"2026-11-16": "8:00"},
        ("2026-11-16 0:12 brief",),
    ),
    Scenario(
        "a second look two minutes after going",
        ("2026-11-16 08:00", "2026-11-16 16:00", "2026-11-16 16:02"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00 unanswered",),
    ),
    Scenario(
        "went, and came back for good after two minutes",
        (
            "2026-11-16 08:00",
            "2026-11-16 12:00",
            "2026-11-16 12:02 says in",
            "2026-11-16 16:00",
        ),
        {"2026-11-16": "7:58"},
        ("2026-11-16 7:58",),
    ),
    Scenario(
        "a chat at the door for ten minutes",
        (
            "2026-11-16 08:00",
            "2026-11-16 08:01 stays",
            "2026-11-16 08:05 stays",
            "2026-11-16 08:10 stays",
            "2026-11-16 16:00",
        ),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
    Scenario(
        "passes the camera once without wanting to",
        ("2026-11-16 08:00", "2026-11-16 11:00", "2026-11-16 16:00"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 3:00 open_end",),
    ),
    Scenario(
        "passes the camera, sees Goodbye, and says that she stays",
        ("2026-11-16 08:00", "2026-11-16 11:00 says seen", "2026-11-16 16:00"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
    Scenario(
        "passes the camera and goes on, an operator strikes it out",
        (
            "2026-11-16 08:00",
            "2026-11-16 11:00",
            "2026-11-16 16:00",
            "2026-11-16 18:00 strikes 11:00",
            "2026-11-16 18:01 turns 16:00",
        ),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
    Scenario(
        "an administrator leaves the panel and is looked at",
        ("2026-11-16 08:00", "2026-11-16 11:00 panel", "2026-11-16 16:00"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00 unanswered",),
    ),
    Scenario(
        "turned round at the door and sees it at once",
        ("2026-11-16 08:00", "2026-11-16 16:00", "2026-11-16 16:01 says in", "2026-11-16 17:00"),
        {"2026-11-16": "8:59"},
        ("2026-11-16 8:59",),
    ),
    Scenario(
        "turned round by an operator",
        (
            "2026-11-16 16:00",
            "2026-11-16 17:00 adds in 08:00",
            "2026-11-16 17:01 turns 16:00",
        ),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
    Scenario(
        "the wrong person was let in under her name, struck out",
        (
            "2026-11-16 08:00",
            "2026-11-16 10:00",
            "2026-11-16 16:00 says in",
            "2026-11-16 17:00 strikes 10:00",
            "2026-11-16 17:01 turns 16:00",
        ),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
    Scenario(
        "two kiosks at once",
        (
            "2026-11-16 08:00",
            "2026-11-16 08:00 door2",
            "2026-11-16 16:00 door2",
            "2026-11-16 16:00:20",
        ),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
    Scenario(
        "a colleague looks in between",
        ("2026-11-16 08:00", "2026-11-16 08:00:20 Ben", "2026-11-16 16:00", "2026-11-16 16:01 Ben"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
    Scenario(
        "comes by face and goes by PIN",
        ("2026-11-16 08:00", "2026-11-16 16:00 pin"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
    # Forgotten.
    Scenario(
        "forgot to go and says next morning when",
        ("2026-11-16 08:00", "2026-11-17 08:30 left 2026-11-16T16:30", "2026-11-17 16:30"),
        {"2026-11-16": "8:30", "2026-11-17": "8:00"},
        ("2026-11-16 8:30", "2026-11-17 8:00"),
    ),
    Scenario(
        "forgot to go and is gone before answering",
        ("2026-11-16 08:00", "2026-11-17 08:30", "2026-11-17 16:30"),
        {"2026-11-16": "8:00", "2026-11-17": "8:00"},
        ("2026-11-16 0:00 open_end", "2026-11-17 8:00"),
    ),
    Scenario(
        "forgot to go, a shift is known and its end counts",
        ("2026-11-16 08:00", "2026-11-17 08:30", "2026-11-17 16:30"),
        {"2026-11-16": "8:30", "2026-11-17": "8:00"},
        ("2026-11-16 8:30 assumed_end", "2026-11-17 8:00 late"),
        settings={"forgotten": "shift"},
        rota=OFFICE,
    ),
    Scenario(
        "forgot to go late, and is asked in the morning",
        ("2026-11-16 17:00", "2026-11-17 08:00", "2026-11-17 16:00"),
        {"2026-11-16": "5:00", "2026-11-17": "8:00"},
        ("2026-11-16 15:00 unanswered long", "2026-11-17 0:00 open_end"),
    ),
    Scenario(
        "forgot to go late, and says in the morning that she has just come",
        (
            "2026-11-16 17:00",
            "2026-11-17 08:00 says in",
            "2026-11-17 08:01 adds out 2026-11-16T22:00",
            "2026-11-17 16:00 says out",
        ),
        {"2026-11-16": "5:00", "2026-11-17": "8:00"},
        ("2026-11-16 5:00", "2026-11-17 8:00"),
    ),
    Scenario(
        "a double shift of 15 hours",
        ("2026-11-16 06:00", "2026-11-16 21:00 says out"),
        {"2026-11-16": "15:00"},
        ("2026-11-16 15:00 long",),
    ),
    Scenario(
        "a double shift of 15 hours, gone before answering",
        ("2026-11-16 06:00", "2026-11-16 21:00"),
        {"2026-11-16": "15:00"},
        ("2026-11-16 15:00 unanswered long",),
    ),
    Scenario(
        "forgot to come, and goes in the evening",
        ("2026-11-16 16:30", "2026-11-17 08:00 says in", "2026-11-17 16:30 says out"),
        {"2026-11-16": "8:30", "2026-11-17": "8:30"},
        ("2026-11-16 0:00 open_end", "2026-11-17 8:30"),
    ),
    Scenario(
        "twelve hours by day, and forgot to come",
        (
            "2026-11-16 07:00",
            "2026-11-16 19:00",
            "2026-11-17 19:00",
            "2026-11-18 06:55",
            "2026-11-18 19:00",
        ),
        {"2026-11-16": "12:00", "2026-11-17": "12:00", "2026-11-18": "12:05"},
        (
            "2026-11-16 12:00",
            "2026-11-17 11:55 unanswered",
            "2026-11-18 0:00 open_end",
        ),
    ),
    Scenario(
        "a planned shift, and nothing was recorded",
        ("2026-11-16 07:58", "2026-11-16 16:30", "2026-11-18 08:00", "2026-11-18 16:30"),
        {"2026-11-16": "8:32", "2026-11-17": "8:30", "2026-11-18": "8:30"},
        ("2026-11-16 8:32", "2026-11-17 0:00 missing", "2026-11-18 8:30"),
        rota=OFFICE,
    ),
    Scenario(
        "a kiosk that was off for a week, came on Monday and is seen a week later",
        ("2026-11-16 08:00", "2026-11-23 08:00", "2026-11-23 16:00"),
        {"2026-11-16": "8:00", "2026-11-23": "8:00"},
        ("2026-11-16 0:00 open_end", "2026-11-23 8:00"),
    ),
    Scenario(
        "a power cut at noon, in and out were not seen",
        ("2026-11-16 08:00", "2026-11-16 17:00"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 9:00 short_break",),
        settings=LAW,
    ),
    Scenario(
        "deleted while she is in",
        ("2026-11-16 08:00", "2026-11-16 12:00 deletes"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 0:00 open_end",),
    ),
    # Breaks.
    Scenario(
        "an unpaid break",
        ("2026-11-16 08:00", "2026-11-16 12:00 says break", "2026-11-16 12:30", "2026-11-16 16:30"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
        settings={**BREAKS, **LAW},
    ),
    Scenario(
        "a paid break",
        ("2026-11-16 08:00", "2026-11-16 12:00 says break", "2026-11-16 12:30", "2026-11-16 16:30"),
        {"2026-11-16": "8:30"},
        ("2026-11-16 8:30",),
        settings={"breaks": "paid"},
    ),
    Scenario(
        "two breaks",
        (
            "2026-11-16 08:00",
            "2026-11-16 10:00 says break",
            "2026-11-16 10:15",
            "2026-11-16 12:30 says break",
            "2026-11-16 13:00",
            "2026-11-16 17:00",
        ),
        {"2026-11-16": "8:15"},
        ("2026-11-16 8:15",),
        settings=BREAKS,
    ),
    Scenario(
        "goes home from a break",
        (
            "2026-11-16 08:00",
            "2026-11-16 12:00 says break",
            "2026-11-16 12:40 says out",
        ),
        {"2026-11-16": "4:00"},
        ("2026-11-16 4:00",),
        settings=BREAKS,
    ),
    Scenario(
        "a break that nobody ended",
        ("2026-11-16 08:00", "2026-11-16 12:00 says break", "2026-11-17 08:00"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 0:00 open_end", "2026-11-17 0:00 open_end"),
        settings={**BREAKS, "longest_shift": 12},
    ),
    Scenario(
        "forgot to end a break, and goes in the evening",
        ("2026-11-16 08:00", "2026-11-16 12:00 says break", "2026-11-16 16:30"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 0:00 open_end",),
        settings=BREAKS,
    ),
    Scenario(
        "ten hours without a break, and the law's is taken off",
        ("2026-11-16 08:00", "2026-11-16 18:00"),
        {"2026-11-16": "9:15"},
        ("2026-11-16 9:15 deducted",),
        settings={"break_rule": "deduct"},
    ),
    Scenario(
        "buttons instead of looks",
        (
            "2026-11-16 08:00 says in",
            "2026-11-16 12:00 says break",
            "2026-11-16 12:30 says back",
            "2026-11-16 16:30 says out",
        ),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
        settings={**BREAKS, "clock_by": "touch"},
    ),
    Scenario(
        "buttons, and nobody touches one",
        ("2026-11-16 08:00", "2026-11-16 16:00"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00 unanswered",),
        settings={"clock_by": "touch"},
    ),
    # Clocks and calendars.
    Scenario(
        "a night on which the clock is put forward, in Berlin",
        ("2027-03-27 22:00", "2027-03-28 06:00"),
        {"2027-03-27": "7:00"},
        ("2027-03-27 7:00",),
    ),
    Scenario(
        "a night on which the clock is put back, in Berlin",
        ("2026-10-24 22:00", "2026-10-25 06:00"),
        {"2026-10-24": "9:00"},
        ("2026-10-24 9:00",),
    ),
    Scenario(
        "a night on which the clock is put forward, in New York",
        ("2027-03-13 22:00", "2027-03-14 06:00"),
        {"2027-03-13": "7:00"},
        ("2027-03-13 7:00",),
        zone=NEW_YORK,
    ),
    Scenario(
        "a night on which the clock is put back, in New York",
        ("2026-10-31 22:00", "2026-11-01 06:00"),
        {"2026-10-31": "9:00"},
        ("2026-10-31 9:00",),
        zone=NEW_YORK,
    ),
    Scenario(
        "from half past two to half past two, in the hour that is there twice",
        ("2026-10-25 02:30", "2026-10-25 02:30*"),
        {"2026-10-24": "1:00"},
        ("2026-10-24 1:00",),
    ),
    Scenario(
        "recorded in Berlin, and the machine is set to Tokyo since",
        ("2026-11-16 08:00", "2026-11-16 16:00", "2026-11-18 08:00 zone Asia/Tokyo"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
    Scenario(
        "the machine is set to London while she is in",
        ("2026-11-16 08:00", "2026-11-16 12:00 zone Europe/London", "2026-11-16 16:00"),
        {"2026-11-16": "9:00"},
        ("2026-11-16 9:00",),
    ),
    Scenario(
        "a night over New Year",
        ("2026-12-31 22:00", "2027-01-01 06:00"),
        {"2026-12-31": "8:00"},
        ("2026-12-31 8:00",),
    ),
    Scenario(
        "a night into the leap day",
        ("2028-02-28 22:00", "2028-02-29 06:00", "2028-02-29 22:00", "2028-03-01 06:00"),
        {"2028-02-28": "8:00", "2028-02-29": "8:00"},
        ("2028-02-28 8:00", "2028-02-29 8:00"),
    ),
    Scenario(
        "a clock that lost its time comes back with the year 2000",
        ("2026-11-16 08:00", "2000-01-01 00:10", "2026-11-16 16:00"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
    Scenario(
        "a clock set back by two hours while she is in",
        ("2026-11-16 08:00", "2026-11-16 16:00 Ben", "2026-11-16 14:30"),
        {"2026-11-16": "8:30"},
        ("2026-11-16 6:30 clock",),
    ),
    Scenario(
        "a clock set back before the time she came at",
        ("2026-11-16 08:00", "2026-11-16 07:00", "2026-11-16 16:00"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00 open_end clock",),
    ),
    Scenario(
        "a clock three hours ahead when she came, put right before noon",
        ("2026-11-16 11:00", "2026-11-16 09:30 Ben", "2026-11-16 17:00"),
        {"2026-11-16": "9:00"},
        ("2026-11-16 6:00 clock",),
    ),
    # Corrections.
    Scenario(
        "a correction a week later",
        (
            "2026-11-16 08:00",
            "2026-11-23 08:00",
            "2026-11-23 12:00 adds out 2026-11-16T16:00",
            "2026-11-23 16:00",
        ),
        {"2026-11-16": "8:00", "2026-11-23": "8:00"},
        ("2026-11-16 8:00", "2026-11-23 8:00"),
    ),
    Scenario(
        "an operator moves a going",
        ("2026-11-16 08:00", "2026-11-16 18:00", "2026-11-16 18:01 moves 18:00 16:00"),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
    Scenario(
        "corrections that overlap what was recorded",
        (
            "2026-11-16 08:00",
            "2026-11-16 16:00",
            "2026-11-16 17:00 adds in 12:00",
            "2026-11-16 17:01 adds out 14:00",
        ),
        {"2026-11-16": "8:00"},
        ("2026-11-16 2:00 open_end",),
    ),
    Scenario(
        "out and in at the same minute, entered in either order",
        (
            "2026-11-16 08:00",
            "2026-11-16 16:00",
            "2026-11-16 17:00 adds in 12:00",
            "2026-11-16 17:01 adds out 12:00",
        ),
        {"2026-11-16": "8:00"},
        ("2026-11-16 8:00",),
    ),
)


@cache
def played(number: int) -> Played:
    """What came of one of them."""
    return play(SCENARIOS[number])


def page() -> str:
    """All of them as docs/attendance-scenarios.md."""
    told = [(scenario, played(number)) for number, scenario in enumerate(SCENARIOS)]
    asked = sum(_asks(one) for _, one in told)
    lines = [
        "# Hours at real doors",
        "",
        "Printed by `python -m tests.services.attendance.scenarios`; each is a test"
        " (`tests/services/attendance`), played through the kiosk's own path: looks are decided,"
        " logged and clocked in a real database, answers and corrections go the way of the screen.",
        "",
        f"{len(SCENARIOS)} scenarios: {len(SCENARIOS) - asked} are told right, {asked} are asked"
        " about (at the door, or by a flag on the sheet where nobody answered), none is wrong in"
        " silence. “says”, “left” are answers at the door; a look that the kiosk asks about is"
        " **bold**; a star is the second hour of two; settings are the defaults but for those"
        " named, and for the rules on breaks and rest, which are off where none is named.",
        "",
        "| | scenario | looks | true hours | the sheet | |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_line(number, *one) for number, one in enumerate(told, 1)]
    return "\n".join(lines) + "\n"


def _asks(told: Played) -> bool:
    return any(flag.what in ASKED for row in told.rows for flag in row.flags)


def _line(number: int, scenario: Scenario, told: Played) -> str:
    looks = ", ".join(f"**{_short(s)}**" if s in told.asked else _short(s) for s in scenario.steps)
    truth = ", ".join(f"{_day(day)} {hours}" for day, hours in scenario.truth.items())
    sheet = ", ".join(f"{_day(line)} {line[11:]}" for line in told.sheet)
    said = [f"{name} {value}" for name, value in scenario.settings.items()]
    said += ["rota 08:00-16:30"] if scenario.rota else []
    said += [scenario.zone] if scenario.zone != "Europe/Berlin" else []
    named = scenario.name + (f" ({', '.join(said)})" if said else "")
    told_or_asked = "asked" if _asks(told) else "told"
    return f"| {number} | {named} | {looks} | {truth} | {sheet} | {told_or_asked} |"


def _short(step: str) -> str:
    day, _, rest = step.partition(" ")
    return f"{_day(day)} {rest}"


def _day(text: str) -> str:
    return f"{int(text[8:10])}.{int(text[5:7])}."


if __name__ == "__main__":
    sys.stdout.write(page())
