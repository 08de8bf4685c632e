"""``models/manifest.json``: what each model file is, its hash, and how good each encoder is.

The lab writes it (``write_file_entry``, ``write_encoder_entry``) and signs the one that ships
(``kiosk.vision.signed``); the kiosk reads it and uses no model file whose size and SHA-256 differ
from it. Its form:

    {"default_encoder": "dlib-resnet-v1",
     "files": {"mtcnn_pnet.tflite": {"sha256": "...", "size": 31680, "licence": "MIT",
                                     "notice": "mtcnn.LICENSE.txt", "source": "..."}},
     "encoders": {"dlib-resnet-v1": {
         "file": null,                        or the name of one of the files above
         "package_file": {"package": "face_recognition_models", "path": "models/....dat",
                          "sha256": "...", "size": 22466066},          or null
         "title": "...", "summary": "...", "licence": "...", "dimension": 128,
         "input": {"size": 150, "alignment": "dlib-150"},
         "thresholds": {"1e-3": {"threshold": 0.9, "low": 0.89, "high": 0.91}},
         "cohort": {"file": "....npy", "nearest": 200, "people": "...",
                    "normalised": [], "scores": []},                     or null
         "curve": {"pairs": "...", "genuine": 0, "impostor": 0, "fitted_to": 1e-9, "mixed": 0.4,
                   "thresholds": [], "far": [], "frr": []},
         "training": "...", "teacher": null}},
     "liveness": {"version": "1", "live": 1.0, "attack": -2.0}}   see kiosk.vision.liveness.limits
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput, ModelError
from kiosk.domain.files import read_regular
from kiosk.domain.language import _
from kiosk.domain.ports import EncoderInfo
from kiosk.domain.scale import ScoreScale, plain
from kiosk.domain.threshold import ErrorCurve
from kiosk.vision.align import ALIGNMENTS, Alignment
from kiosk.vision.signed import check_signature, must_be_signed, sign_anew

MANIFEST_NAME = "manifest.json"
LICENCE_MIT = "MIT"
_LARGEST = 1_000_000
"""Bytes of a list of models; ours has 16,000."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file beside the manifest. ``notice`` names the file with its licence's text, ``source``
    says where it comes from."""

    name: str
    sha256: str
    size: int
    licence: str
    notice: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file inside an installed Python package; ``path`` is relative to the package."""

    package: str
    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class CohortEntry:
    """The people whom an encoder's scores are normalised by, and the table of its scale.

    ``file``, beside the manifest, holds (people, dimension) int8: each row is a vector but for its
    length. ``people`` says in words who they are; ``nearest``, ``normalised`` and ``scores`` are
    those of ``kiosk.domain.scale.ScoreScale``.
    """

    file: str
    nearest: int
    people: str
    normalised: tuple[float, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class StatedThreshold:
    """The score for a stated FAR, with its confidence interval."""

    threshold: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class EncoderEntry:
    """An encoder as the manifest knows it.

    Its weights are ``file`` (beside the manifest) or ``package_file``. ``alignment`` is a key of
    ``kiosk.vision.align.ALIGNMENTS``. ``thresholds`` go by FAR as text, such as ``1e-3``.
    ``training`` and ``teacher`` are words for the model card. ``scale`` is that of ``cohort``
    where ``Manifest.encoder`` gave the entry: the manifest itself holds no cohort's vectors.
    """

    encoder_id: str
    title: str
    summary: str
    licence: str
    dimension: int
    alignment: str
    curve: ErrorCurve
    file: str | None = None
    package_file: PackageFile | None = None
    thresholds: Mapping[str, StatedThreshold] = field(default_factory=dict)
    training: str = ""
    teacher: str | None = None
    cohort: CohortEntry | None = None
    scale: ScoreScale = field(default_factory=plain)

    @property
    def info(self) -> EncoderInfo:
        return EncoderInfo(
            self.encoder_id,
            self.dimension,
            self.title,
            self.summary,
            self.licence,
            self.curve,
            self.scale,
        )

    @property
    def template(self) -> Alignment:
        """Where the encoder wants the landmarks."""
        return ALIGNMENTS[self.alignment]


@dataclass(frozen=True, slots=True, eq=False)
class Manifest:
    """The manifest of the folder ``models``."""

    models: Path
    default_encoder: str
    files: Mapping[str, FileEntry]
    encoders: Mapping[str, EncoderEntry]
    liveness: Mapping[str, Any] = field(default_factory=dict)

    def encoder(self, encoder_id: str) -> EncoderEntry:
        """The entry of an encoder that is in the manifest, its cohort read.

        Raises:
            ModelError: the cohort's file is missing, altered or of another encoder.
        """
        entry = self.encoders[encoder_id]
        if entry.cohort is None:
            return entry
        content = self.read_file(entry.cohort.file)
        try:
            stored = np.load(io.BytesIO(content), allow_pickle=False)
        except ValueError as error:
            raise ModelError(_not_a_cohort(entry, str(error))) from error
        if stored.ndim != 2 or stored.shape[1] != entry.dimension or stored.dtype != np.int8:
            raise ModelError(_not_a_cohort(entry, f"{stored.dtype} {stored.shape}"))
        table = entry.cohort
        scale = ScoreScale(
            unpacked(stored), table.nearest, np.array(table.normalised), np.array(table.scores)
        )
        return replace(entry, scale=scale)

    def read_file(self, name: str) -> bytes:
        """A model file's content, its size and SHA-256 checked.

        Raises:
            ModelError: it is not in the manifest, missing, unreadable or altered.
        """
        entry = self.files.get(name)
        if entry is None:
            raise ModelError(
                _(
                    "{what} should list {name}, but does not; restore the folder models from "
                    "the release."
                ).format(what=self.models / MANIFEST_NAME, name=name)
            )
        return read_checked(self.models / name, entry.sha256, entry.size)


def unpacked(stored: NDArray[np.int8]) -> NDArray[np.float32]:
    """A cohort's stored rows (people, dimension) as unit vectors."""
    vectors = stored.astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1))
    return vectors


