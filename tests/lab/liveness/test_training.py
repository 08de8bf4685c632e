"""The network and the rounds, of drawn people, in seconds."""

from __future__ import annotations

import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch")

from kiosk.domain.errors import BadInput  # noqa: E402
from kiosk.lab.liveness.composites import BATCH, ELSEWHERE, MADE, Composites  # noqa: E402
from kiosk.lab.liveness.heads import fit, read_head  # noqa: E402
from kiosk.lab.liveness.judge import report, rounds  # noqa: E402
from kiosk.lab.liveness.learner import Learner, Plan, Scale, lesson  # noqa: E402
from kiosk.lab.liveness.minifasnet import FEATURES, Answers  # noqa: E402
from kiosk.lab.liveness.network import TorchLiveness  # noqa: E402
from kiosk.lab.liveness.plain import Plain  # noqa: E402
from kiosk.lab.liveness.pool import Pool  # noqa: E402
from kiosk.lab.liveness.rounds import ROUNDS  # noqa: E402
from kiosk.lab.liveness.scenes import Scenes  # noqa: E402
from kiosk.lab.liveness.train import Trainer, heads, run  # noqa: E402
from kiosk.lab.liveness.web import FILES, WebFaces  # noqa: E402
from kiosk.lab.liveness.wild import wild  # noqa: E402
from kiosk.lab.training.gpu.optics import blurred, coarser, saturated  # noqa: E402
from kiosk.vision.liveness.view import SIDE  # noqa: E402
from tools.drawn_faces.faces import synthetic_face  # noqa: E402

CPU = torch.device("cpu")
TINY = Plan(steps=4, batch=8)
SIZES = ((64, 20), (64, 20), (128, 10), (128, 10), (128, 5), (128, 5))


class Seer:
    """In place of MiniFASNet: sees colours, at six places."""

    def answers(self, views: NDArray[np.uint8]) -> Answers:
        colour = views.reshape(len(views), -1, 3).mean(1).astype(np.float32) / 255
        wide = np.arange(FEATURES, dtype=np.float32) / FEATURES
        features = np.sin(5 * colour[:, :1] + wide) + np.cos(9 * colour[:, 1:2] * wide)
        hints = tuple(
            np.stack([cv2.resize(view, (side, side))[..., 0] for view in views])[:, None]
            * np.linspace(0, 1, channels, dtype=np.float32)[:, None, None]
            for channels, side in SIZES
        )
        return Answers(colour[:, 0], features.astype(np.float32), hints)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> WebFaces:
    folder = tmp_path_factory.mktemp("web")
    for place, name in enumerate(FILES):
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
            for number in range(3):
                face = synthetic_face(90 + 3 * place + number, 128)
                _, data = cv2.imencode(".webp", np.ascontiguousarray(face[..., ::-1]))
                archive.writestr(f"one/{number}.webp", data.tobytes())
    return WebFaces(folder, 1)


@pytest.fixture
def trainer(scenes: Scenes, pool: Pool, web: WebFaces) -> Trainer:
    return Trainer(scenes, pool, web, Seer(), TINY, CPU, ("casia",))  # type: ignore[arg-type]


def test_faces_of_the_web_are_set_into_much(web: WebFaces) -> None:
    views = web.views(12)
    assert views.shape == (12, SIDE, SIDE, 3)
    assert len({view.tobytes() for view in views}) == 12
    assert views.std(axis=(1, 2, 3)).min() > 3


def test_wild_pictures_are_of_the_same_ones(pool: Pool) -> None:
    views = pool.views(np.arange(40))
    made = wild(views, np.random.default_rng(1))
    assert made.shape == views.shape
    assert made.dtype == np.uint8
    changed = (made != views).any(axis=(1, 2, 3)).mean()
    assert 0.5 < changed < 1
    assert (made == wild(views, np.random.default_rng(1))).all()


def test_attacks_are_made_up_of_live_frames(scenes: Scenes) -> None:
    made = list(Composites(scenes, 1).all(1))
    attacks = [one for one in made if one.source == MADE]
    assert BATCH / 2 <= len(attacks) <= BATCH
    assert {one.species for one in made if one.source == ELSEWHERE} == {"live"}
    assert all(one.origin and min(one.image.shape[:2]) >= 80 for one in made)


