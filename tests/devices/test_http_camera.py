"""Network cameras over HTTP, against a real server on the loopback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from kiosk.devices.camera import open_camera
from kiosk.devices.http_camera import http_camera, open_http
from kiosk.devices.live_camera import LiveCamera
from kiosk.domain.errors import CameraError
from tests.devices.fakes import HandClock, noises, write_video
from tests.devices.http_server import HttpCamera

pytestmark = pytest.mark.timeout(30)


@pytest.fixture
def server() -> Iterator[HttpCamera]:
    with HttpCamera() as running:
        yield running


def camera_at(address: str, timeout: float = 2.0) -> LiveCamera:
    opener = partial(open_http, timeout=timeout, sleep=lambda _: None)
    return http_camera(address, open_capture=opener)


def read_until_lost(camera: LiveCamera) -> str:
    while True:
        try:
            camera.read()
        except CameraError as error:
            return str(error)


def refusal(address: str, timeout: float = 2.0) -> str:
    camera = camera_at(address, timeout)
    with pytest.raises(CameraError) as caught:
        camera.open()
    camera.close()
    return str(caught.value)


@pytest.mark.parametrize("path", ["/video", "/shot.jpg", "/odd", "/moved", "/shot.jpg?a=b#c"])
def test_streams_and_snapshots_play(server: HttpCamera, path: str) -> None:
    camera = camera_at(server.url(path))
    camera.open()
    frames = [camera.read() for _ in range(3)]
    camera.close()

    assert camera.name == f"http://127.0.0.1:{server.port}"
    assert [frame.index for frame in frames] == [0, 1, 2]
    assert {frame.image.shape for frame in frames} == {(48, 64, 3)}
    assert 60 < frames[0].image.mean() < 200
    # A stream is asked for once, a snapshot each time.
    assert (len(server.asked) == 1) is (path == "/video")


def test_a_stream_whose_parts_have_no_length() -> None:
    with HttpCamera(lengths=False) as server:
        camera = camera_at(server.url("/video"))
        camera.open()
        frames = [camera.read() for _ in range(5)]
        camera.close()

    assert {frame.image.shape for frame in frames} == {(48, 64, 3)}


@pytest.mark.parametrize("login", ["basic", "digest"])
@pytest.mark.parametrize("path", ["/video", "/shot.jpg"])
def test_user_and_password_as_they_are_printed(login: str, path: str) -> None:
    with HttpCamera(login=login) as server:
        camera = camera_at(server.url(path, f"{server.user}:{server.password}"))
        camera.open()
        frame = camera.read()
        camera.close()

    assert frame.image.shape == (48, 64, 3)
    assert camera.name == f"http://127.0.0.1:{server.port}"


@pytest.mark.parametrize("login", ["basic", "digest"])
def test_a_wrong_password_says_so_and_is_not_shown(login: str) -> None:
    with HttpCamera(login=login) as server:
        none = refusal(server.url("/video"))
        plain = refusal(server.url("/video", "admin:geheim"))
        signs = refusal(server.url("/video", "admin:ge#he/im"))

    assert "asks for a user and password" in none
    assert "refuses the user and password in the address" in plain
    assert "%23" not in plain
    assert "# as %23" in signs
    assert not [word for word in ("admin", "geheim", "he/im") if word in plain + signs]


def test_answers_that_are_no_pictures(server: HttpCamera) -> None:
    name = f"http://127.0.0.1:{server.port}"
    for path, sentence in {
        "/nothing": "answers, but has nothing at this path",
        "/": "answers with a web page, not with pictures",
        "/status": "answers with something that is no picture (application/json)",
        "/broken.jpg": "answers with something that is no picture (image/jpeg)",
        "/error": "answers with an error (503)",
    }.items():
        assert refusal(server.url(path)).startswith(f"{name} {sentence}")


@pytest.mark.parametrize("path", ["/hang", "/drip"])
def test_a_camera_that_does_not_come_to_an_end_is_given_up(server: HttpCamera, path: str) -> None:
    assert "does not answer or gives no picture" in refusal(server.url(path), timeout=0.2)
    server.stop.set()


def test_nobody_there() -> None:
    sentence = refusal("http://admin:geheim@127.0.0.1:9/video?token=geheim")

    assert sentence.startswith("http://127.0.0.1:9 does not answer")
    assert "geheim" not in sentence


def test_a_server_that_speaks_no_https(server: HttpCamera) -> None:
    assert "does not answer" in refusal(server.url("/video").replace("http:", "https:"))


def test_a_stream_that_stops_is_lost_and_comes_back() -> None:
    with HttpCamera(frames=6) as server:
        camera = camera_at(server.url("/video"), timeout=0.3)
        camera.open()
        assert "stopped sending pictures" in read_until_lost(camera)
        camera.open()
        assert camera.read().image.shape == (48, 64, 3)
        camera.close()


@pytest.mark.parametrize("path", ["/video", "/shot.jpg"])
def test_a_camera_whose_power_goes_off_and_on(path: str) -> None:
    server = HttpCamera()
    with server:
        camera = camera_at(server.url(path), timeout=1.0)
        camera.open()
        camera.read()
    assert "stopped sending pictures" in read_until_lost(camera)
    with pytest.raises(CameraError, match="does not answer"):
        camera.open()
    with HttpCamera(port=server.port):
        camera.open()
        assert camera.read().image.shape == (48, 64, 3)
        camera.close()


def test_snapshots_are_asked_for_at_a_steady_pace(server: HttpCamera) -> None:
    clock = HandClock()
    capture = open_http(server.url("/shot.jpg"), clock=clock, sleep=clock.sleep)
    begun = clock.now

    assert all(capture.grab() and capture.retrieve()[0] for _ in range(6))
    capture.release()

    assert clock.now - begun == pytest.approx(5 * 0.2)
    assert len(server.asked) == 6


def test_other_video_is_left_to_ffmpeg(tmp_path: Path, server: HttpCamera) -> None:
    write_video(tmp_path / "clip.avi", noises(10))
    server.pages["/clip.avi"] = ("video/x-msvideo", (tmp_path / "clip.avi").read_bytes())

    capture = open_http(server.url("/clip.avi", "admin:ge#heim"))
    played = capture.isOpened() and capture.grab() and capture.retrieve()[0]
    capture.release()

    assert played


def test_nothing_of_an_address_is_logged(
    server: HttpCamera, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        camera = camera_at(server.url("/shot.jpg?token=geheim", "admin:geheim"))
        camera.open()
        camera.close()

    assert "geheim" not in caplog.text


def test_what_people_write_as_a_camera() -> None:
    camera = open_camera("https://admin:ge#heim@cam.local/shot.jpg", realtime=True)

    assert isinstance(camera, LiveCamera)
    assert camera.name == "https://cam.local"
