"""What people write as a camera."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.devices.camera import open_camera, still_pictures
from kiosk.devices.image_folder import ImageFolder
from kiosk.devices.live_camera import LiveCamera
from kiosk.devices.video_file import VideoFile
from kiosk.domain.errors import BadInput, CameraError
from tests.devices.fakes import noises, write_video


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("0", "Camera 0"),
        (" 12 ", "Camera 12"),
        ("/dev/v4l/by-id/usb-Webcam-video-index0", "usb-Webcam-video-index0"),
        ("rtsp://admin:geheim@10.0.0.5/1", "rtsp://10.0.0.5"),
        ("RTSPS://10.0.0.5/1", "rtsps://10.0.0.5"),
        ("http://10.0.0.5:8080/video?user=admin&pwd=geheim", "http://10.0.0.5:8080"),
    ],
)
def test_live_cameras(source: str, name: str) -> None:
    camera = open_camera(source, realtime=False)

    assert isinstance(camera, LiveCamera)
    assert camera.name == name
    assert camera.live


@pytest.mark.parametrize("realtime", [True, False])
def test_files(tmp_path: Path, realtime: bool) -> None:
    write_video(tmp_path / "clip.avi", noises(2))
    (tmp_path / "face.ppm").write_bytes(b"P6 1 1 255 abc")

    video = open_camera(str(tmp_path / "clip.avi"), realtime=realtime)
    one = open_camera(str(tmp_path / "face.ppm"), realtime=realtime)
    folder = open_camera(str(tmp_path), realtime=realtime)

    assert isinstance(video, VideoFile)
    assert isinstance(one, ImageFolder)
    assert isinstance(folder, ImageFolder)
    assert {camera.live for camera in (video, one, folder)} == {realtime}


@pytest.mark.parametrize(
    ("degrees", "red_at"), [(0, (2, 2)), (90, (2, -3)), (180, (-3, -3)), (270, (-3, 2))]
)
@pytest.mark.parametrize("kind", ["picture", "folder", "video"])
def test_every_source_is_turned_clockwise(
    tmp_path: Path, kind: str, degrees: int, red_at: tuple[int, int]
) -> None:
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:16, :16] = (0, 0, 255)  # red in OpenCV's order
    path = tmp_path / ("clip.avi" if kind == "video" else "face.png")
    if kind == "video":
        write_video(path, [picture] * 2)
    else:
        cv2.imwrite(str(path), picture)

    camera = open_camera(
        str(tmp_path if kind == "folder" else path), realtime=False, rotate=degrees
    )
    camera.open()
    frame = camera.read()
    camera.close()

    assert frame is not None
    assert frame.image.shape == ((64, 48, 3) if degrees in (90, 270) else (48, 64, 3))
    assert frame.image.flags.c_contiguous
    assert frame.image[red_at][0] > 150
    assert (frame.image[..., 0] > 150).mean() < 0.12


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "live_blinks.mp4").touch()

    with pytest.raises(BadInput, match=r"There is no file.*Did you mean .*live_blinks\.mp4'\?"):
        open_camera(str(tmp_path / "live_blink.mp4"), realtime=False)


def test_a_missing_file_with_nothing_near(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Give a camera's number"):
        open_camera(str(tmp_path / "x.mp4"), realtime=False)
    with pytest.raises(BadInput, match=r"There is no folder .* either"):
        open_camera(str(tmp_path / "nowhere" / "x.mp4"), realtime=False)


@pytest.mark.parametrize(
    "source", ["", "  ", "-1", "ftp://10.0.0.5/", "file:///etc/passwd", "a\0b"]
)
def test_what_is_no_camera(source: str) -> None:
    with pytest.raises(BadInput):
        open_camera(source, realtime=True)


@pytest.mark.parametrize(
    "source",
    [
        "admin:geheim@10.0.0.5/1",
        "rtsp:/admin:ge/heim@10.0.0.5/1",
        "10.0.0.5/a?user=u&pwd=geheim",
        "ftp://admin:geheim@10.0.0.5/1",
        "a/password=geheim/b",
    ],
)
def test_a_password_in_what_is_no_camera_is_not_shown(source: str) -> None:
    with pytest.raises(BadInput, match="begins with rtsp://") as caught:
        open_camera(source, realtime=True)

    assert "heim" not in str(caught.value)


def test_a_very_long_name() -> None:
    with pytest.raises(BadInput) as caught:
        open_camera("a" * 5000, realtime=False)

    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("name", ["clip.mp4", "face.jpg"])
def test_files_with_nothing_in_them(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()

    with pytest.raises(BadInput, match=name):
        open_camera(str(tmp_path / name), realtime=True)
    with pytest.raises(BadInput):
        open_camera(str(tmp_path), realtime=True)


@pytest.mark.skipif(sys.platform == "win32", reason="no such files on Windows")
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "zero.mp4").symlink_to("/dev/zero")

    for name, kind in (("pipe.mp4", "a pipe"), ("pipe.jpg", "a pipe"), ("zero.mp4", "a device")):
        with pytest.raises(BadInput, match=rf"{name} is {kind}, not a file"):
            open_camera(str(tmp_path / name), realtime=True)
    with pytest.raises(BadInput):
        open_camera(str(tmp_path), realtime=True)


@pytest.mark.skipif(sys.platform != "linux", reason="cameras are files on Linux only")
def test_a_device_that_is_no_camera_is_refused_at_once() -> None:
    with pytest.raises(CameraError, match="/dev/zero is not a camera"):
        open_camera("/dev/zero", realtime=True).open()


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no picture that can be read"):
        open_camera(str(tmp_path), realtime=True)


def test_nothing_heavy_is_loaded_before_a_camera_opens() -> None:
    code = (
        "import sys, kiosk.devices.camera, kiosk.devices.camera_list; "
        "kiosk.devices.camera.open_camera('0', realtime=True); "
        "sys.exit(bool({'cv2', 'PIL'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_file_that_fails_leaves_nothing_on_stderr(tmp_path: Path) -> None:
    (tmp_path / "bad.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + b"hello" * 500)
    code = (
        "import os, sys\n"
        "os.environ.update(OPENCV_FFMPEG_LOGLEVEL='48', OPENCV_FFMPEG_DEBUG='1')\n"
        "from kiosk.devices.camera import open_camera\n"
        "from kiosk.domain.errors import KioskError\n"
        "for source in sys.argv[1:]:\n"
        "    try:\n"
        "        open_camera(source, realtime=True).open()\n"
        "    except KioskError:\n"
        "        continue\n"
        "    sys.exit('no error')\n"
    )
    sources = [str(tmp_path / "bad.mp4"), "97", "rtsp://a:geheim@127.0.0.1:9/x"]

    done = subprocess.run(
        [sys.executable, "-c", code, *sources], check=False, capture_output=True, text=True
    )

    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


def test_pictures_are_still_and_all_else_has_a_time(tmp_path: Path) -> None:
    assert all(still_pictures(source) for source in (str(tmp_path), "a.jpg", "~/a.png"))
    moving = (
        "0",
        "/dev/video0",
        "rtsp://host/a.jpg",
        "http://host/snapshot.jpg",
        "a.mp4",
        "",
        "\0",
    )
    assert not any(still_pictures(source) for source in moving)
