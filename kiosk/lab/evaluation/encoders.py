"""Encoders under test: those of the manifest, an ONNX file, a TFLite file; embeddings cached."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Box, Face, Image, Points, Vector
from kiosk.domain.threshold import ErrorCurve
from kiosk.lab.data.cache import cached
from kiosk.lab.data.crops import STANDARD_SIZE, file_sha256
from kiosk.lab.data.pictures import Faces, Pictures
from kiosk.lab.evaluation.metrics import Floats
from kiosk.lab.training.teacher import FileTeacher, read_preprocessing
from kiosk.vision.align import ALIGNMENTS, ARCFACE_112, Alignment, align
from kiosk.vision.dlib_encoder import DlibEncoder
from kiosk.vision.encoder import TfliteEncoder
from kiosk.vision.litert import Network
from kiosk.vision.manifest import EncoderEntry, PackageFile, read_manifest
from kiosk.vision.packages import locate

AT_ONCE = 32  # pictures
UNMEASURED = ErrorCurve(np.array([-1.0, 1.0]), np.ones(2), np.zeros(2), "not measured yet", 1, 10)

DLIB = EncoderEntry(
    encoder_id="dlib-resnet-v1",
    title="dlib's face recognition network",
    summary="ResNet of 29 layers, 128 numbers, by Davis King, 2017.",
    licence="CC0-1.0",
    dimension=128,
    alignment="dlib-150",
    curve=UNMEASURED,
    package_file=PackageFile(
        "face_recognition_models", "models/dlib_face_recognition_resnet_model_v1.dat", "", 0
    ),
    training="About 3 million faces of 7,485 people (FaceScrub, VGG and pictures of the web), "
    "by its author.",
)


class Encodes(Protocol):
    """The part of the kiosk's Encoder port that an evaluation needs."""

    def encode(self, image: Image, faces: Sequence[Face]) -> tuple[Vector, ...]: ...


EncodeCrops = Callable[[NDArray[np.uint8]], Floats]
Align = Callable[[Image, Points, Alignment], Image]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An encoder under test; `weights` changes with them.

    crops: uint8 (n, 112, 112, 3), ARCFACE_112, to embeddings, where many at a time are faster.
    """

    name: str
    weights: str
    encoder: Encodes
    crops: EncodeCrops | None = None

    @property
    def key(self) -> str:
        """Changes with all that its answers depend on: weights, alignment, what fills a crop."""
        return f"{self.weights}_{crop_key()}"


def crop_key(align: Align = align) -> str:
    """Changes with what `align` makes of a face at the edge of a picture: with the places of the
    landmarks, the way of sampling, and what stands for what the picture lacks."""
    picture = np.arange(48 * 48 * 3, dtype=np.uint8).reshape(48, 48, 3)
    made = hashlib.sha256()
    for name, alignment in sorted(ALIGNMENTS.items()):
        # A third of the crop lies beyond the left and the upper edge.
        points = np.array(alignment.points, np.float32) * (48 / alignment.size) - 16
        made.update(name.encode() + align(picture, points, alignment).tobytes())
    return made.hexdigest()[:6]


def _aligned(seen: Sequence[tuple[Image, Face]]) -> NDArray[np.uint8]:
    return np.stack([align(image, face.landmarks, ARCFACE_112) for image, face in seen])


class DescribedEncoder:
    """A teacher, or any file with a description of what it is shown, as an encoder."""

    def __init__(self, path: Path, threads: int) -> None:
        self._teacher = FileTeacher(path, threads)
        self.key = self._teacher.key

        self.crops = self._teacher.embed

    def encode(self, image: Image, faces: Sequence[Face]) -> tuple[Vector, ...]:
        return tuple(self.crops(_aligned([(image, face) for face in faces]))) if faces else ()


class KerasEncoder:
    """A network as `train` leaves it: RGB 0 to 255 of its own input size, to embeddings."""

    def __init__(self, path: Path) -> None:
        import keras

        from kiosk.lab.networks import report  # noqa: F401  registers the layers

        try:
            self._model = keras.saving.load_model(path, compile=False)
            self._size = int(self._model.input_shape[1])
        except (OSError, ValueError, TypeError) as error:  # TypeError: a head, with two inputs
            raise BadInput(
                f"{path} should be a Keras network of this lab that takes a picture, but can't be "
                f"used ({error}); train it again."
            ) from error

    def crops(self, crops: NDArray[np.uint8]) -> Floats:
        """uint8 (n, 112, 112, 3) to embeddings (n, dimension)."""
        batch = np.stack([cv2.resize(crop, (self._size, self._size)) for crop in crops])
        return np.asarray(self._model.predict_on_batch(batch.astype(np.float32)), np.float32)

    def encode(self, image: Image, faces: Sequence[Face]) -> tuple[Vector, ...]:
        return tuple(self.crops(_aligned([(image, face) for face in faces])))


def dlib_entry() -> EncoderEntry:
    """dlib's entry for the manifest, with the hash of the installed weights."""
    assert DLIB.package_file is not None
    path = locate(DLIB.package_file)
    described = replace(DLIB.package_file, sha256=file_sha256(path), size=path.stat().st_size)
    return replace(DLIB, package_file=described)


