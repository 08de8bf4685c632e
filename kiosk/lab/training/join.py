"""Two teachers made into one: an ONNX file whose answer lies near to both of theirs.

What one network takes for alike the other often does not, and of the sum of both similarities fewer
strangers are alike.  That sum is the inner product of the two answers laid end to end; the first
principal components of that keep nearly all of it in fewer numbers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, compose, helper, numpy_helper, version_converter

from kiosk.domain.errors import BadInput
from kiosk.lab.data.crops import STANDARD_SIZE
from kiosk.lab.training.teacher import Preprocessing, read_preprocessing

Floats = NDArray[np.float32]

OUTPUT = "embedding"
_INPUT = "data"


def principal(answers: Floats, dimension: int) -> tuple[Floats, float]:
    """The directions in which `answers` (n, d), two of length 1 laid end to end, lie:
    (d, dimension) of orthonormal columns, and the share of their squared length that is kept.

    Around nothing, not around their mean: inner products are what is to be kept.
    """
    values, vectors = np.linalg.eigh(answers.T.astype(np.float64) @ answers)
    kept = values[::-1][:dimension]
    return np.ascontiguousarray(vectors[:, ::-1][:, :dimension], np.float32), float(
        kept.sum() / values.sum()
    )


def join(first: Path, second: Path, directions: Floats) -> onnx.ModelProto:
    """One network of two ONNX files; it takes n x 3 x 112 x 112, RGB, 0 to 255.

    directions: (d, dimension), from what both answer, end to end, to what the one does.
    Raises BadInput for files that can't be read or are shown something else.
    """
    models = [_read(path) for path in (first, second)]
    version = max(_version(model) for model in models)
    nodes: list[Any] = []
    arrays = [numpy_helper.from_array(directions, "directions")]
    parts: list[str] = []
    for name, path, model in zip(("first_", "second_"), (first, second), models, strict=True):
        if _version(model) != version:
            model = version_converter.convert_version(model, version)
        graph = compose.add_prefix(model, name).graph
        weights = {array.name for array in graph.initializer}
        (taken,) = (i.name for i in graph.input if i.name not in weights)
        nodes += _shown(path, name, taken, arrays)
        nodes += graph.node
        arrays += graph.initializer
        parts.append(f"shown.{name}answer")
        nodes.append(
            helper.make_node("LpNormalization", [graph.output[0].name], parts[-1:], axis=1, p=2)
        )
    nodes += [
        helper.make_node("Concat", parts, ["both"], axis=1),
        helper.make_node("MatMul", ["both", "directions"], ["fewer"]),
        helper.make_node("LpNormalization", ["fewer"], [OUTPUT], axis=1, p=2),
    ]
    side = STANDARD_SIZE
    graph = helper.make_graph(
        nodes, "joined",
        [helper.make_tensor_value_info(_INPUT, TensorProto.FLOAT, ["n", 3, side, side])],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["n", directions.shape[1]])],
        arrays,
    )  # fmt: skip
    joined = helper.make_model(graph, opset_imports=[helper.make_opsetid("", version)])
    joined.ir_version = max(model.ir_version for model in models)
    joined.doc_string = (
        f"{first.stem} and {second.stem}, their answers laid end to end, in the "
        f"{directions.shape[1]} directions that keep most of both"
    )
    onnx.checker.check_model(joined)
    return joined


def _read(path: Path) -> onnx.ModelProto:
    try:
        return onnx.load(path)
    except Exception as error:  # protobuf has classes of its own
        raise BadInput(
            f"{path} should be an ONNX file, but can't be read ({error}); give another teacher."
        ) from error


def _version(model: onnx.ModelProto) -> int:
    return next(int(o.version) for o in model.opset_import if o.domain in ("", "ai.onnx"))


def _shown(path: Path, name: str, taken: str, arrays: list[Any]) -> list[Any]:
    """What is done to a crop before a teacher sees it; see Preprocessing."""
    how = read_preprocessing(path) or Preprocessing()
    if how.whiten or (how.size, how.layout, how.colour) != (STANDARD_SIZE, "nchw", "rgb"):
        raise BadInput(
            f"{path} is shown something else than crops of n x 3 x {STANDARD_SIZE} x "
            f"{STANDARD_SIZE}, RGB; only teachers that see the same can be joined."
        )
    mean, scale = f"shown.{name}mean", f"shown.{name}scale"
    arrays += [
        numpy_helper.from_array(np.float32(how.mean), mean),
        numpy_helper.from_array(np.float32(how.scale), scale),
    ]
    return [
        helper.make_node("Sub", [_INPUT, mean], [f"shown.{name}centred"]),
        helper.make_node("Mul", [f"shown.{name}centred", scale], [taken]),
    ]


def described(path: Path) -> str:
    """What an ONNX file says of itself; nothing where it doesn't."""
    return str(_read(path).doc_string) if path.suffix == ".onnx" else ""
