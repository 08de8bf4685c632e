"""Folders and zips of identities: read, searched for faces, refused."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Box, Face, Image
from kiosk.lab.data.pictures import (
    Faces,
    Pictures,
    central,
    find_faces,
    read_people,
    rows_of_people,
    sample,
)


def png(value: int) -> bytes:
    return cv2.imencode(".png", np.full((40, 60, 3), value, np.uint8))[1].tobytes()


def write(root: Path, *names: str) -> Path:
    for number, name in enumerate(names):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(png(number))
    return root


class FakeDetector:
    """A face in the middle of pictures that are not black, and one in the corner of all."""

    def __init__(self) -> None:
        self.calls = 0

    def detect(self, image: Image) -> Sequence[Face]:
        self.calls += 1
        if not image.any():
            return ()
        faces = [Box(0, 0, 10, 10), Box(20, 12, 20, 20)]
        return [Face(box, np.full((5, 2), box.x, np.float32), 1.0) for box in faces]


def test_folder_and_zip_are_read_alike(tmp_path: Path) -> None:
    folder = write(tmp_path / "set", "Bob/1.png", "Ann/2.png", "Ann/1.png")
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for path in folder.rglob("*.png"):
            archive.write(path, path.relative_to(folder).as_posix())
    one, other = Pictures(folder), Pictures(tmp_path / "set.zip")
    assert one.names == other.names == ("Ann/1.png", "Ann/2.png", "Bob/1.png")
    assert one.identities == ("Ann", "Ann", "Bob")
    assert one.key() == other.key()
    assert np.array_equal(one.read(1), other.read(1))
    assert one.select(np.array([2])).names == ("Bob/1.png",)


def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be read"):
        Pictures(tmp_path / "missing")
    with pytest.raises(BadInput, match="no picture in a folder"):
        Pictures(write(tmp_path / "flat", "1.png"))
    (write(tmp_path / "empty", "Ann/1.png") / "Bob").mkdir()
    with pytest.raises(BadInput, match=r"1 identity folders .* Bob among them"):
        Pictures(tmp_path / "empty")
    with pytest.raises(BadInput, match="one person in two folders"):
        Pictures(write(tmp_path / "twice", "Ann Lee/1.png", "ann_lee/1.png"))
    broken = write(tmp_path / "broken", "Ann/1.png")
    (broken / "Ann/1.png").write_bytes(b"no picture")
    with pytest.raises(BadInput, match="can't be decoded"):
        Pictures(broken).read(0)


def test_faces_are_found_once_and_the_mean_stands_in(tmp_path: Path) -> None:
    pictures = Pictures(write(tmp_path / "set", "Ann/1.png", "Ann/2.png", "Bob/1.png"))
    detector = FakeDetector()
    faces = find_faces(pictures, lambda size: detector, tmp_path / "cache")
    assert faces.not_found.tolist() == [0]  # all black, looked at twice
    assert detector.calls == 4
    assert (faces.landmarks == 20).all()  # the central one, and the mean of those
    again = find_faces(pictures, lambda size: detector, tmp_path / "cache")
    assert detector.calls == 4
    assert np.array_equal(again.landmarks, faces.landmarks)


def test_no_face_at_all_is_refused(tmp_path: Path) -> None:
    pictures = Pictures(write(tmp_path / "set", "Ann/1.png"))
    with pytest.raises(BadInput, match="No face was found"):
        find_faces(pictures, lambda size: FakeDetector(), tmp_path / "cache")


def test_central_of_none_is_none() -> None:
    assert central((), np.zeros((4, 4, 3), np.uint8)) is None


def test_sample_keeps_people_with_many_pictures() -> None:
    identities = ["a"] * 10 + ["b"] * 3 + ["c", "d", "e"]
    rows = sample(identities, 13)
    assert set(range(10)) <= set(rows.tolist())
    assert len(rows) == 13
    assert len({identities[row] for row in rows}) == 4


def test_people_in_lfws_form(tmp_path: Path) -> None:
    path = tmp_path / "people.txt"
    path.write_text("2\n2\nAnn_Lee\t3\nBob\t1\n1\nCem\t2\n")
    assert read_people(path) == [{"Ann_Lee": 3, "Bob": 1}, {"Cem": 2}]
    assert rows_of_people(["Bob", "Dora", "Cem", "Ann_Lee", "Bob"], path).tolist() == [0, 2, 3, 4]
    with pytest.raises(BadInput, match=r"1 people of .* have no pictures here, Cem"):
        rows_of_people(["Bob", "Ann_Lee"], path)

    path.write_text("2\nAnn_Lee\t3\nBob\t1\n")
    assert read_people(path) == [{"Ann_Lee": 3, "Bob": 1}]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "index"),
        ("2\nBob\t1\n", "fold 1 promises 2 people"),
        ("1\n1\nBob\t1\nAnn\t2\n", "1 lines are left over"),
        ("two\nBob\t1\n", "invalid literal"),
        ("1\nBob\tone\n", "invalid literal"),
        ("1\nBob 1\n", "promises|literal|unpack|index"),
    ],
)
def test_what_is_no_list_of_people_is_refused(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "people.txt"
    path.write_text(text)
    with pytest.raises(BadInput, match=rf"form of LFW's people.txt .*({why})"):
        read_people(path)


def test_all_broken_pictures_are_named_at_once(tmp_path: Path) -> None:
    root = write(tmp_path, "a/1.png", "a/2.png", "b/1.png", "b/2.png")
    (root / "a/2.png").write_bytes(b"half a pic")
    (root / "b/1.png").write_bytes(b"")
    with pytest.raises(BadInput, match=r"2 of the 4 pictures .* remove them: a/2\.png, b/1\.png"):
        find_faces(Pictures(root), lambda size: FakeDetector(), tmp_path / "cache")


def test_faces_of_some_pictures_say_which_of_these_have_none() -> None:
    faces = Faces(np.arange(40, dtype=np.float32).reshape(4, 5, 2), np.array([1, 3]))
    some = faces.select(np.array([3, 0, 2]))
    assert some.not_found.tolist() == [0]
    assert np.array_equal(some.landmarks, faces.landmarks[[3, 0, 2]])
