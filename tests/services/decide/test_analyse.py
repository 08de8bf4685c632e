from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from kiosk.domain.decision import Hint
from kiosk.domain.frame import Frame
from kiosk.domain.gallery import Gallery
from kiosk.domain.people import Person
from kiosk.domain.region import Region
from kiosk.domain.repositories import Storage
from kiosk.services.decide.analyse import Analyser, Recogniser
from kiosk.services.decide.scene import Scene
from tests.fakes import SCALE, Sitter, Studio, vector


@pytest.fixture
def studio() -> Studio:
    return Studio()


@pytest.fixture
def recogniser(studio: Studio, storage: Storage, enrol: Callable[..., Person]) -> Recogniser:
    for name in ("Ada", "Ben"):
        enrol(name)
    ticks = count()

    def clock() -> float:
        return float(next(ticks))

    analyser = Analyser(studio, studio, studio, min_face=48, clock=clock)
    return Recogniser(analyser, Gallery.of(storage.people.templates("fake"), SCALE), clock)


def test_a_face_is_compared_with_everybody(recogniser: Recogniser, studio: Studio) -> None:
    look = recogniser.look(Frame(studio.picture(Sitter(vector(2, 0.8))), 0, 3.5))
    assert (look.observation.time, look.observation.hint) == (3.5, Hint.NONE)
    best, second = look.observation.candidates
    assert (best.person_id, best.score) == (2, pytest.approx(48, abs=1e-3))
    assert second.person_id == 1
    assert look.face is not None
    assert look.stages == {"detect": 1, "quality": 1, "encode": 1, "search": 1}


def test_a_claim_is_compared_with_one(recogniser: Recogniser, studio: Studio) -> None:
    frame = Frame(studio.picture(Sitter(vector(2, 0.8))), 0, 0)
    (claimed,) = recogniser.look(frame, claim=1).observation.candidates
    assert (claimed.person_id, claimed.score) == (1, pytest.approx(0, abs=1e-6))
    assert recogniser.look(frame, claim=99).observation.candidates == ()


def test_nobody(recogniser: Recogniser, studio: Studio) -> None:
    look = recogniser.look(Frame(studio.picture(), 0, 0))
    assert (look.observation.hint, look.face, list(look.stages)) == (Hint.NO_FACE, None, ["detect"])


def test_a_poor_face_is_not_encoded(recogniser: Recogniser, studio: Studio) -> None:
    look = recogniser.look(Frame(studio.picture(Sitter(vector(1), hint=Hint.MORE_LIGHT)), 0, 0))
    assert look.observation.hint is Hint.MORE_LIGHT
    assert look.observation.candidates == ()
    assert look.face is not None
    assert studio.encoded == 0


@pytest.mark.parametrize(
    ("sizes", "hint"),
    [
        ((100, 60), Hint.ONE_PERSON),
        ((60, 100), Hint.ONE_PERSON),
        ((100, 59), Hint.NONE),
        ((60, 47), Hint.NONE),  # large beside the first, but too small to be anybody here
        ((60, 48), Hint.ONE_PERSON),
        ((100, *(10 * [30])), Hint.NONE),
        (10 * (100,), Hint.ONE_PERSON),
    ],
)
def test_whoever_stands_beside_counts_and_whoever_waits_behind_does_not(
    recogniser: Recogniser, studio: Studio, sizes: tuple[float, ...], hint: Hint
) -> None:
    sitters = [Sitter(vector(1), size) for size in sizes]
    look = recogniser.look(Frame(studio.picture(*sitters), 0, 0))
    assert look.observation.hint is hint
    assert studio.encoded == (1 if hint is Hint.NONE else 0)


def test_of_a_cameras_picture_only_the_people_of_its_scene_count(studio: Studio) -> None:
    analyser = Analyser(studio, studio, studio, min_face=48, scene=Scene(Region(right=40)))
    image = studio.picture(Sitter(vector(1)), Sitter(vector(2)))

    assert analyser.analyse(image, at=1.0).hint is Hint.NONE
    assert analyser.analyse(image).hint is Hint.ONE_PERSON, "a file's picture has no scene"
    look = Recogniser(analyser, Gallery.of((), SCALE)).look(Frame(image, 0, 2.0))
    assert look.observation.hint is Hint.NONE
