"""The kiosk's own log file names nobody: whoever is erased would stay in it."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from kiosk.domain.attendance import Direction
from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.decision import Decision, Mode, Outcome, Reason, Verdict
from kiosk.domain.errors import KioskError, WrongPin
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.decide.verify import Circumstances, Verifier
from kiosk.services.log_file import log_file
from kiosk.storage import SqlStorage, database_url, open_storage
from tests.fakes import MORNING, QUICK_HASHER, vector

NAME, NUMBER = "Zacharias", "Z-4711"


@pytest.fixture
def real(tmp_path: Path) -> SqlStorage:
    return open_storage(database_url(tmp_path), lambda: MORNING)


def test_no_name_from_the_first_day_to_the_last(real: SqlStorage, tmp_path: Path) -> None:
    pins = Pins(real, lambda: MORNING, QUICK_HASHER)
    admin = Administration.of(real, pins, lambda: MORNING)
    # Another clock, so that a warning is written while somebody is decided on.
    later = Verifier(real, pins, None, repeat_after=0, now=lambda: MORNING - timedelta(days=9000))
    with log_file(tmp_path) as path, _all_of_it():
        person = real.people.add(NAME, NUMBER)
        real.people.add_template(person.id, vector(1), "fake", 0.9, "camera")
        admin.people.set_pin(ADMINISTRATOR, person.id, "2580")
        admin.consents.record(ADMINISTRATOR, person.id, "on paper")
        allow = Verdict(Outcome.ALLOW, Reason.FACE_MATCHED, person.id, 61.0)
        real.decide(
            Decision(MORNING, Outcome.ALLOW, Reason.FACE_MATCHED, Mode.WALK_UP, person.id),
            Direction.IN,
        )
        later.conclude(allow, Circumstances(Mode.WALK_UP, "Camera 0"))
        with pytest.raises(WrongPin):
            pins.check_person(NAME, "1111")
        with suppress(KioskError):
            real.people.add(NAME, NUMBER)
        admin.own_data.hand_out(ADMINISTRATOR, person.id)
        admin.erasures.erase(ADMINISTRATOR, person.id)
        _fail(real)
        told = path.read_text()
    real.close()
    assert "the clock" in told.lower(), "something was written at all"
    assert "a job failed" in told
    for secret in (NAME, NUMBER, "2580", "1111"):
        assert secret not in told, told


def _fail(storage: SqlStorage) -> None:
    """The tables are gone: an error that nobody expects, with all that was to be written in it."""
    with storage.database.engine.begin() as connection:
        connection.execute(text("DROP TABLE people"))
    try:
        storage.people.add(NAME, NUMBER)
    except Exception:
        logging.getLogger("kiosk.work").exception("a job failed")


class _all_of_it:  # noqa: N801
    """Notes of the kiosk's own, too, which the file would not take."""

    def __enter__(self) -> None:
        self._before = logging.getLogger("kiosk").level
        logging.getLogger("kiosk").setLevel(logging.DEBUG)

    def __exit__(self, *_: object) -> None:
        logging.getLogger("kiosk").setLevel(self._before)
