"""Views, made-up attacks, rounds: of drawn people, in seconds."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from kiosk.lab.liveness.judge import report, rounds  # noqa: E402
from kiosk.lab.liveness.network import TorchLiveness, packed, unpacked  # noqa: E402
from kiosk.lab.liveness.pack import WEB, Pack  # noqa: E402
from kiosk.lab.liveness.recapture import held, recaptured  # noqa: E402
from kiosk.lab.liveness.rounds import ROUNDS, Round, held_out  # noqa: E402
from kiosk.lab.liveness.sources import SOURCES  # noqa: E402
from kiosk.lab.liveness.train import Plan, Trainer, chances, tiny  # noqa: E402
from kiosk.lab.liveness.views import Views  # noqa: E402
from kiosk.lab.training.gpu.optics import Chance, blurred, coarser, saturated  # noqa: E402
from kiosk.vision.canvas import CANVAS, VIEW  # noqa: E402

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def views(pack: Pack) -> Views:
    images = torch.from_numpy(pack.images(np.arange(len(pack)))).permute(0, 3, 1, 2).contiguous()
    web = torch.from_numpy(np.flatnonzero(pack.sources == WEB))
    return Views(images, torch.from_numpy(pack.rects.astype(np.int64)), web, 1)


def test_a_batch_is_of_pictures_in_the_order_asked_for(views: Views) -> None:
    live, attacks, made = torch.tensor([0, 16, 32]), torch.tensor([2, 3]), torch.tensor([0, 1])
    x = views.batch(live, attacks, made)
    assert x.shape == (7, 3, CANVAS, CANVAS)
    assert float(x.min()) >= 0
    assert float(x.max()) <= 255
    assert (x.flatten(1).std(1) > 5).all()
    # The attacks here are grey; light of another colour leaves them of one colour all the same.
    spread = [float((one[0] / (one[2] + 1)).std()) for one in x[:5, :, 140:180, 140:180]]
    assert max(spread[3:]) < max(spread[:3])


def test_the_filled_view_shows_the_face_alone(views: Views) -> None:
    row = torch.tensor([0])
    edge = (CANVAS - VIEW) // 2
    whole, filled = views.plain(row), views.filled(row)
    assert not filled[..., : edge - 1].any()
    assert not filled[..., edge + VIEW + 1 :, :].any()
    inner = (..., slice(edge, edge + VIEW), slice(edge, edge + VIEW))
    assert (filled[inner] == whole[inner]).all()


def test_a_recapture_keeps_the_face_and_is_new_each_time(views: Views) -> None:
    x, seen = views.plain(torch.arange(4)), torch.ones(4, 1, CANVAS, CANVAS)
    chance = Chance(CPU, 3)
    one, shown = recaptured(x, seen, x.flip(3), chance)
    two, _ = recaptured(x, seen, x.flip(3), chance)
    assert one.shape == x.shape
    assert shown.shape == seen.shape
    assert float((one - two).abs().mean()) > 2
    inner = (slice(None), slice(None), slice(100, 220, 8), slice(100, 220, 8))
    for before, after in zip(x[inner], one[inner], strict=True):
        pair = torch.stack([before.flatten(), after.flatten()])
        assert float(torch.corrcoef(pair)[0, 1]) > 0.5


def test_a_held_picture_shows_what_is_behind_it(views: Views) -> None:
    x, seen = views.plain(torch.arange(6)), torch.ones(6, 1, CANVAS, CANVAS)
    behind = torch.zeros_like(x)
    behind[:, 1] = 200
    out, shown = held(x, seen, behind, Chance(CPU, 3))
    assert (shown == 1).all()
    corner = out[:, :, 2, 2]
    assert ((corner[:, 1] - corner[:, 0]) > 80).sum() >= 3


def test_optics() -> None:
    x = torch.zeros(1, 3, 32, 32)
    x[:, 0, 16, 16] = 255
    soft = blurred(x, torch.full((1, 1, 1, 1), 1.0))
    assert float(soft.sum()) == pytest.approx(255, rel=1e-3)
    assert float(soft.max()) < 60
    grey = saturated(x, torch.zeros(1, 1, 1, 1))
    assert (grey[:, 0] == grey[:, 2]).all()
    assert coarser(x, 16).shape == x.shape


def test_people_held_out_are_of_every_source_and_the_same_again(pack: Pack) -> None:
    mine = held_out(pack.people)
    assert {name.split("/")[0] for name in set(pack.people[mine])} == {*SOURCES, WEB}
    assert (held_out(pack.people) == mine).all()
    assert not set(pack.people[mine]) & set(pack.people[~mine])


def test_species_people_and_presentations_are_drawn_alike(pack: Pack) -> None:
    rows = np.flatnonzero((pack.sources == "casia") | (pack.people == "nuaa/0"))
    drawn = chances(pack, rows)
    assert drawn.sum() == pytest.approx(1)
    for kind in ("live", "print"):
        assert drawn[pack.species[rows] == kind].sum() == pytest.approx(0.5)
    of_one = drawn[(pack.people[rows] == "nuaa/0") & (pack.species[rows] == "live")]
    assert of_one.sum() == pytest.approx(0.1)


def test_no_round_is_shown_what_it_is_judged_on(pack: Pack) -> None:
    trainer = Trainer(pack, tiny(Plan()), (), CPU)
    rows = np.arange(len(pack))
    for fake in (np.zeros(len(rows), np.bool_), np.ones(len(rows), np.bool_)):
        for round_ in ROUNDS:
            mine = trainer.allowed(round_, rows, fake)
            if round_.without:
                assert round_.without not in pack.sources[mine]
            if round_.people:
                assert not set(pack.people[mine]) & set(pack.people[held_out(pack.people)])
            if round_.real_only and fake.all():
                assert not len(mine)
            if round_.made_only and not fake.any():
                assert pack.live[mine].all()


def test_training_all_rounds_gives_their_scores_and_a_report(pack: Pack) -> None:
    some = (Round("people", people=True), Round("without-casia", without="casia"))
    trainer = Trainer(pack, tiny(Plan()), some, CPU)
    losses = [float(trainer.step(0.5)) for _ in range(2)]
    assert np.isfinite(losses).all()
    scores = trainer.scores()
    assert scores["people:whole"].shape == (int((pack.sources != WEB).sum()), 2)
    rest = {
        f"{one.name}:{view}": scores["people:whole"]
        for one in ROUNDS
        for view in ("whole", "filled")
    }
    subjects = rounds(pack, rest | scores)
    titles = [subject.title for subject in subjects]
    assert "Learned without casia, casia" in titles
    assert "People held out, all sources" in titles
    assert "no borders visible" in report(subjects[:1])
    names = {name.split(":")[0] for name in trainer.weights()}
    assert names == {"people", "without-casia"}


def test_a_learner_learns(pack: Pack) -> None:
    trainer = Trainer(pack, tiny(Plan()), (Round("final"),), CPU)
    (learner,) = trainer.learners
    rows = torch.arange(0, 16)
    x = trainer.views.plain(rows)
    target = torch.from_numpy(pack.live[:16]).float()
    seen, group = torch.zeros(16, 256), torch.zeros(16, dtype=torch.int64)
    losses = [float(learner.step(x, target, seen, group, 1.0)) for _ in range(12)]
    assert losses[-1] < 0.6 * losses[0]


def test_folded_weights_answer_as_the_network_did() -> None:
    torch.manual_seed(0)
    model = TorchLiveness()
    x = torch.rand(4, 3, CANVAS, CANVAS) * 255
    for _ in range(3):
        model(x)
    model.eval()
    with torch.no_grad():
        for ours, theirs in zip(model(x)[:2], unpacked(packed(model))(x)[:2], strict=True):
            assert torch.allclose(ours, theirs, atol=1e-4)
