"""A vector keeps its direction and loses its length."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.domain.errors import ModelError
from kiosk.vision.vectors import unit


def test_a_vector_gets_the_length_one() -> None:
    made = unit(np.array([3, 4], np.float32))
    assert made.dtype == np.float32
    assert made == pytest.approx([0.6, 0.8])


@pytest.mark.parametrize("vector", [np.zeros(4), np.full(4, np.nan), np.array([np.inf, 0])])
def test_a_vector_without_a_direction_is_a_broken_model(vector: np.ndarray) -> None:
    with pytest.raises(ModelError, match="the model file is broken"):
        unit(vector.astype(np.float32))
