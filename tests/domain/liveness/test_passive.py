"""From frames to one number."""

from __future__ import annotations

import math

import pytest

from kiosk.domain.liveness.cues import Cues, Stream
from kiosk.domain.liveness.passive import Finding, Thresholds, find, score

AT = Thresholds(live=1.0, attack=-2.0)


def frames(*answers: float, **more: object) -> list[Cues]:
    return [
        Cues(n / 10, looks=answer, turn=0.0, **more)  # type: ignore[arg-type]
        for n, answer in enumerate(answers)
    ]


@pytest.mark.parametrize(
    ("answers", "finding"),
    [
        ((3.0, 4.0, 2.0), Finding.LIVE),
        ((0.0, 0.5, -0.5), Finding.UNSURE),
        ((-3.0, -4.0, -5.0), Finding.ATTACK),
        ((math.nan, math.nan, math.nan), Finding.ATTACK),
    ],
)
def test_the_network_s_answers(answers: tuple[float, ...], finding: Finding) -> None:
    assert find(frames(*answers), AT)[0] is finding


def test_one_odd_frame_of_several_moves_nothing() -> None:
    assert score(frames(3.0, 3.0, 3.0, 3.0, -50.0)) == 3.0
    assert score(frames(-3.0, -3.0, -3.0, -3.0, 50.0)) == -3.0


def test_only_the_newest_frames_from_the_front_count() -> None:
    turned = [Cues(9.0, looks=-9.0, turn=0.4)]
    assert score(frames(*[-5.0] * 20, *[4.0] * 8) + turned) == 4.0


def test_without_the_network_nobody_is_called_live() -> None:
    assert find([Cues(n / 10, turn=0.0, motion=0.0) for n in range(8)], AT) == (
        Finding.UNSURE,
        None,
    )
    assert find([], AT) == (Finding.UNSURE, None)


def test_what_goes_with_the_face_speaks_against_it() -> None:
    assert find(frames(3.0, 3.0, 3.0, motion=0.004), AT) == (Finding.LIVE, 3.0)
    assert find(frames(3.0, 3.0, 3.0, motion=0.05), AT) == (Finding.UNSURE, -1.0)
    assert score(frames(3.0, 3.0, 3.0, changed=1.0)) == 2.0
    held = [Cues(n / 10, turn=0.0, motion=0.09) for n in range(5)]
    assert find(held, AT) == (Finding.ATTACK, None), "without the network, too"


def test_what_is_not_there_speaks_for_nobody() -> None:
    assert find(frames(0.0, 0.0, 0.0, motion=0.0, changed=0.0), AT) == (
        Finding.UNSURE,
        0.0,
    )


@pytest.mark.parametrize("stream", [Stream.SAME, Stream.LOOP, Stream.CLEAN])
def test_a_picture_or_a_clip_as_a_camera(stream: Stream) -> None:
    played = frames(9.0, 9.0, 9.0, stream=stream)
    assert find(played, AT) == (Finding.NO_CAMERA, 9.0)
    assert find(played[:2], AT)[0] is Finding.LIVE, "two frames prove nothing"
    fresh = frames(9.0, 9.0, 9.0)
    assert find(played + fresh, AT)[0] is Finding.LIVE, "a camera that stuttered"
