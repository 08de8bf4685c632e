from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.lab.calibration.people import (
    COHORT,
    JUDGING,
    MEASURED,
    Strangers,
    family_of,
    nearest_groups,
    part_of,
    read_alike,
    read_part,
    read_quality,
)
from kiosk.lab.evaluation.encoders import open_encoder
from tools.drawn_faces.faces import synthetic_face

MODELS = Path(__file__).resolve().parents[3] / "models"


def test_who_is_which_follows_from_the_name_alone() -> None:
    names = [f"celeba/{number}" for number in range(4000)]
    parts = Counter(part_of("celeba", name) for name in names)
    assert parts[COHORT] / 4000 == pytest.approx(0.42, abs=0.03)
    assert parts[MEASURED] / 4000 == pytest.approx(0.42, abs=0.03)
    assert parts[JUDGING] > 500
    assert [part_of("celeba", name) for name in names[:50]] == [
        part_of("celeba", name) for name in names[:50]
    ]


def test_a_family_is_in_one_part() -> None:
    for family in range(200):
        members = {part_of("fiw", f"fiw/F{family:04}_MID{number}") for number in range(6)}
        assert len(members) == 1
    assert family_of("fiw", "fiw/F0001_MID2") == "fiw/F0001"
    assert family_of("celeba", "celeba/00_12") == "celeba/00_12"


def test_a_group_is_that_of_most_of_the_nearest() -> None:
    random = np.random.default_rng(0)
    middles = np.eye(3, 8)
    place = np.repeat(np.arange(3), 30)
    rows = middles[place] + 0.2 * random.normal(size=(90, 8))
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    names = np.array(["a", "b", "c"])[place]
    known = Strangers(vectors, names, names, names, np.full(90, 30), names)
    probes = middles.astype(np.float32)
    assert nearest_groups(probes, known).tolist() == ["a", "b", "c"]


def test_one_part_of_one_source_is_read_alone(tmp_path: Path) -> None:
    names = [f"{20 + seed}_{seed % 2}_2_{seed}.png" for seed in range(12)]
    with zipfile.ZipFile(tmp_path / "utkface.zip", "w") as archive:
        for seed, name in enumerate(names):
            picture = cv2.cvtColor(synthetic_face(seed, 128), cv2.COLOR_RGB2BGR)
            archive.writestr(name, cv2.imencode(".png", picture)[1].tobytes())
    judged = sorted(name for name in names if part_of("utkface", f"utkface/{name}") == JUDGING)
    assert 0 < len(judged) < len(names)
    small = open_encoder("sface", MODELS, Path())
    found = read_part(JUDGING, "utkface", small, tmp_path, MODELS, tmp_path)
    assert len(found) > 0
    assert set(found.people) <= {f"utkface/{name}" for name in judged}
    assert set(found.groups) <= {"Asian men", "Asian women"}
    assert (found.ages >= 20).all()
    assert found.vectors.shape == (len(found), 128)
    alike = read_alike(JUDGING, "utkface", tmp_path, MODELS, tmp_path)
    assert alike.shape == (len(found), 192), "by the default encoder, of the same faces"
    quality = read_quality(JUDGING, "utkface", tmp_path, MODELS, tmp_path)
    assert quality.shape == (len(found),)
    assert ((quality > 0) & (quality <= 1)).all()
