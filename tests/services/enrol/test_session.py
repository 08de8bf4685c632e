"""The one way to enrol, by real parts around a studio whose sitters are vectors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.devices.jpeg import to_jpeg
from kiosk.domain.audit import Action, Actor, ActorKind
from kiosk.domain.decision import Hint
from kiosk.domain.errors import AlreadyExists, BadInput
from kiosk.domain.frame import Frame, Vector
from kiosk.domain.liveness.cues import Stream
from kiosk.domain.people import Person
from kiosk.domain.repositories import Storage
from kiosk.domain.settings import Settings
from kiosk.services.admin.trail import Trail
from kiosk.services.decide.analyse import Analyser
from kiosk.services.enrol.enroller import REFUSALS, Capture, Enroller
from kiosk.services.enrol.report import Enrolled
from kiosk.services.enrol.session import EnrolmentSession
from kiosk.services.enrol.target import NameTaken, Target, check_target
from tests.fakes import DIMENSION, PictureFiles, Sitter, Studio, WallClock, vector

OWNER = Actor(ActorKind.SYSTEM_USER, "mia")


@pytest.fixture
def studio() -> Studio:
    return Studio()


@pytest.fixture
def files() -> PictureFiles:
    return PictureFiles()


@pytest.fixture
def session(
    storage: Storage, studio: Studio, files: PictureFiles, clock: WallClock
) -> EnrolmentSession:
    enroller = Enroller(Analyser(studio, studio, studio, min_face=48), files.load)
    return EnrolmentSession(storage, enroller, Settings(), Trail(storage, clock), to_jpeg)


def photo(person: int, number: int = 0) -> Vector:
    """One of many photos of a person: about 0.9 like the others, nothing like anybody else's."""
    noise = np.random.default_rng(1000 * person + number).normal(size=DIMENSION) / DIMENSION**0.5
    mixed = (vector(person) + 0.3 * noise).astype(np.float32)
    unit: Vector = mixed / np.linalg.norm(mixed)
    return unit


@pytest.fixture
def write(tmp_path: Path, studio: Studio, files: PictureFiles) -> Callable[..., Path]:
    """Writes a picture of the sitters, by default another photo of person 1, under a path."""
    count = iter(range(10_000))

    def write(path: str, *sitters: Sitter) -> Path:
        made = sitters or (Sitter(photo(1, next(count))),)
        return files.write(tmp_path / path, studio.picture(*made))

    return write


def of(person: int, number: int = 0) -> Sitter:
    return Sitter(photo(person, number))


def test_one_person_from_files(
    session: EnrolmentSession, storage: Storage, write: Callable[..., Path], tmp_path: Path
) -> None:
    paths = [write("1.jpg"), write("2.jpg", Sitter(vector(1), hint=Hint.HOLD_STILL))]
    broken = tmp_path / "3.jpg"
    report = session.enrol_files(OWNER, "  Ada  Lovelace ", [*paths, broken], "17")
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
    more = [write(f"{number}.jpg") for number in range(4, 7)]
    assert session.enrol_files(OWNER, "Ada Lovelace", more[:1]).people[0].id == person.id
    assert session.enrol_files(OWNER, "Ada Lovelace", more[1:2], "17").people[0].template_count == 3
    other = session.enrol_files(OWNER, "Ada Lovelace", more[2:], "18", anyway=True)
    assert other.people[0].id != person.id
    with pytest.raises(AlreadyExists):
        session.enrol_files(OWNER, "Ben", paths[:1], "17")


def test_without_a_usable_picture_nobody_is_added(
    session: EnrolmentSession, storage: Storage, tmp_path: Path
) -> None:
    report = session.enrol_files(OWNER, "Ada", [tmp_path / "none.jpg"])
    assert (report.people, report.accepted, len(report.refused)) == ((), 0, 1)
    assert storage.people.find() == ()
    with pytest.raises(BadInput, match="500 characters"):
        session.enrol_files(OWNER, "x" * 500, [tmp_path / "none.jpg"])


