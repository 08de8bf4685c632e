"""What every storage must do, on each database that there is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from kiosk.domain.attendance import Direction, Evidence, Mark, Strike
from kiosk.domain.audit import Action, Actor, ActorKind, AuditEntry
from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.errors import AlreadyExists, BadInput, NotFound
from kiosk.domain.gallery import Known
from kiosk.domain.hours.periods import Period, PeriodLine
from kiosk.domain.hours.requests import Answer, CorrectionRequest
from kiosk.domain.hours.shifts import Absence, Assignment, Rota, Shift
from kiosk.domain.liveness.proof import Proof
from kiosk.domain.records import AuditFilter, EventFilter
from kiosk.domain.repositories import Storage
from kiosk.domain.roles import Role, StaffRole
from kiosk.storage import database_url, open_storage

SERVER = os.environ.get("KIOSK_TEST_DATABASE_URL", "")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ALL = EventFilter()


class Clock:
    """Goes on by a second with each look."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def on_server() -> Iterator[str]:
    """The address of a schema of its own: several processes may test on one server at once."""
    schema = f"tests_{os.getpid()}"
    engine = create_engine(SERVER)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    ours = engine.url.update_query_dict({"options": f"-csearch_path={schema}"})
    yield ours.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    engine.dispose()


@pytest.fixture(params=["file", "memory", *(["server"] if SERVER else [])])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    urls: dict[str, Callable[[], Iterator[str]]] = {
        "file": lambda: iter([database_url(tmp_path / "data")]),
        "memory": lambda: iter(["sqlite://"]),
        "server": on_server,
    }
    for url in urls[request.param]():
        opened = open_storage(url, Clock())
        yield opened
        opened.close()


@pytest.mark.skipif(not SERVER, reason="KIOSK_TEST_DATABASE_URL names no empty database server")
def test_this_suite_ran_on_a_server_too() -> None:
    assert not SERVER.startswith("sqlite")


@pytest.mark.skipif(not SERVER, reason="KIOSK_TEST_DATABASE_URL names no empty database server")
def test_a_server_that_takes_no_writes_is_told() -> None:
    for url in on_server():
        open_storage(url).close()
        options = f"{make_url(url).query['options']} -cdefault_transaction_read_only=on"
        reading = make_url(url).update_query_dict({"options": options})
        storage = open_storage(reading.render_as_string(hide_password=False))
        assert "read-only transaction" in storage.check().unwritable
        storage.close()


def unit(*numbers: float) -> np.ndarray:
    vector = np.array(numbers, np.float32)
    return vector / np.linalg.norm(vector)


def decision(**changes: object) -> Decision:
    made = Decision(NOON, Outcome.DENY, Reason.NOT_RECOGNISED, Mode.WALK_UP)
    return replace(made, **changes)  # type: ignore[arg-type]


