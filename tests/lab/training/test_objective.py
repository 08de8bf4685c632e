"""What the student is asked for beside the distance, against loops and by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from kiosk.lab.training.objective import (  # noqa: E402
    MARGIN,
    SCALE,
    angular_margin,
    centres,
    distance,
    relations,
)
from tests.lab.conftest import made_up_crops  # noqa: E402


def unit(n: int, seed: int, d: int = 6) -> torch.Tensor:
    torch.manual_seed(seed)
    return torch.nn.functional.normalize(torch.randn(n, d), dim=1)


def test_distance_and_relations_by_loops() -> None:
    ours, theirs = unit(5, 0), unit(5, 1)
    apart = [1 - float(ours[i] @ theirs[i]) for i in range(5)]
    assert float(distance(ours, theirs)) == pytest.approx(np.mean(apart), abs=1e-6)
    squares = [
        float(ours[i] @ ours[j] - theirs[i] @ theirs[j]) ** 2 for i in range(5) for j in range(5)
    ]
    assert float(relations(ours, theirs)) == pytest.approx(np.mean(squares), abs=1e-6)
    turned = ours @ torch.linalg.qr(torch.randn(6, 6))[0]  # elsewhere, but the relations hold
    assert float(relations(turned, ours)) == pytest.approx(0, abs=1e-6)


def test_centres_are_means_of_the_people_with_two_crops() -> None:
    crops = made_up_crops(people=4, each=3)
    labelled = crops.labelled.copy()
    labelled[9:] = False  # the last person has no label
    crops = replace(crops, labelled=labelled)
    targets = unit(12, 2).numpy()
    rows = np.array([0, 1, 3, 4, 5, 6, 9, 10])  # of the third person one crop only

    of, people = centres(crops, rows, targets)

    assert people.tolist() == [0, 0, -1, 1, 1, 1, -1, -1, -1, -1, -1, -1]
    mean = targets[[3, 4, 5]].mean(axis=0)
    np.testing.assert_allclose(of[1], mean / np.linalg.norm(mean), rtol=1e-5)
    assert of.shape == (2, 6)


def test_angular_margin_by_hand() -> None:
    ours, of = unit(3, 3), unit(4, 4)
    people = torch.tensor([2, -1, 0])
    expected = []
    for row in (0, 2):
        logits = np.array([float(ours[row] @ centre) for centre in of])
        own = int(people[row])
        logits[own] = np.cos(np.arccos(logits[own]) + MARGIN)
        logits = SCALE * logits
        expected.append(np.log(np.exp(logits).sum()) - logits[own])
    assert float(angular_margin(ours, people, of)) == pytest.approx(np.mean(expected), rel=1e-4)


def test_a_batch_of_nobody_known_asks_for_nothing() -> None:
    ours = unit(3, 5).requires_grad_()
    loss = angular_margin(ours, torch.tensor([-1, -1, -1]), unit(4, 6))
    loss.backward()
    assert float(loss.detach()) == 0
    assert float(ours.grad.abs().max()) == 0
