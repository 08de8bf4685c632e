"""What the student is asked for, in PyTorch: its teacher's answers, and what may come beside."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from kiosk.lab.data.crops import CropSet

Floats = NDArray[np.float32]

MARGIN = 0.3  # radians
SCALE = 32.0


def distance(ours: Tensor, theirs: Tensor) -> Tensor:
    """1 - cosine to the teacher's answer, the mean over (n, dimension) of length 1."""
    return (1 - (ours * theirs).sum(1)).mean()


def relations(ours: Tensor, theirs: Tensor) -> Tensor:
    """Mean squared difference between the batch's own similarities and the teacher's
    (Park et al. 2019; Tung & Mori 2019)."""
    return (ours @ ours.T - theirs @ theirs.T).square().mean()


def like_the_teacher(ours: Tensor, theirs: Tensor, weight: float) -> Tensor:
    """The distance and, weighted, the relations beside it."""
    loss = distance(ours, theirs)
    return loss + weight * relations(ours, theirs) if weight else loss


def centres(crops: CropSet, rows: NDArray[np.int64], targets: Floats) -> tuple[Tensor, Tensor]:
    """The teacher's mean answer of every person with two crops or more among `rows`, of length 1:
    (people, dimension), and each crop's person (n,), -1 for the others."""
    known = rows[crops.labelled[rows]]
    names = np.asarray([crops.identities[row] for row in known])
    _, person, counts = np.unique(names, return_inverse=True, return_counts=True)
    able = counts[person] > 1
    _, place = np.unique(person[able], return_inverse=True)
    people = np.full(len(crops), -1, np.int64)
    people[known[able]] = place
    sums = np.zeros((int(place.max(initial=-1)) + 1, targets.shape[1]), np.float32)
    np.add.at(sums, place, targets[known[able]])
    return functional.normalize(torch.from_numpy(sums), dim=1), torch.from_numpy(people)


def angular_margin(ours: Tensor, people: Tensor, of: Tensor) -> Tensor:
    """ArcFace's cross entropy against fixed centres `of` (people, dimension), the angle to one's
    own widened by MARGIN  (Deng et al. 2019).  Crops of nobody (-1) do not count."""
    known = people >= 0
    if not bool(known.any()):
        return ours.sum() * 0
    cosine = (ours[known] @ of.T).clamp(-1 + 1e-6, 1 - 1e-6)
    own = functional.one_hot(people[known], len(of)).bool()
    widened = torch.cos(torch.arccos(cosine) + MARGIN)
    return functional.cross_entropy(SCALE * torch.where(own, widened, cosine), people[known])
