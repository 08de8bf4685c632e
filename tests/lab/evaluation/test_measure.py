"""A whole evaluation of a tiny encoder on drawn people: figures, page, plots and sheets."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.lab.evaluation.evaluate import evaluate, write_json
from kiosk.lab.evaluation.measure import measure, open_subject
from kiosk.lab.evaluation.report import write_report
from tools.drawn_faces.faces import Pose, synthetic_face

ROOT = Path(__file__).resolve().parents[3]
TINY = ROOT / "tests/vision/tiny_encoder.tflite"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("people")
    for seed in (3, 4, 8, 10, 11, 12):
        folder = root / f"Person {seed}"
        folder.mkdir()
        for number, pose in enumerate((Pose(), Pose(yaw=7), Pose(yaw=-7, smile=0.7))):
            picture = cv2.cvtColor(synthetic_face(seed, 160, pose), cv2.COLOR_RGB2BGR)
            cv2.imwrite(str(folder / f"{number}.png"), picture)
    return root


def test_figures_page_plots_and_sheets(people: Path, tmp_path: Path) -> None:
    subject = open_subject(people, None, ROOT / "models", tmp_path / "cache")
    assert len(subject.faces.not_found) == 0

    results = measure(
        [str(TINY), str(TINY)], subject, ROOT / "models", Path("none.onnx"), tmp_path / "cache",
        resamples=5,
    )  # fmt: skip
    page = write_report(results, subject, tmp_path / "report")
    write_json(results, tmp_path / "report/metrics.json")

    first, second = json.loads((tmp_path / "report/metrics.json").read_text())
    assert first == second
    assert first["sets"][0]["people"] == 6
    assert first["sets"][0]["genuine_pairs"] == 18
    text = page.read_text()
    for name in ("det.png", "roc.png", "scores_0.png", "scores_1.png"):
        assert f'src="{name}"' in text
        assert (page.parent / name).stat().st_size > 5000
    for name in ("worst_genuine_0.jpg", "worst_impostor_1.jpg"):
        assert f'src="{name}"' in text
        sheet = cv2.imread(str(page.parent / name))
        assert sheet is not None
        assert np.ptp(sheet) > 200
    assert "Person 10" in text


def test_a_subject_of_aligned_crops_needs_no_detector(people: Path, tmp_path: Path) -> None:
    subject = open_subject(people, None, tmp_path, tmp_path, aligned=True)
    assert subject.faces.landmarks.shape == (18, 5, 2)
    assert subject.dataset == people.stem


def test_only_the_people_of_a_list(people: Path, tmp_path: Path) -> None:
    everybody = open_subject(people, None, tmp_path, tmp_path, aligned=True)
    chosen = sorted(set(everybody.pictures.identities))[:2]
    listed = tmp_path / "peopleDevTest.txt"
    listed.write_text("2\n" + "".join(f"{name}\t1\n" for name in chosen))
    some = open_subject(people, None, tmp_path, tmp_path, aligned=True, people=listed)
    assert sorted(set(some.pictures.identities)) == chosen
    assert len(some.faces.landmarks) == len(some.pictures)
    assert some.dataset == f"peopleDevTest of {people.stem}"


def test_one_person_with_many_pictures_is_no_set_of_its_own() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(30, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    identities = ["Ada"] * 12 + [f"p{i // 2}" for i in range(18)]
    names = [f"{person}/{i}" for i, person in enumerate(identities)]
    result = evaluate("e", vectors, names, identities, "mine", resamples=5)
    assert [part.name for part in result.sets] == ["all pairs of mine"]
