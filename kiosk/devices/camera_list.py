"""Which cameras are plugged in, with names for people."""

from __future__ import annotations

import logging
import struct
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from kiosk.devices.capture import OpenCapture, open_device
from kiosk.devices.images import natural_order
from kiosk.domain.language import _
from kiosk.domain.ports import CameraDevice

log = logging.getLogger(__name__)

_QUERY_CAPABILITIES: Final = 0x80685600
"""VIDIOC_QUERYCAP of linux/videodev2.h, which fills a struct of 104 bytes."""
_CAPTURES: Final = 0x00000001 | 0x00001000
"""V4L2_CAP_VIDEO_CAPTURE, in one plane or in several."""
_PROBED: Final = 4


def list_cameras(
    *,
    sysfs: Path = Path("/sys/class/video4linux"),
    devices: Path = Path("/dev"),
    captures: Callable[[Path], bool] | None = None,
    open_capture: OpenCapture = open_device,
    named: Callable[[], Iterable[tuple[int, str]]] | None = None,
    platform: str = sys.platform,
) -> tuple[CameraDevice, ...]:
    """The cameras of this machine, by number. Call it off the GUI thread: where the system names
    no cameras, each number is tried, which takes up to seconds.

    On Linux the kernel's own list is read, which also tells coders from cameras; elsewhere
    cv2-enumerate-cameras counts as OpenCV does and knows the names (``named``)."""
    if platform == "linux":
        return _of_sysfs(sysfs, devices, captures or _captures)
    try:
        return tuple(
            CameraDevice(str(index), name or _unnamed(index))
            for index, name in (named or _enumerated)()
        )
    except Exception:  # Not installed, or the system does not let itself be asked.
        log.warning("the cameras' names can't be asked for; trying numbers", exc_info=True)
    return tuple(
        CameraDevice(str(index), _unnamed(index))
        for index in range(_PROBED)
        if _answers(index, open_capture)
    )


def _enumerated() -> list[tuple[int, str]]:
    import cv2
    from cv2_enumerate_cameras import enumerate_cameras

    # The backend that open_device opens them with: another one counts differently.
    backend = cv2.CAP_AVFOUNDATION if sys.platform == "darwin" else cv2.CAP_DSHOW
    return [(camera.index, camera.name) for camera in enumerate_cameras(backend)]


def _unnamed(index: int | str) -> str:
    return _("Camera {number}").format(number=index)


def _of_sysfs(
    sysfs: Path, devices: Path, captures: Callable[[Path], bool]
) -> tuple[CameraDevice, ...]:
    """One webcam makes several nodes: the first gives pictures, the others data about them."""
    found = []
    for node in natural_order(sysfs.glob("video*")):
        number = node.name.removeprefix("video")
        if not number.isdecimal() or _text(node / "index") not in {"0", ""}:
            continue
        if captures(devices / node.name):
            found.append(CameraDevice(number, _text(node / "name") or _unnamed(number)))
    return tuple(found)


def _captures(node: Path) -> bool:
    """Whether a node gives pictures; a coder's node, as on a Raspberry Pi, does not."""
    import fcntl

    try:
        with node.open("rb", buffering=0) as device:
            answer = fcntl.ioctl(device, _QUERY_CAPABILITIES, bytes(104))
    except OSError:
        # Not permitted or busy: list it all the same, opening it then says what is wrong.
        return True
    overall, own = struct.unpack_from("=II", answer, 84)
    return bool((own or overall) & _CAPTURES)


def _answers(index: int, open_capture: OpenCapture) -> bool:
    capture = open_capture(index)
    try:
        return capture.isOpened()
    finally:
        capture.release()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
