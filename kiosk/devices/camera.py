"""From what people write as a camera to the camera itself."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from kiosk.devices.image_folder import ImageFolder
from kiosk.devices.images import SUFFIXES
from kiosk.devices.live_camera import device_camera, stream_camera
from kiosk.devices.turned import TurnedCamera
from kiosk.devices.video_file import VideoFile
from kiosk.domain.errors import BadInput, CameraError
from kiosk.domain.ports import Camera


def open_camera(source: str, *, realtime: bool, rotate: int = 0) -> Camera:
    """The camera for a number, a video file, a picture, a folder of pictures or an address.

    It is not open yet: ``Camera.open`` belongs to the thread that reads. Files are looked at,
    for tens of milliseconds; devices and addresses are not. ``realtime`` lets files play at their
    own rate and in a circle, as the kiosk needs them; without it they are read as fast as can be
    and end. ``rotate`` turns every picture clockwise, by 0, 90, 180 or 270 degrees.

    Raises:
        BadInput: it is none of these, there is no such file, or nothing in it can be shown.
    """
    camera = _camera(source.strip(), realtime=realtime)
    return TurnedCamera(camera, rotate) if rotate else camera


def _camera(text: str, *, realtime: bool) -> Camera:
    if re.fullmatch(r"[0-9]{1,3}", text):
        return device_camera(int(text))
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text):
        return _from_address(text)
    if not text:
        raise BadInput(
            "Expected a camera's number, a video file, a folder of pictures or an rtsp:// "
            "address, got nothing."
        )
    if text.startswith("/dev/"):  # It need not be there yet: a camera may be plugged in later.
        return device_camera(text)
    path = _existing(text)
    camera: Camera
    if path.is_dir() or path.suffix.lower() in SUFFIXES:
        camera = ImageFolder(path, realtime=False)
        _try(camera)
        return ImageFolder(path, realtime=realtime)
    camera = VideoFile(path, realtime=False)
    _try(camera)
    return VideoFile(path, realtime=realtime)


def _try(camera: Camera) -> None:
    """A file that can't be shown is told to whoever named it, not met later as a lost camera."""
    try:
        camera.open()
        camera.read()
    except CameraError as error:
        raise BadInput(str(error)) from None
    finally:
        camera.close()


def _from_address(text: str) -> Camera:
    scheme = text.partition("://")[0].lower()
    if scheme not in {"rtsp", "rtsps"}:
        raise BadInput(
            f"Expected an address that begins with rtsp:// or rtsps://, got {scheme}://."
        )
    return stream_camera(text)


def _existing(text: str) -> Path:
    path = Path(text).expanduser()
    try:
        found = path.exists()
    except OSError as error:  # such as a name of 500 characters
        raise BadInput(f"{_short(text)} can't be used as a camera: {error.strerror}.") from None
    if not found:
        raise BadInput(f"There is no file, folder or camera {_short(text)!r}. {_advice(path)}")
    return path


def _advice(path: Path) -> str:
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except (OSError, ValueError):
        return f"There is no folder {_short(str(path.parent))!r} either."
    near = difflib.get_close_matches(path.name, names, n=1, cutoff=0.5)
    if near:
        return f"Did you mean {str(path.with_name(near[0]))!r}?"
    return "Give a camera's number, such as 0, or the full name of a file that exists."


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:60]}...{text[-40:]}"
