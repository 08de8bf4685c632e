"""A kiosk whose power is cut. ``KIOSK_TEST_KILLS=1000`` cuts it as often as a release asks for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("KIOSK_TEST_KILLS", "8"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't fork")
@pytest.mark.timeout(300 + 5 * KILLS)
def test_nothing_that_was_announced_is_lost() -> None:
    # In a process of its own: forking one that runs threads is asking for trouble.
    ran = subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.kills", str(KILLS)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    for figure in (f"'survived': {KILLS},", "'lost': 0,", "'chains_broken': 0,",
                   "'allowed_without_a_row': 0}"):  # fmt: skip
        assert figure in ran.stdout, ran.stdout
    assert "'announced': 0," not in ran.stdout
