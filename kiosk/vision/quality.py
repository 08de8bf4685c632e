"""Judges a face before it is encoded: size, place in the frame, light, pose, sharpness.

All limits at the door were set on the clips and training crops named in
tests/vision/test_quality.py (two clips of a man, NUAA's live frames, crops of CelebA, PINS and
FairFace). One was chosen on LFW: the milder pose of pictures from files, ``FROM_FILES``, on 1,224
pictures of 220 of its people. What is measured of enrolment from files on LFW is therefore measured
on pictures that were seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.decision import Hint
from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Face, Image, Points
from kiosk.domain.language import _
from kiosk.domain.ports import Quality
from kiosk.vision.align import ARCFACE_112, Alignment, similarity, warp
from kiosk.vision.cover import Cover

# Judged at the size of the smallest faces that are let in, so that a face's distance from the
# camera does not change its sharpness.
_SIZE = 56
_CROP = Alignment(_SIZE, tuple((x / 2, y / 2) for x, y in ARCFACE_112.points))

_MOST_CUT = 0.22  # share of the crop beyond one edge of the frame
_DARKEST = 40.0
_MOST_BURNT = 0.35
_MOST_YAW = 0.35
_FRONTAL_PITCH = 0.54
_BLURRED = 0.018


@dataclass(frozen=True, slots=True)
class PoseLimits:
    """How far a face may be turned; see ``pose``."""

    most_yaw: float
    pitches: tuple[float, float]


AT_THE_DOOR = PoseLimits(_MOST_YAW, (0.28, 0.76))
FROM_FILES = PoseLimits(0.5, (0.2, 0.85))
"""A picture that can't be taken again, of somebody who looks at the camera at the door. Of 1,224
pictures of 220 people of LFW 47 lie between the two limits: at FAR 0.1% their templates know 0.995
of the same people's straight pictures, those of straight ones 0.977; at 0.01% 0.935 and 0.947."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured of a face.

    ``size``: the box's longer side in pixels. ``left``, ``right``, ``top``, ``bottom``: the share
    of the crop beyond that edge of the frame. ``bright``: the luminance (0 to 255) that a tenth of
    the face exceeds; its highlights, so that dark skin in good light is not taken for bad light.
    ``burnt``: the share of the face at 250 or more. ``sharpness``: the energy of the second
    differences by the variance of the crop, in the direction that has less, as a moving face is
    blurred in one direction alone. ``yaw``, ``pitch``: see ``pose``.
    """

    size: float
    left: float
    right: float
    top: float
    bottom: float
    bright: float
    burnt: float
    sharpness: float
    yaw: float
    pitch: float


class FaceQuality:
    """The ``QualityCheck`` port. ``min_face`` is the smallest usable face in pixels (the box's
    longer side), ``pose`` how far it may be turned; without ``cover`` no face is called covered."""

    def __init__(
        self, min_face: int, pose: PoseLimits = AT_THE_DOOR, cover: Cover | None = None
    ) -> None:
        self._min_face = min_face
        self._pose = pose
        self._cover = cover

    def assess(self, image: Image, face: Face) -> Quality:
        """The face's score, and the first thing that is wrong with it.

        The score is that of its weakest side: 1 for a frontal, sharp, well lit face of more than
        twice the smallest size. A face whose landmarks span nothing is asked to look straight.
        """
        try:
            matrix = similarity(face.landmarks, _CROP)
            crop = warp(image, matrix, _SIZE)
            found = _measure(image, face, crop, matrix)
        except BadImage:
            return Quality(0.0, Hint.LOOK_STRAIGHT)
        asked = hint(found, self._min_face, self._pose)
        covered = self._cover is not None and asked is Hint.NONE and self._cover.covers(crop)
        return Quality(score(found, self._min_face), asked, covered)


def hint(found: Measures, min_face: float, limits: PoseLimits = AT_THE_DOOR) -> Hint:
    """What to ask of the person; the order is that in which it helps."""
    if found.size < min_face:
        return Hint.COME_CLOSER
    if found.top + found.bottom > _MOST_CUT or found.left + found.right > 2 * _MOST_CUT:
        return Hint.STEP_BACK
    if found.left > _MOST_CUT:
        return Hint.MOVE_RIGHT
    if found.right > _MOST_CUT:
        return Hint.MOVE_LEFT
    if found.bright < _DARKEST or found.burnt > _MOST_BURNT:
        return Hint.MORE_LIGHT
    return unsteady(found, limits)


def unsteady(found: Measures, limits: PoseLimits = AT_THE_DOOR) -> Hint:
    """What is wrong with a face that is large, whole and lit enough: turned, blurred or nothing."""
    lowest, highest = limits.pitches
    if abs(found.yaw) > limits.most_yaw or not lowest <= found.pitch <= highest:
        return Hint.LOOK_STRAIGHT
    if found.sharpness < _BLURRED:
        return Hint.HOLD_STILL
    return Hint.NONE


def score(found: Measures, min_face: float) -> float:
    """0 to 1: the weakest of size, place, light, pose and sharpness."""
    cut = max(found.left, found.right, found.top, found.bottom)
    sides = (
        found.size / (2.2 * min_face),
        1 - cut / (2 * _MOST_CUT),
        found.bright / (3 * _DARKEST),
        1 - found.burnt,
        1 - abs(found.yaw) / (1.5 * _MOST_YAW),
        1 - abs(found.pitch - _FRONTAL_PITCH) / 0.4,
        found.sharpness / (5 * _BLURRED),
    )
    return float(np.clip(min(sides), 0.0, 1.0))


def measure(image: Image, face: Face) -> Measures:
    """Pixels and landmarks to numbers.

    Raises:
        BadImage: the landmarks don't span a face.
    """
    matrix = similarity(face.landmarks, _CROP)
    return _measure(image, face, warp(image, matrix, _SIZE), matrix)


def _measure(image: Image, face: Face, crop: Image, matrix: NDArray[np.float64]) -> Measures:
    yaw, pitch = pose(face.landmarks)
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    inner = grey[_SIZE // 8 : -_SIZE // 8, _SIZE // 6 : -_SIZE // 6].astype(np.float32)
    left, top, right, bottom = _region(matrix)
    height, width = image.shape[:2]
    tenth = inner.size // 10
    return Measures(
        size=face.box.size,
        left=max(0.0, -left) / (right - left),
        right=max(0.0, right - width) / (right - left),
        top=max(0.0, -top) / (bottom - top),
        bottom=max(0.0, bottom - height) / (bottom - top),
        bright=float(np.partition(inner, -tenth, axis=None)[-tenth]),
        burnt=float((inner >= 250).mean()),
        sharpness=_sharpness(inner),
        yaw=yaw,
        pitch=pitch,
    )


def pose(landmarks: Points) -> tuple[float, float]:
    """Yaw and pitch from five landmarks, whatever the head's roll.

    The nose is written as eyes' middle + yaw * (right eye - left eye) + pitch * (mouth's middle -
    eyes' middle): yaw is 0 from the front and positive towards the viewer's right; pitch runs from
    0 at the eyes to 1 at the mouth and is about 0.54 from the front.

    Raises:
        BadImage: eyes and mouth lie on one line.
    """
    left_eye, right_eye, nose, left_mouth, right_mouth = landmarks.astype(np.float64)
    eyes, mouth = (left_eye + right_eye) / 2, (left_mouth + right_mouth) / 2
    (ax, ay), (dx, dy), (nx, ny) = right_eye - left_eye, mouth - eyes, nose - eyes
    area = ax * dy - ay * dx
    if not abs(area) > 1.0:
        raise BadImage(
            _(
                "A face's eyes and mouth should span an area, but these landmarks lie on one "
                "line; use a picture from the front."
            )
        )
    return float((nx * dy - ny * dx) / area), float((ax * ny - ay * nx) / area)


def _region(matrix: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """The crop's bounding box in the picture: left, top, right, bottom."""
    corners = np.array([[0, _SIZE, 0, _SIZE], [0, 0, _SIZE, _SIZE]], np.float64)
    x, y = np.linalg.inv(matrix[:2, :2]) @ (corners - matrix[:2, 2:])
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def _sharpness(grey: NDArray[np.float32]) -> float:
    across = grey[:, 2:] - 2 * grey[:, 1:-1] + grey[:, :-2]
    down = grey[2:] - 2 * grey[1:-1] + grey[:-2]
    energy = min(float((across**2).mean()), float((down**2).mean()))
    return energy / (float(grey.var()) + 1.0)
