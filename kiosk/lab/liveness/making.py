"""A pool's parts made by several processes: each has its own, so none waits for another."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import cv2

from kiosk.lab.liveness.pool import missing, write_part
from kiosk.lab.liveness.scenes import read_scenes


def make_parts(
    pool: Path,
    parts: int,
    scenes: Path,
    count: int,
    processes: int,
    say: Callable[[str], None],
) -> None:
    """Those that are missing of so many of `count` views each, of the folder `scenes`."""
    left = missing(pool, parts)
    if processes == 1 or len(left) < 2:
        for part in left:
            _make(pool, part, scenes, count)
            say(f"Part {part + 1} of {parts} made.")
        return
    # Started anew, not forked: OpenCV has threads of its own by now.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as workers:
        jobs = {workers.submit(_make, pool, part, scenes, count): part for part in left}
        for job in as_completed(jobs):
            job.result()
            say(f"Part {jobs[job] + 1} of {parts} made.")


def _make(pool: Path, part: int, scenes: Path, count: int) -> None:
    cv2.setNumThreads(1)
    write_part(pool, part, read_scenes(scenes), count)