class TestPeople:
    def test_an_added_person_is_found_as_stored(self, storage: Storage) -> None:
        added = storage.people.add("  Ada   Lovelace ", " 17 ")

        assert (added.name, added.staff_number, added.enabled) == ("Ada Lovelace", "17", True)
        assert added.created_at == NOON + timedelta(seconds=1)
        assert added.created_at.tzinfo is UTC
        assert not added.has_pin
        assert storage.people.get(added.id) == added

    @pytest.mark.parametrize(
        "name",
        [
            "Robert'); DROP TABLE people;--",
            "Ada 👩‍🔬",
            "山田 太郎",
            "محمد",
            "100%_\\",
            "n" * 200,
        ],
    )
    def test_any_name_comes_back_as_it_was(self, storage: Storage, name: str) -> None:
        other = storage.people.add("Somebody Else")
        added = storage.people.add(name)

        assert storage.people.get(added.id).name == name
        assert storage.people.find(name) == (added,)
        assert storage.people.claim(name) == added
        assert storage.people.get(other.id) == other

    @pytest.mark.parametrize("name", ["", " \n", "n" * 500, "👍" * 500])
    def test_a_name_of_no_use_is_refused(self, storage: Storage, name: str) -> None:
        with pytest.raises(BadInput, match=r"name"):
            storage.people.add(name)
        person = storage.people.add("Ada")
        with pytest.raises(BadInput, match=r"name"):
            storage.people.update(replace(person, name=name))
        assert storage.people.find() == (person,)

    def test_a_staff_number_belongs_to_one_person(self, storage: Storage) -> None:
        storage.people.add("Ada", "17")
        with pytest.raises(AlreadyExists, match="staff number 17 belongs to somebody else"):
            storage.people.add("Bob", "17")
        bob = storage.people.add("Bob", "18")
        with pytest.raises(AlreadyExists):
            storage.people.update(replace(bob, staff_number="17"))
        assert storage.people.get(bob.id) == bob
        assert len(storage.people.find()) == 2

    def test_many_have_no_staff_number(self, storage: Storage) -> None:
        storage.people.add("Ada", "")
        storage.people.add("Bob", None)
        assert [person.staff_number for person in storage.people.find()] == [None, None]

    def test_an_update_changes_what_may_change(self, storage: Storage) -> None:
        person = storage.people.add("Ada", "17")
        changed = storage.people.update(
            replace(person, name="Ada King", staff_number=None, enabled=False)
        )
        assert changed == replace(person, name="Ada King", staff_number=None, enabled=False)
        assert storage.people.find("king") == (changed,)

    def test_search_ignores_case_accents_and_wildcards(self, storage: Storage) -> None:
        jose = storage.people.add("José Núñez", "A-7")
        storage.people.add("Zoë", "B_8")

        for text in ("jose", "NUN", "sé n", "a-7"):
            assert storage.people.find(text) == (jose,), text
        assert storage.people.find("%") == ()
        assert storage.people.find("a_7") == ()
        assert storage.people.find("\0") == ()

    def test_people_are_listed_by_name(self, storage: Storage) -> None:
        for name in ("Zoë", "émile", "Eva", "ada"):
            storage.people.add(name)
        assert [person.name for person in storage.people.find()] == ["ada", "émile", "Eva", "Zoë"]

    def test_a_claim_is_a_whole_number_or_name(self, storage: Storage) -> None:
        ada = storage.people.add("Ada Lovelace", "E17")
        bob = storage.people.add("17", "18")

        assert storage.people.claim("E17") == ada
        assert storage.people.claim(" e17 ") == ada
        assert storage.people.claim("ada  LOVELACE") == ada
        assert storage.people.claim("17") == bob
        for who in ("Ada", "1", "", "  ", "%", "n" * 500, "nobody", "\udcff\0"):
            assert storage.people.claim(who) is None, who

    def test_a_staff_number_goes_before_a_name(self, storage: Storage) -> None:
        storage.people.add("42", None)
        numbered = storage.people.add("Bob", "42")
        assert storage.people.claim("42") == numbered

    def test_staff_numbers_are_told_by_id(self, storage: Storage) -> None:
        ada, ben = storage.people.add("Ada", "17"), storage.people.add("Ben")
        eve = storage.people.add("Eve", "0042")
        assert storage.people.staff_numbers([ada.id, ben.id, 999]) == {ada.id: "17"}
        assert storage.people.staff_numbers({eve.id}) == {eve.id: "0042"}
        assert storage.people.staff_numbers(()) == {}

    def test_a_shared_name_claims_nobody(self, storage: Storage) -> None:
        storage.people.add("Ada")
        storage.people.add("ADA")
        assert storage.people.claim("ada") is None

    def test_accents_may_be_left_out_of_a_claim_that_fits_one(self, storage: Storage) -> None:
        jose = storage.people.add("José")
        assert storage.people.claim("jose") == jose
        plain = storage.people.add("Jose")
        assert storage.people.claim("jose") == plain
        assert storage.people.claim("josé") == jose

    def test_a_pin_is_kept_as_hash(self, storage: Storage) -> None:
        person = storage.people.add("Ada")
        assert storage.people.pin_hash(person.id) is None
        storage.people.set_pin_hash(person.id, "$argon2id$...")
        assert storage.people.pin_hash(person.id) == "$argon2id$..."
        assert storage.people.get(person.id).has_pin
        storage.people.set_pin_hash(person.id, None)
        assert not storage.people.get(person.id).has_pin

    @pytest.mark.parametrize("unknown", [0, -1, 99])
    def test_an_unknown_id_is_not_found(self, storage: Storage, unknown: int) -> None:
        people = storage.people
        known = people.add("Ada")
        calls: tuple[Callable[[], object], ...] = (
            lambda: people.get(unknown),
            lambda: people.update(replace(known, id=unknown)),
            lambda: people.delete(unknown),
            lambda: people.add_template(unknown, unit(1, 0), "net", 0.5, "camera"),
            lambda: people.delete_template(unknown),
            lambda: people.templates_of(unknown),
            lambda: people.set_pin_hash(unknown, "hash"),
            lambda: people.pin_hash(unknown),
        )
        for call in calls:
            with pytest.raises(NotFound, match=f"{unknown}"):
                call()

    def test_an_id_that_no_database_can_hold_is_bad_input(self, storage: Storage) -> None:
        with pytest.raises(BadInput):
            storage.people.get(10**30)


