"""What it costs that the record is a chain under a key and the database encrypted: the same as the
kiosk does it, and plain and without a chain, in turns over the same rows."""

from __future__ import annotations

import itertools
import secrets
import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from unittest import mock

import numpy as np

from kiosk.benchmark.turns import ROUNDS, medians
from kiosk.domain.attendance import Direction
from kiosk.domain.audit import ADMINISTRATOR, Action
from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.domain.keys import LENGTH, KeyRing
from kiosk.services.access.record_key import HeadFile
from kiosk.services.admin.trail import Trail
from kiosk.storage import SqlStorage, chain, database_url, open_storage, settle

TEMPLATES: Final = 10_000
DIMENSION: Final = 128
ROTATIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Costs:
    """Medians in seconds: ``plain`` is None where there is nothing of the kind to do."""

    sealed: float
    plain: float | None = None


def record_costs(templates: int = TEMPLATES, rounds: int = ROUNDS) -> dict[str, Costs]:
    """Of a start (the database opened, all templates read), a decision, an enrolment and a new
    key, in a database of so many people with a template each."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name:
        plain, sealed = _Folder(Path(name, "plain")), _Folder(Path(name, "sealed"))
        with closing(plain.open()) as storage, storage.transaction():
            for number in range(templates):
                _add(storage, number)
        shutil.copytree(plain.path, sealed.path)
        sealed.renew_key()
        found = {"start": _in_turns(lambda: _start(plain), lambda: _start(sealed), rounds)}
        numbers = itertools.count(templates)
        with closing(plain.open()) as one, closing(sealed.open()) as other:
            found["decision"] = _in_turns(lambda: _decide(one), lambda: _decide(other), rounds)
            found["enrolment"] = _in_turns(
                lambda: _enrol(one, next(numbers)), lambda: _enrol(other, next(numbers)), rounds
            )
        rotation = medians({"new key": sealed.renew_key}, min(rounds, ROTATIONS))
    return found | {"new_key": Costs(rotation["new key"])}


class _Folder:
    """A database, sealed once it has keys: of its own, never this machine's."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ring: KeyRing | None = None
        self._seal = chain.Seal(secrets.token_bytes(LENGTH), HeadFile(path / "head.json").tell)

    def open(self) -> SqlStorage:
        address = database_url(self.path)
        if self._ring is None:
            return open_storage(address)
        return open_storage(address, seal=self._seal, ring=self._ring)

    def renew_key(self) -> None:
        older = self._ring.keys[:1] if self._ring is not None else ()
        self._ring = KeyRing((secrets.token_bytes(LENGTH), *older))
        settle(self.path / "kiosk.db", self._ring)


def _in_turns(plain: Callable[[], object], sealed: Callable[[], object], rounds: int) -> Costs:
    def unchained() -> None:
        # There is no such switch in the program, and must not be.
        with mock.patch.object(chain, "_enter", _nothing):
            plain()

    times = medians({"plain": unchained, "sealed": sealed}, rounds)
    return Costs(times["sealed"], times["plain"])


def _nothing(*_: object) -> None:
    pass


def _start(folder: _Folder) -> None:
    with closing(folder.open()) as storage:
        storage.people.templates("bench")
        storage.chain_head()


def _decide(storage: SqlStorage) -> None:
    allow = Decision(_now(), Outcome.ALLOW, Reason.FACE_MATCHED, Mode.WALK_UP, 1, "Person 1")
    storage.decide(allow, Direction.IN)


def _enrol(storage: SqlStorage, number: int) -> None:
    with Trail(storage, _now).act(ADMINISTRATOR, Action.ENROL) as note:
        _add(storage, number)
        note.details = "camera"


def _add(storage: SqlStorage, number: int) -> None:
    vector = np.random.default_rng(number).standard_normal(DIMENSION).astype(np.float32)
    person = storage.people.add(f"Person {number}", str(number))
    storage.people.add_template(person.id, vector, "bench", 0.9, "camera")


def _now() -> datetime:
    return datetime.now(UTC)
