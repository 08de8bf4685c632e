"""The teacher: an ONNX face encoder, its embeddings cached by the hash of the file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.lab.data import STANDARD_SIZE, CropSet, file_sha256, standard

Floats = NDArray[np.float32]


class Teacher(Protocol):
    """What distillation needs of a teacher."""

    dimension: int
    key: str  # names the weights: part of the cache's file name

    def embed(self, crops: NDArray[np.uint8]) -> Floats:
        """uint8 (n, 112, 112, 3) RGB to float32 (n, dimension), L2-normalised."""
        ...


class OnnxTeacher:
    """An ONNX file whose input is n x 3 x 112 x 112, RGB, 0 to 255, not normalised."""

    def __init__(self, path: Path, threads: int = 2) -> None:
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        try:
            self._session = ort.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime raises a class of its own for each cause
            raise BadInput(
                f"{path} should be an ONNX face encoder, but onnxruntime can't open it ({error}); "
                "check the path given as --teacher."
            ) from error
        shape = self._session.get_inputs()[0].shape
        if list(shape[1:]) != [3, STANDARD_SIZE, STANDARD_SIZE]:
            raise BadInput(
                f"{path} should take n x 3 x 112 x 112, but takes {shape}; give a teacher for "
                "112 px crops or describe its preprocessing in a class beside OnnxTeacher."
            )
        self._input = self._session.get_inputs()[0].name
        self.dimension = int(self._session.get_outputs()[0].shape[-1])
        self.key = file_sha256(path)[:12]

    def embed(self, crops: NDArray[np.uint8]) -> Floats:
        batch = np.ascontiguousarray(crops.transpose(0, 3, 1, 2), np.float32)
        (out,) = self._session.run(None, {self._input: batch})
        return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True), np.float32)


class EmbeddingCache:
    """Embeddings of a CropSet, filled in chunks and readable while they are being filled.

    The file is a float32 memory map (n, dimension) where rows not embedded yet are zero, so that
    training may start on the first rows while another process embeds the rest.
    """

    def __init__(self, crops: CropSet, teacher: Teacher, cache_dir: Path) -> None:
        names = hashlib.sha256("\n".join(crops.names).encode()).hexdigest()[:12]
        self.path = cache_dir / f"teacher_{teacher.key}_{names}.f32"
        shape = (len(crops), teacher.dimension)
        if not self.path.exists() or self.path.stat().st_size != 4 * shape[0] * shape[1]:
            cache_dir.mkdir(parents=True, exist_ok=True)
            partial = self.path.with_suffix(".partial")
            np.memmap(partial, np.float32, "w+", shape=shape).flush()
            partial.replace(self.path)
        self.values: Floats = np.memmap(self.path, np.float32, "r+", shape=shape)

    def ready(self) -> NDArray[np.bool_]:
        """bool (n,): which rows are embedded."""
        return np.asarray(np.abs(self.values).sum(axis=1) > 0)

    def fill(
        self, crops: CropSet, teacher: Teacher, rows: NDArray[np.int64], chunk: int = 32
    ) -> int:
        """Embed those of `rows` that are missing, in that order; returns how many there were."""
        missing = rows[~self.ready()[rows]]
        for start in range(0, len(missing), chunk):
            part = missing[start : start + chunk]
            self.values[part] = teacher.embed(standard(crops.images[np.sort(part)]))[
                np.argsort(np.argsort(part))
            ]
        return len(missing)
