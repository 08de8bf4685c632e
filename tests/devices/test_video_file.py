"""Video files: their own time, their own pace, and what damage does to them."""

from __future__ import annotations

import struct
from itertools import repeat
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from kiosk.devices.video_file import VideoFile
from kiosk.domain.errors import CameraError
from kiosk.domain.frame import Frame
from tests.devices.fakes import FakeCapture, HandClock, noise, noises, write_video


@pytest.fixture(params=["clip.avi", "clip.mp4"])
def clip(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """20 frames at 10 a second; frame n is of the brightness 10 n."""
    path = tmp_path / str(request.param)
    write_video(path, [np.full((48, 64, 3), 10 * n, np.uint8) for n in range(20)])
    return path


def all_frames(camera: VideoFile) -> list[Frame]:
    camera.open()
    frames = []
    while (frame := camera.read()) is not None:
        frames.append(frame)
    camera.close()
    return frames


class StampedCapture(FakeCapture):
    """A capture whose pictures carry time stamps, in milliseconds."""

    def __init__(self, stamps: list[float], **options: Any) -> None:
        super().__init__(noises(len(stamps)), **options)
        self._stamps = stamps
        self._taken = 0

    def grab(self) -> bool:
        self._taken += 1
        return super().grab()

    def get(self, prop: int, /) -> float:
        if prop == cv2.CAP_PROP_POS_MSEC:
            return self._stamps[self._taken - 1]
        return super().get(prop)


def test_all_frames_in_media_time(clip: Path) -> None:
    frames = all_frames(VideoFile(clip, realtime=False))

    assert [frame.index for frame in frames] == list(range(20))
    assert [frame.time for frame in frames] == pytest.approx([n / 10 for n in range(20)])
    brightness = [frame.image.mean() for frame in frames]
    assert brightness == pytest.approx([10 * n for n in range(20)], abs=6)


def test_it_can_be_opened_again(clip: Path) -> None:
    camera = VideoFile(clip, realtime=False)

    first, second = all_frames(camera), all_frames(camera)

    assert [frame.time for frame in first] == [frame.time for frame in second]


def test_colours(tmp_path: Path) -> None:
    path = tmp_path / "red.avi"
    write_video(path, [np.full((48, 64, 3), (20, 20, 220), np.uint8)] * 2)

    frame = all_frames(VideoFile(path, realtime=False))[0]

    assert frame.image[24, 32] == pytest.approx([220, 20, 20], abs=12)


def test_realtime_keeps_its_pace_and_goes_round(clip: Path) -> None:
    clock = HandClock()
    camera = VideoFile(clip, realtime=True, clock=clock, sleep=clock.sleep)
    begun = clock.now

    camera.open()
    frames = [frame for _ in range(50) if (frame := camera.read())]

    assert camera.live
    assert [frame.index for frame in frames] == list(range(50))
    assert [frame.time for frame in frames] == pytest.approx([n / 10 for n in range(50)])
    assert clock.now - begun == pytest.approx(4.9)
    assert frames[20].image.mean() == pytest.approx(0, abs=6)


def test_realtime_drops_what_is_late(clip: Path) -> None:
    clock = HandClock()
    camera = VideoFile(clip, realtime=True, clock=clock, sleep=clock.sleep)
    camera.open()
    assert camera.read() is not None

    clock.now += 0.75
    late = camera.read()

    assert late is not None
    assert late.index == 7
    assert late.time == pytest.approx(0.7)


def test_realtime_goes_on_after_a_long_stop(clip: Path) -> None:
    clock = HandClock()
    camera = VideoFile(clip, realtime=True, clock=clock, sleep=clock.sleep)
    camera.open()
    camera.read()

    clock.now += 3600
    begun = clock.now
    frames = [frame for _ in range(3) if (frame := camera.read())]

    assert [frame.index for frame in frames] == [1, 2, 3]
    assert clock.now - begun == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("stamps", "times"),
    [
        ([0, 40, 140, 150], [0, 0.04, 0.14, 0.15]),  # variable rate
        ([500, 600, 700, 800], [0, 0.1, 0.2, 0.3]),  # does not begin at 0
        ([0, 0, 0, 0], [0, 0.1, 0.2, 0.3]),  # no stamps: the rate decides
        ([0, 100, 9e9, 9e9 + 100], [0, 0.1, 0.2, 0.3]),  # a damaged stamp
        ([0, 100, 50, 150], [0, 0.1, 0.2, 0.3]),  # backwards
        ([0, float("nan"), 100, 200], [0, 0.1, 0.2, 0.3]),
    ],
)
def test_time_stamps(stamps: list[float], times: list[float]) -> None:
    capture = StampedCapture(stamps, fps=10)

    frames = all_frames(VideoFile(Path("x.mp4"), realtime=False, open_capture=lambda _: capture))

    assert [frame.time for frame in frames] == pytest.approx(times)