class TestTemplates:
    def test_a_template_comes_back_as_it_was(self, storage: Storage) -> None:
        person = storage.people.add("Ada")
        vector = unit(0.1, -0.7, 0.3)
        added = storage.people.add_template(person.id, vector, "net", 0.75, "camera")
        (stored,) = storage.people.templates("net")

        assert stored.vector.dtype == np.float32
        np.testing.assert_array_equal(stored.vector, vector)
        assert (stored.id, stored.person_id, stored.encoder_id) == (added.id, person.id, "net")
        assert (stored.quality, stored.source) == (0.75, "camera")
        assert stored.created_at == added.created_at
        assert storage.people.get(person.id).template_count == 1

    def test_an_undecodable_file_name_does_not_matter(self, storage: Storage) -> None:
        person = storage.people.add("Ada")
        name = os.fsdecode(b"f\xff\xe9.jpg") + "\0"
        added = storage.people.add_template(person.id, unit(1, 0), "net", 0.5, name)
        assert added.source == "f??.jpg?"

    def test_templates_are_of_one_encoder_and_enabled_people(self, storage: Storage) -> None:
        people = storage.people
        ada, bob = people.add("Ada"), people.add("Bob")
        first = people.add_template(ada.id, unit(1, 0), "net", 0.5, "a.jpg")
        other = people.add_template(ada.id, unit(1, 0, 0), "other", 0.5, "a.jpg")
        second = people.add_template(bob.id, unit(0, 1), "net", 0.5, "b.jpg")
        people.update(replace(bob, enabled=False))

        def ids(**options: bool) -> list[int]:
            return [template.id for template in people.templates("net", **options)]

        assert ids() == [first.id]
        assert ids(enabled_only=False) == [first.id, second.id]
        assert [template.id for template in people.templates_of(ada.id)] == [first.id, other.id]
        assert people.templates("unknown") == ()
        assert people.encoders() == {"net": 1, "other": 1}
        people.update(replace(bob, enabled=True))
        assert people.encoders() == {"net": 2, "other": 1}

    @pytest.mark.parametrize(
        "vector",
        [np.zeros(3), np.array([1, np.nan]), np.array([np.inf, 1]), np.ones((2, 2)), np.ones(0)],
    )
    def test_a_vector_of_no_use_is_refused(self, storage: Storage, vector: np.ndarray) -> None:
        person = storage.people.add("Ada")
        with pytest.raises(BadInput, match="finite numbers"):
            storage.people.add_template(person.id, vector, "net", 0.5, "camera")

    def test_an_encoder_has_one_dimension(self, storage: Storage) -> None:
        person = storage.people.add("Ada")
        storage.people.add_template(person.id, unit(1, 0), "net", 0.5, "camera")
        with pytest.raises(BadInput, match="2 numbers here, this one has 3"):
            storage.people.add_template(person.id, unit(1, 0, 0), "net", 0.5, "camera")

    def test_one_template_can_go(self, storage: Storage) -> None:
        person = storage.people.add("Ada")
        gone = storage.people.add_template(person.id, unit(1, 0), "net", 0.5, "camera")
        kept = storage.people.add_template(person.id, unit(0, 1), "net", 0.5, "camera")
        storage.people.delete_template(gone.id)
        assert [template.id for template in storage.people.templates("net")] == [kept.id]

    def test_what_a_cohort_says_of_people_is_kept_for_as_long_as_it_is_true(
        self, storage: Storage
    ) -> None:
        ada, bob = (storage.people.add(name).id for name in ("Ada", "Bob"))
        photo = storage.people.add_template(bob, unit(1, 2), "net", 0.9, "b.jpg")
        said = {ada: Known(b"a" * 16, 0.1, 0.25), bob: Known(b"b" * 16, 1 / 3, 0.5)}
        before = storage.people.revision()
        storage.people.keep_known("net", "cohort", {**said, 999: said[ada]})
        assert storage.people.known("net", "cohort") == said
        assert storage.people.revision() == before, "it is no change of the gallery"
        assert storage.people.known("net", "another") == {}
        assert storage.people.known("other", "cohort") == {}
        newer = {ada: Known(b"c" * 16, 0.2, 0.3)}
        storage.people.keep_known("net", "cohort", newer)
        assert storage.people.known("net", "cohort") == {**said, **newer}
        storage.people.keep_known("net", "cohort", {})
        storage.people.delete_template(photo.id)
        assert storage.people.known("net", "cohort") == newer
        storage.people.delete(ada)
        assert storage.people.known("net", "cohort") == {}

    def test_a_deleted_person_leaves_only_the_log(self, storage: Storage) -> None:
        ada, bob = storage.people.add("Ada", "17"), storage.people.add("Bob")
        for person in (ada, bob):
            storage.people.add_template(person.id, unit(1, 0), "net", 0.5, "camera")
        logged, clocked = storage.decide(
            decision(outcome=Outcome.ALLOW, person_id=ada.id, person_name="Ada"), Direction.IN
        )
        storage.people.delete(ada.id)

        assert storage.people.find() == (storage.people.get(bob.id),)
        assert [t.person_id for t in storage.people.templates("net")] == [bob.id]
        assert storage.events.query(EventFilter(person_id=ada.id)) == (logged,)
        day = storage.clock_events.between(NOON, NOON + timedelta(days=1))
        assert day == (clocked,)
        assert storage.people.add("Carla", "17").id not in (ada.id, bob.id)


