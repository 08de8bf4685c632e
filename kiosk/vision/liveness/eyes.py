"""The ``LivenessCheck`` port: what each part sees in a frame, side by side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Face, Frame
from kiosk.domain.liveness.cues import Cues
from kiosk.vision.liveness.around import others, ring, small
from kiosk.vision.liveness.light import lit
from kiosk.vision.liveness.moves import Surroundings
from kiosk.vision.liveness.network import FILE_NAME, LivenessNetwork, load_liveness
from kiosk.vision.liveness.scene import Place
from kiosk.vision.liveness.stream import Source
from kiosk.vision.liveness.turn import turn
from kiosk.vision.manifest import read_manifest


class FrameCues:
    """Looks at frames with all the parts there are. One thread owns it.

    ``load`` gives the network, or None where there is none; it is asked when the first face is
    looked at, so that nobody waits for it before.
    """

    def __init__(self, load: Callable[[], LivenessNetwork | None]) -> None:
        self._load = load
        self._network: LivenessNetwork | None = None
        self._loaded = False
        self._surroundings = Surroundings()
        self._place = Place()
        self._source = Source()

    def look(self, frame: Frame, face: Face) -> Cues:
        view = small(frame.image)
        box, shape = view.box(face.box), view.grey.shape
        around = ring(box, shape)
        return Cues(
            frame.time,
            looks=self._looks(frame, face),
            turn=_turn(face),
            motion=self._surroundings.motion(view.grey, box, frame.time),
            changed=self._place.changed(view.image, around, others(box, shape)),
            stream=self._source.see(frame.image, view.grey, frame.time, face.box),
            lit=lit(view.image, box, around),
        )

    def empty(self, frame: Frame) -> None:
        self._surroundings.forget()
        view = small(frame.image)
        self._source.see(frame.image, view.grey, frame.time, None)
        if self._place.due(frame.time):
            self._place.learn(view.image, frame.time)

    def forget(self) -> None:
        self._surroundings.forget()
        self._place.forget()
        self._source.forget()

    def _looks(self, frame: Frame, face: Face) -> float | None:
        if not self._loaded:
            self._network, self._loaded = self._load(), True
        return None if self._network is None else self._network.answer(frame.image, face)


def load_cues(models: Path) -> FrameCues:
    """All that the folder ``models`` allows: without the network where none is listed there.

    The network is read when the first face is looked at; whoever looks may meet a ModelError then.
    """
    return FrameCues(lambda: _network(models))


def has_network(models: Path) -> bool:
    """Whether one is listed in the folder ``models``."""
    return FILE_NAME in read_manifest(models).files


def _network(models: Path) -> LivenessNetwork | None:
    return load_liveness(models) if has_network(models) else None


def _turn(face: Face) -> float | None:
    try:
        return turn(face.landmarks)
    except BadImage:
        return None