def test_a_name_that_is_somebodys_staff_number_is_somebody_new(
    session: EnrolmentSession, write: Callable[..., Path]
) -> None:
    ada = session.enrol_files(OWNER, "Ada", [write("1.jpg")], "17").people[0]
    assert session.enrol_files(OWNER, "17", [write("2.jpg", of(2))]).people[0].id != ada.id


def test_a_folder_of_people(
    session: EnrolmentSession, storage: Storage, write: Callable[..., Path], tmp_path: Path
) -> None:
    write("Ada_Lovelace/1.jpg")
    write("Ada_Lovelace/2.jpg")
    (tmp_path / "Ada_Lovelace" / "notes.txt").touch()
    (tmp_path / "Ada_Lovelace" / ".hidden").touch()
    (tmp_path / "Ada_Lovelace" / "more").mkdir()
    write("Bob 🦊'); DROP TABLE people;--/1.png", of(2))
    write("Nobody/1.jpg", Sitter(vector(3), hint=Hint.COME_CLOSER))
    write(".git/1.jpg")
    write("loose.jpg")
    told: list[tuple[int, int]] = []
    report = session.enrol_folder(OWNER, tmp_path, progress=lambda *done: told.append(done))
    assert [(person.name, person.template_count) for person in report.people] == [
        ("Ada Lovelace", 2),
        ("Bob 🦊'); DROP TABLE people;--", 1),
    ]
    assert (report.accepted, report.cancelled) == (3, False)
    left = {"notes.txt", "1.jpg", "Nobody", "loose.jpg"}
    assert {refused.path.name for refused in report.refused} == left, "everybody is told of"
    assert told == [(done, 5) for done in range(1, 6)]
    assert len(storage.people.find()) == 2


def test_a_thousand_pictures_of_which_fifty_are_bad(
    session: EnrolmentSession, write: Callable[..., Path], tmp_path: Path
) -> None:
    for number in range(1000):
        path = f"P{number % 10}/{number}.jpg"
        if number % 20:
            write(path, of(1 + number % 10, number))
        else:
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).touch()
    report = session.enrol_folder(OWNER, tmp_path)
    assert (report.accepted, len(report.refused)) == (950, 50)


def test_a_folder_name_of_500_characters_is_refused_and_the_rest_goes_on(
    session: EnrolmentSession, write: Callable[..., Path], tmp_path: Path
) -> None:
    long = "x" * 201  # no file system takes 500
    write(f"{long}/1.jpg")
    write(f"{long}/2.jpg")
    write("Ada/1.jpg")
    told: list[int] = []
    report = session.enrol_folder(OWNER, tmp_path, progress=lambda done, _: told.append(done))
    assert [person.name for person in report.people] == ["Ada"]
    (refused,) = report.refused
    assert refused.path == tmp_path / long
    assert "201 characters" in refused.reason
    assert told == [1, 2, 3], "the bar reaches its end"


