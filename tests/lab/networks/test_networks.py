"""The Keras network: shapes, padding, the twin's weights, what ships."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

keras = pytest.importorskip("keras")
torch = pytest.importorskip("torch")

from kiosk.domain.errors import BadInput  # noqa: E402
from kiosk.lab.networks.efficientfacenet import (  # noqa: E402
    Views,
    area_matrix,
    as_shipped,
    assign,
    efficientfacenet,
)
from kiosk.lab.networks.layout import GDC_SIZE, upsampling  # noqa: E402
from kiosk.lab.networks.report import pair_head  # noqa: E402
from kiosk.lab.networks.torch_twin import (  # noqa: E402
    TorchEfficientFaceNet,
    from_keras,
    to_keras,
)

BACKBONE = "backbone/efficientnet_b0_imagenet.npz"


def test_padding_is_symmetric() -> None:
    pads = [
        layer
        for layer in efficientfacenet(64).layers
        if isinstance(layer, keras.layers.ZeroPadding2D)
    ]
    assert len(pads) == 5
    assert all(pad.padding[0][0] == pad.padding[0][1] == pad.padding[1][0] for pad in pads)


@pytest.mark.parametrize("pooling", ["gdc", "average"])
def test_output_has_length_one(pooling: str) -> None:
    model = efficientfacenet(64, 32, pooling)
    assign(model, {"embedding/bias": np.ones(32, np.float32)})  # untrained, it says next to nothing
    out = np.asarray(model(np.full((2, 64, 64, 3), 90, np.float32)))
    assert out.shape == (2, 32)
    np.testing.assert_allclose(np.linalg.norm(out, axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("size", [64, 112])
def test_twin_is_the_same_network(shared: Path, size: int) -> None:
    torch.manual_seed(0)
    twin = TorchEfficientFaceNet(32).eval()
    with np.load(shared / BACKBONE) as weights:
        assert from_keras(twin, weights) == ["gdc/kernel", "embedding/kernel", "embedding/bias"]
    with torch.no_grad():
        twin.gdc.add_(0.02 * torch.randn_like(twin.gdc))
    model = efficientfacenet(size, 32)
    assert assign(model, to_keras(twin)) == []
    rng = np.random.default_rng(0)
    image = cv2.resize(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8), (size, size))
    x = np.stack([image, image[:, ::-1]]).astype(np.float32)
    with torch.no_grad():
        theirs = twin(torch.from_numpy(x).permute(0, 3, 1, 2)).numpy()
    np.testing.assert_allclose(np.asarray(model(x)), theirs, atol=2e-4)


def test_weights_of_another_shape_are_refused() -> None:
    with pytest.raises(BadInput, match="stem_conv/kernel should have shape"):
        assign(efficientfacenet(32, 8), {"stem_conv/kernel": np.zeros((5, 5, 3, 32), np.float32)})


def test_global_depthwise_kernel_serves_other_sizes() -> None:
    np.testing.assert_array_equal(upsampling(GDC_SIZE), np.eye(GDC_SIZE))
    for size in (1, 2, 3, 5):
        np.testing.assert_allclose(upsampling(size).sum(axis=1), 1)


def test_views_shrink_as_opencv_does_and_mirror() -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (2, 112, 112, 3)).astype(np.float32)
    for size in (64, 112):
        out = np.asarray(Views(112, size, 4)(images))
        small = np.stack(
            [cv2.resize(i, (size, size), interpolation=cv2.INTER_AREA) for i in images]
        )
        np.testing.assert_allclose(out[:2], small, atol=1e-2)
        np.testing.assert_allclose(out[2:4], small[:, :, ::-1], atol=1e-2)
    np.testing.assert_allclose(area_matrix(112, 96).sum(axis=1), 1, rtol=1e-6)


def test_four_views_see_a_face_and_its_mirror_image_alike() -> None:
    model = as_shipped(efficientfacenet(32, 8), views=4)
    image = np.random.default_rng(1).integers(0, 256, (1, 112, 112, 3)).astype(np.float32)
    a, b = np.asarray(model(image)), np.asarray(model(image[:, :, ::-1]))
    np.testing.assert_allclose(a, b, atol=1e-5)
    assert as_shipped(model, 1) is model


def test_four_views_are_two_and_two_closer() -> None:
    image = np.random.default_rng(0).uniform(0, 255, (2, 112, 112, 3)).astype(np.float32)
    seen = np.asarray(Views(112, 64, 4)(image))
    assert seen.shape == (8, 64, 64, 3)
    both = np.asarray(Views(112, 64, 2)(image))  # as it is, and mirrored and closer
    assert seen[:2] == pytest.approx(both[:2])
    assert seen[6:] == pytest.approx(both[2:])
    assert seen[6:] == pytest.approx(seen[4:6, :, ::-1])
    middle = image[:, 6:-6, 6:-6]  # 112 / 1.12 are 100 pixels
    closer = cv2.resize(middle[0], (64, 64), interpolation=cv2.INTER_AREA)
    assert seen[4] == pytest.approx(closer, abs=0.1)


unit_vectors = st.integers(0, 2**32 - 1).map(
    lambda seed: (lambda v: v / np.linalg.norm(v, axis=1, keepdims=True))(
        np.random.default_rng(seed).normal(size=(5, 16)).astype(np.float32)
    )
)


@pytest.fixture(scope="module")
def heads() -> tuple[keras.Model, keras.Model]:
    keras.utils.set_random_seed(0)
    return pair_head(16, "commutative"), pair_head(16, "concatenated")


@given(unit_vectors, unit_vectors)
@settings(max_examples=20)
def test_a_commutative_head_is_commutative_and_a_concatenated_one_is_not(
    heads: tuple[keras.Model, keras.Model], a: np.ndarray, b: np.ndarray
) -> None:
    """Exactly: a product and a squared difference do not round otherwise the other way round."""
    commutative, concatenated = heads
    np.testing.assert_array_equal(np.asarray(commutative((a, b))), np.asarray(commutative((b, a))))
    if not np.allclose(a, b):
        assert not np.allclose(np.asarray(concatenated((a, b))), np.asarray(concatenated((b, a))))
