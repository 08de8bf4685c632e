"""Export the ``mtcnn`` package's own weights to TFLite, once, beside its MIT notice.

The package runs its three networks eagerly in Keras, which needs TensorFlow and most of a second a
frame. The kiosk runs the same weights through LiteRT (``kiosk.vision.detector``).
"""

from __future__ import annotations

import shutil
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

from kiosk.domain.errors import EnvironmentFailed
from kiosk.vision.manifest import LICENCE_MIT, describe_file, write_file_entry

# P-Net is fully convolutional: 12 px is its smallest input, and the runtime resizes it to each
# level of the pyramid. The other two take square patches, one a candidate.
_INPUT_SIZES = {"pnet": 12, "rnet": 24, "onet": 48}


def export_detector(out: Path) -> None:
    """Write ``mtcnn_{pnet,rnet,onet}.tflite`` and ``mtcnn.LICENSE.txt`` into ``out``, and their
    entries into ``out/manifest.json``.

    Input of each network: float32 (n, size, size, 3), RGB, (value - 127.5) / 128. Outputs keep
    the package's order: box offsets (.., 4), for O-Net landmarks (n, 10) as five x then five y,
    and probabilities (.., 2) of no face and face.

    Raises:
        EnvironmentFailed: the extra ``lab`` is not installed.
    """
    try:
        from mtcnn.stages import StageONet, StagePNet, StageRNet
    except ImportError as error:
        raise EnvironmentFailed(
            f"Exporting the detector needs the packages mtcnn and tensorflow ({error}); "
            "install them with: pip install 'kiosk[lab]'."
        ) from error
    out.mkdir(parents=True, exist_ok=True)
    notice = out / "mtcnn.LICENSE.txt"
    shutil.copyfile(_licence_file("mtcnn"), notice)
    for name, stage in {"pnet": StagePNet, "rnet": StageRNet, "onet": StageONet}.items():
        target = out / f"mtcnn_{name}.tflite"
        target.write_bytes(to_tflite(stage().model, _INPUT_SIZES[name]))
        version = metadata.version("mtcnn")
        write_file_entry(
            out,
            describe_file(
                target,
                licence=LICENCE_MIT,
                notice=notice.name,
                source=f"weights of the package mtcnn {version}, converted unchanged (float32)",
            ),
        )


def to_tflite(network: Any, size: int) -> bytes:
    """One of the package's subclassed Keras networks as a TFLite flatbuffer, float32."""
    import keras
    import tensorflow as tf

    # The layers of the package's network, called once on a symbolic input of a fixed size: a
    # graph without dynamic shapes is what LiteRT's XNNPACK delegate takes whole.
    image = keras.Input((size, size, 3), batch_size=1, name="image")
    model = keras.Model(image, network.call(image))
    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, format="tf_saved_model", verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        return bytes(converter.convert())


def _licence_file(package: str) -> Path:
    for file in metadata.files(package) or ():
        if file.name.upper().startswith("LICENSE"):
            return Path(str(file.locate()))
    raise EnvironmentFailed(
        f"The package {package} should come with its licence, but no LICENSE file is in it; "
        "install it again: pip install --force-reinstall mtcnn."
    )