def _not_a_cohort(entry: EncoderEntry, what: str) -> str:
    assert entry.cohort is not None
    return _(
        "The file {file} should hold int8 vectors of {dimension} numbers, but holds {what}; "
        "restore the folder models from the release."
    ).format(file=entry.cohort.file, dimension=entry.dimension, what=what)


def read_checked(path: Path, sha256: str, size: int) -> bytes:
    """A file's content, if it has this size and SHA-256 (hex).

    Raises:
        ModelError: missing, unreadable or altered; says which and what to do.
    """
    try:
        found = path.stat().st_size
        # No more than there should be: whatever lies there now may never end.
        content = read_regular(path, size + 1)
    except (BadInput, OSError) as error:
        raise ModelError(
            _(
                "The model file {path} can't be read ({what}); restore it from the release or "
                "install the package it came with again."
            ).format(path=path, what=getattr(error, "strerror", None) or error)
        ) from error
    if len(content) != size:
        raise ModelError(
            _(
                "The model file {path} should have {size:,} bytes, but has {count:,}; it was "
                "altered or cut off. Restore it from the release."
            ).format(path=path, size=size, count=max(found, len(content)))
        )
    digest = hashlib.sha256(content).hexdigest()
    if digest != sha256:
        raise ModelError(
            _(
                "The model file {path} should have the SHA-256 {what}..., but has {what2}...; it "
                "was altered. Restore it from the release."
            ).format(path=path, what=sha256[:12], what2=digest[:12])
        )
    return content


