"""Muon's orthogonalisation, in both of its types."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from kiosk.lab.training.optim import Muon, orthogonalise  # noqa: E402

TYPES = [torch.float32, torch.bfloat16]


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("shape", [(24, 24), (96, 16), (16, 144)])
def test_singular_values_end_near_one(shape: tuple[int, int], dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    matrix = torch.randn(*shape)
    ours = orthogonalise(matrix, dtype=dtype)
    u, _, v = torch.linalg.svd(matrix, full_matrices=False)
    assert ours.dtype == matrix.dtype
    assert float(torch.nn.functional.cosine_similarity(ours.flatten(), (u @ v).flatten(), 0)) > 0.95
    if shape[0] != shape[1]:  # a square one may have a singular value of almost nothing
        values = torch.linalg.svdvals(ours)
        assert 0.6 < float(values.min()) < float(values.max()) < 1.3


@pytest.mark.parametrize("dtype", TYPES)
def test_muon_fits_a_linear_map(dtype: torch.dtype) -> None:
    torch.manual_seed(1)
    goal, layer = torch.randn(12, 20) / 4, torch.nn.Linear(20, 12, bias=False)
    muon = Muon([layer.weight], 0.05, 0.9, 0.0, dtype)
    x = torch.randn(256, 20)
    first = None
    for step in range(150):
        muon.param_groups[0]["lr"] = 0.05 * (1 - step / 150)
        layer.zero_grad()
        loss = (layer(x) - x @ goal.T).square().mean()
        loss.backward()
        muon.step()
        first = first or float(loss.detach())
    assert float(loss.detach()) < 0.01 * first
