"""MiniFASNet of minivision-ai (Apache-2.0), two networks: what we learn from and are compared with.

Not part of the kiosk. The mean of both networks' softmax, of which index 1 is live; each is shown
the face's box, enlarged about its middle and kept inside the picture.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Box, Image

NETWORKS = {"minifasnet_v2_2.7.onnx": 2.7, "minifasnet_v1se_4.0.onnx": 4.0}
SIDE = 80
LIVE = 1
FEATURES = 256


class MiniFasNet:
    """Both networks, from the folder that holds them.  Raises BadInput where one can't be read."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self._networks: list[tuple[float, Any]] = []
        for name, scale in NETWORKS.items():
            try:
                network = ort.InferenceSession(
                    str(folder / name), options, providers=["CPUExecutionProvider"]
                )
            except Exception as error:  # onnxruntime has classes of its own
                raise BadInput(
                    f"{folder / name} should be one of MiniFASNet's networks, but can't be read "
                    f"({error}); check the folder given as --shared."
                ) from error
            self._networks.append((scale, network))

    def score(self, image: Image, box: Box) -> float:
        """How likely the face in `box` is live, 0 to 1."""
        return self.answer(image, box)[0]

    def answer(self, image: Image, box: Box) -> tuple[float, NDArray[np.float32]]:
        """The score, and what both networks see in the face: (FEATURES,), each's half of length
        1."""
        scores, seen = [], []
        for scale, network in self._networks:
            left, top, right, bottom = enlarged(box, scale, image)
            view = cv2.resize(image[top : bottom + 1, left : right + 1, ::-1], (SIDE, SIDE))
            fed = view.astype(np.float32).transpose(2, 0, 1)[None]
            belief, features = network.run(["prob", "emb"], {"input": fed})
            scores.append(float(belief[0, LIVE]))
            seen.append(features[0] / max(float(np.linalg.norm(features[0])), 1e-6))
        return float(np.mean(scores)), np.concatenate(seen).astype(np.float32)


def installed(folder: Path) -> MiniFasNet | None:
    """Both networks where they lie in the folder and onnxruntime is there to run them."""
    there = all((folder / name).exists() for name in NETWORKS)
    return MiniFasNet(folder) if there and find_spec("onnxruntime") else None


def enlarged(box: Box, scale: float, image: Image) -> tuple[int, int, int, int]:
    """The box `scale` times as large, less where the picture is smaller, moved inside: left, top
    and the last column and row, as Silent-Face-Anti-Spoofing's generate_patches.py has it."""
    height, width = image.shape[:2]
    scale = min((height - 1) / box.height, (width - 1) / box.width, scale)
    x, y = box.centre
    left, right = x - box.width * scale / 2, x + box.width * scale / 2
    top, bottom = y - box.height * scale / 2, y + box.height * scale / 2
    across = max(0.0, -left) - max(0.0, right - (width - 1))
    down = max(0.0, -top) - max(0.0, bottom - (height - 1))
    return int(left + across), int(top + down), int(right + across), int(bottom + down)


def cut(image: Image, box: Box, scale: float) -> tuple[Image, Box]:
    """The picture as if the face filled it: `scale` times its box and nothing else, with the box
    in it."""
    left, top, right, bottom = enlarged(box, scale, image)
    part = np.ascontiguousarray(image[top : bottom + 1, left : right + 1])
    return part, Box(box.x - left, box.y - top, box.width, box.height)
