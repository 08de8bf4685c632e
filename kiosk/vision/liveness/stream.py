"""Are these frames that a camera takes just now? A picture or a clip may be fed in its place.

No sensor gives the same picture twice. What is in between may: a slow camera read quickly repeats
each picture some times, an encoder repeats a still scene for a moment; that is told apart by how
long it lasts. A clip that is shown again is known by how its pictures follow each other, also where
each was compressed anew: nobody moves in the very same way twice.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.frame import Box, Image
from kiosk.domain.liveness.cues import Stream
from kiosk.vision.liveness.around import Grey
from kiosk.vision.liveness.loop import MEMORY, Sequence, signature

SAME_AFTER: Final = 0.4
"""Seconds of one and the same picture: a camera in the dark may take a fifth of one for each."""
RETURNED: Final = 3
"""As many pictures of the last few that came before bit for bit are a loop."""
_FEW: Final = 6
_SOONEST: Final = 0.5  # seconds after which a picture that comes again is not merely repeated
CLEAN_AFTER: Final = 30
"""Pictures in which somebody moves and nothing else does, not by one level anywhere. Of five
compressed clips none has more than two in a row."""
_KEPT: Final = 2.5  # seconds that a loop found is told for; it is looked for once a second
_GRID: Final = 12  # pixels of the frame from one that is compared to the next
_LIT: Final = (8, 247)  # what is darker or brighter may stand still without a fault
_ENOUGH: Final = 200


class Source:
    """Remembers the last minute of frames. One thread owns it; 0.2 ms a frame, 3 once a second."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """The source begins anew."""
        self._print: int | None = None
        self._since = 0.0
        self._seen: dict[int, float] = {}
        self._returned: deque[bool] = deque(maxlen=_FEW)
        self._told_until = float("-inf")
        self._sequence = Sequence()
        self._sample: NDArray[np.uint8] | None = None
        self._clean = 0

    def see(self, image: Image, grey: Grey, time: float, person: Box | None) -> Stream:
        """What is told of a frame, of ``grey``, the same made small, and of those before it.
        ``person`` is the face's box, where there is one."""
        sample = np.ascontiguousarray(image[::_GRID, ::_GRID])
        mark = hash(sample.tobytes())
        if mark == self._print:
            return self._verdict(time, time - self._since >= SAME_AFTER)
        self._print, self._since = mark, time
        self._note(mark, sample, time)
        self._watch_noise(sample, person)
        if self._sequence.add(signature(grey), time):
            self._told_until = time + _KEPT
        return self._verdict(time, same=False)

    def _verdict(self, time: float, same: bool) -> Stream:
        if same:
            return Stream.SAME
        if time <= self._told_until or sum(self._returned) >= RETURNED:
            return Stream.LOOP
        return Stream.CLEAN if self._clean >= CLEAN_AFTER else Stream.FRESH

    def _note(self, mark: int, sample: NDArray[np.uint8], time: float) -> None:
        """Whether the picture came before. A black one or a white one may."""
        before = self._seen.pop(mark, time)
        again = time - before >= _SOONEST
        self._returned.append(again and float(sample.std()) >= 2)
        self._seen[mark] = time  # the newest last, so that the oldest stand first
        while self._seen:
            oldest = next(iter(self._seen))
            if time - self._seen[oldest] <= MEMORY:
                break
            del self._seen[oldest]

    def _watch_noise(self, sample: NDArray[np.uint8], person: Box | None) -> None:
        before, self._sample = self._sample, sample
        if person is None or before is None or before.shape != sample.shape:
            self._clean = 0
            return
        columns = np.arange(sample.shape[1]) * _GRID
        x, _y = person.centre
        aside = np.abs(columns - x) > 1.5 * person.width
        low, high = _LIT
        now, then = sample[:, aside], before[:, aside]
        lit = (now > low) & (now < high)
        told = lit.sum() >= _ENOUGH and float(now.std()) >= 2
        self._clean = self._clean + 1 if told and bool((now == then)[lit].all()) else 0
