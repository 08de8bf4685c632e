"""What trains on a graphics processor computes what PyTorch's own operations compute."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from kiosk.lab.networks.torch_twin import TorchEfficientFaceNet  # noqa: E402
from kiosk.lab.training.gpu.kernels import GpuKernels  # noqa: E402


def trained_once(
    kernels: GpuKernels | None,
) -> tuple[torch.Tensor, dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """Answers, gradients and statistics of one pass."""
    torch.manual_seed(0)
    model = TorchEfficientFaceNet(16, kernels).to(memory_format=torch.channels_last).train()
    x = 255 * torch.rand(6, 3, 64, 64).contiguous(memory_format=torch.channels_last)
    ours = model(x)
    ours[:, 0].sum().backward()
    return (
        ours.detach(),
        {n: p.grad for n, p in model.named_parameters() if p.grad is not None},
        {n: b for n, b in model.named_buffers() if b.is_floating_point()},
    )


def test_as_pytorchs_own_in_float32() -> None:
    ours, theirs = trained_once(GpuKernels(torch.float32)), trained_once(None)
    torch.testing.assert_close(ours[0], theirs[0], atol=1e-4, rtol=1e-3)
    assert ours[1].keys() == theirs[1].keys()
    for name, gradient in theirs[1].items():
        error = (ours[1][name] - gradient).norm() / (gradient.norm() + 1e-3)
        assert float(error) < 0.02, name
    for name, value in theirs[2].items():
        torch.testing.assert_close(ours[2][name], value, atol=1e-4, rtol=1e-3)


def test_nearly_so_in_bfloat16() -> None:
    ours, theirs = trained_once(GpuKernels()), trained_once(None)
    assert float((ours[0] * theirs[0]).sum(1).min()) > 0.95
