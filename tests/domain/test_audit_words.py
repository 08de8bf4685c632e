"""What the audit trail keeps, as people read it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kiosk.domain.audit import ADMINISTRATOR, Action, AuditEntry
from kiosk.domain.audit_words import in_words

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


def told(action: Action, details: str, subject: str = "") -> tuple[str, str]:
    entry = in_words(AuditEntry(NOW, ADMINISTRATOR, action, subject, details))
    return entry.subject, entry.details


@pytest.mark.parametrize(
    ("names", "stored", "words"),
    [
        (
            "liveness",
            "liveness: passive -> off",
            "Check that it is a person and not a photo: Look only → Off",
        ),
        ("mirror, hold", "mirror: True -> False; hold: 3.0 -> 5", None),
        (
            "far",
            "far: 0.001 -> 0.0001; too many; strangers: 3 -> 4",
            "False acceptance rate: 1 in 1,000 → 1 in 10,000; too many; strangers: 3 -> 4",
        ),
        (
            "holidays, controller",
            "holidays:  -> DE-BY; controller:  -> Mia; and sons -> Ulm",
            "Public holidays of: none → DE-BY; Who is responsible for the data: to be written in "
            "by hand → Mia; and sons -> Ulm",
        ),
        (
            "keep_crops",
            "keep_crops: True -> False; crops deleted: 2",
            "Keep a small picture of each enrolled face: on → off; 2 pictures deleted",
        ),
        ("breaks", "breaks: off -> a new one", "Breaks: Not recorded → a new one"),
        ("gone", "gone: 1 -> 2", "gone: 1 → 2"),
    ],
)
def test_settings_stand_there_as_on_their_page(names: str, stored: str, words: str | None) -> None:
    words = words or "Mirror the picture: on → off; Show a verdict for: 3 seconds → 5 seconds"
    assert told(Action.CHANGE_SETTINGS, stored, names) == ("", words)


def test_what_was_emptied_or_is_told_otherwise_stays() -> None:
    assert told(Action.CHANGE_SETTINGS, "") == ("", "")
    assert told(Action.CHANGE_SETTINGS, "somehow", "mode") == ("Mode", "somehow")
    assert told(Action.ADD_CLOCK_EVENT, "by 2026-11-02 07:00+00:00")[1].endswith("+00:00")
    assert told(Action.CHANGE_PERSON, "somehow")[1] == "somehow"
    assert told(Action.END_DRILL, "", "?") == ("?", "")


@pytest.mark.parametrize(
    ("action", "stored", "words"),
    [
        (
            Action.ADD_CLOCK_EVENT,
            "in at 2026-11-02 07:00+00:00; in at 2026-11-02 07:00+00:00 he said",
            "Came in 2026-11-02 07:00; in at 2026-11-02 07:00+00:00 he said",
        ),
        (
            Action.MOVE_CLOCK_EVENT,
            "out at 2026-11-02 16:00+01:00; now at 2026-11-02 16:30+01:00; he said so",
            "Went out 2026-11-02 16:00; now 2026-11-02 16:30; he said so",
        ),
        (
            Action.TURN_CLOCK_EVENT,
            "in at 2026-11-02 07:00+01:00; now out; why",
            "Came in 2026-11-02 07:00; now: Went out; why",
        ),
        (
            Action.ANSWER_CLOCK_EVENT,
            "out at 2026-11-02 07:00+01:00; it was seen",
            "Went out 2026-11-02 07:00; it was: Was seen",
        ),
        (Action.ASK_CORRECTION, "in strike out; twice", "Came in: strike it out; twice"),
        (
            Action.ASK_CORRECTION,
            "back 2026-11-02 12:30+01:00; why",
            "Came back from a break 2026-11-02 12:30; why",
        ),
        (Action.APPROVE_CORRECTION, "break; lunch", "Began a break; lunch"),
        (
            Action.ADD_ABSENCE,
            "Sick, 2026-11-02 to 2026-11-04; since 2026-11-01",
            "Sick, 2026-11-02 to 2026-11-04; since 2026-11-01",
        ),
        (
            Action.CHANGE_PERSON,
            "name: Ada -> Ada L.; may be let in: True -> False; valid until: None -> 2026-12-01",
            "Name: Ada → Ada L.; May be let in: yes → no; Valid until: none → 2026-12-01",
        ),
        (Action.GIVE_ROLE, "manager: Day, Night", "manager: Day, Night"),
        (Action.REFUSED, "change_person", "would have changed a person"),
        (
            Action.EMPTY_OLD_ROWS,
            "refused: 12 rows, 2026-01-01 to 2026-01-02; faces: 1 rows, None to None",
            "Log: looks that were refused: 12 rows, of 2026-01-01 to 2026-01-02; Photos of people "
            "whose last day has passed: 1 photo",
        ),
        (
            Action.BEGIN_DRILL,
            "policy passive, high risk, sface",
            "Check that it is a person and not a photo: Look only; What is behind this door: "
            "A safe, a server room; sface",
        ),
    ],
)
def test_acts_stand_there_without_the_programs_words(
    action: Action, stored: str, words: str
) -> None:
    assert told(action, stored)[1] == words


def test_a_drill_names_what_was_held_up() -> None:
    assert told(Action.FAIL_DRILL, "let in", "print,phone") == ("printed photo, phone", "let in")
    rates = "own_face 0 of 9: under 28%; a face alone still opens nothing: print,tablet"
    assert told(Action.END_DRILL, rates, "too_few") == (
        "too few tries to say anything",
        "own face: 0 of 9: under 28%; a face alone still opens nothing: printed photo, tablet",
    )


def test_days_and_times_are_written_as_the_screen_writes_them() -> None:
    def words(action: Action, details: str, subject: str = "") -> str:
        entry = AuditEntry(NOW, ADMINISTRATOR, action, subject, details)
        made = in_words(entry, "{:%d.%m.}".format, "{:%H Uhr}".format)
        return f"{made.subject}{made.details}"

    assert words(Action.ADD_CLOCK_EVENT, "in at 2026-11-02 07:00-05:00; x") == "Came in 07 Uhr; x"
    assert words(Action.CLOSE_PERIOD, "", "2026-11-01 to 2026-11-30") == "01.11. to 30.11."
    assert words(Action.ASSIGN_ROTA, "Office from 2026-11-01") == "Office from 01.11."
    sick = "Sick, 2026-11-02 to 2026-11-04; since 2026-11-01"
    assert words(Action.WITHDRAW_ABSENCE, sick) == "Sick, 02.11. to 04.11.; since 2026-11-01"
