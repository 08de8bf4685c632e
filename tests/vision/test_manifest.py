"""The list of models: what is read, what is refused, what is written."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kiosk.domain.errors import ModelError
from kiosk.domain.threshold import ErrorCurve
from kiosk.vision.manifest import (
    CohortEntry,
    EncoderEntry,
    Manifest,
    PackageFile,
    StatedThreshold,
    describe_file,
    read_checked,
    read_manifest,
    write_encoder_entry,
    write_file_entry,
)

MODELS = Path(__file__).resolve().parents[2] / "models"

CURVE = ErrorCurve(
    np.array([0.1, 0.5, 0.9]),
    np.array([0.5, 0.01, 0.0001]),
    np.array([0.0, 0.02, 0.7]),
    "made up for a test",
    100,
    1_000_000,
    worst_group="Left-handed men",
    worst=2.5,
    youngest=13,
)
ENTRY = EncoderEntry(
    encoder_id="tiny",
    title="A tiny one",
    summary="For tests",
    licence="MIT",
    dimension=16,
    alignment="arcface-112",
    curve=CURVE,
    file="tiny.tflite",
    thresholds={"1e-3": StatedThreshold(0.6, 0.58, 0.62)},
    training="none",
    teacher="nobody",
    cohort=CohortEntry("tiny_cohort.npy", 2, "nobody", (-1.0, 2.0), (0.0, 30.0)),
)
PACKAGED = PackageFile("face_recognition_models", "models/x.dat", "00", 3)


def test_the_shipped_manifest_s_files_are_what_it_says() -> None:
    manifest = read_manifest(MODELS)
    assert {"mtcnn_pnet.tflite", "mtcnn_rnet.tflite", "mtcnn_onet.tflite"} <= set(manifest.files)
    for name, entry in manifest.files.items():
        assert len(manifest.read_file(name)) == entry.size
        assert entry.licence
        assert entry.notice is None or (MODELS / entry.notice).is_file()


def test_the_shipped_encoders_have_measured_curves() -> None:
    manifest = read_manifest(MODELS)
    assert manifest.default_encoder in manifest.encoders
    for entry in manifest.encoders.values():
        assert (entry.file is None) != (entry.package_file is None)
        assert entry.file is None or entry.file in manifest.files
        assert entry.curve.impostor >= 10_000
        assert entry.curve.far[0] > entry.curve.far[-1]
        assert entry.curve.frr[0] < entry.curve.frr[-1]
        assert entry.thresholds or entry.cohort
        for far, stated in entry.thresholds.items():
            assert stated.low <= stated.threshold <= stated.high
            assert entry.curve.threshold_at(float(far)) == pytest.approx(stated.threshold, abs=0.02)


@pytest.mark.parametrize("package_file", [None, PACKAGED])
def test_an_entry_survives_writing_and_reading(
    tmp_path: Path, package_file: PackageFile | None
) -> None:
    entry = EncoderEntry(
        **{
            **{name: getattr(ENTRY, name) for name in ENTRY.__slots__},
            "package_file": package_file,
        }
    )
    write_encoder_entry(tmp_path, entry)
    manifest = read_manifest(tmp_path)
    assert manifest.default_encoder == "tiny"
    found = manifest.encoders["tiny"]
    for name in ENTRY.__slots__:
        if name not in ("curve", "scale"):
            assert getattr(found, name) == getattr(entry, name), name
    np.testing.assert_allclose(found.curve.thresholds, CURVE.thresholds)
    np.testing.assert_allclose(found.curve.far, CURVE.far)
    np.testing.assert_allclose(found.curve.frr, CURVE.frr)
    assert (found.curve.pairs, found.curve.genuine) == (CURVE.pairs, CURVE.genuine)
    assert found.info.curve.impostor == 1_000_000
    for name in ("mixed", "worst_group", "worst", "youngest"):
        assert getattr(found.curve, name) == getattr(CURVE, name)
    assert found.template.size == 112


def test_the_first_encoder_is_the_default_until_another_is_made_it(tmp_path: Path) -> None:
    other = EncoderEntry("other", "", "", "", 4, "dlib-150", CURVE)
    write_encoder_entry(tmp_path, ENTRY)
    write_encoder_entry(tmp_path, other)
    assert read_manifest(tmp_path).default_encoder == "tiny"
    write_encoder_entry(tmp_path, other, default=True)
    assert read_manifest(tmp_path).default_encoder == "other"
    assert set(read_manifest(tmp_path).encoders) == {"tiny", "other"}


def test_a_file_is_read_if_it_is_what_was_described(tmp_path: Path) -> None:
    path = tmp_path / "net.tflite"
    path.write_bytes(b"weights")
    write_file_entry(tmp_path, describe_file(path, licence="MIT", source="a test"))
    manifest = read_manifest(tmp_path)
    assert manifest.read_file("net.tflite") == b"weights"
    assert manifest.files["net.tflite"].source == "a test"
    with pytest.raises(ModelError, match=r"should list other\.tflite"):
        manifest.read_file("other.tflite")


@pytest.mark.parametrize("content", [b"", b"weight", b"weights.", b"Weights" * 1000])
def test_a_file_cut_off_or_longer_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "net.tflite"
    path.write_bytes(b"weights")
    entry = describe_file(path, licence="MIT")
    path.write_bytes(content)
    with pytest.raises(ModelError, match=rf"should have 7 bytes, but has {len(content):,}; "):
        read_checked(path, entry.sha256, entry.size)


def test_a_huge_file_in_its_place_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "net.tflite"
    with path.open("wb") as file:
        file.truncate(1 << 42)  # sparse: takes no room
    with pytest.raises(ModelError, match="but has 4,398,046,511,104"):
        read_checked(path, "00", 7)


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_what_never_ends_in_its_place_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zeros").symlink_to("/dev/zero")
    for name in ("pipe", "zeros"):
        with pytest.raises(ModelError, match=r"can't be read .* (a pipe|a device)"):
            read_checked(tmp_path / name, "00", 1)
        (tmp_path / "manifest.json").unlink(missing_ok=True)
        (tmp_path / "manifest.json").symlink_to(tmp_path / name)
        with pytest.raises(ModelError, match=r"can't be read"):
            read_manifest(tmp_path)


def test_two_files_in_each_other_s_place_and_a_link_to_another_are_refused(tmp_path: Path) -> None:
    one, other = tmp_path / "one.tflite", tmp_path / "other.tflite"
    one.write_bytes(b"weights")
    other.write_bytes(b"weighty")
    for path in (one, other):
        write_file_entry(tmp_path, describe_file(path, licence="MIT"))
    manifest = read_manifest(tmp_path)
    one.rename(tmp_path / "aside")
    other.rename(one)
    (tmp_path / "aside").rename(other)
    for name in ("one.tflite", "other.tflite"):
        with pytest.raises(ModelError, match="should have the SHA-256"):
            manifest.read_file(name)
    one.unlink()
    one.symlink_to(other)
    assert manifest.read_file("one.tflite") == b"weights", "by what it holds, not by where"


@pytest.mark.parametrize("name", ["../net.tflite", "/etc/passwd", "a/b", "a\\b", "..", ""])
def test_a_list_names_files_beside_it_alone(tmp_path: Path, name: str) -> None:
    entry = {"sha256": "00", "size": 1, "licence": "MIT"}
    data = {"default_encoder": "", "files": {name: entry}, "encoders": {}}
    (tmp_path / "manifest.json").write_text(json.dumps(data))
    with pytest.raises(ModelError, match="no name of a file beside the list"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("text", ["[" * 100_000, " " * 1_000_001], ids=["nested", "huge"])
def test_a_list_without_end_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ModelError, match=r"manifest\.json can't be read"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("content", [b"weighty", b"Weights"])
def test_an_altered_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "net.tflite"
    path.write_bytes(b"weights")
    entry = describe_file(path, licence="MIT")
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"net\.tflite should have the SHA-256 .*altered"):
        read_checked(path, entry.sha256, entry.size)


def test_a_missing_file_and_a_folder_in_its_place_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "gone", tmp_path):
        with pytest.raises(ModelError, match="can't be read"):
            read_checked(path, "00", 1)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"files": 3}', "\ud800"])
def test_a_broken_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ModelError, match=r"manifest\.json"):
        read_manifest(tmp_path)


def test_a_missing_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="can't be read"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("curve", "thresholds"), [0.5, 0.4, 0.9]),
        (("curve", "thresholds"), [0.1, 0.2]),
        (("curve", "far"), [0.1]),
        (("curve", "thresholds"), "many"),
        (("input", "alignment"), "eigenfaces"),
        (("input", "size"), 64),
        (("dimension",), "wide"),
        (("thresholds",), {"1e-3": 0.6}),
    ],
)
def test_a_wrong_entry_is_refused(tmp_path: Path, path: tuple[str, ...], value: Any) -> None:
    write_encoder_entry(tmp_path, ENTRY)
    file = tmp_path / "manifest.json"
    data = json.loads(file.read_text())
    place = data["encoders"]["tiny"]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    file.write_text(json.dumps(data))
    with pytest.raises(ModelError, match=r"manifest\.json should have the form"):
        read_manifest(tmp_path)


def with_cohort(models: Path, cohort: np.ndarray) -> Manifest:
    np.save(models / "tiny_cohort.npy", cohort)
    write_file_entry(models, describe_file(models / "tiny_cohort.npy", licence="MIT"))
    write_encoder_entry(models, ENTRY)
    return read_manifest(models)


def test_an_encoder_comes_with_its_cohort(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).integers(-127, 128, (5, 16)).astype(np.int8)
    info = with_cohort(tmp_path, rows).encoder("tiny").info
    assert info.scale.cohort == pytest.approx(
        rows / np.linalg.norm(rows.astype(float), axis=1, keepdims=True), abs=1e-6
    )
    assert info.scale.nearest == 2
    assert info.scale.score(np.array([-1.0, 0.5, 2.0])) == pytest.approx([0, 15, 30])


@pytest.mark.parametrize(
    "cohort", [np.zeros((5, 8), np.int8), np.zeros((5, 16)), np.zeros(16, np.int8)]
)
def test_a_cohort_of_another_encoder_is_refused(tmp_path: Path, cohort: np.ndarray) -> None:
    with pytest.raises(ModelError, match="should hold int8 vectors of 16 numbers"):
        with_cohort(tmp_path, cohort).encoder("tiny")


def test_an_altered_cohort_is_refused(tmp_path: Path) -> None:
    manifest = with_cohort(tmp_path, np.ones((5, 16), np.int8))
    (tmp_path / "tiny_cohort.npy").write_bytes(b"another")
    with pytest.raises(ModelError, match="altered or cut off"):
        manifest.encoder("tiny")
