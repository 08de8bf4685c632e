"""Network cameras over HTTP: a stream of JPEGs (multipart), or one JPEG each time it is asked for.

FFmpeg reads such streams too, but says nothing of why one does not open, and knows no snapshots;
other kinds of video, such as HLS, are left to it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kiosk.devices.capture import Capture, OpenCapture, open_stream
from kiosk.devices.http_client import MAX_BYTES, HttpClient
from kiosk.devices.live_camera import LiveCamera, network_camera, no_answer
from kiosk.domain.address import Address
from kiosk.domain.errors import CameraError
from kiosk.domain.language import _

if TYPE_CHECKING:
    import requests

_EVERY: Final = 0.2
"""Seconds from one snapshot to the next: enough for a decision within a second, and as much as
small cameras bear."""
_MAX_PIXELS: Final = 50_000_000


def http_camera(
    address: str,
    *,
    open_capture: OpenCapture | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> LiveCamera:
    """A camera by its ``http://`` or ``https://`` address; nothing of it but the host is shown.

    Certificates are not checked: cameras sign their own.
    """
    return network_camera(address, Address.of(address), open_capture or open_http, clock)


def open_http(
    source: str | int,
    timeout: float = 5.0,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Capture:
    """Ask the camera once, and find out from its answer how it gives pictures. Connecting and each
    picture give up after ``timeout`` seconds.

    Raises:
        CameraError: no answer, not permitted, nothing there, or no pictures.
    """
    import requests
    import urllib3

    address = Address.of(str(source))
    client = HttpClient(address, timeout, clock)
    try:
        answer = client.get()
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind.startswith("multipart/"):
            boundary = re.search(r'boundary="?([^";,]+)', answer.headers["Content-Type"])
            named = boundary[1].strip().encode("latin-1") if boundary else b""
            return _HttpCapture(_stream(client, answer, named), client.close)
        if kind.startswith("video/") or "mpegurl" in kind or kind == "application/dash+xml":
            client.close()
            return open_stream(address.escaped(), timeout)
        first = client.body(answer)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
        client.close()
        raise CameraError(no_answer(address)) from None
    except CameraError:
        client.close()
        raise
    if _decoded(first) is None:
        client.close()
        raise CameraError(_no_picture(address, kind, first))
    return _HttpCapture(_snapshots(client, first, clock, sleep), client.close)


class _HttpCapture:
    """A ``Capture`` over encoded pictures; an empty one is a picture that failed."""

    whole_pictures = True

    def __init__(self, pictures: Iterator[bytes], close: Callable[[], None]) -> None:
        self._pictures = pictures
        self._close = close
        self._newest = b""

    def isOpened(self) -> bool:  # noqa: N802 (OpenCV's name)
        return True

    def grab(self) -> bool:
        self._newest = next(self._pictures, b"")
        return bool(self._newest)

    def retrieve(self) -> tuple[bool, Any]:
        picture = _decoded(self._newest)
        return picture is not None, picture

    def get(self, prop: int, /) -> float:
        return 0.0

    def set(self, prop: int, value: float, /) -> bool:
        return False

    def release(self) -> None:
        self._close()


def _stream(client: HttpClient, answer: requests.Response, boundary: bytes) -> Iterator[bytes]:
    """The parts of a multipart body, until it ends or fails."""
    import requests
    import urllib3

    try:
        yield from _parts(client, answer, boundary)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
        return


def _parts(client: HttpClient, answer: requests.Response, boundary: bytes) -> Iterator[bytes]:
    data = bytearray()

    def until(sign: re.Pattern[bytes], start: int = 0) -> re.Match[bytes]:
        while (found := sign.search(data, start)) is None:
            more()
        return found

    def more() -> None:
        piece = client.read(answer)
        if not piece or len(data) > MAX_BYTES:
            raise ValueError("no further part")
        data.extend(piece)

    if not boundary:
        boundary = until(re.compile(rb"--([^\r\n]+)\r?\n"))[1]
    # Some name their boundary with its dashes, some without, and some begin it with more of them.
    delimiter = re.compile(rb"\r?\n?--" + re.escape(boundary.lstrip(b"-")))
    blank = re.compile(rb"\r?\n\r?\n")
    del data[: until(delimiter).end()]
    while True:
        client.next_picture()
        head = until(blank)
        length = re.search(rb"(?i)content-length:\s*([0-9]{1,8})", data[: head.start()])
        begin = head.end()
        if length and 0 < int(length[1]) <= MAX_BYTES:
            end = begin + int(length[1])
            while len(data) < end:
                more()
            picture = bytes(data[begin:end])
            del data[:end]
            yield picture
            del data[: until(delimiter).end()]
        else:
            after = until(delimiter, begin)
            picture = bytes(data[begin : after.start()])
            del data[: after.end()]
            yield picture


def _snapshots(
    client: HttpClient,
    first: bytes,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> Iterator[bytes]:
    """A picture each time it is asked for; an empty one where that failed."""
    import requests
    import urllib3

    asked = clock()
    yield first
    while True:
        wait = asked + _EVERY - clock()
        if wait > 0:
            sleep(wait)
        asked = clock()
        try:
            picture = client.body(client.get())
        except (
            *(CameraError, requests.RequestException, urllib3.exceptions.HTTPError),
            *(OSError, ValueError),
        ):
            picture = b""
        yield picture


def _decoded(data: bytes) -> Any:
    """The picture as BGR, None where it is none or holds more pixels than a camera has."""
    import cv2
    from PIL import Image as Pillow

    try:
        with Pillow.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP", "BMP")) as header:
            if header.width * header.height > _MAX_PIXELS:
                return None
        return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except (OSError, ValueError, SyntaxError, cv2.error, Pillow.DecompressionBombError):
        return None


def _no_picture(address: Address, kind: str, data: bytes) -> str:
    if kind in ("text/html", "application/xhtml+xml") or data.lstrip()[:1] == b"<":
        return _(
            "{name} answers with a web page, not with pictures. Look up the address of its video "
            "or snapshot in the camera's manual; it often ends in /video, .mjpg or .jpg."
        ).format(name=address.place)
    return _(
        "{name} answers with something that is no picture ({kind}). Look up the address of its "
        "video or snapshot in the camera's manual."
    ).format(name=address.place, kind=re.sub(r"[^\w/+.\-]", "", kind) or _("unknown"))
