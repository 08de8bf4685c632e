"""A TFLite network, prepared for one input size."""

from __future__ import annotations

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Network:
    """One interpreter whose memory is laid out for ``batch`` pictures of ``size`` (rows, columns).

    Laying it out costs up to 40 ms; a run then costs no more than its arithmetic. One thread.

    Raises:
        ValueError: ``model`` is no TFLite flatbuffer (its hash was checked, so this is a bug).
    """

    def __init__(self, model: bytes, size: tuple[int, int], threads: int, batch: int = 1) -> None:
        self.size = size
        self._interpreter = Interpreter(model_content=model, num_threads=threads)
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._interpreter.resize_tensor_input(self._input, (batch, *size, 3))
        self._interpreter.allocate_tensors()
        self._outputs = {
            int(output["shape"][-1]): output["index"]
            for output in self._interpreter.get_output_details()
        }

    @property
    def widths(self) -> tuple[int, ...]:
        """The last axis' length of each output."""
        return tuple(self._outputs)

    def run(self, images: Floats) -> dict[int, Floats]:
        """The outputs for (batch, rows, columns, 3), by the length of their last axis."""
        self._interpreter.set_tensor(self._input, images)
        self._interpreter.invoke()
        return {
            width: np.asarray(self._interpreter.get_tensor(index), np.float32)
            for width, index in self._outputs.items()
        }
