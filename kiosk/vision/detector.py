"""Finds faces: the MTCNN cascade on LiteRT, with the weights of the package ``mtcnn``.

K. Zhang et al., "Joint Face Detection and Alignment Using Multitask Cascaded Convolutional
Networks", IEEE Signal Processing Letters 23(10), 2016. Post-processing follows mtcnn 1.0.0 step by
step, its pluses and minuses of one pixel included, since its landmarks are what the encoders were
trained on. ``python -m kiosk.lab detector-parity`` measures how closely.

The trap in the package's pyramid: ``build_scale_pyramid`` counts the levels from the picture's
shorter side alone, ``round(log(side / 12) / log(1 / 0.709) - 1)``, whatever the smallest face.
That is right for its default of 20 px and for nothing else. Ask for faces of 48 px and the last
levels are smaller than P-Net's 12 px input; TensorFlow raises InvalidArgumentError, the package
catches it and answers "no faces", for every picture. Ask for less than 20 px and the levels end too
early, so that the largest faces are missed. Here a level is made as long as it holds 12 px, which
for 20 px gives the package's own levels.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadImage, BadInput
from kiosk.domain.frame import Box, Face, Image
from kiosk.domain.language import _
from kiosk.vision.litert import Network
from kiosk.vision.manifest import read_manifest

Floats = NDArray[np.float32]

_CELL = 12  # P-Net's field of view in pixels
_STRIDE = 2
_SCALE_FACTOR = 0.709
_PNET_THRESHOLD, _RNET_THRESHOLD, _ONET_THRESHOLD = 0.6, 0.7, 0.8
_LEVEL_NMS, _NMS = 0.5, 0.7
_RNET_SIZE, _ONET_SIZE = 24, 48

# A level of the pyramid with more pixels than this is left out: in a photograph of 12 megapixels
# the smallest face then is 40 px instead of 20, and memory stays bounded.
_MOST_LEVEL_PIXELS = 1_200_000
# Networks are kept for the picture sizes seen last, if their first level is not larger than this
# (a frame of 1280x720 with faces of 20 px); a large photograph's are made one by one and dropped.
_CACHED_SIZES = 2
_CACHED_PIXELS = 400_000
_SPARE = 2
# Two threads share the patches of a batch, not those of one: eight of R-Net's take as long as four
# single ones. O-Net has one or two to look at, so a batch would be mostly empty.
_RNET_BATCH = 8
# A picture of noise has thousands of candidates; LFW's have at most some hundreds.
_MOST_CANDIDATES = 1000

_Pyramids: TypeAlias = OrderedDict[tuple[int, int], tuple[tuple[float, Network], ...]]


class MtcnnDetector:
    """The ``Detector`` port. One thread owns it.

    ``models`` is the folder with ``manifest.json`` and the three networks. ``min_face`` is the
    smallest face in pixels, at least 12; time falls with its square. ``threads`` are how many work
    at once: with two or more the pyramid's largest level is searched beside all others, which
    together take about as long.

    Raises:
        ModelError: a network is missing or altered.
        BadInput: ``min_face`` is below 12.
    """

    def __init__(self, models: Path, min_face: int = 20, *, threads: int = 2) -> None:
        if min_face < _CELL:
            raise BadInput(
                _(
                    "The smallest face to look for is at least {cell} px, not {min_face}; "
                    "P-Net sees 12 px at once."
                ).format(cell=_CELL, min_face=min_face)
            )
        self._min_face = min_face
        # Half a picture's search is OpenCV's shrinking, which knows one thread: two halves beside
        # each other are faster than two threads in each network, and find the very same.
        self._beside = ThreadPoolExecutor(1, "detector") if threads > 1 else None
        self._pnet_threads = max(1, threads // 2)
        manifest = read_manifest(models)
        self._pnet_model = manifest.read_file("mtcnn_pnet.tflite")
        rnet, onet = (
            manifest.read_file("mtcnn_rnet.tflite"),
            manifest.read_file("mtcnn_onet.tflite"),
        )
        self._rnet = _Patches(rnet, _RNET_SIZE, _RNET_BATCH if threads > 1 else 1, threads)
        self._onet = _Patches(onet, _ONET_SIZE, 1, threads)
        self._pyramids: _Pyramids = OrderedDict()

    def detect(self, image: Image) -> tuple[Face, ...]:
        """All faces of at least ``min_face`` pixels, the largest first.

        ``image`` is RGB uint8 (height, width, 3). Boxes end at the picture's border, landmarks
        may lie beyond it.

        Raises:
            BadImage: the picture is not RGB uint8.
        """
        check_rgb(image)
        boxes = self._propose(image)
        boxes = self._refine(image, boxes)
        return self._finish(image, boxes)

    def _pyramid(self, height: int, width: int) -> Iterable[tuple[float, Network]]:
        """Each level's scale and its own prepared P-Net, the largest level first."""
        cached = self._pyramids.get((height, width))
        if cached is not None:
            self._pyramids.move_to_end((height, width))
            return cached
        factors = scales(height, width, self._min_face)
        levels = (
            (scale, Network(self._pnet_model, level_size(height, width, scale), self._pnet_threads))
            for scale in factors
        )
        if not factors or np.prod(level_size(height, width, factors[0])) > _CACHED_PIXELS:
            return levels
        self._pyramids[height, width] = pyramid = tuple(levels)
        while len(self._pyramids) > _CACHED_SIZES:
            self._pyramids.popitem(last=False)
        return pyramid

    def _propose(self, image: Image) -> Floats:
        """P-Net over the pyramid: candidate squares (n, 5) as x1, y1, x2, y2, score."""
        levels = iter(self._pyramid(*image.shape[:2]))
        largest = next(levels, None)
        if largest is None:
            return np.empty((0, 5), np.float32)
        source = _halve(image, largest[1].size)
        if self._beside is None:
            found = [_candidates(source, *largest), *_of_levels(source, levels)]
        else:
            first = self._beside.submit(_candidates, source, *largest)
            others = _of_levels(source, levels)
            found = [first.result(), *others]
        boxes = np.concatenate(found)
        return _square(boxes[suppress(boxes, _NMS)])

    def _refine(self, image: Image, boxes: Floats) -> Floats:
        """R-Net: fewer and better squares."""
        outputs = self._rnet.run(image, boxes)
        offsets, scores = outputs[4], outputs[2][:, 1]
        boxes = _adjust(boxes, offsets, scores)[scores > _RNET_THRESHOLD]
        return _square(boxes[suppress(boxes, _NMS)])

    def _finish(self, image: Image, boxes: Floats) -> tuple[Face, ...]:
        """O-Net: the faces' boxes and landmarks."""
        outputs = self._onet.run(image, boxes)
        offsets, scores = outputs[4], outputs[2][:, 1]
        corner, size = boxes[:, None, :2], boxes[:, None, 2:4] - boxes[:, None, :2] + 1
        marks = outputs[10].reshape(-1, 2, 5).transpose(0, 2, 1) * size + corner - 1
        keep = scores > _ONET_THRESHOLD
        boxes, marks = _adjust(boxes, offsets, scores)[keep], marks[keep]
        chosen = suppress(boxes, _NMS, of_smaller=True)
        height, width = image.shape[:2]
        faces = []
        for box, points in zip(boxes[chosen], marks[chosen], strict=True):
            x1, x2 = np.clip(box[[0, 2]], 0, width - 1)
            y1, y2 = np.clip(box[[1, 3]], 0, height - 1)
            area = Box(float(x1), float(y1), float(x2 - x1), float(y2 - y1))
            faces.append(Face(area, points, float(box[4])))
        return tuple(sorted(faces, key=lambda face: -face.box.area))