@pytest.mark.parametrize("fps", [0.0, float("nan"), 90_000.0, -1.0])
def test_an_impossible_rate_counts_as_25(fps: float) -> None:
    capture = FakeCapture(noises(3), fps=fps)

    frames = all_frames(VideoFile(Path("x.mp4"), realtime=False, open_capture=lambda _: capture))

    assert [frame.time for frame in frames] == pytest.approx([0, 0.04, 0.08])


def test_large_frames_are_scaled_down(tmp_path: Path) -> None:
    path = tmp_path / "large.avi"
    write_video(path, [np.full((1080, 1920, 3), 90, np.uint8)])

    assert all_frames(VideoFile(path, realtime=False))[0].image.shape == (720, 1280, 3)


def test_frames_that_would_fill_the_memory_are_refused() -> None:
    class Huge(FakeCapture):
        def get(self, prop: int, /) -> float:
            return 20_000.0

    capture = Huge([noise()])
    camera = VideoFile(Path("x.mp4"), realtime=False, open_capture=lambda _: capture)

    with pytest.raises(CameraError, match=r"x\.mp4 is 20000 x 20000 pixels, too large"):
        camera.open()
    assert capture.released


def test_a_turned_phone(tmp_path: Path) -> None:
    path = tmp_path / "phone.mp4"
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:, :32] = 200
    write_video(path, [picture] * 3)
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 4 + 20 + 8 + 8  # the matrix, after version 0's fields
    assert struct.unpack_from(">i", data, at)[0] == 0x10000
    struct.pack_into(">9i", data, at, 0, 0x10000, 0, -0x10000, 0, 0, 48 << 16, 0, 0x40000000)
    path.write_bytes(data)

    image = all_frames(VideoFile(path, realtime=False))[0].image

    assert image.shape == (64, 48, 3)
    assert image[:20].mean() > 150
    assert image[-20:].mean() < 50


def test_a_truncated_video_gives_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "cut.avi"
    write_video(path, noises(20))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])

    frames = all_frames(VideoFile(path, realtime=False))

    assert 5 <= len(frames) <= 12


@pytest.mark.parametrize("data", [b"", b"hello" * 500, b"\0" * 4000])
def test_what_is_no_video(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "notes.mp4"
    path.write_bytes(data)

    with pytest.raises(CameraError, match=r"notes\.mp4 is not a video that can be read"):
        VideoFile(path, realtime=False).open()


def test_a_video_without_its_index_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    write_video(path, noises(20))
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"moov") - 4])

    with pytest.raises(CameraError, match="there is no picture in it"):
        VideoFile(path, realtime=False).open()


def test_names_with_colons_and_unicode(tmp_path: Path) -> None:
    write_video(tmp_path / "plain.avi", noises(2))
    for name in ("rtsp:door 10:30.avi", "Tür 🙂.avi", "%03d.avi"):
        (tmp_path / name).write_bytes((tmp_path / "plain.avi").read_bytes())

        assert len(all_frames(VideoFile(tmp_path / name, realtime=False))) == 2


def test_pictures_that_can_not_be_decoded_end_with_a_sentence() -> None:
    clock = HandClock()
    camera = VideoFile(
        Path("x.mp4"),
        realtime=True,
        open_capture=lambda _: FakeCapture(repeat(None)),
        clock=clock,
        sleep=clock.sleep,
    )
    camera.open()

    with pytest.raises(CameraError, match=r"The pictures in x\.mp4 can't be decoded"):
        camera.read()


def test_a_video_deleted_while_it_plays(tmp_path: Path) -> None:
    path = tmp_path / "clip.avi"
    write_video(path, noises(3))
    clock = HandClock()
    camera = VideoFile(path, realtime=True, clock=clock, sleep=clock.sleep)
    camera.open()
    path.unlink()

    assert [camera.read() is None for _ in range(3)] == [False] * 3

    with pytest.raises(CameraError, match=r"clip\.avi"):
        camera.read()


@pytest.mark.parametrize(
    ("name", "frames", "last"),
    [("live_head_turns.mp4", 621, 20.667), ("several_people.mp4", 41, 3.2)],
)
def test_recorded_clips(shared: Path, name: str, frames: int, last: float) -> None:
    read = all_frames(VideoFile(shared / "media" / name, realtime=False))

    assert len(read) == frames
    assert read[-1].time == pytest.approx(last, abs=0.001)
    assert max(read[0].image.shape) <= 1280


def test_what_a_decoder_with_a_known_hole_would_read_is_refused(tmp_path: Path) -> None:
    """CVE-2026-8461; by the decoder, not by what the file calls itself."""
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"M8RG"), 10, (64, 48))
    if not writer.isOpened():
        pytest.skip("this OpenCV can't write MagicYUV")
    for picture in noises(5):
        writer.write(picture)
    writer.release()
    assert b"MAGY" not in path.read_bytes()[:188]

    with pytest.raises(CameraError, match=r"clip.avi is packed with MagicYUV, .* Save it as MP4"):
        VideoFile(path, realtime=False).open()
