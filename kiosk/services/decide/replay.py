"""The kiosk's path over a recording, without a window: the same engine, as fast as it goes."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from kiosk.domain.errors import StorageError
from kiosk.domain.frame import Frame
from kiosk.domain.ports import Camera
from kiosk.services.decide.analyse import Look
from kiosk.services.decide.engine import Engine, Phase, View
from kiosk.services.decide.verify import Announcement


class MediaClock:
    """The time of day in a recording: when the replay began, plus the frame's own time."""

    def __init__(self, began: datetime) -> None:
        self.began = began
        self._at = began

    def __call__(self) -> datetime:
        return self._at

    def follow(self, seconds: float) -> None:
        """The recording is at this media time."""
        self._at = self.began + timedelta(seconds=seconds)


class StageTimes:
    """Collects what each stage cost, in seconds a frame; give ``observe`` to an engine."""

    def __init__(self) -> None:
        self._stages: defaultdict[str, list[float]] = defaultdict(list)

    def observe(self, _frame: Frame, look: Look) -> None:
        for stage, seconds in look.stages.items():
            self._stages[stage].append(seconds)

    def milliseconds(self) -> dict[str, tuple[float, float]]:
        """Median and 95th percentile of each stage, in milliseconds."""
        return {
            stage: (
                float(np.percentile(times, 50)) * 1000,
                float(np.percentile(times, 95)) * 1000,
            )
            for stage, times in self._stages.items()
        }


@dataclass(slots=True)
class ReplayResult:
    """Frames read and the seconds they took, filled while the replay runs."""

    frames: int = 0
    seconds: float = 0.0


def replay(
    camera: Camera,
    engine: Engine,
    clock: MediaClock,
    result: ReplayResult,
    claim: int | None = None,
    timer: Callable[[], float] = time.perf_counter,
) -> Iterator[tuple[float, Announcement]]:
    """Feed a recording to the engine; yields each announcement with its media time in seconds.

    With ``claim`` every attempt claims that person.

    Raises:
        CameraError: the source can't be opened or read.
        StorageError: a decision can't be logged.
    """
    camera.open()
    began = timer()
    shown: View | None = None
    try:
        while (frame := camera.read()) is not None:
            result.frames += 1
            clock.follow(frame.time)
            if claim is not None and (shown is None or shown.phase is Phase.TYPE_FIRST):
                engine.claim(claim)
            view = engine.step(frame)
            if view.phase is Phase.FAULT:
                raise StorageError(view.message)
            result.seconds = timer() - began
            if view is not shown and view.phase is Phase.VERDICT and view.announcement:
                yield frame.time, view.announcement
            shown = view
        last = engine.finish()
        if last is not None and last.phase is Phase.FAULT:
            raise StorageError(last.message)
        if last is not None and last.announcement is not None:
            yield (clock() - clock.began).total_seconds(), last.announcement
    finally:
        camera.close()
        result.seconds = timer() - began