def test_the_network_learns_what_its_teacher_sees(pool: Pool) -> None:
    views = pool.views(np.arange(16))
    answers = Seer().answers(views)
    asked = lesson(views, answers, Scale(answers))
    learner = Learner(Plan(steps=60, batch=16, apart=0.9, handed=1.0), CPU)
    losses = [learner.step(n, asked) for n in range(20)]
    assert losses[-1] < 0.6 * losses[0]
    assert learner.sees(views).shape == (16, FEATURES)


def test_parts_that_learn_apart_see_what_the_teacher_saw() -> None:
    torch.manual_seed(0)
    model, view = TorchLiveness(), torch.rand(2, 3, SIDE, SIDE) * 255
    seen = model(view)
    forced = model(view, [torch.zeros_like(hint) for hint in seen.hints])
    assert [tuple(hint.shape[1:3]) for hint in seen.hints] == list(SIZES)
    assert torch.equal(seen.hints[0], forced.hints[0])
    assert not torch.equal(seen.hints[1], forced.hints[1])


def test_it_is_never_shown_what_it_is_to_be_judged_on(trainer: Trainer, scenes: Scenes) -> None:
    pool = trainer._pool
    assert "casia" not in scenes.origin[pool.scene[trainer._rows]]
    assert "casia" in scenes.origin[pool.scene]


def test_a_training_that_was_cut_off_goes_on(
    trainer: Trainer, scenes: Scenes, pool: Pool, web: WebFaces, tmp_path: Path
) -> None:
    told: list[str] = []
    trainer.step()
    trainer.write(tmp_path / "state")
    run(trainer, tmp_path / "state", told.append)
    assert trainer.done == TINY.steps
    assert "4 of 4 steps" in told[-1]
    other = Trainer(scenes, pool, web, Seer(), Plan(steps=9), CPU)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="another kind"):
        other.resume(tmp_path / "state")
    (tmp_path / "state").write_bytes(b"x")
    with pytest.raises(BadInput, match="remove it"):
        other.resume(tmp_path / "state")


def test_every_round_gives_its_head_and_scores(scenes: Scenes, pool: Pool, plain: Plain) -> None:
    def colours(views: NDArray[np.uint8]) -> NDArray[np.float32]:
        spread = np.ptp(views.astype(np.float32), axis=3).mean((1, 2))
        return np.stack([spread, views.mean((1, 2, 3))], 1).astype(np.float32)

    learned, scores = heads(colours, scenes, pool, plain)
    subjects = rounds(plain, scores)
    titles = [subject.title for subject in subjects]
    assert "Learned without casia, casia" in titles
    assert "People held out, all sources" in titles
    assert "no borders visible" in report(subjects[:1])
    for one in ROUNDS:
        odds = read_head(learned, one.name).odds(colours(np.asarray(plain.views["whole"])))
        assert np.allclose(odds, scores[f"{one.name}:whole"], atol=1e-4)
        assert odds[plain.live].mean() > odds[~plain.live].mean()
    with pytest.raises(BadInput, match="train-liveness"):
        read_head(learned, "nobody")
    with pytest.raises(BadInput, match="other frames"):
        rounds(plain, {"names": plain.names[:1]})


def test_a_head_counts_both_sides_alike() -> None:
    rng = np.random.default_rng(1)
    live = np.arange(300) < 30
    features = rng.normal(0, 1, (300, 4)).astype(np.float32)
    features[:, 0] += np.where(live, 3, -3)
    odds = fit(features, live, np.full(300, "one")).odds(features)
    assert abs(odds[live].mean() + odds[~live].mean()) < 1


def test_parts_are_shown_less_and_less_of_what_their_teacher_sees() -> None:
    plan = Plan(steps=1000)
    shown = [plan.shown(step) for step in range(0, 1000, 10)]
    assert (shown[0], shown[39], shown[-1]) == (1.0, 1.0, 0.0)
    assert shown == sorted(shown, reverse=True)
    assert plan.rate_at(100) > plan.rate_at(390) > plan.rate_at(410) > plan.rate_at(999) > 0


def test_optics() -> None:
    x = torch.zeros(1, 3, 32, 32)
    x[:, 0, 16, 16] = 255
    soft = blurred(x, torch.full((1, 1, 1, 1), 1.0))
    assert float(soft.sum()) == pytest.approx(255, rel=1e-3)
    assert float(soft.max()) < 60
    grey = saturated(x, torch.zeros(1, 1, 1, 1))
    assert (grey[:, 0] == grey[:, 2]).all()
    assert coarser(x, 16).shape == x.shape
