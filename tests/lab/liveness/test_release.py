"""The file that ships answers as the network that was trained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")
torch = pytest.importorskip("torch")

from kiosk.domain.errors import BadInput, EnvironmentFailed  # noqa: E402
from kiosk.lab.liveness.judge import odds, rounds, weighed  # noqa: E402
from kiosk.lab.liveness.network import TorchLiveness, packed  # noqa: E402
from kiosk.lab.liveness.pack import WEB, Pack  # noqa: E402
from kiosk.lab.liveness.release import convert, export, of_round, off  # noqa: E402
from kiosk.lab.liveness.rounds import ROUNDS  # noqa: E402
from kiosk.vision.liveness import FILE_NAME, load_liveness  # noqa: E402
from kiosk.vision.manifest import read_manifest  # noqa: E402


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    torch.manual_seed(1)
    return packed(TorchLiveness().eval())


def test_it_is_exported_with_its_card(
    pack: Pack, weights: dict[str, np.ndarray], tmp_path: Path
) -> None:
    (tmp_path / "manifest.json").write_text('{"default_encoder": "", "files": {}, "encoders": {}}')
    real = pack.sources != WEB
    guess = np.where(pack.live[real], 2.0, -1.0)[:, None].repeat(2, 1)
    scores = {f"{one.name}:{view}": guess for one in ROUNDS for view in ("whole", "filled")}
    subjects = rounds(pack, {"names": pack.names[real], **scores})
    line = export({f"final:{k}": v for k, v in weights.items()}, pack, subjects, tmp_path)
    assert FILE_NAME in line
    card = (tmp_path / "liveness.md").read_text()
    assert "Learned without nuaa" in card
    assert "MiniFASNet" in card
    entry = read_manifest(tmp_path).files[FILE_NAME]
    assert entry.notice == "liveness.md"
    near, far = load_liveness(tmp_path).logits(pack.image(0))
    assert np.isfinite([near, far]).all()


def test_other_weights_are_found_out(pack: Pack, weights: dict[str, np.ndarray]) -> None:
    content = convert(weights)
    altered = weights | {"near/head/bias": weights["near/head/bias"] + 1}
    with pytest.raises(EnvironmentFailed, match="off"):
        off(altered, content, pack.images(np.arange(2)))


def test_missing_weights_are_named(weights: dict[str, np.ndarray]) -> None:
    with pytest.raises(BadInput, match="final"):
        of_round({"people:x": np.zeros(1)}, "final")
    with pytest.raises(BadInput, match="near/0/kernel"):
        convert({k: v for k, v in weights.items() if k != "near/0/kernel"})


def test_scores_are_odds() -> None:
    assert odds(np.array([0.5])).tolist() == [0.0]
    assert weighed(np.array([[1.0, 3.0]]))["near and far"].tolist() == [2.0]
