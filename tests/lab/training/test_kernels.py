"""The fused operations against PyTorch's own, forward and backward."""

from __future__ import annotations

import ctypes

import pytest

torch = pytest.importorskip("torch")

from kiosk.lab.networks.torch_twin import TorchEfficientFaceNet  # noqa: E402
from kiosk.lab.training.kernels.fused import Kernels, build  # noqa: E402


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    built = build(tmp_path_factory.mktemp("kernels"))
    if built is None:
        pytest.skip("there is no C++ compiler here")
    return built


@pytest.fixture
def kernels(library: ctypes.CDLL) -> Kernels:
    return Kernels(library)


def maps(*shape: int, scale: float = 1.0) -> torch.Tensor:
    torch.manual_seed(0)
    x = torch.randn(*shape) * scale + 0.5
    return x.to(memory_format=torch.channels_last)


def close(ours: torch.Tensor | None, theirs: torch.Tensor | None) -> None:
    assert ours is not None
    assert theirs is not None
    torch.testing.assert_close(ours, theirs, rtol=2e-4, atol=2e-4)


@pytest.mark.parametrize("silu", [False, True])
@pytest.mark.parametrize("scale", [0.01, 3.0])
def test_norm_and_silu(kernels: Kernels, silu: bool, scale: float) -> None:
    norms = [torch.nn.BatchNorm2d(48, 1e-3, 0.05) for _ in range(2)]
    for norm in norms:
        norm.weight.data = torch.linspace(0.1, 40, 48)  # up to where SiLU's exp overflows
        norm.bias.data = torch.linspace(-150, 150, 48)
    a, b = (maps(6, 48, 9, 7, scale=scale).requires_grad_() for _ in range(2))
    ours = kernels.norm_act(a, norms[0], silu)
    theirs = norms[1](b)
    theirs = torch.nn.functional.silu(theirs) if silu else theirs
    size = float(theirs.detach().abs().max())
    torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-5 * size)
    gradient = torch.randn_like(theirs)  # not in line with x, where it would vanish
    ours.backward(gradient)
    theirs.backward(gradient)
    torch.testing.assert_close(a.grad, b.grad, rtol=1e-3, atol=1e-3 * float(b.grad.abs().max()))
    close(norms[0].bias.grad, norms[1].bias.grad)
    torch.testing.assert_close(norms[0].weight.grad, norms[1].weight.grad, rtol=1e-3, atol=5e-3)
    close(norms[0].running_mean, norms[1].running_mean)
    close(norms[0].running_var, norms[1].running_var)


@pytest.mark.parametrize("kernel", [3, 5])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("size", [(7, 7), (8, 8), (2, 2), (9, 6)])
def test_depthwise(kernels: Kernels, kernel: int, stride: int, size: tuple[int, int]) -> None:
    torch.manual_seed(1)
    convs = [
        torch.nn.Conv2d(32, 32, kernel, stride, kernel // 2, groups=32, bias=False)
        for _ in range(2)
    ]
    convs[0].load_state_dict(convs[1].state_dict())
    a, b = (maps(3, 32, *size).requires_grad_() for _ in range(2))
    ours, theirs = kernels.depthwise(a, convs[0]), convs[1](b)
    close(ours, theirs)
    gradient = torch.randn_like(theirs)
    ours.backward(gradient)
    theirs.backward(gradient)
    close(a.grad, b.grad)
    close(convs[0].weight.grad, convs[1].weight.grad)


def test_whole_network(kernels: Kernels) -> None:
    torch.manual_seed(2)
    plain = TorchEfficientFaceNet(32).train()
    fused = TorchEfficientFaceNet(32, kernels).train()
    fused.load_state_dict(plain.state_dict())
    images = maps(8, 3, 64, 64, scale=60).add_(127)
    target = torch.nn.functional.normalize(torch.randn(8, 32))
    losses = []
    for network in (plain, fused):
        losses.append((1 - (network(images) * target).sum(1)).mean())
        losses[-1].backward()
    assert float(losses[0].detach()) == pytest.approx(float(losses[1].detach()), abs=1e-5)
    theirs = dict(plain.named_parameters())
    for name, ours in fused.named_parameters():
        if name.endswith("project_bn.bias"):
            continue  # the next batch norm takes it away: its gradient is rounding only
        torch.testing.assert_close(
            ours.grad,
            theirs[name].grad,
            rtol=1e-2,
            atol=1e-2 * float(theirs[name].grad.abs().max()),
        )


def relative(ours: torch.Tensor, theirs: torch.Tensor) -> float:
    return float((ours.float() - theirs).norm() / theirs.norm())


@pytest.mark.parametrize("step", ["norm", "depthwise", "squeeze-excite", "pointwise"])
def test_bfloat16_differs_by_its_rounding_only(library: ctypes.CDLL, step: str) -> None:
    torch.manual_seed(3)
    x = maps(6, 32, 9, 8).bfloat16()
    gradient = torch.randn(6, 32, 9, 8).to(memory_format=torch.channels_last).bfloat16()
    results = []
    for dtype in (torch.bfloat16, torch.float32):
        kernels = Kernels(library, dtype)
        torch.manual_seed(4)
        a = x.to(dtype).detach().requires_grad_()
        if step == "norm":
            layers = [torch.nn.BatchNorm2d(32, 1e-3, 0.05)]
            out = kernels.norm_act(a, layers[0], True)
        elif step == "depthwise":
            layers = [torch.nn.Conv2d(32, 32, 5, 1, 2, groups=32, bias=False)]
            out = kernels.depthwise(a, layers[0])
        elif step == "pointwise":
            layers = [torch.nn.Conv2d(32, 32, 1, bias=False)]
            out = kernels.pointwise(a, layers[0])
        else:
            layers = [torch.nn.Conv2d(32, 8, 1), torch.nn.Conv2d(8, 32, 1)]
            out = kernels.squeeze_excite(a, *layers)
        assert out.dtype == dtype
        out.backward(gradient.to(dtype))
        parameters = [p.grad for layer in layers for p in layer.parameters()]
        results.append([out.detach(), a.grad, *parameters])
    for ours, theirs in zip(*results, strict=True):
        assert relative(ours, theirs.float()) < 0.006  # bfloat16 keeps 8 bits: 2^-8 is 0.004


def test_whole_network_in_bfloat16_learns_the_same(library: ctypes.CDLL) -> None:
    torch.manual_seed(5)
    plain = TorchEfficientFaceNet(32).train()
    fused = TorchEfficientFaceNet(32, Kernels(library, torch.bfloat16)).train()
    fused.load_state_dict(plain.state_dict())
    images = maps(32, 3, 64, 64, scale=60).add_(127)
    target = torch.nn.functional.normalize(torch.randn(32, 32))
    gradients = []
    for network in (plain, fused):
        out = network(images)
        assert out.dtype == torch.float32
        (1 - (out * target).sum(1)).mean().backward()
        gradients.append(torch.cat([p.grad.flatten() for p in network.parameters()]))
    theirs, ours = gradients
    assert float(torch.nn.functional.cosine_similarity(ours, theirs, dim=0)) > 0.97
