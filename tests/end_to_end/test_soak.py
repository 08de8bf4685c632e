"""The soak, short: that it counts what it should. A release runs ``make soak``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.soak import Sample, growth, is_level

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system has no /proc")
def test_a_short_soak_neither_grows_nor_hangs() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.soak", "frames", "4000"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    *samples, verdict = ran.stdout.splitlines()
    assert len(samples) == 20
    assert verdict.startswith("level")
    assert '"decisions": 0' not in samples[-1]


@pytest.mark.parametrize(
    ("memory", "files", "threads", "level"),
    [(0.0, 0.0, 0.0, True), (1.0, 0.0, 0.0, False), (0.0, 1.0, 0.0, False), (0.0, 0.0, 1.0, False)],
)
def test_what_grows_is_told(memory: float, files: float, threads: float, level: bool) -> None:
    samples = [
        Sample(at, 90 + memory * at, 11 + int(files * at), 3 + int(threads * at), at)
        for at in range(20)
    ]
    assert is_level(growth(samples)) is level
