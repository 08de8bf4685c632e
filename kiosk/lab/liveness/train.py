"""Training, to be cut off and gone on with; and what the rounds make of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.lab.liveness.heads import fit
from kiosk.lab.liveness.learner import Learner, Lesson, Plan, Scale, lesson, mixed
from kiosk.lab.liveness.minifasnet import Teacher
from kiosk.lab.liveness.plain import VIEWS, Plain
from kiosk.lab.liveness.pool import Pool
from kiosk.lab.liveness.rounds import ROUNDS, allowed
from kiosk.lab.liveness.scenes import Scenes
from kiosk.lab.liveness.web import WebFaces
from kiosk.lab.liveness.wild import wild
from kiosk.lab.training.checkpoint import save

SAVED = 240.0  # seconds from one saved state to the next
KEPT = 60  # batches that are learned from again
EVERY = 3  # batches of which one is new


class Trainer:
    """Owns the learner and what it may be shown: varied views of scenes that are not of the sources
    in ``without``, and as many faces of the web.

    Raises BadInput where the pool has nothing for it.
    """

    def __init__(
        self,
        scenes: Scenes,
        pool: Pool,
        web: WebFaces,
        teacher: Teacher,
        plan: Plan,
        device: torch.device,
        without: tuple[str, ...] = (),
    ) -> None:
        self.plan, self.without, self.done = plan, without, 0
        self._pool, self._web, self._teacher = pool, web, teacher
        self._rows = np.flatnonzero(~np.isin(scenes.origin, without)[pool.scene])
        if not len(self._rows):
            raise BadInput(
                f"No view of the pool may be shown without {', '.join(without)}; make more with "
                "`liveness-views`."
            )
        self.learner = Learner(plan, device)
        self._kept: list[Lesson] = []
        first = self._asked(np.random.default_rng(plan.seed))
        self._scale = Scale(teacher.answers(first))

    def _asked(self, rng: np.random.Generator) -> NDArray[np.uint8]:
        half = self.plan.batch // 2
        views = self._pool.views(rng.choice(self._rows, half))
        if rng.random() < 0.5:
            views = views[:, :, ::-1]
        return wild(np.concatenate([views, self._web.views(self.plan.batch - half)]), rng)

    def _lesson(self, rng: np.random.Generator) -> Lesson:
        """The teacher is slow: of EVERY batches one is new, the others are asked about again."""
        if not self._kept or self.done % EVERY == 0:
            views = self._asked(rng)
            self._kept = [
                *self._kept[1 - KEPT :], lesson(views, self._teacher.answers(views), self._scale)
            ]  # fmt: skip
            return self._kept[-1]
        one, other = (self._kept[int(rng.integers(len(self._kept)))] for _ in range(2))
        return mixed(one, other, rng)

    def step(self) -> float:
        """The next one; the loss."""
        rng = np.random.default_rng((self.plan.seed, self.done))
        loss = self.learner.step(self.done, self._lesson(rng))
        self.done += 1
        return loss

    def _identity(self) -> dict[str, Any]:
        return {"without": list(self.without), "views": len(self._pool), **asdict(self.plan)}

    def write(self, path: Path) -> None:
        """How it stands.  Raises EnvironmentFailed where it can't be written."""
        save(path, {"of": self._identity(), "done": self.done, "learner": self.learner.state()})

    def resume(self, path: Path) -> None:
        """Go on from what `write` wrote, if it did.  Raises BadInput for that of another
        training."""
        if not path.exists():
            return
        try:
            state = torch.load(path, weights_only=True, map_location="cpu")
            theirs, done, learner = state["of"], state["done"], state["learner"]
        except Exception as error:  # pickle, zip and torch each have their own
            raise BadInput(
                f"{path} should be a training that was cut off, but can't be read ({error}); "
                "remove it to start afresh."
            ) from error
        ours = self._identity()
        different = sorted(k for k in ours if theirs.get(k) != ours[k])
        if different:
            raise BadInput(
                f"{path} is a training of another kind: "
                + ", ".join(f"{k} is {theirs.get(k)} there, {ours[k]} here" for k in different)
                + "; remove it to start afresh."
            )
        self.learner.restore(learner)
        self.done = int(done)


def run(trainer: Trainer, path: Path, say: Callable[[str], None], *, saved: float = SAVED) -> None:
    """Train to the plan's end; `path` holds how it stands, every `saved` seconds and at the end,
    and is gone on with.

    Raises EnvironmentFailed where the loss is no number any more.
    """
    trainer.resume(path)
    begin, first, last, mean = time.monotonic(), trainer.done, time.monotonic(), float("nan")
    while trainer.done < trainer.plan.steps:
        loss = trainer.step()
        if not np.isfinite(loss):
            raise EnvironmentFailed(
                f"The loss of step {trainer.done} is no number; train with a lower rate."
            )
        mean = loss if trainer.done == first + 1 else 0.97 * mean + 0.03 * loss
        now = time.monotonic()
        if now - last >= saved or trainer.done == trainer.plan.steps:
            trainer.write(path)
            say(
                f"{trainer.done:,} of {trainer.plan.steps:,} steps, loss {mean:.3f}, "
                f"{(now - begin) / (trainer.done - first):.2f} s a step."
            )
            last = now


def heads(
    sees: Callable[[NDArray[np.uint8]], NDArray[np.float32]],
    scenes: Scenes,
    pool: Pool,
    plain: Plain,
) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    """Each round's head as arrays, and its scores of the plain frames: "ROUND:VIEW", float32 (n,),
    with the frames' "names".  ``sees`` gives the features of views."""
    parts = np.array_split(np.arange(len(pool)), len(pool) // 512 + 1)
    features = np.concatenate([sees(pool.views(rows)) for rows in parts if len(rows)])
    shown = {view: sees(np.asarray(plain.views[view])) for view in VIEWS}
    learned: dict[str, NDArray[Any]] = {}
    scores: dict[str, NDArray[Any]] = {"names": plain.names}
    for one in ROUNDS:
        rows = allowed(one, scenes)[pool.scene]
        of = pool.scene[rows]
        head = fit(features[rows], scenes.live[of], scenes.source[of])
        learned |= head.arrays(one.name)
        scores |= {f"{one.name}:{view}": head.odds(shown[view]) for view in VIEWS}
    return learned, scores
