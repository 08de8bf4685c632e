"""An ONNX file answers in PyTorch as it does in ONNX Runtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")
ort = pytest.importorskip("onnxruntime")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from kiosk.domain.errors import BadInput  # noqa: E402
from kiosk.lab.training.gpu.teacher import OnnxNetwork  # noqa: E402
from kiosk.lab.training.teacher import FileTeacher  # noqa: E402


def network(path: Path, *more: str, pads: tuple[int, ...] = (1, 1, 1, 1)) -> Path:
    """A small one of every operation that a MobileFaceNet has, and what is asked for besides."""
    rng = np.random.default_rng(0)
    arrays = {
        "mean": np.float32(127.5), "scale": np.float32(1 / 128),
        "conv": rng.normal(0, 0.2, (4, 3, 3, 3)), "slope": rng.uniform(0, 1, (1, 4, 1, 1)),
        "deep": rng.normal(0, 0.2, (4, 1, 3, 3)), "bias": rng.normal(0, 1, 4),
        "gamma": rng.uniform(0.5, 1, 4), "beta": rng.normal(0, 1, 4),
        "middle": rng.normal(0, 1, 4), "variance": rng.uniform(0.5, 2, 4),
        "dense": rng.normal(0, 0.01, (6, 4 * 28 * 28)), "shift": rng.normal(0, 1, 6),
    }  # fmt: skip
    norm = ("gamma", "beta", "middle", "variance")
    wide = {"strides": [2, 2], "pads": list(pads), "kernel_shape": [3, 3]}
    nodes = [
        helper.make_node("Sub", ["data", "mean"], ["a"]),
        helper.make_node("Mul", ["a", "scale"], ["b"]),
        helper.make_node("Conv", ["b", "conv"], ["c"], **wide),
        helper.make_node("BatchNormalization", ["c", *norm], ["d"], epsilon=1e-3),
        helper.make_node("PRelu", ["d", "slope"], ["e"]),
        helper.make_node("Conv", ["e", "deep", "bias"], ["f"], group=4, **wide),
        helper.make_node("Add", ["f", "f"], ["g"]),
        *(helper.make_node(kind, ["g"], ["g2"]) for kind in more),
        helper.make_node("Flatten", ["g"], ["h"]),
        helper.make_node("Gemm", ["h", "dense", "shift"], ["i"], transB=1),
        helper.make_node("LpNormalization", ["i"], ["out"], axis=1, p=2),
    ]
    graph = helper.make_graph(
        nodes, "small",
        [helper.make_tensor_value_info("data", TensorProto.FLOAT, ["n", 3, 112, 112])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", 6])],
        [numpy_helper.from_array(np.asarray(v, np.float32), k) for k, v in arrays.items()],
    )  # fmt: skip
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)]), path)
    return path


def test_every_operation_as_in_onnx_runtime(tmp_path: Path) -> None:
    path = network(tmp_path / "small.onnx")
    x = np.random.default_rng(1).uniform(0, 255, (3, 3, 112, 112)).astype(np.float32)
    ours = OnnxNetwork(path)
    theirs = ort.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, {"data": x})
    with torch.no_grad():
        np.testing.assert_allclose(ours(torch.from_numpy(x)).numpy(), theirs[0], atol=2e-5)
    assert ours.dimension == 6


def test_the_shared_teacher(shared: Path) -> None:
    path = shared / "teacher/mobilefacenet_y1.onnx"
    crops = np.random.default_rng(2).integers(0, 256, (4, 112, 112, 3), dtype=np.uint8)
    theirs = FileTeacher(path).embed(crops)
    with torch.no_grad():
        ours = OnnxNetwork(path)(torch.from_numpy(crops).permute(0, 3, 1, 2).float()).numpy()
    assert (ours * theirs).sum(axis=1).min() > 0.9999


def test_an_operation_not_known_is_named(tmp_path: Path) -> None:
    path = network(tmp_path / "other.onnx", "Tan", "Sinh")
    with pytest.raises(BadInput, match=r"holds Sinh, Tan, which can't be run .* without --gpu"):
        OnnxNetwork(path)


def test_padding_on_one_side_is_refused(tmp_path: Path) -> None:
    path = network(tmp_path / "lopsided.onnx", pads=(0, 0, 1, 1))
    with pytest.raises(BadInput, match="padded on one side"):
        OnnxNetwork(path)


def test_a_file_that_is_no_network(tmp_path: Path) -> None:
    path = tmp_path / "letter.onnx"
    path.write_text("Dear teacher")
    with pytest.raises(BadInput, match="should be an ONNX file"):
        OnnxNetwork(path)
