"""Zip files read in place, splits by identity, and what is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.lab.data.crops import (
    CropSet,
    Split,
    check_same_held_out,
    check_split,
    decode,
    load_crops,
    new_map,
    save_split,
    split_by_identity,
    standard,
    zip_members,
)


def write_zip(path: Path, members: dict[str, tuple[int, int]]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, size) in enumerate(members.items()):
            image = np.full((*size, 3), (10, 20, number), np.uint8)
            archive.writestr(name, cv2.imencode(".png", image)[1].tobytes())


def test_labelled_and_unlabelled_sources(tmp_path: Path) -> None:
    size = (128, 128)
    write_zip(tmp_path / "pins.zip", {"Ann/2.png": size, "Ann/1.png": size, "Bob/1.png": size})
    write_zip(tmp_path / "utkface.zip", {"a.png": size, "b.png": size})
    crops = load_crops(tmp_path, tmp_path / "cache", ("pins", "utkface"))
    assert crops.names == (
        "pins/Ann/1.png", "pins/Ann/2.png", "pins/Bob/1.png", "utkface/a.png", "utkface/b.png"
    )  # fmt: skip
    assert crops.identities == (
        "pins/Ann", "pins/Ann", "pins/Bob", "utkface/a.png", "utkface/b.png"
    )  # fmt: skip
    assert crops.labelled.tolist() == [True, True, True, False, False]
    assert crops.images[0, 0, 0].tolist() == [1, 20, 10]  # RGB, and sorted by name
    again = load_crops(tmp_path, tmp_path / "cache", ("pins", "utkface"))
    assert np.array_equal(again.images, crops.images)


def test_a_crop_of_another_size_is_refused(tmp_path: Path) -> None:
    write_zip(tmp_path / "pins.zip", {"Ann/1.png": (112, 112)})
    with pytest.raises(BadInput, match="crop of 128x128"):
        load_crops(tmp_path, tmp_path / "cache", ("pins",))
    assert not list((tmp_path / "cache").glob("*.u8"))


def test_what_is_no_zip_or_no_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be read"):
        zip_members(tmp_path / "missing.zip")
    write_zip(tmp_path / "empty.zip", {})
    with pytest.raises(BadInput, match="holds no"):
        zip_members(tmp_path / "empty.zip")
    for data in (b"", b"not a picture"):
        with pytest.raises(BadInput, match="can't be decoded"):
            decode(data, "x.webp")


def test_split_is_seeded_and_by_identity(crops: CropSet) -> None:
    split = split_by_identity(crops, held_out=8, seed=1)
    assert len(split.held_out) == 8
    assert np.array_equal(split_by_identity(crops, 8, 1).held_out, split.held_out)
    train = {crops.identities[i] for i in split.train}
    assert not train & {crops.identities[i] for i in split.held_out}


def test_a_split_that_leaks_is_refused(crops: CropSet) -> None:
    with pytest.raises(BadInput, match="both sides"):
        check_split(crops, Split(np.array([0, 1]), np.array([2])))
    with pytest.raises(BadInput, match="got 0 to train"):
        check_split(crops, Split(np.array([], np.int64), np.array([2])))


def test_standard_is_the_central_112() -> None:
    assert standard(np.zeros((3, 128, 128, 3), np.uint8)).shape == (3, 112, 112, 3)


def test_the_shared_crops(shared: Path) -> None:
    assert len(zip_members(shared / "data/train/glint23.zip")) == 4735


def test_others_held_out_than_the_run_began_with_are_refused(
    crops: CropSet, tmp_path: Path
) -> None:
    split = split_by_identity(crops, 8, 0)
    path = tmp_path / "held_out.txt"
    check_same_held_out(crops, split, path)  # a run of before there was such a file
    save_split(crops, split, path)
    check_same_held_out(crops, split, path)
    with pytest.raises(BadInput, match="Other pictures are held out now"):
        check_same_held_out(crops, split_by_identity(crops, 8, 1), path)


def test_no_room_for_a_cache_is_said_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailed, match=r"needs 1000000\.0 GB more"):
        new_map(tmp_path / "crops.u8", np.uint8, (10**15,))
    assert list(tmp_path.iterdir()) == []
