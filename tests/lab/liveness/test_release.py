"""The file that ships answers as the network that was trained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")
torch = pytest.importorskip("torch")

from kiosk.domain.errors import BadInput, EnvironmentFailed  # noqa: E402
from kiosk.lab.liveness.heads import Head  # noqa: E402
from kiosk.lab.liveness.judge import odds, rounds  # noqa: E402
from kiosk.lab.liveness.learner import as_floats  # noqa: E402
from kiosk.lab.liveness.network import TorchLiveness, packed  # noqa: E402
from kiosk.lab.liveness.plain import Plain  # noqa: E402
from kiosk.lab.liveness.release import convert, export, headed, off  # noqa: E402
from kiosk.lab.liveness.rounds import ROUNDS  # noqa: E402
from kiosk.vision.liveness.limits import read_limits  # noqa: E402
from kiosk.vision.liveness.network import FILE_NAME, LivenessNetwork, load_liveness  # noqa: E402
from kiosk.vision.manifest import read_manifest  # noqa: E402


@pytest.fixture(scope="module")
def model() -> TorchLiveness:
    torch.manual_seed(1)
    return TorchLiveness().eval()


@pytest.fixture(scope="module")
def weights(model: TorchLiveness) -> dict[str, np.ndarray]:
    return packed(model)


def test_it_answers_as_it_did_in_pytorch(
    model: TorchLiveness, weights: dict[str, np.ndarray], plain: Plain
) -> None:
    views = np.asarray(plain.views["whole"][:4])
    network = LivenessNetwork(convert(weights))
    with torch.no_grad():
        right = model(as_floats(views)).odds.numpy()
    assert [network.of_view(view) for view in views] == pytest.approx(right.tolist(), abs=0.02)


def test_it_is_exported_with_its_card(
    plain: Plain, weights: dict[str, np.ndarray], tmp_path: Path
) -> None:
    (tmp_path / "manifest.json").write_text('{"default_encoder": "", "files": {}, "encoders": {}}')
    guess = np.where(plain.live, 2.0, -1.0)
    scores = {f"{one.name}:{view}": guess for one in ROUNDS for view in ("whole", "filled")}
    subjects = rounds(plain, {"names": plain.names, **scores})
    head = Head(np.full(128, 0.01, np.float32), 0.5)
    line = export(
        weights, head.arrays("final"), plain, subjects, tmp_path, without="casia", steps=9
    )
    assert FILE_NAME in line
    card = (tmp_path / "liveness.md").read_text()
    assert "Learned without nuaa" in card
    assert "never shown casia" in card
    assert read_manifest(tmp_path).files[FILE_NAME].notice == "liveness.md"
    limits = read_limits(tmp_path)
    assert (limits.middle, limits.low) == (2.0, 2.0)
    assert limits.attack == 0.0
    assert limits.version == read_manifest(tmp_path).files[FILE_NAME].sha256[:8]
    assert np.isfinite(load_liveness(tmp_path).of_view(plain.views["whole"][0]))


def test_other_weights_are_found_out(plain: Plain, weights: dict[str, np.ndarray]) -> None:
    content = convert(weights)
    altered = headed(weights, Head(weights["odds/kernel"][:, 0], 9.0))
    with pytest.raises(EnvironmentFailed, match="off"):
        off(altered, content, np.asarray(plain.views["whole"][:2]))


def test_missing_weights_are_named(weights: dict[str, np.ndarray]) -> None:
    with pytest.raises(BadInput, match="features/kernel"):
        convert({k: v for k, v in weights.items() if k != "features/kernel"})


def test_scores_are_odds() -> None:
    assert odds(np.array([0.5])).tolist() == [0.0]
