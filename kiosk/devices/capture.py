"""OpenCV's VideoCapture behind the few calls that the cameras need, silent and with time limits.

OpenCV itself is loaded when the first capture is opened, not with this module.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, cast

import numpy as np

from kiosk.domain.errors import BadInput, CameraError
from kiosk.domain.files import require_regular
from kiosk.domain.frame import Image
from kiosk.domain.language import _

LONG_SIDE: Final = 1280
"""Larger frames are scaled down to this on the way in: no face in them needs more pixels."""

_PROBED: Final = (
    "h264,hevc,mjpeg,mpeg4,mpeg2video,mpeg1video,h263,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,"
    "libaom-av1,prores,rawvideo,ffv1,theora,dvvideo,flv,msmpeg4,msmpeg4v2,wmv1,wmv2,wmv3,vc1"
)
_MAGICYUV: Final = int.from_bytes(b"MAGY", "little")


class Capture(Protocol):
    """What is used of ``cv2.VideoCapture``; tests hand in their own."""

    def isOpened(self) -> bool: ...  # noqa: N802 (OpenCV's name)

    def grab(self) -> bool:
        """Take the next picture, without handing it out."""
        ...

    def retrieve(self) -> tuple[bool, Any]:
        """The picture taken, BGR uint8 or grey."""
        ...

    def get(self, prop: int, /) -> float: ...

    def set(self, prop: int, value: float, /) -> bool: ...

    def release(self) -> None: ...


OpenCapture: TypeAlias = Callable[[str | int], Capture]
"""Opens a device number, a device path, a file or an address."""


def open_device(source: str | int) -> Capture:
    """A camera that is plugged in, by number or by path, asked for 640x480."""
    cv2 = _silent_cv2()
    backends = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_DSHOW}
    capture = cv2.VideoCapture(source, backends.get(sys.platform, cv2.CAP_ANY))
    # MJPG before the size: uncompressed pictures fill a USB hub that two cameras share. A buffer
    # of one keeps the picture that is read the newest one. Drivers ignore what they don't know.
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, 640)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, 480)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return cast(Capture, capture)


def open_video(source: str | int) -> Capture:
    """A video file, decoded by FFmpeg.

    Raises:
        CameraError: it is a pipe or a device, which FFmpeg would read for ever, or it is gone.
    """
    try:
        require_regular(Path(str(source)))
    except BadInput as error:
        raise CameraError(str(error)) from None
    except OSError as error:
        raise CameraError(
            _("{path} can't be read: {reason}.").format(path=source, reason=error.strerror)
        ) from None
    cv2 = _silent_cv2()
    # From the root, so that FFmpeg can't take a name with a colon for an address.
    path = str(Path(str(source)).resolve())
    return _harmless(cv2.VideoCapture(path, cv2.CAP_FFMPEG), Path(path).name)


def open_stream(source: str | int, timeout: float = 5.0) -> Capture:
    """A network camera by its address; opening and each read give up after ``timeout`` seconds.

    Raises:
        CameraError: its video is of a kind that is not decoded.
    """
    cv2 = _silent_cv2()
    milliseconds = round(timeout * 1000)
    limits = [
        *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, milliseconds),
        *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, milliseconds),
    ]
    capture = cv2.VideoCapture(str(source), cv2.CAP_FFMPEG, limits)
    return _harmless(capture, _("The camera's video"))


def _harmless(capture: Any, name: str) -> Capture:
    """The capture, unless its video would go through a decoder that has a known hole.

    FFmpeg's of MagicYUV writes beyond a buffer before 8.1.2 (CVE-2026-8461), and the newest OpenCV
    5, 5.0.0.93, holds 8.1.1. OpenCV names the decoder's own tag, whatever the file calls it, and
    decodes nothing before the first picture is asked for.
    """
    import cv2

    if capture.isOpened() and int(capture.get(cv2.CAP_PROP_FOURCC)) == _MAGICYUV:
        capture.release()
        raise CameraError(
            _(
                "{name} is packed with MagicYUV, which is not read: its decoder has a known hole. "
                "Save it as MP4 (H.264)."
            ).format(name=name)
        )
    return cast(Capture, capture)


def grab(capture: Capture) -> bool:
    """Whether a next picture could be taken."""
    import cv2

    try:
        return capture.grab()
    except cv2.error:
        return False


def retrieve(capture: Capture) -> Image | None:
    """The picture taken, as RGB of at most ``LONG_SIDE`` px; None where it can't be decoded."""
    import cv2

    try:
        good, picture = capture.retrieve()
    except cv2.error:
        return None
    if not good or picture is None or picture.size == 0 or picture.dtype != np.uint8:
        return None
    picture = shrink(picture, LONG_SIDE)
    colour = picture.ndim == 3 and picture.shape[2] == 3
    code = cv2.COLOR_BGR2RGB if colour else cv2.COLOR_GRAY2RGB
    return cast(Image, cv2.cvtColor(picture, code))


def shrink(picture: Image, long_side: int) -> Image:
    """The picture itself, or scaled down so that its longer side is ``long_side``; 6 ms from 4K."""
    import cv2

    height, width = picture.shape[:2]
    scale = long_side / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    # Halving by area and then linear costs a quarter of area all the way, and as little is lost.
    while min(width, height) >= 2 and max(width, height) >= 2 * long_side:
        width, height = width // 2, height // 2
        halved = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        picture = cast(Image, halved)
    return cast(Image, cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR))


def _silent_cv2() -> Any:
    """OpenCV without its lines on stderr: what fails is told in sentences instead."""
    # Read by OpenCV when it first opens a video; -8 is FFmpeg's "quiet". Whatever stands there: at
    # other levels FFmpeg prints addresses with their passwords.
    os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"
    # While FFmpeg finds out what a video is it decodes the first pictures: only such as cameras,
    # telephones and screens make. With these options goes what OpenCV asks of RTSP without any.
    options = os.environ.get("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_flags;prefer_tcp")
    if "codec_whitelist" not in options:
        options += f"|codec_whitelist;{_PROBED}"
        os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = options
    # A camera that stops answering is noticed after 3 s instead of 10.
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "3")
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return cv2