def read_manifest(models: Path) -> Manifest:
    """The manifest of a folder of models; of the one that ships, the signature is checked. No
    model file is read.

    Raises:
        ModelError: it is missing, not signed or not what this module's docstring says.
    """
    data = _read_json(models, signed=must_be_signed(models))
    try:
        files = {name: _file(name, entry) for name, entry in data["files"].items()}
        encoders = {name: _encoder(name, entry) for name, entry in data["encoders"].items()}
        liveness = dict(data.get("liveness", {}))
        return Manifest(models, str(data["default_encoder"]), files, encoders, liveness)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(
            _(
                "{what} should have the form described in kiosk.vision.manifest, but reading "
                "it failed with {name}: {error}. Restore it from the release."
            ).format(what=models / MANIFEST_NAME, name=type(error).__name__, error=error)
        ) from error


def describe_file(
    path: Path, *, licence: str, notice: str | None = None, source: str = ""
) -> FileEntry:
    """The entry for a file as it is now."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return FileEntry(path.name, digest, len(content), licence, notice, source)


def write_file_entry(models: Path, entry: FileEntry) -> None:
    """Add or replace a file's entry in ``models/manifest.json``, which is made where missing."""
    data = _read_json(models, missing_is_empty=True)
    data["files"][entry.name] = {
        "sha256": entry.sha256,
        "size": entry.size,
        "licence": entry.licence,
        "notice": entry.notice,
        "source": entry.source,
    }
    _write_json(models, data)


def write_encoder_entry(models: Path, entry: EncoderEntry, *, default: bool = False) -> None:
    """Add or replace an encoder's entry; ``default`` makes it the one that ``auto`` means.

    A curve of more than some hundred points only makes the file long: thin it out first.
    """
    data = _read_json(models, missing_is_empty=True)
    package_file = entry.package_file
    curve, cohort = entry.curve, entry.cohort
    data["encoders"][entry.encoder_id] = {
        "file": entry.file,
        "package_file": package_file
        and {
            "package": package_file.package,
            "path": package_file.path,
            "sha256": package_file.sha256,
            "size": package_file.size,
        },
        "title": entry.title,
        "summary": entry.summary,
        "licence": entry.licence,
        "dimension": entry.dimension,
        "input": {"size": entry.template.size, "alignment": entry.alignment},
        "thresholds": {
            far: {"threshold": stated.threshold, "low": stated.low, "high": stated.high}
            for far, stated in entry.thresholds.items()
        },
        "cohort": cohort
        and {
            "file": cohort.file,
            "nearest": cohort.nearest,
            "people": cohort.people,
            "normalised": [round(value, 4) for value in cohort.normalised],
            "scores": [round(value, 4) for value in cohort.scores],
        },
        "curve": {
            "pairs": curve.pairs,
            "genuine": curve.genuine,
            "impostor": curve.impostor,
            "fitted_to": curve.fitted_to,
            "mixed": round(curve.mixed, 3),
            "worst_group": curve.worst_group,
            "worst": round(curve.worst, 2),
            "youngest": curve.youngest,
            "thresholds": [round(value, 4) for value in curve.thresholds.tolist()],
            "far": [float(f"{value:.4g}") for value in curve.far.tolist()],
            "frr": [float(f"{value:.4g}") for value in curve.frr.tolist()],
        },
        "training": entry.training,
        "teacher": entry.teacher,
    }
    if default or not data["default_encoder"]:
        data["default_encoder"] = entry.encoder_id
    _write_json(models, data)


def write_liveness_entry(models: Path, entry: Mapping[str, Any]) -> None:
    """Add or replace what belongs to the liveness network beside its weights."""
    data = _read_json(models)
    data["liveness"] = dict(entry)
    _write_json(models, data)


def _file(name: str, data: Mapping[str, Any]) -> FileEntry:
    if name in ("", "..") or Path(name).name != name or "\\" in name:
        raise ValueError(f"{name} is no name of a file beside the list")
    return FileEntry(name, **data)