def test_a_folder_that_is_none(session: EnrolmentSession, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no folder"):
        session.enrol_folder(OWNER, tmp_path / "missing")
    with pytest.raises(BadInput, match=r"NAME/1\.jpg"):
        session.enrol_folder(OWNER, tmp_path)


class LockedFolder(type(Path())):  # type: ignore[misc]
    """A folder whose list can't be read (root may read any real one)."""

    def iterdir(self) -> object:
        raise PermissionError(13, "Permission denied")


def test_a_folder_that_cannot_be_read(session: EnrolmentSession, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"can.t be read .*Permission denied"):
        session.enrol_folder(OWNER, LockedFolder(tmp_path))


def test_cancelling_keeps_whoever_is_complete(
    session: EnrolmentSession, storage: Storage, write: Callable[..., Path], tmp_path: Path
) -> None:
    for name in ("A", "B", "C"):
        for number in range(3):
            write(f"{name}/{number}.jpg")
    told: list[int] = []
    report = session.enrol_folder(
        OWNER,
        tmp_path,
        progress=lambda done, _: told.append(done),
        cancelled=lambda: len(told) >= 5,
    )
    assert report.cancelled
    assert [person.name for person in report.people] == ["A"]
    assert [person.name for person in storage.people.find()] == ["A"]
    assert report.accepted == 3


def test_links_out_of_the_folder_are_refused_by_name(
    session: EnrolmentSession, write: Callable[..., Path], tmp_path: Path
) -> None:
    write("staff/Ada/1.jpg")
    elsewhere = write("elsewhere/2.jpg")
    (tmp_path / "staff" / "Ada" / "2.jpg").symlink_to(elsewhere)

    report = session.enrol_folder(OWNER, tmp_path / "staff")

    assert report.accepted == 1
    assert [refused.path.name for refused in report.refused] == ["2.jpg"]
    assert "link to a file outside" in report.refused[0].reason


def only(lines: tuple[Enrolled, ...]) -> Enrolled:
    (line,) = lines
    return line


@pytest.mark.parametrize("place", [0, 1, 3])
def test_another_face_among_the_pictures_is_left_out_by_name(
    session: EnrolmentSession, storage: Storage, write: Callable[..., Path], place: int
) -> None:
    paths = [write(f"{n}.jpg", of(2 if n == place else 1, n)) for n in range(4)]
    line = only(session.enrol_files(OWNER, "Ada", paths).everybody)
    assert (line.accepted, [refused.path for refused in line.refused]) == (3, [paths[place]])
    assert "another face" in line.refused[0].reason
    assert {t.source for t in storage.people.templates("fake")} == {
        path.name for n, path in enumerate(paths) if n != place
    }


def test_without_a_face_that_is_on_most_pictures_nobody_is_guessed_at(
    session: EnrolmentSession, storage: Storage, write: Callable[..., Path]
) -> None:
    two = [write("1.jpg", of(1)), write("2.jpg", of(2, 2))]
    four = [write(f"{n}.jpg", of(1 + n % 2, n)) for n in range(3, 7)]
    for paths in (two, four):
        line = only(session.enrol_files(OWNER, "Ada", paths).everybody)
        assert line.accepted == 0
        assert line.doubtful
        assert "do not seem to show one person" in line.problem
    assert storage.people.find() == ()
    sure = session.enrol_files(OWNER, "Ada", two, anyway=True)
    assert sure.people[0].template_count == 2, "they may be years apart"


def test_more_photos_must_show_the_person_who_is_stored(
    session: EnrolmentSession, write: Callable[..., Path]
) -> None:
    session.enrol_files(OWNER, "Ada", [write("1.jpg", of(1, 1)), write("2.jpg", of(1, 2))])
    more = [write("3.jpg", of(1, 3)), write("4.jpg", of(2, 4))]
    line = only(session.enrol_files(OWNER, "Ada", more).everybody)
    assert (line.accepted, line.new) == (1, False)
    assert "not that of the photos stored" in line.refused[0].reason


def test_the_same_pictures_again_change_nothing(
    session: EnrolmentSession, storage: Storage, write: Callable[..., Path], tmp_path: Path
) -> None:
    write("Ada/1.jpg", of(1, 1))
    write("Ada/copy of 1.jpg", of(1, 1))
    write("Ada/2.jpg", of(1, 2))
    first = only(session.enrol_folder(OWNER, tmp_path).everybody)
    assert (first.accepted, first.known) == (2, 1)
    before = storage.people.revision()
    again = session.enrol_folder(OWNER, tmp_path)
    line = only(again.everybody)
    assert (line.accepted, line.known, line.new, again.left_out) == (0, 3, False, ())
    assert storage.people.revision() == before


def test_a_face_that_is_enrolled_under_another_name_is_asked_about(
    session: EnrolmentSession, storage: Storage, write: Callable[..., Path], tmp_path: Path
) -> None:
    for name, numbers in (("Ada North", (1, 2)), ("Ada South", (3, 4))):
        for number in numbers:
            write(f"{name}/{number}.jpg", of(1, number))
    report = session.enrol_folder(OWNER, tmp_path)
    assert [person.name for person in report.people] == ["Ada North"]
    (south,) = report.left_out
    assert "enrolled already as Ada North" in south.problem
    assert south.doubtful
    assert [p.name for p in session.enrol_folder(OWNER, tmp_path, anyway=True).people] == [
        "Ada North",
        "Ada South",
    ]


@pytest.mark.parametrize(
    "name", ["Sam_Lee", "sam lee", "Sam\u200bLee".replace("\u200b", " \u200b"), "S\u0430m Lee"]
)
def test_a_name_that_reads_like_anothers_is_asked_about(
    session: EnrolmentSession, storage: Storage, write: Callable[..., Path], name: str
) -> None:
    session.enrol_files(OWNER, "Sam Lee", [write("1.jpg", of(1))])
    line = only(session.enrol_files(OWNER, name, [write("2.jpg", of(2))]).everybody)
    if storage.people.find()[0].name == line.name:
        assert "not that of the photos" in line.refused[0].reason, "cleaned, it is the same name"
    else:
        assert line.doubtful
        assert "reads like Sam Lee" in line.problem
    assert len(storage.people.find()) == 1


def test_numbers_before_names_and_people_by_number_alone(
    session: EnrolmentSession, storage: Storage, write: Callable[..., Path], tmp_path: Path
) -> None:
    write("flat/1001.jpg", of(1, 1))
    write("flat/1001_2.jpg", of(1, 2))
    write("flat/1002.jpg", of(2, 1))
    report = session.enrol_folder(OWNER, tmp_path / "flat")
    assert [(p.name, p.staff_number, p.template_count) for p in report.people] == [
        ("1001", "1001", 2),
        ("1002", "1002", 1),
    ]
    assert "people.csv" in report.everybody[0].notes[0]
    write("numbered/1001 Sam Lee/1.jpg", of(1, 1))
    write("numbered/1002_Kim_Park/1.jpg", of(2, 2))
    named = session.enrol_folder(OWNER, tmp_path / "numbered")
    assert [(p.name, p.staff_number, p.template_count) for p in named.people] == [
        ("Sam Lee", "1001", 2),
        ("Kim Park", "1002", 2),
    ], "the name comes to the number, and the photo that is there stays once"
    write("wrong/1001 Kim Park/1.jpg", of(2, 3))
    (wrong,) = session.enrol_folder(OWNER, tmp_path / "wrong").left_out
    assert "1001 is that of Sam Lee" in wrong.problem
    assert len(storage.people.find()) == 2


def test_a_dry_run_says_all_and_stores_nothing(
    session: EnrolmentSession, storage: Storage, write: Callable[..., Path], tmp_path: Path
) -> None:
    write("Ada/1.jpg", of(1))
    write("Ben/1.jpg", Sitter(photo(2), hint=Hint.NO_FACE))
    before = storage.people.revision()
    report = session.enrol_folder(OWNER, tmp_path, dry_run=True)
    assert [(line.name, line.accepted) for line in report.everybody] == [("Ada", 1), ("Ben", 0)]
    assert (report.people, storage.people.revision()) == ((), before)
    assert storage.audit.newest() == ()


def test_who_is_switched_off_is_said(
    session: EnrolmentSession, storage: Storage, write: Callable[..., Path]
) -> None:
    ada = session.enrol_files(OWNER, "Ada", [write("1.jpg", of(1, 1))]).people[0]
    storage.people.update(replace(ada, enabled=False))
    line = only(session.enrol_files(OWNER, "Ada", [write("2.jpg", of(1, 2))]).everybody)
    assert "switched off" in line.notes[0]


def test_what_will_keep_it_from_working_is_in_the_report(
    session: EnrolmentSession, write: Callable[..., Path], tmp_path: Path
) -> None:
    write("in/李雷/1.jpg", of(1, 1))
    write("in/李雷/2.jpg", of(1, 2))
    write("in/Mia Chen/1.jpg", of(2))
    mia, lei = session.enrol_folder(OWNER, tmp_path / "in").everybody
    assert lei.notes == ("Give 李雷 a staff number: the name can't be typed at the door.",)
    (one_photo,) = mia.notes
    assert one_photo.startswith("There is only one photo of Mia Chen: ")
    report = session.enrol_files(OWNER, "Eve", [write("3.jpg", of(2, 3))], anyway=True)
    double = only(report.everybody)
    assert "enrolled already as Mia Chen" in double.notes[1], "a yes does not make it untrue"


def test_person_and_photos_are_stored_as_one_and_written_down(
    session: EnrolmentSession, storage: Storage, studio: Studio, write: Callable[..., Path]
) -> None:
    session.enrol_files(OWNER, "Ada", [write("1.jpg", of(1))])
    (entry,) = storage.audit.newest()
    assert (entry.actor, entry.action, entry.details) == (OWNER, Action.ENROL, "1.jpg")
    good = session.judge_files(Target("Ben"), [write("2.jpg", of(2)), write("3.jpg", of(2, 1))])
    bad = Capture(np.zeros(DIMENSION, np.float32), 0.9, good.captures[0].thumbnail, "4.jpg")
    with pytest.raises(BadInput):
        session.store(OWNER, replace(good, captures=(*good.captures, bad)))
    assert [person.name for person in storage.people.find()] == ["Ada"]
    assert len(storage.audit.newest()) == 1


def test_a_target_is_checked_before_anything_is_looked_at(
    storage: Storage, enrol: Callable[..., Person]
) -> None:
    enrol("Ada", "17")
    assert check_target(storage, " Ben  Li ", "18") == Target("Ben Li", "18")
    with pytest.raises(AlreadyExists, match="Ada has this number"):
        check_target(storage, "Ben", "17")
    with pytest.raises(NameTaken):
        check_target(storage, "ada", None)


@pytest.mark.parametrize("strangers", [[3], [0], [0, 3], [1, 1]])
def test_wherever_another_face_stands_it_is_left_out(
    session: EnrolmentSession, storage: Storage, write: Callable[..., Path], strangers: list[int]
) -> None:
    paths = [write(f"ada-{number}.jpg", of(1, number)) for number in range(4)]
    for count, place in enumerate(strangers):
        # Two of one stranger, or one each of two.
        who = of(2, count) if strangers == [1, 1] else of(2 + count)
        paths.insert(place, write(f"other-{count}.jpg", who))
    report = session.enrol_files(OWNER, "Ada", paths)

    assert report.people[0].template_count == 4
    assert {refused.path.name for refused in report.refused} == {
        f"other-{count}.jpg" for count in range(len(strangers))
    }


@pytest.mark.parametrize("dry_run", [True, False])
def test_one_person_in_two_folders_is_told_in_a_dry_run_too(
    session: EnrolmentSession,
    storage: Storage,
    write: Callable[..., Path],
    tmp_path: Path,
    dry_run: bool,
) -> None:
    write("in/Ada North/1.jpg")
    write("in/Ada South/1.jpg")
    north, south = session.enrol_folder(OWNER, tmp_path / "in", dry_run=dry_run).everybody

    assert (north.accepted, south.accepted) == (1, 0)
    assert "already as Ada North" in south.problem
    assert len(storage.people.find()) == (0 if dry_run else 1)


@pytest.mark.parametrize("keep", [False, True])
def test_a_small_picture_is_kept_only_where_the_site_says_so(
    storage: Storage,
    studio: Studio,
    files: PictureFiles,
    clock: WallClock,
    write: Callable[..., Path],
    keep: bool,
) -> None:
    enroller = Enroller(Analyser(studio, studio, studio, min_face=48), files.load)
    settings = Settings(keep_crops=keep)
    session = EnrolmentSession(storage, enroller, settings, Trail(storage, clock), to_jpeg)
    (ada,) = session.enrol_files(OWNER, "Ada", [write("1.jpg")]).people

    crops = storage.people.crops_of(ada.id)
    assert [crop[:3] for crop in crops.values()] == ([b"\xff\xd8\xff"] if keep else [])


@pytest.mark.parametrize(
    ("sitter", "doubted"),
    [
        (Sitter(vector(1), live=4.0), False),
        (Sitter(vector(1), live=0.0), True),
        (Sitter(vector(1), live=-4.0), True),
        (Sitter(vector(1), live=4.0, stream=Stream.SAME), True),
        (Sitter(vector(1)), False),
    ],
    ids=["a person", "unsure", "a photo", "a clip in place of a camera", "without a network"],
)
def test_a_picture_before_the_camera_is_not_enrolled_without_a_yes(
    storage: Storage,
    studio: Studio,
    files: PictureFiles,
    clock: WallClock,
    sitter: Sitter,
    doubted: bool,
) -> None:
    looks = Analyser(studio, studio, studio, min_face=48, liveness=studio)
    session = EnrolmentSession(
        storage, Enroller(looks, files.load), Settings(), Trail(storage, clock), to_jpeg
    )
    picture = studio.picture(sitter)
    steps = [session.offer(Frame(picture, number, number / 1.0)) for number in range(5)]
    assert steps[-1].done
    judged = session.judge(Target("Ada"), steps[-1].captures)
    assert any("may be a picture of a face" in doubt for doubt in judged.doubts) is doubted


def test_consent_is_recorded_with_the_photos_or_asked_for(
    storage: Storage,
    session: EnrolmentSession,
    studio: Studio,
    files: PictureFiles,
    clock: WallClock,
    write: Callable[..., Path],
) -> None:
    (ada,) = session.enrol_files(OWNER, "Ada", [write("1.jpg")], "17", consent="on paper").people
    (kept,) = storage.consents.of(ada.id)
    assert (kept.how, kept.recorded_by) == ("on paper", "mia")
    enroller = Enroller(Analyser(studio, studio, studio, min_face=48), files.load)
    trail = Trail(storage, clock)
    strict = EnrolmentSession(storage, enroller, Settings(consent="require"), trail, to_jpeg)
    with pytest.raises(BadInput, match="before they have agreed"):
        strict.enrol_files(OWNER, "Ben", [write("2.jpg", of(2))])
    strict.enrol_files(OWNER, "Ada", [write("3.jpg")], "17")
    target = Target("Ben")
    judged = strict.judge_files(target, [write("4.jpg", of(2))])
    with pytest.raises(BadInput, match="before they have agreed"):
        strict.store(OWNER, judged)
    assert [person.name for person in storage.people.find()] == ["Ada"]
    assert strict.store(OWNER, judged, "at the kiosk").template_count == 1
    assert session.enrol_files(OWNER, "Cleo", [write("5.jpg", of(3))]).people


def test_a_folder_says_of_whom_consent_is_missing(
    storage: Storage,
    studio: Studio,
    files: PictureFiles,
    clock: WallClock,
    write: Callable[..., Path],
    tmp_path: Path,
) -> None:
    enroller = Enroller(Analyser(studio, studio, studio, min_face=48), files.load)
    trail = Trail(storage, clock)
    strict = EnrolmentSession(storage, enroller, Settings(consent="require"), trail, to_jpeg)
    write("all/Ada/1.jpg")
    (line,) = strict.enrol_folder(OWNER, tmp_path / "all").everybody
    assert "before they have agreed" in line.problem
    (line,) = strict.enrol_folder(OWNER, tmp_path / "all", consent="on paper").everybody
    assert line.person is not None
    assert storage.consents.of(line.person.id)


def test_consent_is_recorded_where_all_photos_are_stored_already(
    storage: Storage, session: EnrolmentSession, write: Callable[..., Path]
) -> None:
    photos = [write("1.jpg")]
    (ada,) = session.enrol_files(OWNER, "Ada", photos).people
    assert storage.consents.of(ada.id) == ()
    session.enrol_files(OWNER, "Ada", photos, consent="on paper", dry_run=True)
    assert storage.consents.of(ada.id) == ()
    session.enrol_files(OWNER, "Ada", photos, consent="on paper")
    assert [one.how for one in storage.consents.of(ada.id)] == ["on paper"]
