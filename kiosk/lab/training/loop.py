"""What every training loop here does, whatever it trains with."""

from __future__ import annotations

import signal
from types import TracebackType
from typing import Self

import numpy as np

from kiosk.domain.errors import EnvironmentFailed


class Stop:
    """While it is entered, Ctrl-C and SIGTERM ask for the end instead of being it at once."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> Self:
        self._before = {s: signal.signal(s, self._ask) for s in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for s, handler in self._before.items():
            signal.signal(s, handler)

    def _ask(self, *_: object) -> None:
        self.asked = True


def check_loss(loss: float, step: int, remedy: str, kept: str = "checkpoint is") -> float:
    """The loss; raises EnvironmentFailed where it is no number any more."""
    if not np.isfinite(loss):
        raise EnvironmentFailed(
            f"The loss of step {step} is {loss}; training has stopped and the last good {kept} "
            f"kept. {remedy}"
        )
    return loss