class TestEvents:
    def test_a_decision_comes_back_as_it_was(self, storage: Storage) -> None:
        given = decision(
            outcome=Outcome.ALLOW,
            reason=Reason.FACE_MATCHED,
            mode=Mode.CLAIMED,
            person_id=3,
            person_name="Ada 👩‍🔬",
            score=0.61234,
            threshold=0.4,
            far=0.001,
            encoder_id="net",
            camera="Camera 0",
            duration=1.25,
            repeat=True,
            utc_offset_minutes=0,
            clock_suspect=True,
        )
        logged = storage.events.append(given)

        assert logged.event_id is not None
        assert logged == replace(given, event_id=logged.event_id, utc_offset_minutes=0)
        assert storage.events.query(ALL) == (logged,)

    def test_a_decision_about_nobody_has_no_figures(self, storage: Storage) -> None:
        logged = storage.events.append(decision())
        assert storage.events.query(ALL) == (logged,)
        assert logged.score is None
        assert logged.person_name is None

    def test_a_missing_name_is_looked_up(self, storage: Storage) -> None:
        person = storage.people.add("Ada")
        assert storage.events.append(decision(person_id=person.id)).person_name == "Ada"
        assert storage.events.append(decision(person_id=99)).person_name is None

    def test_the_log_keeps_the_name_of_its_time(self, storage: Storage) -> None:
        person = storage.people.add("Ada")
        logged = storage.events.append(decision(person_id=person.id, person_name="Ada"))
        storage.people.update(replace(person, name="Ada King"))
        assert storage.events.query(ALL) == (logged,)

    def test_any_zone_is_logged_in_utc(self, storage: Storage) -> None:
        there = timezone(timedelta(hours=5, minutes=30))
        logged = storage.events.append(decision(at=NOON.astimezone(there)))
        assert logged.at == NOON
        assert logged.at.utcoffset() == timedelta()
        assert storage.events.query(ALL)[0].at.utcoffset() == timedelta()

    def test_a_time_without_zone_is_our_bug(self, storage: Storage) -> None:
        with pytest.raises(Exception, match="no time zone"):
            storage.events.append(decision(at=datetime(2026, 3, 2)))
        assert storage.events.count(ALL) == 0

    def test_the_newest_row_is_first_even_if_the_clock_was_set_back(self, storage: Storage) -> None:
        assert storage.events.last_at() is None
        before = storage.events.append(decision(at=NOON))
        after = storage.events.append(decision(at=NOON - timedelta(days=400)))
        assert storage.events.query(ALL) == (after, before)
        assert storage.events.last_at() == after.at

    def test_filters_must_all_fit(self, storage: Storage) -> None:
        events = storage.events
        ada = events.append(
            decision(outcome=Outcome.ALLOW, person_id=1, person_name="Ada Núñez", mode=Mode.PIN)
        )
        bob = events.append(decision(person_id=2, person_name="Bob", at=NOON + timedelta(hours=1)))
        nobody = events.append(decision(at=NOON + timedelta(hours=2)))

        cases = (
            (EventFilter(person_id=1), (ada,)),
            (EventFilter(outcome=Outcome.DENY), (nobody, bob)),
            (EventFilter(mode=Mode.PIN), (ada,)),
            (EventFilter(since=NOON + timedelta(hours=1)), (nobody, bob)),
            (EventFilter(until=NOON + timedelta(hours=1)), (ada,)),
            (EventFilter(since=bob.at, until=nobody.at), (bob,)),
            (EventFilter(text="NUNEZ"), (ada,)),
            (EventFilter(text="%"), ()),
            (EventFilter(text=" "), (nobody, bob, ada)),
            (EventFilter(text="b", outcome=Outcome.ALLOW), ()),
            (EventFilter(person_id=1, outcome=Outcome.ALLOW, mode=Mode.PIN, text="ada"), (ada,)),
        )
        for wanted, found in cases:
            assert events.query(wanted) == found, wanted
            assert events.count(wanted) == len(found), wanted

    def test_pages_follow_each_other(self, storage: Storage) -> None:
        logged = [storage.events.append(decision(score=n / 10)) for n in range(5)]
        newest_first = tuple(reversed(logged))
        assert storage.events.query(ALL, limit=2) == newest_first[:2]
        assert storage.events.query(ALL, limit=2, offset=2) == newest_first[2:4]
        assert storage.events.query(ALL, limit=2, offset=4) == newest_first[4:]
        assert storage.events.query(ALL, limit=2, offset=9) == ()

    def test_how_live_the_visitors_looked_whom_a_camera_let_in(self, storage: Storage) -> None:
        let_in = decision(
            outcome=Outcome.ALLOW,
            camera="Door",
            liveness=Proof.PASSIVE,
            liveness_score=1.5,
            liveness_version="1",
        )
        first = storage.events.append(let_in)
        others = (
            {"repeat": True},
            {"camera": "Gate"},
            {"liveness_version": "2"},
            {"liveness_score": None, "liveness": Proof.OFF},
            {"outcome": Outcome.SUSPECTED_ATTACK},
        )
        for other in others:
            storage.events.append(replace(let_in, **other))
        storage.events.append(replace(let_in, liveness_score=-0.5, liveness=Proof.CHALLENGE))
        assert storage.events.liveness_scores("Door", "1", 9) == (-0.5, 1.5)
        assert storage.events.liveness_scores("Door", "1", 1) == (-0.5,)
        assert storage.events.query(ALL)[-1] == first

    def test_the_last_allow_is_the_persons_own(self, storage: Storage) -> None:
        assert storage.events.last_allow(1) is None
        storage.events.append(decision(outcome=Outcome.ALLOW, person_id=1))
        newest = storage.events.append(decision(outcome=Outcome.ALLOW, person_id=1))
        storage.events.append(decision(outcome=Outcome.DENY, person_id=1))
        storage.events.append(decision(outcome=Outcome.ALLOW, person_id=2))
        assert storage.events.last_allow(1) == newest


