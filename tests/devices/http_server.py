"""A network camera over HTTP on the loopback, in all the moods that such cameras have."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import cv2

from tests.devices.fakes import Picture, noise


def jpeg(picture: Picture) -> bytes:
    done, data = cv2.imencode(".jpg", picture)
    assert done
    return data.tobytes()


class HttpCamera:
    """Serves ``/video`` (a multipart stream of ``frames`` pictures), ``/shot.jpg`` and pages that
    are none. ``login`` is "", "basic" or "digest"; ``asked`` lists the paths asked for."""

    user, password = "admin", "So#m/m?er@1 ü"

    def __init__(
        self, *, login: str = "", frames: int = 1_000_000, lengths: bool = True, port: int = 0
    ) -> None:
        self.login = login
        self.frames = frames
        self.lengths = lengths
        self.asked: list[str] = []
        self.pages: dict[str, tuple[str, bytes]] = {}
        self.connections: list[socket.socket] = []
        self.stop = threading.Event()
        camera = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                camera.connections.append(self.connection)

            def do_GET(self) -> None:
                camera.answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing on stderr."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, name="http camera"
        )

    @property
    def port(self) -> int:
        port: int = self._server.server_address[1]
        return port

    def url(self, path: str, login: str | None = None) -> str:
        who = "" if login is None else f"{login}@"
        return f"http://{who}127.0.0.1:{self.port}{path}"

    def __enter__(self) -> HttpCamera:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """The power goes off."""
        self.stop.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        for connection in self.connections:
            with contextlib.suppress(OSError):  # it is over already
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(request.path)
        given = request.headers.get("Authorization", "")
        if self.login and not self._allowed(given):
            request.send_response(401)
            challenge = 'Digest realm="cam", nonce="n1", qop="auth", algorithm=MD5'
            if self.login == "basic":
                challenge = 'Basic realm="cam"'
            request.send_header("WWW-Authenticate", challenge)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        path = request.path.partition("?")[0]
        try:
            if path in self.pages:
                self._send(request, *self.pages[path])
            elif path == "/video":
                self._send_stream(request)
            elif path == "/shot.jpg":
                self._send(request, "image/jpeg", jpeg(noise(len(self.asked))))
            elif path == "/odd":
                self._send(request, "", jpeg(noise(len(self.asked))))
            elif path == "/":
                self._send(request, "text/html", b"<!DOCTYPE html><title>Camera</title>")
            elif path == "/status":
                self._send(request, "application/json", b'{"ok": true}')
            elif path == "/broken.jpg":
                self._send(request, "image/jpeg", jpeg(noise(1))[:90])
            elif path == "/error":
                request.send_error(503)
            elif path == "/hang":
                self.stop.wait()
                request.close_connection = True
            elif path == "/drip":
                self._drip(request)
            elif path == "/moved":
                request.send_response(302)
                request.send_header("Location", "/shot.jpg")
                request.send_header("Content-Length", "0")
                request.end_headers()
            else:
                request.send_error(404)
        except (BrokenPipeError, ConnectionResetError):
            request.close_connection = True

    def _send(self, request: BaseHTTPRequestHandler, kind: str, data: bytes) -> None:
        request.send_response(200)
        if kind:
            request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    def _send_stream(self, request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        request.send_response(200)
        request.send_header("Content-Type", "multipart/x-mixed-replace; boundary=--frame")
        request.end_headers()
        for number in range(self.frames):
            if self.stop.is_set():
                return
            data = jpeg(noise(number))
            length = f"Content-Length: {len(data)}\r\n" if self.lengths else ""
            head = f"--frame\r\nContent-Type: image/jpeg\r\n{length}\r\n"
            request.wfile.write(head.encode() + data + b"\r\n")
        self.stop.wait()  # it says nothing more, like a camera whose network went away

    def _drip(self, request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        request.send_response(200)
        request.send_header("Content-Type", "image/jpeg")
        request.send_header("Content-Length", "100000")
        request.end_headers()
        while not self.stop.wait(0.01):
            request.wfile.write(b"\xff")

    def _allowed(self, given: str) -> bool:
        if self.login == "basic":
            expected = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            return given == f"Basic {expected}"
        fields = dict(re.findall(r'(\w+)="?([^",]+)"?', given))
        if not given.startswith("Digest ") or "uri" not in fields:
            return False

        def md5(text: str) -> str:
            return hashlib.md5(text.encode()).hexdigest()

        secret = md5(f"{self.user}:cam:{self.password}")
        asked = md5(f"GET:{fields['uri']}")
        proof = f"{secret}:n1:{fields['nc']}:{fields['cnonce']}:{fields['qop']}:{asked}"
        return md5(proof) == fields["response"]