class _Patches:
    """A network on square patches around candidates, ``batch`` at once. One thread."""

    def __init__(self, model: bytes, size: int, batch: int, threads: int) -> None:
        self._size, self._batch = size, batch
        self._one = Network(model, (size, size), threads)
        self._many = Network(model, (size, size), threads, batch) if batch > 1 else self._one

    def run(self, image: Image, boxes: Floats) -> dict[int, Floats]:
        """The outputs (n, ...) for the boxes (n, 5), by the length of their last axis."""
        count = len(boxes)
        answers = {width: np.empty((count, width), np.float32) for width in self._one.widths}
        # Room for a last batch that is not full.
        patches = np.zeros((count + self._batch - 1, self._size, self._size, 3), np.uint8)
        for patch, box in zip(patches, boxes, strict=False):
            _cut(image, box, patch)
        inputs = _normalise(patches)
        done = 0
        while done < count:
            several = count - done >= self._batch / 2
            network, rows = (self._many, self._batch) if several else (self._one, 1)
            for width, output in network.run(inputs[done : done + rows]).items():
                answers[width][done : done + rows] = output[: count - done]
            done += rows
        return answers


def check_rgb(image: Image) -> None:
    """Raises BadImage where ``image`` is not RGB uint8 of shape (height, width, 3)."""
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8 or image.shape[2:] != (3,):
        found = (
            f"{image.dtype} of shape {image.shape}"
            if isinstance(image, np.ndarray)
            else (type(image).__name__)
        )
        raise BadImage(
            _(
                "Faces are looked for in RGB pictures, uint8 of shape (height, width, 3), not "
                "{found}; convert the picture first."
            ).format(found=found)
        )


def scales(height: int, width: int, min_face: int) -> tuple[float, ...]:
    """The pyramid: factors by which a picture is scaled for P-Net, the largest first."""
    factors = []
    scale = _CELL / min_face
    while min(level_size(height, width, scale)) >= _CELL:
        rows, columns = level_size(height, width, scale)
        if rows * columns <= _MOST_LEVEL_PIXELS:
            factors.append(scale)
        scale *= _SCALE_FACTOR
    return tuple(factors)


def level_size(height: int, width: int, scale: float) -> tuple[int, int]:
    """Rows and columns of a level, cut to whole pixels as TensorFlow's resize does."""
    return int(height * scale), int(width * scale)


