"""A drill over clips instead of people and pictures before the camera: the same engine, as fast as
it goes. Nobody in a clip turns the head when asked to, so that whoever is asked is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kiosk.domain.errors import StorageError
from kiosk.domain.liveness.drill import Kind, Try
from kiosk.domain.ports import Camera
from kiosk.services.decide.engine import Engine, Phase, View
from kiosk.services.drill import Trial


def tries_of(
    camera: Camera,
    engine: Engine,
    kind: Kind,
    most: int = 1,
    follow: Callable[[float], None] = lambda seconds: None,
) -> Iterator[Try]:
    """At most so many tries of one clip, one after the other; its end ends the last. ``follow``
    hears of each frame's time in seconds.

    Raises:
        CameraError: the clip can't be read.
        StorageError: the database failed.
    """
    camera.open()
    try:
        made, trial, now = 0, None, 0.0
        while made < most and (frame := camera.read()) is not None:
            now = frame.time
            follow(now)
            if trial is None:
                engine.rehearse(True)
                trial = Trial(kind, now)
            told = trial.hear(_sound(engine.step(frame)), now)
            if told is not None:
                made, trial = made + 1, None
                yield told
        if trial is not None and made < most:
            last = engine.finish()
            told = trial.hear(_sound(last), now) if last is not None else None
            # What is left over after an answer is no try of its own.
            if told is not None or not made:
                yield told or trial.over()
    finally:
        engine.rehearse(False)
        camera.close()


def _sound(view: View) -> View:
    if view.phase is Phase.FAULT:
        raise StorageError(view.message)
    return view
