"""Draws the built-in demo into assets/demo: people who come to the door, and their pictures.

python -m tools.drawn_faces.demo
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import cv2

from kiosk.domain.frame import Image
from tools.drawn_faces.faces import Placed, Pose, draw_frame, synthetic_face

OUT = Path(__file__).resolve().parents[2] / "assets" / "demo"
RATE = 15.0
"""Frames a second."""
WIDTH, HEIGHT = 640, 480
LENGTH = 24.0
"""Seconds; the kiosk plays it in a circle."""

# As little alike as drawn people get, to either encoder: two of them have 0.33 at most.
_MIA, _EMMA, _SAMUEL, _STRANGER = 806, 10, 673, 96


@dataclass(frozen=True, slots=True)
class _Visit:
    """Somebody comes at ``begin`` seconds, stands before the camera and is gone at ``end``."""

    seed: int
    begin: float
    end: float
    x: float = 0.5


_VISITS = (
    _Visit(_MIA, 0.8, 6.6),
    _Visit(_STRANGER, 7.4, 13.0),
    _Visit(_EMMA, 14.0, 19.4, 0.32),
    _Visit(_SAMUEL, 14.0, 23.4, 0.66),
)
_WALK = 0.9  # seconds from the edge to the spot


def demo_people() -> tuple[tuple[str, tuple[Image, ...]], ...]:
    """The people enrolled in the demo: name and pictures (RGB, 320 px)."""
    poses = (Pose(), Pose(yaw=7), Pose(yaw=-7, smile=0.7))
    return tuple(
        (name, tuple(synthetic_face(seed, 320, pose) for pose in poses))
        for name, seed in (("Mia Chen", _MIA), ("Emma Lind", _EMMA), ("Samuel Okafor", _SAMUEL))
    )


def draw_scene(seconds: float) -> Image:
    """The demo's picture at a time (0 to ``LENGTH`` s), RGB (480, 640, 3)."""
    present = [_place(visit, seconds) for visit in _VISITS if visit.begin <= seconds < visit.end]
    return draw_frame(present, WIDTH, HEIGHT)


def _place(visit: _Visit, seconds: float) -> Placed:
    since, left = seconds - visit.begin, visit.end - seconds
    # 0 at the edge, 1 on the spot, smoothly in and out.
    near = min(1.0, since / _WALK, left / _WALK)
    near = near * near * (3 - 2 * near)
    edge = -0.15 if since < left else 1.15
    x = (edge + (visit.x - edge) * near) * WIDTH
    head = HEIGHT * 0.42
    turned = (1 - near) * (40 if since < left else -40)
    pose = Pose(
        yaw=turned + 2 * math.sin(1.9 * seconds + visit.seed),
        pitch=1.5 * math.sin(1.3 * seconds),
        smile=0.3 + 0.3 * math.sin(0.9 * seconds) ** 2,
        blink=1.0 if (seconds + visit.seed) % 2.7 < 0.14 else 0.0,
    )
    y = HEIGHT * (0.41 + 0.005 * math.sin(2.3 * seconds))
    return Placed(visit.seed, (x, y), head, pose)


def main() -> None:
    """Write ``clip.mp4`` and ``people/NAME/N.jpg``."""
    for name, pictures in demo_people():
        folder = OUT / "people" / name
        folder.mkdir(parents=True, exist_ok=True)
        for number, picture in enumerate(pictures, start=1):
            bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
            cv2.imwrite(str(folder / f"{number}.jpg"), bgr, [cv2.IMWRITE_JPEG_QUALITY, 90])
    fourcc = cv2.VideoWriter.fourcc(*"mp4v")
    clip = cv2.VideoWriter(str(OUT / "clip.mp4"), fourcc, RATE, (WIDTH, HEIGHT))
    for index in range(int(LENGTH * RATE)):
        clip.write(cv2.cvtColor(draw_scene(index / RATE), cv2.COLOR_RGB2BGR))
    clip.release()


if __name__ == "__main__":
    main()
