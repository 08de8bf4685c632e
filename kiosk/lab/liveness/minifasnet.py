"""MiniFASNet of minivision-ai (Apache-2.0), two networks: what we learn from and are compared with.

Not part of the kiosk. Each is shown the face with what is around it, the second with more of it
than the first; the score is the mean of both networks' softmax, of which index LIVE is live. We
learn from the first, which is as good by itself as both are but for a few points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Face, Image
from kiosk.vision.liveness.view import TIMES, around

NETWORKS = {TIMES: "minifasnet_v2_2.7.onnx", 4.0: "minifasnet_v1se_4.0.onnx"}
"""By how many times the face's box each is shown."""
LIVE = 1
FEATURES = 128
"""Numbers that the first sees in a face."""
_HINTS = ("t9", "t33", "t38", "t74", "t79", "t91")
"""Places in the first that what is learned is compared with: of 20, 10 and 5 pixels on a side,
where each size begins and where it ends."""
HINTS = len(_HINTS)


@dataclass(frozen=True, slots=True)
class Answers:
    """The first network's, of n views.

    beliefs: float32 (n,), how likely each is live, 0 to 1.  features: float32 (n, FEATURES).
    hints: HINTS maps, float32 (n, channels, rows, columns).
    """

    beliefs: NDArray[np.float32]
    features: NDArray[np.float32]
    hints: tuple[NDArray[np.float32], ...]


class Teacher:
    """The first network with what it sees on the way to its answer, from the folder that holds it;
    takes the package onnx.  Raises BadInput where it can't be read."""

    def __init__(self, folder: Path) -> None:
        self._network = _network(folder / NETWORKS[TIMES], _HINTS)

    def answers(self, views: NDArray[np.uint8]) -> Answers:
        """What it says of `views`, uint8 (n, SIDE, SIDE, 3)."""
        beliefs, features, *hints = self._network.run(["prob", "emb", *_HINTS], _fed(views))
        return Answers(beliefs[:, LIVE], features, tuple(hints))


class MiniFasNet:
    """Both networks, from the folder that holds them.  Raises BadInput where one can't be read."""

    def __init__(self, folder: Path) -> None:
        self._networks = [(times, _network(folder / name)) for times, name in NETWORKS.items()]

    def score(self, image: Image, face: Face) -> float:
        """How likely a face is live, 0 to 1."""
        beliefs = [
            network.run(["prob"], _fed(around(image, face.box, times)[None]))[0][0, LIVE]
            for times, network in self._networks
        ]
        return float(np.mean(beliefs))


def installed(folder: Path) -> MiniFasNet | None:
    """Both networks where they lie in the folder and onnxruntime is there to run them."""
    there = all((folder / name).exists() for name in NETWORKS.values())
    return MiniFasNet(folder) if there and find_spec("onnxruntime") else None


def _fed(views: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    return {"input": np.ascontiguousarray(views[..., ::-1].transpose(0, 3, 1, 2), np.float32)}


def _network(path: Path, outputs: Sequence[str] = ()) -> Any:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    try:
        model: str | bytes = str(path)
        if outputs:
            import onnx

            graph = onnx.load(path)
            graph.graph.output.extend(
                onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
                for name in outputs
            )
            model = graph.SerializeToString()
        return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnx and onnxruntime have classes of their own
        raise BadInput(
            f"{path} should be one of MiniFASNet's networks, but can't be read ({error}); check "
            "the folder given as --shared."
        ) from error