class TestClockEvents:
    def test_an_event_comes_back_as_it_was(self, storage: Storage) -> None:
        added = storage.clock_events.add(
            3, Direction.OUT, NOON, evidence=Evidence.HAND, note="forgot 🙈 \udcff"
        )
        assert (added.person_id, added.direction, added.at) == (3, Direction.OUT, NOON)
        assert (added.by_hand, added.note, added.event_id) == (True, "forgot 🙈 ?", None)
        assert storage.clock_events.between(NOON, NOON + timedelta(seconds=1)) == (added,)

    def test_those_of_a_clock_in_doubt(self, storage: Storage) -> None:
        right = storage.clock_events.add(1, Direction.IN, NOON)
        wrong = storage.clock_events.put(replace(right, person_id=2, clock_suspect=True))
        until = NOON + timedelta(hours=1)
        assert storage.clock_events.between(NOON, until, suspect=True) == (wrong,)

    def test_many_at_once_are_put_as_one_is(self, storage: Storage) -> None:
        first = storage.clock_events.add(1, Direction.IN, NOON)
        named = replace(first, person_name="Ada", utc_offset_minutes=60, evidence=Evidence.IMPORT)
        storage.clock_events.put_all([])
        storage.clock_events.put_all([named, replace(named, direction=Direction.OUT)])
        found = storage.clock_events.between(NOON, NOON + timedelta(hours=1))
        assert found[1:] == (
            replace(named, id=found[1].id),
            replace(named, id=found[2].id, direction=Direction.OUT),
        )

    def test_what_is_struck_out_stays_and_counts_no_more(self, storage: Storage) -> None:
        wrong = storage.clock_events.add(1, Direction.IN, NOON)
        right = storage.clock_events.add(1, Direction.IN, NOON + timedelta(hours=1))
        until = NOON + timedelta(hours=2)
        strike = Strike(NOON, "mia", "the wrong hour 🙈")
        struck = storage.clock_events.strike(wrong.id, strike, out=True)
        assert struck == replace(wrong, struck=strike, answered=True)
        assert storage.clock_events.between(NOON, until) == (right,)
        assert storage.clock_events.between(NOON, until, 1, struck=True) == (struck, right)
        storage.clock_events.strike(wrong.id, Strike(until, "ben", "it was right"), out=False)
        assert storage.clock_events.between(NOON, until) == (replace(wrong, answered=True), right)
        again = Strike(until, "mia", "no")
        assert storage.clock_events.strike(wrong.id, again, out=True).struck == again
        with pytest.raises(NotFound):
            storage.clock_events.strike(99, strike, out=True)

    def test_a_span_is_by_time_and_ends_before_its_end(self, storage: Storage) -> None:
        def add(person_id: int, hours: int) -> int:
            return storage.clock_events.add(
                person_id, Direction.IN, NOON + timedelta(hours=hours)
            ).id

        late, early, other, after = add(1, 3), add(1, 0), add(2, 1), add(1, 4)
        until = NOON + timedelta(hours=4)

        def ids(person_id: int | None = None) -> list[int]:
            return [event.id for event in storage.clock_events.between(NOON, until, person_id)]

        assert ids() == [early, other, late]
        assert ids(1) == [early, late]
        assert after not in ids()


