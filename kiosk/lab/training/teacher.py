"""The teacher: any face encoder in a file, its embeddings cached by the hash of the file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.lab.data.crops import STANDARD_SIZE, CropSet, file_sha256, new_map, standard

Floats = NDArray[np.float32]


class Teacher(Protocol):
    """What distillation needs of a teacher."""

    dimension: int
    key: str  # names the weights: part of the cache's file name

    def embed(self, crops: NDArray[np.uint8]) -> Floats:
        """uint8 (n, 112, 112, 3) RGB to float32 (n, dimension), L2-normalised."""
        ...


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """What a network is shown of an aligned crop of 112 px, RGB, 0 to 255.

    size: pixels it is resized to.  layout: "nchw" or "nhwc".  colour: "rgb" or "bgr".
    mean, scale: it sees (x - mean) * scale; with `whiten` each crop less its own mean, divided by
    its own deviation, as FaceNet has it  (Schroff et al. 2015; Sandberg's implementation).
    """

    size: int = STANDARD_SIZE
    layout: Literal["nchw", "nhwc"] = "nchw"
    colour: Literal["rgb", "bgr"] = "rgb"
    mean: float = 0.0
    scale: float = 1.0
    whiten: bool = False

    def __post_init__(self) -> None:
        if self.layout not in ("nchw", "nhwc") or self.colour not in ("rgb", "bgr"):
            raise ValueError(f"layout {self.layout}, colour {self.colour}")
        if not isinstance(self.size, int) or not 16 <= self.size <= 1024:
            raise ValueError(f"a size of {self.size} pixels")
        if not np.isfinite([self.mean, self.scale]).all() or not self.scale:
            raise ValueError(f"mean {self.mean}, scale {self.scale}")

    def __call__(self, crops: NDArray[np.uint8]) -> Floats:
        """uint8 (n, 112, 112, 3) to float32 in the network's layout."""
        if self.size != STANDARD_SIZE:
            crops = np.stack([cv2.resize(crop, (self.size, self.size)) for crop in crops])
        x = (
            crops[..., ::-1].astype(np.float32)
            if self.colour == "bgr"
            else crops.astype(np.float32)
        )
        if self.whiten:
            deviation = x.std(axis=(1, 2, 3), keepdims=True)
            least = 1 / np.sqrt(np.prod(x.shape[1:]))  # a plain crop has none
            x = (x - x.mean(axis=(1, 2, 3), keepdims=True)) / np.maximum(deviation, least)
        else:
            x = (x - np.float32(self.mean)) * np.float32(self.scale)
        return np.ascontiguousarray(x.transpose(0, 3, 1, 2) if self.layout == "nchw" else x)


def read_preprocessing(path: Path) -> Preprocessing | None:
    """The description beside a teacher's file: teacher.json for teacher.onnx.  None: there is none.

    Raises BadInput for one that describes something else.
    """
    if path.suffix not in (".onnx", ".tflite", ".keras"):
        return None
    beside = path.with_suffix(".json")
    if not beside.exists():
        return None
    try:
        return Preprocessing(**json.loads(beside.read_bytes()))
    except (OSError, TypeError, ValueError) as error:
        raise BadInput(
            f"{beside} should describe what the teacher is shown (size, layout nchw or nhwc, "
            f"colour rgb or bgr, mean, scale, whiten), but can't be used ({error}); mend it."
        ) from error


class FileTeacher:
    """An ONNX, TFLite or Keras file, and what it is shown: see Preprocessing.

    Raises BadInput where the file can't be opened or takes another input than described.
    """

    def __init__(self, path: Path, threads: int = 2) -> None:
        opens = {".onnx": _open_onnx, ".tflite": _open_tflite, ".keras": _open_keras}
        if path.suffix not in opens:
            raise BadInput(f"{path} should be an .onnx, .tflite or .keras file, as a teacher is.")
        described = read_preprocessing(path)
        black = np.zeros((1, STANDARD_SIZE, STANDARD_SIZE, 3), np.uint8)
        self._shown = described or Preprocessing(
            layout="nchw" if path.suffix == ".onnx" else "nhwc"
        )
        try:
            takes, self._run = opens[path.suffix](path, threads, self._shown.size)
        except Exception as error:  # each runtime raises classes of its own
            raise BadInput(
                f"{path} should be a face encoder, but can't be opened ({error}); check the path "
                "given as --teacher."
            ) from error
        side = self._shown.size
        expected = [3, side, side] if self._shown.layout == "nchw" else [side, side, 3]
        if len(takes) != 3 or any(
            isinstance(t, int) and t not in (e, -1) for t, e in zip(takes, expected, strict=True)
        ):
            raise BadInput(
                f"{path} should take n x {' x '.join(map(str, expected))}, but takes n x "
                f"{' x '.join(map(str, takes))}; describe what it is shown in "
                f"{path.with_suffix('.json').name} beside it."
            )
        self.key = file_sha256(path)[:12]
        if described is not None:
            how = json.dumps(asdict(described), sort_keys=True)
            self.key = hashlib.sha256(f"{self.key} {how}".encode()).hexdigest()[:12]
        self.dimension = self._run(self._shown(black)).size

    def embed(self, crops: NDArray[np.uint8]) -> Floats:
        """uint8 (n, 112, 112, 3) RGB to float32 (n, dimension), L2-normalised."""
        out = self._run(self._shown(crops))
        return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True), np.float32)


