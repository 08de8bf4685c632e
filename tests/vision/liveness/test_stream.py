"""Pictures and clips in a camera's place are told from cameras, the poor ones among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.devices.video_file import VideoFile
from kiosk.domain.frame import Box, Image
from kiosk.domain.liveness.cues import Stream
from kiosk.vision.liveness.around import small
from kiosk.vision.liveness.stream import Source
from tests.vision.liveness.pictures import head, noisy, room

WALL = room()
PERSON = Box(130, 95, 60, 75)


def somebody(at: int, *, sigma: float = 2.0) -> Image:
    x, y = 160 + 14 * np.sin(at / 11) + at % 7, 130 + 9 * np.sin(at / 7.3)
    return noisy(head(WALL, x, y, 60)[0], at, sigma)


def told(images: Iterable[Image], fps: float = 30, source: Source | None = None) -> list[Stream]:
    source = source or Source()
    return [
        source.see(image, small(image).grey, at / fps, PERSON) for at, image in enumerate(images)
    ]


def test_a_camera_is_fresh() -> None:
    assert set(told(somebody(at) for at in range(90))) == {Stream.FRESH}


@pytest.mark.parametrize("times", [2, 3, 6])
def test_a_slow_camera_read_quickly_is_fresh(times: int) -> None:
    assert set(told(somebody(at // times) for at in range(90))) == {Stream.FRESH}


def test_a_camera_that_loses_frames_is_fresh() -> None:
    rng = np.random.default_rng(0)
    last = 0
    shown = [last := at if rng.random() < 0.5 else last for at in range(90)]
    assert set(told(map(somebody, shown))) == {Stream.FRESH}


def test_a_picture_is_the_same_for_longer_than_any_camera_takes() -> None:
    found = told([somebody(0)] * 30)
    assert found[:12] == [Stream.FRESH] * 12
    assert set(found[13:]) == {Stream.SAME}


def test_a_camera_that_goes_on_is_fresh_again() -> None:
    source = Source()
    told([somebody(0)] * 30, source=source)
    images = [somebody(at) for at in range(1, 30)]
    found = [
        source.see(image, small(image).grey, 1 + at / 30, PERSON) for at, image in enumerate(images)
    ]
    assert set(found) == {Stream.FRESH}


def test_a_clip_that_begins_again_is_a_loop() -> None:
    clip = [somebody(at) for at in range(40)]
    found = told(clip * 2)
    assert set(found[:40]) == {Stream.FRESH}
    assert set(found[43:]) == {Stream.LOOP}


def test_a_loop_that_was_compressed_anew_is_found() -> None:
    clip = [somebody(at) for at in range(150)]

    def compressed(image: Image, quality: int) -> Image:
        _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)

    shown = [compressed(noisy(im, at, 1), 40 + at % 9) for at, im in enumerate(clip + clip)]
    found = told(shown)
    assert set(found[:150]) == {Stream.FRESH}
    assert Stream.LOOP in found[150:250]


def test_black_and_white_pictures_are_no_loop() -> None:
    black, white = np.zeros((240, 320, 3), np.uint8), np.full((240, 320, 3), 255, np.uint8)
    shown = [somebody(at) if at % 20 < 10 else (black, white)[at % 2] for at in range(80)]
    assert set(told(shown)) == {Stream.FRESH}


def test_what_was_seen_over_a_minute_ago_is_forgotten() -> None:
    clip = [somebody(at) for at in range(6)]
    assert set(told([*clip, *(somebody(at) for at in range(6, 130)), *clip], fps=2)) == {
        Stream.FRESH
    }


def test_somebody_who_moves_in_a_picture_without_noise_is_clean() -> None:
    found = told(somebody(at, sigma=0) for at in range(60))
    assert set(found[:30]) == {Stream.FRESH}
    assert Stream.CLEAN in found


def test_a_little_noise_is_a_camera_s() -> None:
    assert set(told(somebody(at, sigma=0.3) for at in range(60))) == {Stream.FRESH}


def test_a_wall_that_is_burnt_out_is_a_camera_s() -> None:
    def burnt(at: int) -> Image:
        image, _ = head(np.full((240, 320, 3), 255, np.uint8), 160 + at % 9, 130, 60)
        return image

    assert Stream.CLEAN not in told(burnt(at) for at in range(60))


def test_forgotten_is_forgotten() -> None:
    clip = [somebody(at) for at in range(40)]
    source = Source()
    told(clip, source=source)
    source.forget()
    assert set(told(clip, source=source)) == {Stream.FRESH}


@pytest.mark.parametrize("name", ["pad/live_1.mp4", "media/several_people.mp4"])
def test_compressed_clips_of_people_are_fresh(shared: Path, name: str) -> None:
    camera = VideoFile(shared / name, realtime=False)
    camera.open()
    source = Source()
    counted: Counter[Stream] = Counter()
    while (frame := camera.read()) is not None and frame.index < 80:
        box = Box(frame.image.shape[1] * 0.4, frame.image.shape[0] * 0.3, 80, 100)
        counted[source.see(frame.image, small(frame.image).grey, frame.time, box)] += 1
    camera.close()
    assert set(counted) == {Stream.FRESH}
