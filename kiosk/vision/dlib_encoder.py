"""The encoder ``dlib-resnet-v1``: dlib's face recognition network, by dlib itself."""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import sys
import weakref
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kiosk.domain.errors import ModelError
from kiosk.domain.frame import Face, Image, Vector
from kiosk.domain.language import _
from kiosk.domain.ports import EncoderInfo
from kiosk.vision import dlib_worker
from kiosk.vision.align import align
from kiosk.vision.dlib_centre import DLIB_CENTRE
from kiosk.vision.manifest import EncoderEntry, read_checked
from kiosk.vision.packages import locate
from kiosk.vision.vectors import unit

_CENTRE = np.array(DLIB_CENTRE, np.float32)


class DlibEncoder:
    """The ``Encoder`` port on dlib and the weights inside ``face_recognition_models``.

    dlib's chips are made by its own landmarks; here MTCNN's are put where they fall in such chips
    on average (``align.DLIB_150``), which spares a second set of landmarks: by dlib's distance
    98.7% of 1,800 pairs of LFW's View 2 are right so and 98.9% with dlib's own.

    dlib's vectors are made for Euclidean distance and all point one way: two strangers have a
    cosine of 0.84, one person's pictures of 0.94. With that direction (``DLIB_CENTRE``) taken
    away they have 0.05 and 0.6, as with other encoders, so that one margin between the best and
    the second-best person fits all encoders. What is lost is the vectors' length. That costs
    something at high rates (View 2: 97.8% instead of 98.7%) and gains at those of a kiosk (of all
    pairs of LFW 0.758 instead of 0.675 are accepted at FAR 0.01%).

    dlib itself runs in a process of its own (see ``dlib_worker``). One thread owns it.

    Raises:
        ModelError: dlib or its weights are missing or altered.
    """

    def __init__(self, entry: EncoderEntry) -> None:
        if entry.package_file is None:
            raise ModelError(
                _(
                    "The encoder {encoder_id} should name its package_file in the manifest, "
                    "but does not; restore the folder models from the release."
                ).format(encoder_id=entry.encoder_id)
            )
        path = locate(entry.package_file)
        read_checked(path, entry.package_file.sha256, entry.package_file.size)
        if importlib.util.find_spec("dlib") is None:
            raise ModelError(
                _(
                    "The encoder {encoder_id} needs dlib, which is not installed. Install the "
                    "extra dlib: pip install 'kiosk[dlib]'."
                ).format(encoder_id=entry.encoder_id)
            )
        self._entry = entry
        # It loads while the caller goes on; the first face waits for it.
        self._process = subprocess.Popen(
            [sys.executable, str(Path(dlib_worker.__file__)), str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        weakref.finalize(self, _end, self._process)

    @property
    def info(self) -> EncoderInfo:
        return self._entry.info

    def encode(self, image: Image, faces: Sequence[Face]) -> tuple[Vector, ...]:
        """One L2-normalised float32 vector (128,) a face.

        Raises:
            BadImage: a face's landmarks can't be aligned.
        """
        # One chip at a time: batches of 2 to 8 took as long a face.
        return tuple(
            self._encode(align(image, face.landmarks, self._entry.template)) for face in faces
        )

    def _encode(self, chip: Image) -> Vector:
        vector = np.frombuffer(self._ask(np.ascontiguousarray(chip).tobytes()), np.float32)
        return unit(unit(vector) - _CENTRE)

    def _ask(self, chip: bytes) -> bytes:
        chips, answers = self._process.stdin, self._process.stdout
        assert chips is not None
        assert answers is not None
        try:
            chips.write(chip)
            chips.flush()
            answer = answers.read(dlib_worker.VECTOR_BYTES)
        except OSError:
            answer = b""
        if len(answer) != dlib_worker.VECTOR_BYTES:
            raise ModelError(
                _(
                    "dlib's process ended (exit code {what}): restart the kiosk. If it "
                    "happens again, install the extra dlib anew: pip install 'kiosk[dlib]'."
                ).format(what=self._process.poll())
            )
        return answer


def _end(process: subprocess.Popen[bytes]) -> None:
    """The worker ends with its input."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        process.communicate(timeout=2)
    if process.poll() is None:
        process.kill()
        process.wait()
