"""From trained weights to the TFLite file that the kiosk ships, with proof that it is the same."""

from __future__ import annotations

import io
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.domain.frame import Image
from kiosk.lab.evaluation.metrics import score_pairs, tar_at, threshold_at

Floats = NDArray[np.float32]
Precision = Literal["float32", "float16", "int8"]

LEAST_COSINE = 0.999  # of the exported file to Keras, over PARITY_CROPS crops
PARITY_CROPS = 200
FAR = 1e-3
MAX_LOST_TAR = 0.002


@dataclass(frozen=True, slots=True)
class Parity:
    """How near the file is to Keras (cosines), and milliseconds a face with two threads."""

    mean: float
    least: float
    file_ms: float
    keras_ms: float


def keras_model(weights: Mapping[str, NDArray[Any]], size: int, dimension: int) -> Any:
    """The Keras network with these weights.  Raises BadInput where one is missing."""
    from kiosk.lab.networks.efficientfacenet import assign, efficientfacenet

    model = efficientfacenet(size, dimension)
    missing = assign(model, weights)
    if missing:
        raise BadInput(
            f"{len(missing)} weights are missing, {missing[0]} among them; give a checkpoint of "
            "the whole network."
        )
    return model


def to_tflite(model: Any, precision: Precision, examples: NDArray[np.uint8]) -> bytes:
    """Convert, for one picture at a time.  `examples` calibrate int8: uint8 (n, rows, columns,
    3)."""
    import keras
    import tensorflow as tf

    if keras.backend.backend() != "tensorflow":
        raise EnvironmentFailed(
            "The conversion to TFLite needs Keras on TensorFlow, but it runs on "
            f"{keras.backend.backend()}; set KERAS_BACKEND=tensorflow."
        )
    rows, columns = model.input_shape[1:3]
    image = tf.TensorSpec((1, rows, columns, 3), tf.float32, name="image")
    serve = tf.function(lambda image: model(image, training=False), input_signature=[image])
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [serve.get_concrete_function()], model
    )
    # Else it goes through a SavedModel, which takes four times as long and leaves Keras's weights
    # out.
    converter.experimental_lower_to_saved_model = False
    if precision != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if precision == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if precision == "int8":
        converter.representative_dataset = lambda: (
            [image[None].astype(np.float32)] for image in examples
        )
    with warnings.catch_warnings():
        # The examples say them.
        warnings.filterwarnings("ignore", "Statistics for quantized inputs were expected")
        return bytes(converter.convert())


def run_tflite(content: bytes, threads: int = 2) -> Callable[[Image], Floats]:
    """The file as the kiosk runs it: one crop uint8 (S, S, 3) to a vector of length 1."""
    from kiosk.vision.litert import Network

    network: Network | None = None

    def run(crop: Image) -> Floats:
        nonlocal network
        if network is None:
            network = Network(content, (crop.shape[0], crop.shape[1]), threads)
        (vector,) = network.run(crop[None].astype(np.float32)).values()
        return np.asarray(vector[0] / np.linalg.norm(vector[0]), np.float32)

    return run


def check_parity(model: Any, content: bytes, crops: NDArray[np.uint8]) -> Parity:
    """Compare the file with Keras on crops uint8 (n, S, S, 3) and time both, one face at a time.

    Raises EnvironmentFailed where a crop's cosine is not over LEAST_COSINE.
    """
    theirs = np.asarray(model.predict(crops.astype(np.float32), verbose=0), np.float32)
    run = run_tflite(content)
    ours = np.stack([run(crop) for crop in crops])
    cosines = (ours * theirs).sum(axis=1)
    if cosines.min() <= LEAST_COSINE:
        raise EnvironmentFailed(
            f"The exported file should answer as Keras does (cosine over {LEAST_COSINE}), but a "
            f"crop's is {cosines.min():.5f}; nothing was written. Export with more precision."
        )
    one = crops[:1].astype(np.float32)
    return Parity(
        mean=float(cosines.mean()),
        least=float(cosines.min()),
        file_ms=_median_ms(lambda: run(crops[0]), 100),
        keras_ms=_median_ms(lambda: model.predict(one, verbose=0), 10),
    )


@dataclass(frozen=True, slots=True)
class TarKept:
    """TAR at FAR 0.1% over all pairs of `crops` crops, of the file and of Keras."""

    crops: int
    file: float
    keras: float


def check_tar(
    model: Any, content: bytes, crops: NDArray[np.uint8], identities: Sequence[str]
) -> TarKept | None:
    """What the file lost of Keras's TAR, on crops uint8 (n, S, S, 3) of known people; None where
    they make too few pairs to tell.

    Raises EnvironmentFailed where it is MAX_LOST_TAR or more.
    """
    counts = np.unique(identities, return_counts=True)[1]
    if (len(crops) ** 2 - int((counts**2).sum())) // 2 < 10 / FAR or counts.max(initial=0) < 2:
        return None
    run = run_tflite(content)
    theirs = np.asarray(model.predict(crops.astype(np.float32), verbose=0), np.float32)
    file, keras = (
        tar_at(scores, threshold_at(scores, FAR))
        for scores in (
            score_pairs(vectors, identities)
            for vectors in (np.stack([run(crop) for crop in crops]), theirs)
        )
    )
    if keras - file >= MAX_LOST_TAR:
        raise EnvironmentFailed(
            f"The exported file should accept as many of the right people as Keras does, but at "
            f"FAR 0.1% accepts {file:.4f} instead of {keras:.4f}; nothing was written. Export with "
            "more precision."
        )
    return TarKept(len(crops), file, keras)


def _median_ms(call: Callable[[], Any], times: int) -> float:
    call()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begin)
    return 1000 * float(np.median(taken))


def write_whole(path: Path, content: bytes) -> None:
    """Beside and renamed: a reader never sees half a file."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """An .npz file, compressed, by `write_whole`."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    write_whole(path, file.getvalue())
