from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.decision import Hint
from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Face, Frame, Image
from kiosk.domain.ports import Quality
from kiosk.domain.region import Region
from kiosk.services.decide.analyse import Analyser
from kiosk.services.decide.scene import Scene
from kiosk.services.enrol.enroller import (
    REFUSALS,
    THUMBNAIL,
    WANTED,
    Capture,
    Enroller,
    LiveEnrolment,
)
from tests.fakes import PictureFiles, Sitter, Studio, vector


@pytest.fixture
def studio() -> Studio:
    return Studio()


@pytest.fixture
def files() -> PictureFiles:
    return PictureFiles()


@pytest.fixture
def enroller(studio: Studio, files: PictureFiles) -> Enroller:
    return Enroller(Analyser(studio, studio, studio, min_face=48), files.load)


@pytest.fixture
def write(tmp_path: Path, studio: Studio, files: PictureFiles) -> Callable[..., Path]:
    """Writes a picture of the sitters, by default of ``vector(1)``, under a path."""

    def write(path: str, *sitters: Sitter) -> Path:
        return files.write(tmp_path / path, studio.picture(*(sitters or (Sitter(vector(1)),))))

    return write


def test_a_usable_face_is_a_capture(enroller: Enroller, studio: Studio) -> None:
    capture = enroller.capture(studio.picture(Sitter(vector(2), quality=0.7)), "camera")
    assert isinstance(capture, Capture)
    assert (capture.quality, capture.source) == (0.7, "camera")
    assert np.array_equal(capture.vector, vector(2))
    assert capture.thumbnail.dtype == np.uint8
    assert 0 < max(capture.thumbnail.shape[:2]) <= THUMBNAIL


@pytest.mark.parametrize("size", [30.0, 106.9, 107.0, 120.0, 333.3, 3000.0])
def test_a_thumbnail_is_small_whatever_the_face(
    enroller: Enroller, studio: Studio, size: float
) -> None:
    picture = studio.picture(Sitter(vector(1), size))
    capture = enroller.capture(picture, "camera")
    assert isinstance(capture, Capture)
    height, width, colours = capture.thumbnail.shape
    assert 0 < height <= THUMBNAIL
    assert 0 < width <= THUMBNAIL
    assert colours == 3
    assert not np.shares_memory(capture.thumbnail, picture), "the large picture is let go"


@pytest.mark.parametrize(
    ("sitters", "hint"),
    [
        ((), Hint.NO_FACE),
        ((Sitter(vector(1)), Sitter(vector(2))), Hint.ONE_PERSON),
        ((Sitter(vector(1)), Sitter(vector(2), 70)), None),
        *(
            ((Sitter(vector(1), hint=hint),), hint)
            for hint in REFUSALS
            if hint not in (Hint.NO_FACE, Hint.ONE_PERSON)
        ),
    ],
)
def test_every_refusal_has_a_sentence(
    enroller: Enroller,
    studio: Studio,
    write: Callable[..., Path],
    files: PictureFiles,
    sitters: tuple[Sitter, ...],
    hint: Hint | None,
) -> None:
    path = files.write(write("a.jpg"), studio.picture(*sitters))
    if hint is None:
        assert enroller.capture_file(path).source == "a.jpg"
        return
    with pytest.raises(BadImage) as caught:
        enroller.capture_file(path)
    assert str(caught.value) == REFUSALS[hint]


def test_refusals_are_complete() -> None:
    assert set(REFUSALS) == set(Hint) - {Hint.NONE}


def test_comparing_two_pictures_takes_the_largest_face(
    enroller: Enroller, write: Callable[..., Path], files: PictureFiles, studio: Studio
) -> None:
    several = write("a.jpg", Sitter(vector(1), 50), Sitter(vector(2), 90, hint=Hint.MORE_LIGHT))
    found, wrong = enroller.largest_face(several)
    assert np.array_equal(found, vector(2))
    assert wrong is Hint.MORE_LIGHT
    with pytest.raises(BadImage, match="No face"):
        enroller.largest_face(files.write(several, studio.picture()))
    with pytest.raises(BadImage, match=r"b\.txt is not a picture"):
        enroller.largest_face(several.with_name("b.txt"))


@pytest.fixture
def live(enroller: Enroller) -> LiveEnrolment:
    return LiveEnrolment(enroller, same_person=30)


def shot(image: Image, time: float) -> Frame:
    return Frame(image, int(10 * time), time)


def test_five_captures_before_the_camera(live: LiveEnrolment, studio: Studio) -> None:
    face = studio.picture(Sitter(vector(1)))
    counts, done = [], []
    for tick in range(40):
        step = live.offer(shot(face, tick / 8))
        counts.append(len(step.captures))
        done.append(step.done)
    assert [counts.index(number) / 8 for number in range(1, WANTED + 1)] == [
        0.0, 0.625, 1.25, 1.875, 2.5,
    ]  # fmt: skip
    assert done.index(True) == 20
    assert counts[-1] == WANTED
    encoded = studio.encoded
    assert live.offer(shot(face, 99)).done
    assert studio.encoded == encoded, "what is done costs nothing more"


def test_who_is_outside_of_the_cameras_region_does_not_disturb_an_enrolment(
    studio: Studio, files: PictureFiles
) -> None:
    scene = Scene(Region(right=40))
    enroller = Enroller(Analyser(studio, studio, studio, min_face=48, scene=scene), files.load)
    two = studio.picture(Sitter(vector(1)), Sitter(vector(2)))

    step = LiveEnrolment(enroller, same_person=30).offer(shot(two, 0))

    assert len(step.captures) == 1
    assert enroller.capture(two, "face.jpg") is Hint.ONE_PERSON


def test_guidance_before_the_camera(live: LiveEnrolment, studio: Studio) -> None:
    ada, eve = Sitter(vector(1)), Sitter(vector(2))
    assert live.offer(shot(studio.picture(), 0)).hint is Hint.NO_FACE
    blurred = Sitter(vector(1), hint=Hint.HOLD_STILL)
    assert live.offer(shot(studio.picture(blurred), 1)).hint is Hint.HOLD_STILL
    assert live.offer(shot(studio.picture(ada, eve), 2)).hint is Hint.ONE_PERSON
    first = live.offer(shot(studio.picture(ada), 3))
    assert (first.hint, len(first.captures), first.done) == (Hint.NONE, 1, False)
    other = live.offer(shot(studio.picture(eve), 4))
    assert (other.hint, other.captures) == (Hint.ONE_PERSON, first.captures), "somebody stepped in"
    again = live.offer(shot(studio.picture(Sitter(vector(1, 0.6))), 5))
    assert (again.hint, len(again.captures)) == (Hint.NONE, 2)


class Judges:
    """A quality check with one answer."""

    def __init__(self, hint: Hint) -> None:
        self._hint = hint

    def assess(self, image: Image, face: Face) -> Quality:
        return Quality(0.1, self._hint)


def test_files_are_judged_more_mildly_than_the_camera(
    studio: Studio, files: PictureFiles, tmp_path: Path
) -> None:
    strict = Analyser(studio, Judges(Hint.LOOK_STRAIGHT), studio, min_face=48)
    enroller = Enroller(strict, files.load, strict.judged_by(Judges(Hint.NONE)))
    picture = studio.picture(Sitter(vector(1)))

    assert enroller.capture(picture, "camera") is Hint.LOOK_STRAIGHT
    assert enroller.capture_file(files.write(tmp_path / "1.jpg", picture)).source == "1.jpg"
