"""Which files are pictures by their name and place."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.domain.errors import BadImage
from kiosk.domain.pictures import PICTURE_SUFFIXES, is_picture_name, require_inside


def test_names_of_pictures() -> None:
    assert is_picture_name("IMG_0001.HEIC")
    assert is_picture_name("a.b.JPeG")
    assert not is_picture_name("heic")
    assert not is_picture_name("notes.txt")
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in PICTURE_SUFFIXES)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "people"
    (folder / "Ada").mkdir(parents=True)
    (tmp_path / "people2").mkdir()
    for file in ("secret.png", "people/Ada/own.png", "people2/b.png"):
        (tmp_path / file).touch()
    (folder / "Ada" / "circle.png").symlink_to("circle.png")
    (folder / "Ada" / "out.png").symlink_to(tmp_path / "secret.png")
    (folder / "Ada" / "in.png").symlink_to("own.png")
    (folder / "Ben").symlink_to(tmp_path / "people2")

    for inside in ("Ada/own.png", "Ada/in.png", "Ada/missing.png"):
        require_inside(folder / inside, folder)
    for outside in ("Ada/out.png", "Ada/circle.png", "Ben/b.png"):
        with pytest.raises(BadImage, match="is a link to a file outside of this folder"):
            require_inside(folder / outside, folder)


def test_a_folder_that_is_reached_by_a_link_is_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.png").touch()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    require_inside(tmp_path / "link" / "a.png", tmp_path / "link")
