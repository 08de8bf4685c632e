"""Two teachers made into one say what both say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
torch = pytest.importorskip("torch")

from kiosk.domain.errors import BadInput  # noqa: E402
from kiosk.lab.training.gpu.teacher import OnnxNetwork  # noqa: E402
from kiosk.lab.training.join import described, join, principal  # noqa: E402
from kiosk.lab.training.teacher import FileTeacher  # noqa: E402
from tests.lab.training.gpu.test_teacher import network  # noqa: E402

FACES = np.random.default_rng(5).integers(0, 256, (6, 112, 112, 3), dtype=np.uint8)


def test_similarities_are_the_mean_of_both(tmp_path: Path) -> None:
    first, second = network(tmp_path / "one.onnx"), network(tmp_path / "two.onnx")
    second.with_suffix(".json").write_text('{"mean": 127.5, "scale": 0.5}')
    answers = [FileTeacher(path).embed(FACES) for path in (first, second)]
    assert not np.allclose(*answers)
    everything, kept = principal(np.hstack(answers), 12)
    assert kept == pytest.approx(1)
    path = tmp_path / "both.onnx"
    onnx.save(join(first, second, everything), path)
    both = FileTeacher(path)
    assert both.dimension == 12
    ours = both.embed(FACES)
    mean = sum(answer @ answer.T for answer in answers) / 2
    np.testing.assert_allclose(ours @ ours.T, mean, atol=1e-4)
    assert described(path) == (
        "one and two, their answers laid end to end, in the 12 directions that keep most of both"
    )
    with torch.no_grad():
        shown = torch.from_numpy(FACES).permute(0, 3, 1, 2).float()
        np.testing.assert_allclose(OnnxNetwork(path)(shown).numpy(), ours, atol=1e-4)


def test_fewer_directions_keep_the_most() -> None:
    rng = np.random.default_rng(0)
    spread = rng.normal(size=(500, 5)) * [10, 5, 1, 0.1, 0.1]
    directions, kept = principal(spread.astype(np.float32), 2)
    assert directions.shape == (5, 2)
    assert 0.98 < kept < 1
    np.testing.assert_allclose(np.abs(directions[:2]), np.eye(2), atol=0.05)


def test_what_is_shown_something_else_is_refused(tmp_path: Path) -> None:
    first, second = network(tmp_path / "one.onnx"), network(tmp_path / "two.onnx")
    second.with_suffix(".json").write_text('{"colour": "bgr"}')
    with pytest.raises(BadInput, match=r"two\.onnx is shown something else"):
        join(first, second, np.eye(12, dtype=np.float32))


def test_a_file_that_is_no_network(tmp_path: Path) -> None:
    letter = tmp_path / "letter.onnx"
    letter.write_text("Dear teachers")
    with pytest.raises(BadInput, match="should be an ONNX file"):
        join(letter, letter, np.eye(2, dtype=np.float32))


def test_the_shared_teachers(shared: Path, tmp_path: Path) -> None:
    paths = shared / "teacher/mobilefacenet_y1.onnx", shared / "teacher/edgeface_xs.onnx"
    if not paths[1].exists():
        pytest.skip("there is no second teacher here")
    answers = [FileTeacher(path).embed(FACES[:2]) for path in paths]
    joined = tmp_path / "joined.onnx"
    onnx.save(join(*paths, np.eye(640, dtype=np.float32)), joined)
    with torch.no_grad():
        shown = torch.from_numpy(FACES[:2]).permute(0, 3, 1, 2).float()
        ours = OnnxNetwork(joined)(shown).numpy()
    assert (ours * np.hstack(answers)).sum(axis=1).min() / np.sqrt(2) > 0.9999