class TestSettings:
    def test_each_value_keeps_its_type(self, storage: Storage) -> None:
        values = {"camera": "0 🎥", "far": 0.001, "agree": 3, "sound": False}
        assert storage.settings.load() == {}
        storage.settings.save(values)
        loaded = storage.settings.load()
        assert loaded == values
        assert [type(loaded[name]) for name in values] == [str, float, int, bool]

    def test_other_names_stay(self, storage: Storage) -> None:
        storage.settings.save({"a": 1, "b": 2})
        storage.settings.save({"b": 3, "c": 4})
        storage.settings.save({})
        assert storage.settings.load() == {"a": 1, "b": 3, "c": 4}

    def test_names_that_are_removed_are_gone(self, storage: Storage) -> None:
        storage.settings.save({"a": 1, "b": 2, "c": 3})
        storage.settings.remove(["a", "c", "never there"])
        storage.settings.remove([])
        assert storage.settings.load() == {"b": 2}


class TestStorage:
    def test_a_decision_and_its_clock_event_stand_together(self, storage: Storage) -> None:
        logged, clocked = storage.decide(
            decision(outcome=Outcome.ALLOW, person_id=3, person_name="Ada"), Direction.IN
        )
        assert clocked is not None
        assert (clocked.person_id, clocked.direction) == (3, Direction.IN)
        assert (clocked.at, clocked.event_id) == (logged.at, logged.event_id)
        assert storage.events.query(ALL) == (logged,)
        assert storage.clock_events.between(NOON, NOON + timedelta(hours=1)) == (clocked,)

    def test_without_a_direction_nobody_is_clocked(self, storage: Storage) -> None:
        logged, clocked = storage.decide(decision(), None)
        assert clocked is None
        assert storage.events.query(ALL) == (logged,)

    def test_neither_stands_without_the_other(self, storage: Storage) -> None:
        with pytest.raises(BadInput, match="nobody"):
            storage.decide(decision(), Direction.IN)
        assert storage.events.count(ALL) == 0

    def test_a_healthy_database_says_so(self, storage: Storage) -> None:
        person = storage.people.add("Ada")
        storage.people.add_template(person.id, unit(1, 0), "net", 0.5, "camera")
        storage.decide(decision(person_id=person.id), Direction.IN)
        report = storage.check()
        assert (report.people, report.templates) == (1, 1)
        assert (report.events, report.clock_events) == (1, 1)
        assert report.problems == ()
        assert report.revision
        assert report.engine


MARCH = date(2026, 3, 1), date(2026, 3, 31)
NASTY = "Robert'); DROP TABLE rotas;-- 👩‍🔬 \x00"


