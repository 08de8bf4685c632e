"""From five landmarks to an upright square crop, one and the same in training and serving."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Image, Points
from kiosk.domain.language import _

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where a crop of ``size`` x ``size`` pixels wants the five landmarks.

    ``points`` are five (x, y) in pixels of the crop, in the order of ``Points``.
    """

    size: int
    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if self.size < 1 or np.shape(self.points) != (5, 2):
            raise ValueError(
                f"An alignment has a positive size and five points, not {self.size} and "
                f"{np.shape(self.points)}."
            )


# InsightFace, recognition/arcface_torch and python-package/insightface/utils/face_align.py,
# arcface_dst: the mean landmarks that SphereFace published for 96x112, moved 8 px to the right.
ARCFACE_112 = Alignment(
    112,
    (
        (38.2946, 51.6963),
        (73.5318, 51.5014),
        (56.0252, 71.7366),
        (41.5493, 92.3655),
        (70.7299, 92.2041),
    ),
)

# Where MTCNN's landmarks fall in dlib's own chips (get_face_chip, padding 0.25): the mean over
# 1,038 pictures of CelebA, FairFace, FIW and UTKFace on which both dlib's frontal detector with
# its 5-point shape predictor and MTCNN see one face. Standard deviations: eyes 2 px, nose and
# mouth 4 to 6 px.
DLIB_150 = Alignment(
    150,
    (
        (47.84, 45.39),
        (100.62, 45.18),
        (73.71, 77.37),
        (50.52, 101.12),
        (98.13, 100.79),
    ),
)

ALIGNMENTS = {"arcface-112": ARCFACE_112, "dlib-150": DLIB_150}
"""The templates by the names that the manifest uses."""

# Landmarks whose root mean square distance from their centre is below this many pixels carry no
# scale and no angle.
_SMALLEST_SPREAD = 1.0


def align(image: Image, landmarks: Points, alignment: Alignment) -> Image:
    """The face as a square crop (size, size, 3) with its landmarks on the template.

    What lies outside the picture is black. A stretched edge looks to the encoder like a part of
    the face that many have: with 16% of both crops beyond the frame 14 times as many strangers
    pass as of whole ones, with black as many, and the right person passes more often than with
    stretched, reflected or blurred edges (``docs/promise.md``).

    Raises:
        BadImage: the landmarks don't span a face, or are not numbers.
    """
    return warp(image, similarity(landmarks, alignment), alignment.size)


def warp(image: Image, matrix: Matrix, size: int) -> Image:
    """A square crop (size, size, 3) by a (3, 3) similarity transform from picture to crop."""
    image, matrix = _reduce(image, matrix, size)
    crop = cv2.warpAffine(
        image,
        matrix[:2],
        (size, size),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
    )
    return np.asarray(crop, np.uint8)


def similarity(landmarks: Points, alignment: Alignment) -> Matrix:
    """The (3, 3) similarity transform from picture to crop, in least squares.

    S. Umeyama, "Least-squares estimation of transformation parameters between two point
    patterns", IEEE PAMI 13(4), 1991, equations 40 to 43.

    Raises:
        BadImage: see ``align``.
    """
    source = np.asarray(landmarks, np.float64)
    if source.shape != (5, 2) or not np.isfinite(source).all():
        raise BadImage(
            _(
                "Aligning a face needs five landmarks with finite x and y, but they are "
                "{what}; use another picture of this person."
            ).format(what=source.tolist())
        )
    target = np.asarray(alignment.points, np.float64)
    centred_source = source - source.mean(axis=0)
    centred_target = target - target.mean(axis=0)
    variance = (centred_source**2).sum() / 5
    if variance < _SMALLEST_SPREAD**2:
        raise BadImage(
            _(
                "Aligning a face needs landmarks some pixels apart, but these five lie within "
                "{what:.2f} px; use a larger picture of this person."
            ).format(what=np.sqrt(variance))
        )
    left, stretch, right = np.linalg.svd(centred_target.T @ centred_source / 5)
    # The last direction is turned round where the best orthogonal matrix would be a mirror.
    sign = np.array([1.0, np.sign(np.linalg.det(left) * np.linalg.det(right)) or 1.0])
    rotation = (left * sign) @ right
    scale = (stretch * sign).sum() / variance
    matrix = np.eye(3)
    matrix[:2, :2] = scale * rotation
    matrix[:2, 2] = target.mean(axis=0) - scale * rotation @ source.mean(axis=0)
    return matrix


def _reduce(image: Image, matrix: Matrix, size: int) -> tuple[Image, Matrix]:
    """Shrink a face of more than twice the crop's size by areas first.

    Bilinear sampling looks at four pixels, so that a face of a large photograph would come out
    jagged. Returns the part of the picture that is needed, smaller, and the matrix for it.
    """
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    factor = int(0.5 / scale) + 1 if scale > 0 else 1
    if factor < 2:
        return image, matrix
    corners = np.array([[0, 0, 1], [size, 0, 1], [0, size, 1], [size, size, 1]], np.float64)
    region = (np.linalg.inv(matrix) @ corners.T)[:2]
    height, width = image.shape[:2]
    left, top = np.clip(np.floor(region.min(axis=1)) - factor, 0, (width - 1, height - 1))
    right, bottom = np.clip(np.ceil(region.max(axis=1)) + factor, (left + 1, top + 1), None)
    # Whole blocks of factor x factor pixels: what is cut off at the right and the bottom is less
    # than the spare pixels around the region.
    rows = max(1, int(min(bottom, height) - top) // factor)
    columns = max(1, int(min(right, width) - left) // factor)
    part = image[int(top) : int(top) + rows * factor, int(left) : int(left) + columns * factor]
    small = cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA)
    # A pixel's centre x lies at (x + 0.5) / factor - 0.5 after the reduction.
    back = np.diag([factor, factor, 1.0])
    back[:2, 2] = np.array([left, top]) + (factor - 1) / 2
    return np.asarray(small, np.uint8), matrix @ back
