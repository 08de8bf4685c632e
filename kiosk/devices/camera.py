"""From what people write as a camera to the camera itself."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from kiosk.devices.http_camera import http_camera
from kiosk.devices.image_folder import ImageFolder
from kiosk.devices.live_camera import device_camera, stream_camera
from kiosk.devices.turned import TurnedCamera
from kiosk.devices.video_file import VideoFile
from kiosk.domain.address import Address, hide_secrets
from kiosk.domain.errors import BadInput, CameraError
from kiosk.domain.language import _
from kiosk.domain.pictures import is_picture_name
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


def is_file(source: str) -> bool:
    """Whether a source is a clip, a picture or a folder of them: what it shows was recorded."""
    text = source.strip()
    device = re.fullmatch(r"[0-9]{1,3}", text) or text.startswith("/dev/")
    return bool(text) and not device and not re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text)


def still_pictures(source: str) -> bool:
    """Whether a source is a picture or a folder of them: there is no time between these."""
    text = source.strip()
    if not is_file(text):
        return False
    try:
        path = Path(text).expanduser()
        return bool(text) and (path.is_dir() or is_picture_name(path.name))
    except (OSError, RuntimeError, ValueError):
        return False


def _camera(text: str, *, realtime: bool) -> Camera:
    if re.fullmatch(r"[0-9]{1,3}", text):
        return device_camera(int(text))
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text):
        return _from_address(text)
    if not text:
        raise BadInput(
            _(
                "Expected a camera's number, a video file, a folder of pictures or an rtsp:// or "
                "http:// address, got nothing."
            )
        )
    if text.startswith("/dev/"):  # It need not be there yet: a camera may be plugged in later.
        return device_camera(text)
    path = _existing(text)
    camera: Camera
    if path.is_dir() or is_picture_name(path.name):
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
    scheme = Address.of(text).scheme
    if scheme in {"rtsp", "rtsps"}:
        return stream_camera(text)
    if scheme in {"http", "https"}:
        return http_camera(text)
    raise BadInput(
        _(
            "Expected an address that begins with rtsp://, rtsps://, http:// or https://, got "
            "{scheme}://."
        ).format(scheme=scheme)
    )


def _existing(text: str) -> Path:
    path = Path(text).expanduser()
    shown = _short(hide_secrets(text))
    try:
        found = path.exists()
    except OSError as error:  # such as a name of 500 characters
        raise BadInput(
            _("{name} can't be used as a camera: {reason}.").format(
                name=shown, reason=error.strerror
            )
        ) from None
    if not found:
        missing = _("There is no file, folder or camera {name!r}.").format(name=shown)
        raise BadInput(_("{missing} {what}").format(missing=missing, what=_advice(path, text)))
    return path


def _advice(path: Path, text: str) -> str:
    if hide_secrets(text) != text:
        return _("The address of a network camera begins with rtsp:// or http://.")
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except (OSError, ValueError):
        folder = _short(str(path.parent))
        return _("There is no folder {name!r} either.").format(name=folder)
    near = difflib.get_close_matches(path.name, names, n=1, cutoff=0.5)
    if near:
        return _("Did you mean {name!r}?").format(name=str(path.with_name(near[0])))
    return _("Give a camera's number, such as 0, or the full name of a file that exists.")


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:60]}...{text[-40:]}"
