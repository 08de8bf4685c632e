"""Stand-ins for hardware: captures that fail on cue, a clock by hand, a small RTSP server."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
import socket
import struct
import threading
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


class HandClock:
    """A monotonic clock that moves only when it is told to, or by sleeping."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds


class Undecodable:
    """A picture that OpenCV takes and then can't decode."""


class FakeCapture:
    """Gives the pictures of ``script``, one a period; None is a picture that fails, an exception
    is raised. The script's end is a camera that was unplugged."""

    def __init__(
        self,
        script: Iterable[Any],
        clock: HandClock | None = None,
        *,
        opened: bool = True,
        period: float = 1 / 30,
        fps: float = 30.0,
    ) -> None:
        self._script: Iterator[Any] = iter(script)
        self._clock = clock
        self._opened = opened
        self._period = period
        self._fps = fps
        self._picture: Any = None
        self.released = False

    def isOpened(self) -> bool:
        return self._opened

    def grab(self) -> bool:
        if self._clock is not None:
            self._clock.now += self._period
        try:
            self._picture = next(self._script)
        except StopIteration:
            return False
        if isinstance(self._picture, Exception):
            raise self._picture
        return True

    def retrieve(self) -> tuple[bool, Any]:
        if isinstance(self._picture, Undecodable):
            raise cv2.error("not decodable")
        return self._picture is not None, self._picture

    def get(self, prop: int, /) -> float:
        return self._fps if prop == cv2.CAP_PROP_FPS else 0.0

    def set(self, prop: int, value: float, /) -> bool:
        return True

    def release(self) -> None:
        self.released = True


def noise(seed: int = 0, width: int = 64, height: int = 48) -> Picture:
    """A picture as a sensor gives it: never the same twice."""
    random = np.random.default_rng(seed)
    return random.integers(60, 200, (height, width, 3), dtype=np.uint8)


def noises(count: int) -> list[Picture]:
    return [noise(seed) for seed in range(count)]


def write_video(path: Any, pictures: Iterable[Picture], fps: float = 10.0) -> None:
    """A video of BGR pictures; the codec follows from the name."""
    pictures = list(pictures)
    height, width = pictures[0].shape[:2]
    codec = cv2.VideoWriter.fourcc(*("MJPG" if str(path).endswith(".avi") else "mp4v"))
    writer = cv2.VideoWriter(str(path), codec, fps, (width, height))
    assert writer.isOpened()
    for picture in pictures:
        writer.write(picture)
    writer.release()


class RtspServer:
    """Sends Motion JPEG (RFC 2435) over RTSP's own TCP connection, on the loopback.

    It stops sending after ``frames`` pictures and then says nothing more, like a camera whose
    network went away. ``login`` is "user:password", which it then asks for, as basic or digest.
    """

    def __init__(
        self, frames: int = 1_000_000, silent: bool = False, login: str = "", digest: bool = False
    ) -> None:
        self._login = login
        self._digest = digest
        self._frames = frames
        self._silent = silent
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="rtsp server")
        self.transports: list[str] = []

    @property
    def port(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    def __enter__(self) -> RtspServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        self._socket.settimeout(0.05)
        while not self._stop.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(0.05)
                with contextlib.suppress(OSError):  # the client hung up
                    self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        inbox = b""
        playing = False
        sent = 0
        while not self._stop.is_set():
            try:
                received = connection.recv(4096)
                if not received:
                    return
                inbox += received
            except TimeoutError:
                pass
            while not self._silent and b"\r\n\r\n" in inbox:
                request, _, inbox = inbox.partition(b"\r\n\r\n")
                playing |= self._answer(connection, request.decode("latin-1"))
            if playing and sent < self._frames:
                for packet in rtp_jpeg(noise(sent, 64, 48), sent):
                    connection.sendall(packet)
                sent += 1

    def _answer(self, connection: socket.socket, request: str) -> bool:
        method = request.split(" ", 1)[0]
        fields = dict(line.split(": ", 1) for line in request.split("\r\n")[1:] if ": " in line)
        head = f"RTSP/1.0 200 OK\r\nCSeq: {fields.get('CSeq', '0')}\r\nSession: 1\r\n"
        body = ""
        if self._login and method != "OPTIONS" and not self._allowed(fields, method):
            challenge = 'Digest realm="cam", nonce="n1"' if self._digest else 'Basic realm="cam"'
            refusal = f"RTSP/1.0 401 Unauthorized\r\nCSeq: {fields.get('CSeq', '0')}\r\n"
            connection.sendall(f"{refusal}WWW-Authenticate: {challenge}\r\n\r\n".encode())
            return False
        if method == "OPTIONS":
            head += "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        elif method == "DESCRIBE":
            body = (
                "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=test\r\nt=0 0\r\n"
                "m=video 0 RTP/AVP 26\r\nc=IN IP4 127.0.0.1\r\na=control:track1\r\n"
            )
            head += f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
        elif method == "SETUP":
            self.transports.append(fields.get("Transport", ""))
            head += "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
        connection.sendall((head + "\r\n" + body).encode())
        return method == "PLAY"

    def _allowed(self, fields: dict[str, str], method: str) -> bool:
        given = fields.get("Authorization", "")
        if not self._digest:
            return given == "Basic " + base64.b64encode(self._login.encode()).decode()

        def md5(text: str) -> str:
            return hashlib.md5(text.encode()).hexdigest()

        told = dict(re.findall(r'(\w+)="([^"]*)"', given))
        user, _, password = self._login.partition(":")
        secret, asked = md5(f"{user}:cam:{password}"), md5(f"{method}:{told.get('uri')}")
        return told.get("response") == md5(f"{secret}:n1:{asked}")


def rtp_jpeg(picture: Picture, number: int) -> list[bytes]:
    """A picture as RTP packets within the RTSP connection; it must be small."""
    done, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 60])
    assert done
    jpeg = encoded.tobytes()
    tables, at = b"", 2
    while True:  # The segments up to the scan; of these only the quantisation tables travel.
        marker, length = struct.unpack_from(">HH", jpeg, at)
        if marker == 0xFFDB:
            segment = jpeg[at + 4 : at + 2 + length]
            tables += b"".join(segment[i + 1 : i + 65] for i in range(0, len(segment), 65))
        at += 2 + length
        if marker == 0xFFDA:
            break
    scan = jpeg[at:-2]
    height, width = picture.shape[:2]
    packets = []
    for start in range(0, len(scan), 1200):
        part = scan[start : start + 1200]
        last = start + 1200 >= len(scan)
        # Type 1 is 4:2:0; quality 255 says that the tables follow in the first packet.
        payload = struct.pack(">IBBBB", start, 1, 255, width // 8, height // 8)
        if start == 0:
            payload += struct.pack(">BBH", 0, 0, len(tables)) + tables
        sequence = (number * 64 + start // 1200) & 0xFFFF
        head = struct.pack(">BBHII", 0x80, 26 | (0x80 if last else 0), sequence, number * 3000, 7)
        packet = head + payload + part
        packets.append(struct.pack(">cBH", b"$", 0, len(packet)) + packet)
    return packets
