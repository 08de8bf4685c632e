"""The list of cameras for the settings."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kiosk.devices.camera_list import list_cameras
from kiosk.domain.ports import CameraDevice
from tests.devices.fakes import FakeCapture


def node(sysfs: Path, number: int, name: str | None, index: str | None = "0") -> None:
    folder = sysfs / f"video{number}"
    folder.mkdir(parents=True)
    if name is not None:
        (folder / "name").write_text(f"{name}\n")
    if index is not None:
        (folder / "index").write_text(f"{index}\n")


def test_names_of_the_nodes_that_give_pictures(tmp_path: Path) -> None:
    node(tmp_path, 10, "Logitech C920")
    node(tmp_path, 2, "Built-in: Grüße")
    node(tmp_path, 3, "Built-in: Grüße", index="1")  # data about the pictures of video2
    node(tmp_path, 11, "bcm2835-codec")
    node(tmp_path, 12, None, None)
    (tmp_path / "video-sub").mkdir()

    found = list_cameras(
        sysfs=tmp_path, captures=lambda path: path.name != "video11", platform="linux"
    )

    assert found == (
        CameraDevice("2", "Built-in: Grüße"),
        CameraDevice("10", "Logitech C920"),
        CameraDevice("12", "Camera 12"),
    )


def test_no_cameras(tmp_path: Path) -> None:
    assert list_cameras(sysfs=tmp_path / "missing", platform="linux") == ()


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux's video driver")
def test_a_node_that_does_not_answer_is_listed(tmp_path: Path) -> None:
    node(tmp_path, 0, "Webcam")
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "video0").touch()  # a plain file knows no such request

    found = list_cameras(sysfs=tmp_path, devices=tmp_path / "dev", platform="linux")

    assert found == (CameraDevice("0", "Webcam"),)


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_a_library_knows_the_names(platform: str) -> None:
    found = list_cameras(named=lambda: [(0, "FaceTime HD"), (1, "")], platform=platform)

    assert found == (CameraDevice("0", "FaceTime HD"), CameraDevice("1", "Camera 1"))
    assert list_cameras(named=list, platform=platform) == ()


def test_where_no_names_can_be_asked_for_the_numbers_are_tried() -> None:
    def broken() -> list[tuple[int, str]]:
        raise OSError("no such interface")

    captures = {index: FakeCapture([], opened=index in {0, 2}) for index in range(4)}

    found = list_cameras(
        open_capture=lambda index: captures[int(index)], named=broken, platform="win32"
    )

    assert found == (CameraDevice("0", "Camera 0"), CameraDevice("2", "Camera 2"))
    assert all(capture.released for capture in captures.values())