def _encoder(encoder_id: str, data: Mapping[str, Any]) -> EncoderEntry:
    package_file = data["package_file"]
    entry = EncoderEntry(
        encoder_id=encoder_id,
        title=data["title"],
        summary=data["summary"],
        licence=data["licence"],
        dimension=int(data["dimension"]),
        alignment=data["input"]["alignment"],
        curve=_curve(data["curve"]),
        file=data["file"],
        package_file=PackageFile(**package_file) if package_file else None,
        thresholds={far: StatedThreshold(**stated) for far, stated in data["thresholds"].items()},
        training=data["training"],
        teacher=data["teacher"],
        cohort=_cohort(data.get("cohort")),
    )
    if entry.template.size != data["input"]["size"]:
        raise ValueError(f"{encoder_id} takes {data['input']['size']} px, its alignment does not")
    return entry


def _cohort(data: Mapping[str, Any] | None) -> CohortEntry | None:
    if data is None:
        return None
    normalised, scores = tuple(map(float, data["normalised"])), tuple(map(float, data["scores"]))
    if len(normalised) != len(scores) or len(scores) < 2:
        raise ValueError("a cohort's table has two lists of one length, of two numbers or more")
    if (np.diff(normalised) <= 0).any() or (np.diff(scores) <= 0).any():
        raise ValueError("a cohort's table does not ascend")
    return CohortEntry(
        str(data["file"]), int(data["nearest"]), str(data["people"]), normalised, scores
    )


def _curve(data: Mapping[str, Any]) -> ErrorCurve:
    columns = [np.asarray(data[key], np.float64) for key in ("thresholds", "far", "frr")]
    if any(column.ndim != 1 or column.shape != columns[0].shape for column in columns):
        raise ValueError("a curve's three lists are of different lengths")
    if len(columns[0]) < 2 or (np.diff(columns[0]) <= 0).any():
        raise ValueError("a curve's thresholds do not ascend")
    thresholds, far, frr = columns
    genuine, impostor = int(data["genuine"]), int(data["impostor"])
    return ErrorCurve(
        thresholds,
        far,
        frr,
        str(data["pairs"]),
        genuine,
        impostor,
        None if data.get("fitted_to") is None else float(data["fitted_to"]),
        float(data.get("mixed", 1.0)),
        str(data.get("worst_group", "")),
        float(data.get("worst", 1.0)),
        int(data.get("youngest", 0)),
    )


def _read_json(
    models: Path, *, missing_is_empty: bool = False, signed: bool = False
) -> dict[str, Any]:
    path = models / MANIFEST_NAME
    if missing_is_empty and not path.exists():
        return {"default_encoder": "", "files": {}, "encoders": {}}
    try:
        content = read_regular(path, _LARGEST + 1)
        if len(content) > _LARGEST:
            raise ValueError(f"more than {_LARGEST:,} bytes")
        if signed:
            check_signature(path, content)
        data = json.loads(content)
    except (BadInput, OSError, RecursionError, ValueError) as error:
        raise ModelError(
            _(
                "The list of models {path} can't be read ({error}); restore the folder models "
                "from the release."
            ).format(path=path, error=error)
        ) from error
    if not isinstance(data, dict):
        raise ModelError(
            _("{path} should hold a JSON object; restore it from the release.").format(path=path)
        )
    return data


def _write_json(models: Path, data: Mapping[str, Any]) -> None:
    path = models / MANIFEST_NAME
    partial = path.with_suffix(".partial")
    partial.write_text(_pretty(data) + "\n", "utf-8")
    partial.replace(path)
    if must_be_signed(models):
        sign_anew(path)


def _pretty(value: Any, indent: str = "") -> str:
    """JSON with one key a line and each list of numbers on one line, so that diffs are short."""
    if isinstance(value, dict) and value:
        inner = indent + "  "
        lines = (f"{inner}{json.dumps(key)}: {_pretty(value[key], inner)}" for key in value)
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    return json.dumps(value, ensure_ascii=False)
