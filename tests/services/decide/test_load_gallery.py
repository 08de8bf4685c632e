"""The door's gallery from the database, and what of it is kept there for the next start."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.ports import EncoderInfo
from kiosk.domain.repositories import Storage
from kiosk.domain.scale import ScoreScale
from kiosk.services.decide.gallery_watch import load_gallery
from kiosk.storage import open_storage
from tests.fakes import ENCODER


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.db"


@pytest.fixture
def storage(path: Path) -> Iterator[Storage]:
    opened = open_storage(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def encoder() -> EncoderInfo:
    random = np.random.default_rng(0)
    cohort = random.normal(size=(50, 8)).astype(np.float32)
    cohort /= np.linalg.norm(cohort, axis=1, keepdims=True)
    table = np.array([0.0, 1.0])
    return replace(ENCODER, scale=ScoreScale(cohort, 10, table, table))


def enrol(storage: Storage, encoder: EncoderInfo, name: str, seed: int) -> int:
    person = storage.people.add(name).id
    vector = np.random.default_rng(seed).normal(size=8).astype(np.float32)
    storage.people.add_template(person, vector, encoder.encoder_id, 0.9, "a.jpg")
    return person


def test_what_the_cohort_says_is_made_once_and_read_at_the_next_start(
    storage: Storage, encoder: EncoderInfo
) -> None:
    ada = enrol(storage, encoder, "Ada", 1)
    first = load_gallery(storage, encoder)
    cohort = encoder.scale.cohort_key()
    kept = storage.people.known(encoder.encoder_id, cohort)
    assert kept == first.known()
    assert list(kept) == [ada]
    # What is there is believed: a mark that nobody would make shows that it was read.
    marked = {ada: replace(kept[ada], mean=0.75)}
    storage.people.keep_known(encoder.encoder_id, cohort, marked)
    bob = enrol(storage, encoder, "Bob", 2)
    second = load_gallery(storage, encoder)
    assert second.statistics.mean[0] == np.float32(0.75)
    assert set(storage.people.known(encoder.encoder_id, cohort)) == {ada, bob}
    # Another cohort says something else.
    other = replace(encoder, scale=replace(encoder.scale, nearest=20))
    assert load_gallery(storage, other).statistics.mean[0] != np.float32(0.75)


def test_where_nothing_can_be_kept_the_door_opens_all_the_same(
    storage: Storage, encoder: EncoderInfo, path: Path
) -> None:
    enrol(storage, encoder, "Ada", 1)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON known_people "
            "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    assert len(load_gallery(storage, encoder)) == 1
    assert storage.people.known(encoder.encoder_id, encoder.scale.cohort_key()) == {}


def test_an_encoder_without_a_cohort_keeps_nothing(storage: Storage, encoder: EncoderInfo) -> None:
    enrol(storage, encoder, "Ada", 1)
    assert len(load_gallery(storage, ENCODER)) == 1
    assert storage.people.known(ENCODER.encoder_id, ENCODER.scale.cohort_key()) == {}