def suppress(boxes: Floats, overlap: float, *, of_smaller: bool = False) -> NDArray[np.intp]:
    """The rows to keep, best first: those that no better box covers by more than ``overlap``.

    Only the best ``_MOST_CANDIDATES`` are looked at.

    As the package does it, and unlike greedy suppression, a box falls to any better box, even to
    one that fell itself. ``overlap`` is the intersection over union or, with ``of_smaller``, over
    the smaller area.
    """
    order = np.argsort(boxes[:, 4])[::-1][:_MOST_CANDIDATES]
    if len(order) < 2:
        return order
    x1, y1, x2, y2 = boxes[order, :4].T
    area = (x2 - x1) * (y2 - y1)
    width = np.minimum(x2[:, None], x2) - np.maximum(x1[:, None], x1)
    height = np.minimum(y2[:, None], y2) - np.maximum(y1[:, None], y1)
    shared = np.maximum(width, 0) * np.maximum(height, 0)
    whole = np.minimum(area[:, None], area) if of_smaller else area[:, None] + area - shared
    covers = shared > overlap * whole
    np.fill_diagonal(covers, True)
    # The best box of those that cover one is that one itself.
    best = covers.argmax(axis=1)
    return np.asarray(order[best == np.arange(len(order))], np.intp)


def _halve(image: Image, level: tuple[int, int]) -> Image:
    """The picture at half its size, as often as it stays ``_SPARE`` times as large as the level:
    the average over areas of averages over areas costs less and differs little."""
    height, width = image.shape[:2]
    while height >= 2 * _SPARE * level[0] and width >= 2 * _SPARE * level[1]:
        height, width = height // 2, width // 2
        image = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA))
    return image


def _of_levels(source: Image, levels: Iterable[tuple[float, Network]]) -> list[Floats]:
    """The candidates of each level, the largest first; no level is larger than ``source``."""
    found = []
    for scale, pnet in levels:
        source = _halve(source, pnet.size)
        found.append(_candidates(source, scale, pnet))
    return found


def _candidates(source: Image, scale: float, pnet: Network) -> Floats:
    """P-Net on one level: boxes (n, 5) in the picture's pixels."""
    level = cv2.resize(source, pnet.size[::-1], interpolation=cv2.INTER_AREA)
    outputs = pnet.run(_normalise(level)[None])
    boxes = _cells(outputs[4][0], outputs[2][0, :, :, 1])
    boxes[:, :4] /= scale
    return boxes[suppress(boxes, _LEVEL_NMS)]


def _cells(offsets: Floats, scores: Floats) -> Floats:
    """P-Net's maps (rows, columns, 4) and (rows, columns) as boxes in the level's pixels."""
    rows, columns = np.nonzero(scores > _PNET_THRESHOLD)
    corner = np.stack([columns, rows], axis=1) * _STRIDE
    boxes = np.empty((len(rows), 5), np.float32)
    boxes[:, :2], boxes[:, 2:4] = corner + 1, corner + _CELL
    boxes[:, :4] += offsets[rows, columns] * (_CELL - 1)
    boxes[:, 4] = scores[rows, columns]
    return boxes


def _adjust(boxes: Floats, offsets: Floats, scores: Floats) -> Floats:
    """Boxes moved by a network's offsets (shares of their size) and with its scores."""
    adjusted = boxes.copy()
    size = boxes[:, 2:4] - boxes[:, :2] + 1
    adjusted[:, :2] += offsets[:, :2] * size
    adjusted[:, 2:4] += offsets[:, 2:] * size
    adjusted[:, 4] = scores
    return adjusted


def _square(boxes: Floats) -> Floats:
    """The longer side for both sides, around the same centre."""
    squared = boxes.copy()
    centre = (boxes[:, :2] + boxes[:, 2:4]) / 2
    half = (boxes[:, 2:4] - boxes[:, :2]).max(axis=1, keepdims=True) / 2
    squared[:, :2], squared[:, 2:4] = centre - half, centre + half
    return squared


def _cut(image: Image, box: Floats, patch: Image) -> None:
    """A candidate's pixels into ``patch`` (size, size, 3), sampled as ``crop_and_resize`` does:
    bilinear from corner to corner, mid-grey (0 once normalised) beyond the border."""
    height, width = image.shape[:2]
    size = len(patch)
    across, down = (width - 1) / width, (height - 1) / height
    left, top, step_x, step_y = np.append(box[:2], box[2:4] - box[:2]).tolist()
    matrix = np.array(
        [
            [step_x * across / (size - 1), 0, left * across],
            [0, step_y * down / (size - 1), top * down],
        ]
    )
    cv2.warpAffine(
        image,
        matrix,
        (size, size),
        patch,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(127.5, 127.5, 127.5),
    )


def _normalise(image: NDArray[np.generic]) -> Floats:
    # In place: two more arrays of a level's size cost twenty times the arithmetic.
    normalised = image.astype(np.float32)
    normalised -= np.float32(127.5)
    normalised *= np.float32(1 / 128)
    return normalised