def open_encoder(name: str, models: Path, teacher: Path, threads: int = 1) -> Candidate:
    """`name`: an id of the manifest, "dlib-resnet-v1", "teacher", or an .onnx, .tflite or .keras
    file.

    Raises BadInput where it is none of these.
    """
    path = teacher if name == "teacher" else Path(name)
    if name == "teacher" or path.suffix == ".onnx" or read_preprocessing(path) is not None:
        described = DescribedEncoder(path, threads)
        return Candidate(name, described.key, described, described.crops)
    if path.suffix == ".tflite":
        try:
            content = path.read_bytes()
            (dimension,) = Network(content, (STANDARD_SIZE, STANDARD_SIZE), 1).widths
        except (OSError, ValueError, RuntimeError) as error:
            raise BadInput(
                f"{path} should be a TFLite encoder from 112 px to one vector, but can't be used "
                f"({error}); export it again."
            ) from error
        entry = replace(
            DLIB, encoder_id=name, alignment="arcface-112", file=path.name, dimension=dimension
        )
        key = hashlib.sha256(content).hexdigest()[:12]
        return Candidate(name, key, TfliteEncoder(entry, content, threads=threads))
    if path.suffix == ".keras":
        network = KerasEncoder(path)
        return Candidate(name, file_sha256(path)[:12], network, network.crops)
    if name == DLIB.encoder_id:
        entry = dlib_entry()
        assert entry.package_file is not None
        return Candidate(name, f"dlib_centred_{entry.package_file.sha256[:12]}", DlibEncoder(entry))
    manifest = read_manifest(models)
    known = manifest.encoders.get(name)
    if known is None or known.file is None:
        raise BadInput(
            f"The encoder {name} should be an id of {models}/manifest.json "
            f"({', '.join(sorted(manifest.encoders)) or 'none yet'}), {DLIB.encoder_id}, teacher, "
            "or an .onnx, .tflite or .keras file."
        )
    content = manifest.read_file(known.file)
    key = hashlib.sha256(content).hexdigest()[:12]
    return Candidate(name, key, TfliteEncoder(known, content, threads=threads))


def face_at(points: Points) -> Face:
    """A face of which only the landmarks are known: encoders look at nothing else."""
    return Face(Box(0, 0, 1, 1), points, 1.0)


def embed(
    candidate: Candidate,
    pictures: Pictures,
    faces: Faces,
    cache_dir: Path,
    progress: Callable[[int], None] = lambda done: None,
) -> Floats:
    """Embeddings (n, dimension) of the pictures' faces, cached by encoder, pictures and places."""
    places = hashlib.sha256(faces.landmarks.tobytes()).hexdigest()[:8]
    cache = cache_dir / f"embeddings_{candidate.key}_{pictures.key()}_{places}.npy"

    def make() -> Floats:
        rows: list[Vector] = []
        for start in range(0, len(pictures), AT_ONCE):
            some = range(start, min(start + AT_ONCE, len(pictures)))
            seen = [(pictures.read(row), face_at(faces.landmarks[row])) for row in some]
            if candidate.crops is not None:
                rows += list(candidate.crops(_aligned(seen)))
            else:
                for image, face in seen:
                    rows += candidate.encoder.encode(image, [face])
            if some.stop // 500 > start // 500:
                progress(some.stop)
        return np.stack(rows).astype(np.float32)

    return np.asarray(cached(cache, make), np.float32)