class TestHours:
    def test_a_rota_comes_back_as_it_was(self, storage: Storage) -> None:
        night = Shift(time(22), time(6))
        rota = Rota(0, "Nights 👩‍🔬", (night, None, Shift(time(8), time(16, 30))), timedelta())
        added = storage.hours.add_rota(rota)
        other = storage.hours.add_rota(replace(rota, name="Others", grace=timedelta(minutes=7)))
        assert added == replace(rota, id=added.id)
        assert storage.hours.rotas() == (added, other)

    def test_of_a_person_s_day_the_last_word_counts(self, storage: Storage) -> None:
        rota = storage.hours.add_rota(Rota(0, "Early", (Shift(time(6), time(14)), None)))
        first, last = MARCH
        later = Assignment(1, last, None)
        for one in (Assignment(2, first, rota), later, Assignment(1, first, rota, 1)):
            storage.hours.assign(one)
        storage.hours.assign(Assignment(1, first, None))
        storage.hours.assign(Assignment(1, first, rota))
        assert storage.hours.assignments(1) == (Assignment(1, first, rota), later)
        assert len(storage.hours.assignments()) == 3
        assert storage.hours.assignments(3) == ()

    def test_absences_are_found_by_the_days_they_touch(self, storage: Storage) -> None:
        def add(person_id: int, first: int, last: int) -> Absence:
            days = date(2026, 3, first), date(2026, 3, last)
            return storage.hours.add_absence(Absence(0, person_id, "Sick", *days, "x" * 500))

        late, early, others = add(1, 20, 25), add(1, 2, 9), add(2, 9, 9)
        found = storage.hours.absences
        assert found(*MARCH) == (early, others, late)
        assert found(*MARCH, 1) == (early, late)
        assert found(date(2026, 3, 9), date(2026, 3, 19)) == (early, others)
        assert found(date(2026, 3, 10), date(2026, 3, 19)) == ()
        assert storage.hours.withdraw_absence(early.id) == early
        assert found(*MARCH, 1) == (late,)
        for unknown in (early.id, 99):
            with pytest.raises(NotFound):
                storage.hours.withdraw_absence(unknown)

    def test_a_closed_period_comes_back_with_its_lines(self, storage: Storage) -> None:
        lines = (
            PeriodLine(1, "Łucja", None, MARCH[0], timedelta(hours=8), timedelta(seconds=7)),
            PeriodLine(
                2, "Ben", "17", date(2026, 2, 9), -timedelta(minutes=5), carried=True, why="late"
            ),
        )
        rules = {"rounding": "15", "day_starts": 4, "breaks": "paid"}
        april = Period(0, date(2026, 4, 1), date(2026, 4, 30), NOON, "mia", "b" * 64)
        second = storage.hours.close_period(april, ())
        first = storage.hours.close_period(
            Period(0, *MARCH, NOON, "mia", "a" * 64, rules, Mark(7, 3)), lines
        )
        assert storage.hours.periods() == (first, second)
        assert storage.hours.period_lines(first.id) == lines
        assert storage.hours.period_lines(second.id) == ()
        assert storage.hours.period_lines() == lines
        assert storage.hours.period_lines(day=MARCH[0]) == lines[:1]
        assert storage.hours.period_lines(second.id, MARCH[0]) == ()

    def test_what_was_said_after_a_mark_is_found(self, storage: Storage) -> None:
        clock, hour = storage.clock_events, timedelta(hours=1)
        assert clock.newest() == Mark()
        ada = storage.people.add("Ada").id
        first, second = (clock.add(ada, Direction.IN, NOON + n * hour) for n in range(2))
        mark = clock.newest()
        span = NOON, NOON + 2 * hour
        assert clock.said_since(mark, *span) == ()
        assert clock.said_since(Mark(), *span) == ((ada, first.at), (ada, second.at))
        clock.strike(first.id, Strike(NOON, "mia", "wrong"), out=True)
        assert clock.said_since(mark, *span) == ((ada, first.at),)
        later = clock.add(ada, Direction.OUT, NOON + hour)
        clock.add(ada, Direction.OUT, NOON + 2 * hour)
        found = clock.said_since(mark, *span)
        assert sorted(found) == [(ada, first.at), (ada, later.at)]
        assert clock.said_since(clock.newest(), *span) == ()

    def test_a_request_is_answered_once(self, storage: Storage) -> None:
        asked = CorrectionRequest(0, 1, "Ada", NOON, Direction.OUT, NOON, None, "forgot")
        first = storage.hours.add_request(asked)
        second = storage.hours.add_request(
            replace(asked, person_id=2, moment=None, replaces=7, direction=Direction.SEEN)
        )
        assert storage.hours.requests() == (second, first)
        answer = Answer(NOON, "mia", approved=True, why="")
        assert storage.hours.answer_request(first.id, answer) == replace(first, answer=answer)
        assert storage.hours.requests(open_only=True) == (second,)
        assert storage.hours.requests(1) == (replace(first, answer=answer),)
        assert storage.hours.requests(1, open_only=True) == ()
        with pytest.raises(BadInput, match="answered already"):
            storage.hours.answer_request(first.id, Answer(NOON, "ben", approved=False))
        with pytest.raises(NotFound):
            storage.hours.answer_request(99, answer)

    def test_what_a_database_can_not_hold_is_left_out(self, storage: Storage) -> None:
        storage.hours.add_absence(Absence(0, 1, NASTY, *MARCH, NASTY))
        storage.hours.add_request(
            CorrectionRequest(0, 1, NASTY, NOON, Direction.IN, None, 1, NASTY)
        )
        (absence,), (request,) = storage.hours.absences(*MARCH), storage.hours.requests()
        assert absence.note == request.why == NASTY.replace("\x00", "?")


def test_the_gallery_s_revision_rises_with_every_change(storage: Storage) -> None:
    seen = [storage.people.revision()]

    def changed() -> bool:
        seen.append(storage.people.revision())
        return seen[-1] > seen[-2]

    mia = storage.people.add("Mia")
    assert changed()
    first = storage.people.add_template(mia.id, np.ones(4, np.float32), "e", 0.9, "a")
    assert changed()
    storage.people.delete_template(first.id)
    storage.people.add_template(mia.id, np.arange(1, 5, dtype=np.float32), "e", 0.9, "b")
    assert changed(), "one template in place of another"
    storage.people.update(replace(mia, enabled=False))
    assert changed()
    storage.people.set_pin_hash(mia.id, "x")
    assert not changed()
    storage.people.delete(mia.id)
    assert changed()


def test_a_transaction_is_done_as_a_whole_or_not_at_all(storage: Storage) -> None:
    with storage.transaction():
        mia = storage.people.add("Mia")
        assert storage.people.get(mia.id) == mia, "seen inside"
        with storage.transaction():
            storage.settings.save({"hold": 5})
    assert storage.people.find() == (mia,)
    before = storage.people.revision()

    def half() -> None:
        with storage.transaction():
            storage.people.add("Jonas")
            storage.settings.save({"hold": 7})
            storage.people.get(99)

    with pytest.raises(NotFound):
        half()
    assert storage.people.find() == (mia,)
    assert storage.settings.load() == {"hold": 5}
    assert storage.people.revision() == before


