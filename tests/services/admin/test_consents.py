"""Who agreed is on record; who withdraws loses the photos at once and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.domain.audit import ADMINISTRATOR, Action, Actor, ActorKind
from kiosk.domain.consent import Agreed
from kiosk.domain.errors import BadInput, NotFound
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.admin.consents import agreed, check_consent, has_agreed
from tests.fakes import MORNING, QUICK_HASHER, WallClock, vector

ADA = Actor(ActorKind.PERSON, "Ada")


@pytest.fixture
def admin(storage: Storage, pins: Pins, clock: WallClock) -> Administration:
    return Administration.of(storage, pins, clock)


@pytest.fixture
def ada(enrol: Callable[..., Person]) -> Person:
    return enrol("Ada", "17")


def test_who_agreed_is_kept_with_the_text(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    assert not has_agreed(storage, ada.id)
    made = admin.consents.record(ADMINISTRATOR, ada.id, " on  paper ")
    assert (made.name, made.how, made.given_at) == ("Ada", "on paper", MORNING)
    assert made.recorded_by == "administrator"
    assert storage.consents.of(ada.id) == (made,)
    assert has_agreed(storage, ada.id)
    (entry,) = storage.audit.newest(1)
    assert (entry.action, entry.subject) == (Action.RECORD_CONSENT, "Ada (no. 1, 17)")
    with pytest.raises(BadInput, match="at the kiosk, on paper"):
        admin.consents.record(ADMINISTRATOR, ada.id, " ")
    with pytest.raises(NotFound):
        admin.consents.record(ADMINISTRATOR, 99, "on paper")


def test_another_text_makes_it_an_older_agreement(
    admin: Administration, storage: Storage, ada: Person, enrol: Callable[..., Person]
) -> None:
    ben = enrol("Ben")
    admin.consents.record(ADMINISTRATOR, ada.id, "on paper")
    assert agreed(storage) == Agreed(now=1, never=1)
    storage.settings.save({"consent_text": "I agree to all of it."})
    assert agreed(storage) == Agreed(before=1, never=1)
    assert not has_agreed(storage, ada.id)
    admin.consents.record(ADMINISTRATOR, ada.id, "on paper")
    admin.consents.record(ADMINISTRATOR, ben.id, "on paper")
    assert agreed(storage) == Agreed(now=2)
    assert storage.consents.of(ada.id)[0].wording.text == "I agree to all of it."


def test_who_withdraws_keeps_everything_but_the_face(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    storage.people.add_template(ada.id, vector(3), "fake", 0.9, "camera", b"a crop")
    storage.people.set_pin_hash(ada.id, QUICK_HASHER.hash("2846"))
    admin.consents.record(ADMINISTRATOR, ada.id, "on paper")
    before = storage.people.revision()
    done = admin.consents.withdraw(ADA, ada.id)
    assert (done.photos, done.person.template_count, done.person.has_pin) == (2, 0, True)
    assert done.sentence == (
        "Ada has withdrawn. 2 photos were deleted. Backups made before hold all of it until they "
        "are replaced by newer ones, within 28 days."
    )
    assert storage.people.templates_of(ada.id) == ()
    assert storage.people.crops_of(ada.id) == {}
    assert storage.people.revision() > before, "the door forgets the face"
    (kept,) = storage.consents.of(ada.id)
    assert (kept.stands, kept.withdrawn_at, kept.withdrawn_by) == (False, MORNING, "Ada")
    (entry,) = storage.audit.newest(1)
    assert (entry.actor, entry.action) == (ADA, Action.WITHDRAW_CONSENT)
    assert storage.check_chain().found == ()


def test_who_has_no_pin_is_told_to_get_one(
    admin: Administration, storage: Storage, ada: Person
) -> None:
    """Though nobody recorded that they ever agreed."""
    told = admin.consents.withdraw(ADMINISTRATOR, ada.id).sentence
    assert "They have no PIN: give them one" in told
    with pytest.raises(NotFound):
        admin.consents.withdraw(ADMINISTRATOR, 99)


def test_a_site_may_require_it(storage: Storage, ada: Person, admin: Administration) -> None:
    required = Settings(consent="require")
    for nobody in (None, ada.id):
        with pytest.raises(BadInput, match="before they have agreed"):
            check_consent(storage, required, nobody, "")
        check_consent(storage, Settings(), nobody, "")
        check_consent(storage, required, nobody, "on paper")
    admin.consents.record(ADMINISTRATOR, ada.id, "on paper")
    check_consent(storage, required, ada.id, "")


def withdraw(admin: Administration, person_id: int) -> None:
    admin.consents.withdraw(ADMINISTRATOR, person_id)


def delete_person(admin: Administration, person_id: int) -> None:
    admin.erasures.delete(ADMINISTRATOR, person_id)


def delete_photo(admin: Administration, person_id: int) -> None:
    (photo,) = admin.records.people.templates_of(person_id)
    admin.people.delete_template(ADMINISTRATOR, photo)


@pytest.mark.parametrize("deletes", [withdraw, delete_person, delete_photo])
def test_a_deleted_face_is_in_no_file(
    database: Storage, tmp_path: Path, pins: Pins, deletes: Callable[[Administration, int], None]
) -> None:
    """Neither in the database nor in its journal, where pages wait from before."""
    admin = Administration.of(database, pins, WallClock())
    person = database.people.add("Ada")
    face = vector(1) + vector(2)
    database.people.add_template(person.id, face, "fake", 0.9, "camera", b"\xff\xd8a crop")
    traces = (face.astype("<f4").tobytes(), b"\xff\xd8a crop")

    def found() -> list[str]:
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        return [path.name for path in files if any(one in path.read_bytes() for one in traces)]

    assert found()
    deletes(admin, person.id)
    assert found() == []
