"""Pairs of faces side by side, for people to look at.  Written into run folders, never committed:
the pictures are research data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from kiosk.domain.frame import Image
from kiosk.lab.data.pictures import Faces, Pictures
from kiosk.lab.evaluation.conditions import PairOf
from kiosk.vision.align import ARCFACE_112, align

COLUMNS = 6
_LINE = 18


def contact_sheet(
    pictures: Pictures, faces: Faces, pairs: Sequence[PairOf], path: Path
) -> Path | None:
    """Write the pairs' aligned crops with names and similarity; None where there is no pair."""
    if not pairs:
        return None
    cells = [_cell(pictures, faces, pair) for pair in pairs]
    blank = np.full_like(cells[0], 255)
    cells += [blank] * (-len(cells) % COLUMNS)
    rows = [np.hstack(cells[start : start + COLUMNS]) for start in range(0, len(cells), COLUMNS)]
    _, data = cv2.imencode(path.suffix, np.ascontiguousarray(np.vstack(rows)[:, :, ::-1]))
    path.write_bytes(data.tobytes())
    return path


def _cell(pictures: Pictures, faces: Faces, pair: PairOf) -> Image:
    crops = [
        align(pictures.read(row), faces.landmarks[row], ARCFACE_112) for row in (pair.a, pair.b)
    ]
    height, width = crops[0].shape[0], 2 * crops[0].shape[1]
    cell = np.full((height + 3 * _LINE, width + 8, 3), 255, np.uint8)
    cell[:height, 4 : width + 4] = np.hstack(crops)
    names = [Path(pictures.names[row]).stem[-30:] for row in (pair.a, pair.b)]
    for line, text in enumerate([f"{pair.score:.3f}", *names]):
        at = (4, height + (line + 1) * _LINE - 5)
        # cv2's letters are ASCII only.
        plain = text.encode("ascii", "replace").decode()
        cv2.putText(cell, plain, at, cv2.FONT_HERSHEY_SIMPLEX, 0.38, (0, 0, 0), 1, cv2.LINE_AA)
    return cell