def test_the_audit_trail_keeps_who_did_what(storage: Storage) -> None:
    actor = Actor(ActorKind.SYSTEM_USER, "root")
    entry = AuditEntry(
        datetime(2026, 3, 2, 8, tzinfo=UTC),
        actor,
        Action.DELETE_PERSON,
        "Łucja (no. 3)",
        "photos: 5",
    )
    first = storage.audit.append(entry)
    second = storage.audit.append(replace(entry, action=Action.EXPORT))
    assert first == replace(entry, id=first.id)
    assert storage.audit.newest() == (second, first)
    assert storage.audit.newest(1) == (second,)


def test_the_audit_trail_keeps_in_which_role(storage: Storage) -> None:
    actor = Actor(ActorKind.STAFF, "Łucja", Role.MANAGER, ("Night",), 7)
    storage.audit.append(AuditEntry(NOON, actor, Action.ADD_ABSENCE))
    kept = storage.audit.newest()[0].actor
    assert kept == actor
    assert (kept.role, kept.departments, kept.person_id) == (Role.MANAGER, (), None)
    assert not storage.check_chain().found


def test_roles_are_kept_one_a_person(storage: Storage) -> None:
    ada, bob = storage.people.add("Ada"), storage.people.add("Bob")
    assert storage.roles.get(ada.id) is None
    assert storage.roles.give(bob.id, Role.MANAGER, ["Night", "Łódź & Ω"]) == StaffRole(
        bob.id, Role.MANAGER, ("Night", "Łódź & Ω")
    )
    storage.roles.give(ada.id, Role.AUDITOR)
    storage.roles.set_secret_hash(ada.id, "hash")
    assert storage.roles.all() == (
        StaffRole(ada.id, Role.AUDITOR, (), True),
        StaffRole(bob.id, Role.MANAGER, ("Night", "Łódź & Ω")),
    )
    assert storage.roles.give(ada.id, Role.ENROLLER).has_secret
    assert storage.roles.secret_hash(ada.id) == "hash"
    storage.roles.set_secret_hash(ada.id, None)
    assert storage.roles.secret_hash(ada.id) is storage.roles.secret_hash(99) is None
    storage.roles.take(ada.id)
    storage.roles.take(ada.id)
    storage.people.delete(bob.id)
    assert storage.roles.all() == ()
    for refused in (
        lambda: storage.roles.give(99, Role.AUDITOR),
        lambda: storage.roles.set_secret_hash(ada.id, "hash"),
    ):
        with pytest.raises(NotFound):
            refused()


def test_the_audit_trail_is_filtered(storage: Storage) -> None:
    root, boss = Actor(ActorKind.SYSTEM_USER, "root"), Actor(ActorKind.ADMINISTRATOR)
    add, strike = Action.ADD_CLOCK_EVENT, Action.STRIKE_CLOCK_EVENT

    def said(hours: int, actor: Actor, action: Action, subject: str) -> AuditEntry:
        return storage.audit.append(
            AuditEntry(NOON + timedelta(hours=hours), actor, action, subject)
        )

    first = said(0, root, add, "Łucja (no. 3)")
    second = said(1, boss, strike, "Łucja (no. 3)")
    third = said(26, boss, Action.EXPORT, "people")

    def found(**wanted: Any) -> tuple[AuditEntry, ...]:
        return storage.audit.newest(wanted=AuditFilter(**wanted))

    assert found() == (third, second, first)
    assert found(actions=frozenset((add, strike))) == (second, first)
    assert found(actor=boss) == (third, second)
    assert found(actor=root) == (first,)
    assert found(text="lucja") == (second, first)
    assert found(text="lucja", actor=boss) == (second,)
    assert found(text="nobody") == ()
    assert found(since=NOON + timedelta(hours=1)) == (third, second)
    assert found(until=NOON + timedelta(hours=1)) == (first,)
    assert storage.audit.newest(1, AuditFilter(text="lucja")) == (second,)
    assert storage.audit.actors() == (boss, root)


def test_all_that_was_said_of_an_event_is_kept(storage: Storage) -> None:
    mia = storage.people.add("Mia")
    event = storage.clock_events.add(mia.id, Direction.IN, NOON)
    other = storage.clock_events.add(mia.id, Direction.OUT, NOON)
    said = [
        Strike(NOON, "root", "the wrong person", out=True),
        Strike(NOON, "root", "it was right", out=False),
    ]
    for strike in said:
        storage.clock_events.strike(event.id, strike, out=strike.out)
    assert storage.clock_events.strikes([event.id, other.id]) == {event.id: tuple(said)}
    assert storage.clock_events.strikes([]) == {}


def test_whether_anybody_has_a_pin(storage: Storage) -> None:
    mia = storage.people.add("Mia")
    assert not storage.people.any_pin()
    storage.people.set_pin_hash(mia.id, "x")
    assert storage.people.any_pin()
    storage.people.update(replace(mia, enabled=False))
    assert not storage.people.any_pin(), "whoever is switched off is not let in by a PIN either"
