"""Asking a camera over HTTP, logged in, within time and size; what it refuses is a sentence."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from kiosk.devices.live_camera import escapes
from kiosk.domain.address import Address
from kiosk.domain.errors import CameraError
from kiosk.domain.language import _

if TYPE_CHECKING:
    import requests

MAX_BYTES: Final = 20_000_000
"""No picture of a camera is larger."""
_CHUNK: Final = 65_536


class HttpClient:
    """Asks one address, logged in as its user and password say: basic or digest, as the camera
    wants it."""

    def __init__(self, address: Address, timeout: float, clock: Callable[[], float]) -> None:
        import requests
        import urllib3

        # Both tell whole addresses, with what stands in their queries.
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy sees the password, and no ~/.netrc adds one
        self._session.verify = False
        self._address = address
        self._timeout = timeout
        self._clock = clock
        self._begun = 0.0
        self._answer: requests.Response | None = None

    def get(self) -> requests.Response:
        """The answer, its body unread.

        Raises:
            CameraError: the camera says no.
        """
        self._begun = self._clock()
        self._drop_answer()
        answer = self._ask()
        credentials = self._address.credentials
        if answer.status_code == HTTPStatus.UNAUTHORIZED and credentials and not self._session.auth:
            self._session.auth = _login(answer.headers.get("WWW-Authenticate", ""), *credentials)
            self._drop_answer()
            answer = self._ask()
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise CameraError(_refusal(self._address, answer.status_code))
        return answer

    def body(self, answer: requests.Response) -> bytes:
        """All of an answer's body."""
        data = bytearray()
        while piece := self.read(answer):
            data += piece
            if len(data) > MAX_BYTES:
                raise ValueError("too much for a picture")
        return bytes(data)

    def read(self, answer: requests.Response) -> bytes:
        """What has come of a body, within the time for one picture; nothing at its end."""
        # A camera that drips a byte now and then keeps no socket from timing out.
        if self._clock() - self._begun > self._timeout:
            raise TimeoutError
        return bytes(answer.raw.read1(_CHUNK, decode_content=True))

    def next_picture(self) -> None:
        """The time for a picture begins anew."""
        self._begun = self._clock()

    def close(self) -> None:
        self._drop_answer()
        self._session.close()

    def _ask(self) -> requests.Response:
        url = self._address.without_login()
        self._answer = self._session.get(url, stream=True, timeout=self._timeout)
        return self._answer

    def _drop_answer(self) -> None:
        if self._answer is not None:
            self._answer.close()
            self._answer = None


def _login(challenge: str, user: str, password: str) -> Any:
    from requests.auth import HTTPBasicAuth, HTTPDigestAuth

    if "digest" in challenge.lower():
        return HTTPDigestAuth(user, password)
    return HTTPBasicAuth(user.encode(), password.encode())


def _refusal(address: Address, status: int) -> str:
    name = address.place
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        if address.credentials is None:
            return _(
                "{name} asks for a user and password. Write them into the address, as in "
                "http://user:password@camera/video."
            ).format(name=name)
        return _("{name} refuses the user and password in the address. Check both.").format(
            name=name
        ) + escapes(address)
    if status == HTTPStatus.NOT_FOUND:
        return _(
            "{name} answers, but has nothing at this path. Look up the path of its video or "
            "snapshot in the camera's manual."
        ).format(name=name)
    return _(
        "{name} answers with an error ({status}). Restart the camera, and check the path in its "
        "address."
    ).format(name=name, status=status)