# Each: (path, threads, size) -> what the input takes behind the batch, and the network itself.
Runs = Callable[[Floats], Floats]
Opened = tuple[Sequence[Any], Runs]  # Any: symbolic sizes


def _open_onnx(path: Path, threads: int, size: int) -> Opened:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    first = session.get_inputs()[0]
    return first.shape[1:], lambda batch: session.run(None, {first.name: batch})[0]


def _open_tflite(path: Path, threads: int, size: int) -> Opened:
    from ai_edge_litert.interpreter import Interpreter

    from kiosk.vision.litert import Network

    content = path.read_bytes()
    takes = Interpreter(model_content=content).get_input_details()[0]["shape_signature"][1:]
    prepared: list[Network] = []  # once the size is known to fit

    def run(batch: Floats) -> Floats:
        if not prepared:
            prepared.append(Network(content, (size, size), threads))
        return np.concatenate([next(iter(prepared[0].run(x[None]).values())) for x in batch])

    return [int(side) for side in takes], run


def _open_keras(path: Path, threads: int, size: int) -> Opened:
    import keras

    model = keras.saving.load_model(path, compile=False)
    return model.input_shape[1:], lambda batch: np.asarray(model.predict_on_batch(batch))


def _key(names: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]


class EmbeddingCache:
    """Embeddings of a CropSet, filled in chunks and readable while they are being filled.

    The file is a float32 memory map (n, dimension) where rows not embedded yet are zero, so that
    training may start on the first rows while another process embeds the rest.
    """

    def __init__(self, crops: CropSet, teacher: Teacher, cache_dir: Path) -> None:
        self.path = cache_dir / f"teacher_{teacher.key}_{_key(crops.names)}.f32"
        shape = (len(crops), teacher.dimension)
        if not self._fits(shape):
            cache_dir.mkdir(parents=True, exist_ok=True)
            partial, new = new_map(self.path, np.float32, shape)
            for old in cache_dir.glob(f"teacher_{teacher.key}_*.f32"):
                rows = old.stat().st_size // (4 * shape[1])
                # A set that this one begins with: more made-up people were asked for.
                if 0 < rows < len(crops) and old.stem.endswith(f"_{_key(crops.names[:rows])}"):
                    known = np.fromfile(old, np.float32).reshape(rows, -1)
                    lacking = ~new[:rows].any(axis=1)
                    new[:rows][lacking] = known[lacking]
            del new
            if self._fits(shape):  # another process was faster, and may be filling it
                partial.unlink()
            else:
                partial.replace(self.path)
        self.values: Floats = np.memmap(self.path, np.float32, "r+", shape=shape)

    def _fits(self, shape: tuple[int, int]) -> bool:
        return self.path.exists() and self.path.stat().st_size == 4 * shape[0] * shape[1]

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
