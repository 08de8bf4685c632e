from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.decision import Hint
from kiosk.domain.errors import AlreadyExists, BadImage, BadInput
from kiosk.domain.frame import Frame, Image
from kiosk.domain.people import Person
from kiosk.domain.region import Region
from kiosk.domain.repositories import Storage
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
def enroller(storage: Storage, studio: Studio, files: PictureFiles) -> Enroller:
    return Enroller(storage, Analyser(studio, studio, studio, min_face=48), files.load)


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
    assert np.array_equal(enroller.largest_face(several), vector(2))
    with pytest.raises(BadImage, match="No face"):
        enroller.largest_face(files.write(several, studio.picture()))
    with pytest.raises(BadImage, match=r"b\.txt is not a picture"):
        enroller.largest_face(several.with_name("b.txt"))


def test_one_person_from_files(
    enroller: Enroller, storage: Storage, write: Callable[..., Path], tmp_path: Path
) -> None:
    paths = [write("1.jpg"), write("2.jpg", Sitter(vector(1), hint=Hint.HOLD_STILL))]
    broken = tmp_path / "3.jpg"
    report = enroller.enrol_files("  Ada  Lovelace ", [*paths, broken], "17")
    (person,) = report.people
    assert (person.name, person.staff_number, person.template_count) == ("Ada Lovelace", "17", 1)
    assert report.accepted == 1
    assert [(refused.path, refused.reason) for refused in report.refused] == [
        (paths[1], REFUSALS[Hint.HOLD_STILL]),
        (broken, "3.jpg is not a picture."),
    ]
    (template,) = storage.people.templates("fake")
    assert (template.source, template.quality) == ("1.jpg", 0.9)
    # The same name again: more of the same person; another staff number: another person.
    assert enroller.enrol_files("Ada Lovelace", paths[:1]).people[0].id == person.id
    assert enroller.enrol_files("Ada Lovelace", paths[:1], "17").people[0].template_count == 3
    assert enroller.enrol_files("Ada Lovelace", paths[:1], "18").people[0].id != person.id
    with pytest.raises(AlreadyExists):
        enroller.enrol_files("Ben", paths[:1], "17")


def test_without_a_usable_picture_nobody_is_added(
    enroller: Enroller, storage: Storage, tmp_path: Path
) -> None:
    report = enroller.enrol_files("Ada", [tmp_path / "none.jpg"])
    assert (report.people, report.accepted, len(report.refused)) == ((), 0, 1)
    assert storage.people.find() == ()
    with pytest.raises(BadInput, match="500 characters"):
        enroller.enrol_files("x" * 500, [tmp_path / "none.jpg"])


def test_a_name_that_is_somebodys_staff_number_is_somebody_new(
    enroller: Enroller, write: Callable[..., Path]
) -> None:
    ada = enroller.enrol_files("Ada", [write("1.jpg")], "17").people[0]
    assert enroller.enrol_files("17", [write("2.jpg")]).people[0].id != ada.id


def test_whom_a_new_face_looks_like(
    enroller: Enroller, storage: Storage, studio: Studio, enrol: Callable[..., Person]
) -> None:
    def captures(*sitters: Sitter) -> list[Capture]:
        found = [enroller.capture(studio.picture(sitter), "camera") for sitter in sitters]
        return [capture for capture in found if isinstance(capture, Capture)]

    new = captures(Sitter(vector(1, 0.5)), Sitter(vector(2, 0.8)))
    assert enroller.looks_like(new) is None
    ada, ben = enrol("Ada"), enrol("Ben")
    storage.people.update(replace(ben, enabled=False))
    found = enroller.looks_like(new)
    assert found is not None
    assert (found.person_id, found.score) == (ben.id, pytest.approx(0.8)), "disabled people too"
    but = enroller.looks_like(new, but=ben.id)
    assert but is not None
    assert (but.person_id, but.score) == (ada.id, pytest.approx(0.5))
    assert enroller.looks_like([]) is None


def test_a_folder_of_people(
    enroller: Enroller, storage: Storage, write: Callable[..., Path], tmp_path: Path
) -> None:
    write("Ada_Lovelace/1.jpg")
    write("Ada_Lovelace/2.jpg")
    (tmp_path / "Ada_Lovelace" / "notes.txt").touch()
    (tmp_path / "Ada_Lovelace" / ".hidden").touch()
    (tmp_path / "Ada_Lovelace" / "more").mkdir()
    write("Bob 🦊'); DROP TABLE people;--/1.png")
    write("Nobody/1.jpg", Sitter(vector(3), hint=Hint.COME_CLOSER))
    write(".git/1.jpg")
    write("loose.jpg")
    told: list[tuple[int, int]] = []
    report = enroller.enrol_folder(tmp_path, progress=lambda *done: told.append(done))
    assert [(person.name, person.template_count) for person in report.people] == [
        ("Ada Lovelace", 2),
        ("Bob 🦊'); DROP TABLE people;--", 1),
    ]
    assert (report.accepted, report.cancelled) == (3, False)
    assert {refused.path.name for refused in report.refused} == {"notes.txt", "1.jpg"}
    assert told == [(done, 5) for done in range(1, 6)]
    assert len(storage.people.find()) == 2


