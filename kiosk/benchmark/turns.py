"""Ways to do one thing, measured in turns, so that a busy moment meets all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

ROUNDS = 30
WARM_UP = 3


def medians(ways: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """The median time of each, in seconds, after a warm-up."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for round_ in range(WARM_UP + rounds):
        for name, call in ways.items():
            began = time.perf_counter()
            call()
            if round_ >= WARM_UP:
                times[name].append(time.perf_counter() - began)
    return {name: statistics.median(values) for name, values in times.items()}
