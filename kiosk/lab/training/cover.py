"""Learns ``kiosk.vision.cover``: faces as they are, with a mask and with sunglasses drawn on."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.lab.calibration.people import JUDGING, part_of
from kiosk.lab.data.crops import identity_of, iter_zip, standard, zip_members
from kiosk.lab.data.occlusion import draw_mask, draw_sunglasses
from kiosk.lab.evaluation.conditions import utkface_groups
from kiosk.vision.cover import Cover, features

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

EACH: Final = 4000
"""Crops of each source; of UTKFace, whose groups are known, all."""
FALSE_ALARMS: Final = 0.005
"""The share of uncovered faces of the worst group that may be called covered."""
_SOURCES: Final = ("celeba", "fairface", "fiw", "utkface")
_FEWEST: Final = 150  # faces of a group


@dataclass(frozen=True, slots=True)
class Alarm:
    """Of ``faces`` faces of a group ``false`` are called covered though they are not; ``masks``
    and ``glasses`` are the shares found of those that are."""

    group: str
    faces: int
    false: float
    masks: float
    glasses: float


def learn(
    data: Path, *, each: int = EACH, seed: int = 0, say: Callable[[str], None] = lambda line: None
) -> tuple[Cover, list[Alarm]]:
    """The network, and its figures on people kept for judging, whose worst group set its limit."""
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import StandardScaler

    rows: list[Floats] = []
    worn: list[int] = []
    of: list[str] = []
    judging: list[bool] = []
    for source in _SOURCES:
        say(f"Drawing on {source}.")
        for name, judged, wears, crop in _drawn(data / f"{source}.zip", source, each, seed):
            rows.append(features(standard(crop)))
            worn.append(wears)
            of.append(name)
            judging.append(judged)
    everything, kind, group, kept = map(np.array, (rows, worn, of, judging))
    scaler = StandardScaler().fit(everything[~kept])
    network = MLPClassifier((16,), alpha=3.0, max_iter=60, early_stopping=True, random_state=seed)
    network.fit(scaler.transform(everything[~kept]), kind[~kept])
    first, second = network.coefs_
    biases = network.intercepts_
    parts = (scaler.mean_, scaler.scale_, first, biases[0], second, biases[1])
    # Rounded as they are stored.
    stored = [np.asarray(part, np.float16).astype(np.float32) for part in parts]
    belief = _network(stored, 1.0).belief(everything[kept])
    kind, group = kind[kept], group[kept]
    names = [g for g in np.unique(group) if ((group == g) & (kind == 0)).sum() >= _FEWEST]
    limit = max(
        float(np.quantile(belief[(group == g) & (kind == 0)], 1 - FALSE_ALARMS)) for g in names
    )
    alarms = [
        Alarm(str(g), int(((group == g) & (kind == 0)).sum()), *(
            float(np.mean(belief[(group == g) & (kind == k)] > limit)) for k in range(3)
        ))
        for g in names
    ]  # fmt: skip
    return _network(stored, float(np.nextafter(np.float32(limit), np.float32(2)))), alarms


def _network(parts: Sequence[Floats], limit: float) -> Cover:
    mean, scale, first, first_bias, second, second_bias = parts
    return Cover(mean, scale, first, first_bias, second, second_bias, limit)


def packed(cover: Cover) -> bytes:
    """The bytes of the file that ships."""
    content = io.BytesIO()
    np.savez_compressed(
        content,
        mean=cover.mean.astype(np.float16),
        scale=cover.scale.astype(np.float16),
        first=cover.first.astype(np.float16),
        first_bias=cover.first_bias.astype(np.float16),
        second=cover.second.astype(np.float16),
        second_bias=cover.second_bias.astype(np.float16),
        limit=np.float32(cover.limit),
    )
    return content.getvalue()


def _drawn(path: Path, source: str, each: int, seed: int) -> Iterator[tuple[str, bool, int, Image]]:
    """Each crop three times: group, whether it is kept for judging, 0 to 2, and the picture."""
    rng = np.random.default_rng([seed, zlib.crc32(source.encode())])
    members = zip_members(path)
    if source != "utkface":
        members = [members[row] for row in np.sort(rng.permutation(len(members))[:each])]
    labelled = any("/" in member for member in members)
    for member, crop in zip(members, iter_zip(path, members), strict=True):
        told = utkface_groups(member) if source == "utkface" else None
        group = told["sex and ethnicity"] if told and told["age"] != "0 to 12" else source
        judged = part_of(source, identity_of(source, member, labelled)) == JUDGING
        for kind, wear in enumerate((None, draw_mask, draw_sunglasses)):
            picture = crop.copy()
            if wear is not None:
                wear(picture, rng)
            yield group, judged, kind, _as_seen(picture, rng)


def _as_seen(picture: Image, rng: np.random.Generator) -> Image:
    """Sometimes blurred, sometimes darker, whatever is worn."""
    if rng.random() < 0.3:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.5, 1.5)), np.uint8)
    if rng.random() < 0.3:
        picture = np.clip(picture * rng.uniform(0.4, 0.8), 0, 255).astype(np.uint8)
    return picture
