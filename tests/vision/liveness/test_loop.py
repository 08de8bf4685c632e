"""A sequence that comes again is known, also recompressed; people and lamps are none."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.vision.liveness.loop import Sequence, signature

FPS = 30
Vectors = NDArray[np.float32]


def walk(frames: int, seed: int = 0) -> Vectors:
    """Pictures of somebody who moves as people do: slowly, never the same way."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(0, 1, (frames, 12)).cumsum(axis=0)
    smooth = np.array([steps[max(0, at - 8) : at + 1].mean(axis=0) for at in range(frames)])
    return (smooth @ rng.normal(0, 1, (12, 192))).astype(np.float32)


def seen_again(vectors: Vectors, times: NDArray[np.float64]) -> list[float]:
    sequence = Sequence()
    pairs = zip(vectors, times, strict=True)
    return [float(time) for vector, time in pairs if sequence.add(vector, float(time))]


def noise(vectors: Vectors, seed: int, sigma: float = 1.0) -> Vectors:
    drawn = np.random.default_rng(seed).normal(0, sigma, vectors.shape)
    return (vectors + drawn).astype(np.float32)


@pytest.mark.parametrize("seed", range(4))
def test_nobody_moves_in_the_same_way_twice(seed: int) -> None:
    vectors = noise(walk(60 * FPS, seed), seed)
    assert seen_again(vectors, np.arange(len(vectors)) / FPS) == []


@pytest.mark.parametrize("seconds", [3, 11, 28])
def test_a_clip_shown_again_is_found_two_seconds_into_it(seconds: int) -> None:
    clip = walk(seconds * FPS)
    vectors = noise(np.concatenate([clip, clip]), 1)
    found = seen_again(vectors, np.arange(len(vectors)) / FPS)
    assert found
    assert seconds < found[0] <= seconds + 3.5


def test_also_of_a_slow_camera_that_loses_half_of_the_frames() -> None:
    clip = walk(10 * FPS)
    vectors = noise(np.concatenate([clip, clip]), 1)
    kept = np.random.default_rng(2).random(len(vectors)) < 0.5
    assert seen_again(vectors[kept], np.arange(len(vectors))[kept] / FPS)


def test_a_lamp_that_flickers_is_no_clip() -> None:
    times = np.arange(40 * FPS) / FPS
    flicker = np.sin(2 * np.pi * times / 0.83)[:, None] * np.linspace(-20, 20, 192)
    assert seen_again(noise(flicker.astype(np.float32), 3), times) == []


def test_an_empty_room_is_no_clip() -> None:
    times = np.arange(40 * FPS) / FPS
    assert seen_again(noise(np.zeros((len(times), 192), np.float32), 3), times) == []


def test_time_that_begins_anew_begins_anew() -> None:
    clip = walk(4 * FPS)
    times = np.arange(len(clip)) / FPS
    assert seen_again(np.concatenate([clip, clip]), np.concatenate([times, times])) == []


def test_hours_are_remembered_for_a_minute_only() -> None:
    sequence = Sequence()
    clip = walk(5 * FPS)
    found = [sequence.add(vector, at / FPS) for at, vector in enumerate(clip)]
    other = walk(130 * FPS, 1)
    found += [sequence.add(vector, 5 + at / FPS) for at, vector in enumerate(other)]
    found += [sequence.add(vector, 135 + at / FPS) for at, vector in enumerate(clip)]
    assert not any(found)


def test_a_signature_does_not_depend_on_the_brightness() -> None:
    grey = np.random.default_rng(0).integers(0, 200, (240, 320), np.uint8)
    np.testing.assert_allclose(signature(grey), signature(grey + np.uint8(30)), atol=1.1)
    assert signature(grey).shape == (192,)