def test_a_thousand_pictures_of_which_fifty_are_bad(
    enroller: Enroller, write: Callable[..., Path], tmp_path: Path
) -> None:
    for number in range(1000):
        path = f"P{number % 100}/{number}.jpg"
        if number % 20:
            write(path)
        else:
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).touch()
    report = enroller.enrol_folder(tmp_path)
    assert (report.accepted, len(report.refused)) == (950, 50)


def test_a_folder_name_of_500_characters_is_refused_and_the_rest_goes_on(
    enroller: Enroller, write: Callable[..., Path], tmp_path: Path
) -> None:
    long = "x" * 201  # no file system takes 500
    write(f"{long}/1.jpg")
    write(f"{long}/2.jpg")
    write("Ada/1.jpg")
    told: list[int] = []
    report = enroller.enrol_folder(tmp_path, progress=lambda done, _: told.append(done))
    assert [person.name for person in report.people] == ["Ada"]
    (refused,) = report.refused
    assert refused.path == tmp_path / long
    assert "201 characters" in refused.reason
    assert told == [1, 2, 3], "the bar reaches its end"


def test_a_folder_that_is_none(enroller: Enroller, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no folder"):
        enroller.enrol_folder(tmp_path / "missing")
    with pytest.raises(BadInput, match=r"NAME/1\.jpg"):
        enroller.enrol_folder(tmp_path)


class LockedFolder(type(Path())):  # type: ignore[misc]
    """A folder whose list can't be read (root may read any real one)."""

    def iterdir(self) -> object:
        raise PermissionError(13, "Permission denied")


def test_a_folder_that_cannot_be_read(enroller: Enroller, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"can.t be read .*Permission denied"):
        enroller.enrol_folder(LockedFolder(tmp_path))


def test_cancelling_keeps_whoever_is_complete(
    enroller: Enroller, storage: Storage, write: Callable[..., Path], tmp_path: Path
) -> None:
    for name in ("A", "B", "C"):
        for number in range(3):
            write(f"{name}/{number}.jpg")
    told: list[int] = []
    report = enroller.enrol_folder(
        tmp_path,
        progress=lambda done, _: told.append(done),
        cancelled=lambda: len(told) >= 5,
    )
    assert report.cancelled
    assert [person.name for person in report.people] == ["A"]
    assert [person.name for person in storage.people.find()] == ["A"]
    assert report.accepted == 3


def test_links_out_of_the_folder_are_refused_by_name(
    enroller: Enroller, write: Callable[..., Path], tmp_path: Path
) -> None:
    write("staff/Ada/1.jpg")
    elsewhere = write("elsewhere/2.jpg")
    (tmp_path / "staff" / "Ada" / "2.jpg").symlink_to(elsewhere)

    report = enroller.enrol_folder(tmp_path / "staff")

    assert report.accepted == 1
    assert [refused.path.name for refused in report.refused] == ["2.jpg"]
    assert "link to a file outside" in report.refused[0].reason


@pytest.fixture
def live(enroller: Enroller) -> LiveEnrolment:
    return LiveEnrolment(enroller, same_person=0.5)


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
    storage: Storage, studio: Studio, files: PictureFiles
) -> None:
    scene = Scene(Region(right=40))
    enroller = Enroller(
        storage, Analyser(studio, studio, studio, min_face=48, scene=scene), files.load
    )
    two = studio.picture(Sitter(vector(1)), Sitter(vector(2)))

    step = LiveEnrolment(enroller, same_person=0.5).offer(shot(two, 0))

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


def test_the_captures_are_stored(
    live: LiveEnrolment, enroller: Enroller, studio: Studio, storage: Storage
) -> None:
    face = studio.picture(Sitter(vector(1)))
    for second in range(WANTED):
        step = live.offer(shot(face, second))
    person = storage.people.add("Ada")
    enroller.store(person.id, step.captures)
    assert {template.source for template in storage.people.templates_of(person.id)} == {"camera"}
    assert storage.people.get(person.id).template_count == WANTED
