"""What is said at the end of an enrolment: whatever will keep it from working, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from kiosk.domain.frame import Vector
from kiosk.domain.people import FAIR, Person
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.services.enrol.enroller import Capture
from kiosk.services.enrol.prospects import Prospects
from kiosk.services.enrol.target import Target
from tests.fakes import ENCODER, vector

SMALL = np.zeros((2, 2, 3), np.uint8)


def captures(*qualities: float, alike: float = 0.9) -> list[Capture]:
    """Photos of one person, any two of them this alike."""
    return [
        Capture(spread(place, alike), quality, SMALL, f"{place}.jpg")
        for place, quality in enumerate(qualities)
    ]


def spread(place: int, alike: float) -> Vector:
    made: Vector = np.sqrt(alike) * vector(0) + np.sqrt(1 - alike) * vector(1 + place)
    return made


def said(
    storage: Storage, target: Target, photos: Sequence[Capture], settings: Settings | None = None
) -> str:
    return " ".join(
        Prospects(storage.people, ENCODER, settings or Settings()).obstacles(target, photos)
    )


def test_where_all_is_well_nothing_is_said(storage: Storage) -> None:
    for target in (Target("Mia Chen"), Target("Łukasz Żółć"), Target("李雷", "17")):
        assert said(storage, target, captures(0.9, 0.4)) == ""


def test_where_nobody_is_enrolled_nothing_is_said(storage: Storage) -> None:
    assert said(storage, Target("李雷"), []) == ""


@pytest.mark.parametrize("name", ["李雷", "Иван Петров", "محمد"])
def test_who_can_not_be_typed_needs_a_number(storage: Storage, name: str) -> None:
    text = said(storage, Target(name), captures(0.9, 0.9))
    assert text.startswith("Give ")
    assert name in text
    assert "a staff number: the name can't be typed at the door." in text


def test_a_number_that_can_not_be_typed_is_none(storage: Storage) -> None:
    text = said(storage, Target("李雷", "工17"), captures(0.9, 0.9))
    assert "another staff number: neither" in text
    assert said(storage, Target("Mia", "工17"), captures(0.9, 0.9)) == ""


def test_a_name_that_stands_for_two_needs_a_number(
    storage: Storage, enrol: Callable[..., Person]
) -> None:
    enrol("Lukasz")
    enrol("Jonas", "lukas")
    for name in ("Łukasz", "Lukas"):
        text = said(storage, Target(name), captures(0.9, 0.9))
        assert f"Give {name} a staff number: at the door the name may also stand for" in text
        assert said(storage, Target(name, "17"), captures(0.9, 0.9)) == ""


def test_one_photo_is_few(storage: Storage, enrol: Callable[..., Person]) -> None:
    assert "only one photo of Mia" in said(storage, Target("Mia"), captures(0.9))
    mia = enrol("Mia")
    more = said(storage, Target("Mia", None, mia.id), captures(0.9))
    assert "only one photo" not in more, "what is stored counts"


def test_photos_that_are_all_poor_are_said(storage: Storage) -> None:
    poor = FAIR - 0.01
    assert "Every photo of Mia is poor" in said(storage, Target("Mia"), captures(poor, poor))
    assert said(storage, Target("Mia"), captures(poor, FAIR)) == ""


def test_photos_less_alike_than_the_door_asks_for(
    storage: Storage, enrol: Callable[..., Person]
) -> None:
    alike = captures(0.9, 0.9, alike=0.55)  # FAR 1 in 1,000 among one: 0.5
    assert said(storage, Target("Mia"), alike) == ""
    for number in range(10):
        enrol(f"Somebody {number}")
    assert "less alike than the door asks for" in said(storage, Target("Mia"), alike)
    claimed = replace(Settings(), mode="claimed")
    assert said(storage, Target("Mia"), alike, claimed) == "", "compared with one person only"


def test_who_is_switched_off_is_said(storage: Storage, enrol: Callable[..., Person]) -> None:
    mia = enrol("Mia")
    storage.people.update(replace(mia, enabled=False))
    assert "Mia is switched off" in said(storage, Target("Mia", None, mia.id), captures(0.9))
