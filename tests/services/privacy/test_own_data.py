"""What is handed to somebody is all that there is of them, and nothing of anybody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kiosk.domain.audit import ADMINISTRATOR, Action
from kiosk.domain.errors import NotFound
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.domain.roles import Role
from kiosk.services.admin.administration import Administration
from kiosk.services.privacy.own_data import OwnData, shown, told
from kiosk.storage.tables import metadata
from tests.fakes import MORNING, vector


def read(data: OwnData) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data.json)
    return found


def test_it_holds_all_there_is(admin: Administration, storage: Storage, everywhere: Person) -> None:
    person_id = everywhere.id
    storage.people.set_pin_hash(person_id, "a hash")
    storage.roles.give(person_id, Role.MANAGER, ("Night", "Day"))
    storage.people.add_template(person_id, vector(2), "other", 0.5, "file", b"a picture")
    data = read(admin.own_data.hand_out(ADMINISTRATOR, person_id))
    (card,) = data["card"]
    assert (card["name"], card["staff_number"], card["has_pin"]) == ("Ada", "17", True)
    assert (card["role"], card["departments"]) == ("manager", "Night, Day")
    assert "a hash" not in str(data)
    assert [photo["encoder"] for photo in data["photos"]] == ["fake", "other"]
    assert [photo["picture"] for photo in data["photos"]] == [False, True]
    assert list(data["pictures"].values()) == ["YSBwaWN0dXJl"]
    (consent,) = data["consents"]
    assert consent["version"] == "1"
    assert consent["text"].startswith("This kiosk lets me in by my face")
    assert [look["outcome"] for look in data["looks"]] == ["ALLOW", "ALLOW"]
    assert [punch["counts"] for punch in data["punches"]] == [True, False]
    assert [(one["by"], one["why"]) for one in data["corrections"]] == [("mia", "wrong")]
    assert data["rotas"] == [{"since": "2026-03-02", "rota": "Early", "shifts": "06:00-14:00, -"}]
    assert [absence["note"] for absence in data["absences"]] == ["Rome"]
    assert [(day["day"], day["hours"]) for day in data["closed"]] == [("2026-02-02", 8.0)]
    assert [request["answer"] for request in data["requests"]] == ["not seen"]
    assert [act["what"] for act in data["acts"]] == [
        *("record_consent", "refuse_correction", "ask_correction")
    ]
    assert "Ben" not in str(data)


def test_that_it_was_handed_out_is_written_down(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    admin.own_data.hand_out(ADMINISTRATOR, ada.id)
    (entry,) = storage.audit.newest(1)
    assert (entry.action, entry.subject) == (Action.HAND_OUT_DATA, "Ada (no. 1, 17)")
    again = read(admin.own_data.hand_out(ADMINISTRATOR, ada.id))
    assert again["acts"][0]["what"] == "hand_out_data"
    with pytest.raises(NotFound):
        admin.own_data.hand_out(ADMINISTRATOR, 99)
    assert storage.audit.newest(1)[0].id == (entry.id or 0) + 1, "of nobody nothing is written"


def test_acts_are_in_words_for_people_and_as_stored_for_programs(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    admin.people.change(ADMINISTRATOR, replace(ada, enabled=False))
    data = admin.own_data.hand_out(ADMINISTRATOR, ada.id)
    (acts,) = (section for section in shown(data.sections) if section.key == "acts")
    assert acts.rows[0][-1] == "May be let in: yes → no"
    assert read(data)["acts"][0]["details"] == "may be let in: True -> False"


def test_it_says_when_what_ends(admin: Administration, storage: Storage, ada: Person) -> None:
    storage.settings.save({"keep_allowed": 90, "keep_attendance": 30, "hours_by_law": 900})
    ends = read(admin.own_data.hand_out(ADMINISTRATOR, ada.id))["retention"]
    assert [(one["rows"], one["oldest"], one["days"], one["ends"]) for one in ends] == [
        (0, None, None, None),
        (2, "2023-12-23", 90, "2024-03-23"),
        (2, "2023-12-23", 900, "2026-06-11"),
        (1, "2026-03-02", None, None),
        (1, None, None, None),
        (3, "2026-03-02", None, None),
    ]


def test_of_namesakes_nothing_is_mixed_up(
    admin: Administration, storage: Storage, ada: Person, enrol: Callable[..., Person]
) -> None:
    other = enrol("Ada", "19")
    admin.consents.record(ADMINISTRATOR, other.id, "at the kiosk")
    acts = read(admin.own_data.hand_out(ADMINISTRATOR, ada.id))["acts"]
    assert {act["about"] for act in acts} == {"Ada (no. 1, 17)"}
    theirs = read(admin.own_data.hand_out(ADMINISTRATOR, other.id))
    assert [act["about"] for act in theirs["acts"]] == ["Ada (no. 3, 19)"]
    assert theirs["looks"] == theirs["requests"] == []


def test_who_is_no_12_is_not_no_1(admin: Administration, enrol: Callable[..., Person]) -> None:
    people = [enrol(f"Person {number}") for number in range(12)]
    for person in people:
        admin.consents.record(ADMINISTRATOR, person.id, "on paper")
    for person in (people[0], people[11]):
        acts = read(admin.own_data.hand_out(ADMINISTRATOR, person.id))["acts"]
        assert [act["about"] for act in acts] == [f"{person.name} (no. {person.id})"]


def test_values_are_told_as_people_read_them() -> None:
    assert [told(value) for value in (None, True, False, 0.5, "a_b", 7)] == [
        *("–", "yes", "no", "0.5", "a_b", "7")
    ]
    assert told(Action.HAND_OUT_DATA) == "wrote out somebody's data"
    assert told(MORNING) == f"{MORNING.astimezone():%Y-%m-%d %H:%M}"
    assert told(MORNING.date()) == "2026-03-02"


def test_no_table_of_people_is_forgotten() -> None:
    """One that is added belongs into the data that is handed out, and into what is erased."""
    theirs = {table.name for table in metadata.tables.values() if "person_id" in table.c}
    assert theirs == {
        *("templates", "known_people", "events", "clock_events", "rota_assignments", "absences"),
        *("period_lines", "correction_requests", "consents", "roles"),
    }
