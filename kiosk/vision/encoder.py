"""From a face to a vector: encoders that run on LiteRT, and the choice of one."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kiosk.domain.errors import ModelError
from kiosk.domain.frame import Face, Image, Vector
from kiosk.domain.language import _
from kiosk.domain.ports import Encoder, EncoderInfo
from kiosk.vision.align import align
from kiosk.vision.litert import Network
from kiosk.vision.manifest import EncoderEntry, Manifest, read_manifest
from kiosk.vision.vectors import unit

AUTO = "auto"


class TfliteEncoder:
    """The ``Encoder`` port on a TFLite file. One thread owns it.

    The network takes one aligned RGB crop as float32 (1, size, size, 3), 0 to 255 (it normalises
    by itself), and answers with (1, dimension).

    Raises:
        ModelError: the network's input or output is not what the manifest says.
    """

    def __init__(self, entry: EncoderEntry, model: bytes, *, threads: int = 2) -> None:
        size = entry.template.size
        self._entry = entry
        self._network = Network(model, (size, size), threads)
        if self._network.widths != (entry.dimension,):
            raise ModelError(
                _(
                    "The encoder {encoder_id} should answer with {dimension} numbers, but "
                    "{file} answers with {widths}; its manifest entry belongs to another file."
                ).format(
                    encoder_id=entry.encoder_id,
                    dimension=entry.dimension,
                    file=entry.file,
                    widths=self._network.widths,
                )
            )

    @property
    def info(self) -> EncoderInfo:
        return self._entry.info

    def encode(self, image: Image, faces: Sequence[Face]) -> tuple[Vector, ...]:
        """One L2-normalised float32 vector (dimension,) a face.

        Raises:
            BadImage: a face's landmarks can't be aligned.
        """
        vectors = []
        for face in faces:
            crop = align(image, face.landmarks, self._entry.template)
            outputs = self._network.run(crop[None].astype(np.float32))
            vectors.append(unit(outputs[self._entry.dimension][0]))
        return tuple(vectors)


def available_encoders(models: Path) -> tuple[str, ...]:
    """The ids of the encoders whose files are installed, the manifest's default first.

    Nothing is loaded or hashed.

    Raises:
        ModelError: the manifest can't be read.
    """
    manifest = read_manifest(models)
    installed = (name for name, entry in manifest.encoders.items() if _installed(manifest, entry))
    return tuple(sorted(installed, key=lambda name: (name != manifest.default_encoder, name)))


def available_licences(models: Path) -> tuple[tuple[str, str], ...]:
    """The same, each id with the licence of its weights.

    Raises:
        ModelError: the manifest can't be read.
    """
    known = read_manifest(models).encoders
    return tuple((name, known[name].licence) for name in available_encoders(models))


def describe_encoder(encoder_id: str, models: Path) -> EncoderInfo:
    """What the manifest says of the encoder that ``load_encoder`` would load, its cohort read;
    loads no network.

    Raises:
        ModelError: as ``load_encoder``, but for altered networks.
    """
    return _choose(encoder_id, read_manifest(models)).info


def load_encoder(encoder_id: str, models: Path, *, threads: int = 2) -> Encoder:
    """The encoder with this id; ``auto`` is the manifest's default or, where that is not
    installed, the first one that is.

    Raises:
        ModelError: unknown, not installed, missing or altered; the sentence says what to do.
    """
    manifest = read_manifest(models)
    entry = _choose(encoder_id, manifest)
    if entry.file is not None:
        return TfliteEncoder(entry, manifest.read_file(entry.file), threads=threads)
    from kiosk.vision.dlib_encoder import DlibEncoder

    return DlibEncoder(entry)


def _choose(encoder_id: str, manifest: Manifest) -> EncoderEntry:
    if encoder_id == AUTO:
        found = available_encoders(manifest.models)
        if not found:
            raise ModelError(
                _(
                    "No encoder is installed: {models} holds none and the package dlib is "
                    "missing. Install the extra dlib: pip install 'kiosk[dlib]'."
                ).format(models=manifest.models)
            )
        encoder_id = found[0]
    entry = manifest.encoders.get(encoder_id)
    if entry is None:
        known = ", ".join(sorted(manifest.encoders)) or "none"
        raise ModelError(
            _(
                "The encoder {encoder_id} is not known; the manifest lists {known}. Choose "
                "one of them in the settings, or auto."
            ).format(encoder_id=encoder_id, known=known)
        )
    if entry.file is None and not _installed(manifest, entry):
        raise ModelError(
            _(
                "The encoder {encoder_id} needs the extra dlib, which is not installed: pip "
                "install 'kiosk[dlib]'."
            ).format(encoder_id=encoder_id)
        )
    return manifest.encoder(encoder_id)


def _installed(manifest: Manifest, entry: EncoderEntry) -> bool:
    if entry.file is not None:
        return (manifest.models / entry.file).is_file()
    packages = ("dlib", entry.package_file.package if entry.package_file else "dlib")
    # find_spec imports neither; face_recognition_models would import pkg_resources.
    return all(importlib.util.find_spec(package) is not None for package in packages)
