"""What reading a picture takes, at most: measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

pytest.importorskip("resource")

MEASURE = """
import resource, sys
from pathlib import Path
from kiosk.devices.images import load_image

def peak():
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit

small, large = sys.argv[1:]
load_image(Path(small))
before = peak()
shape = load_image(Path(large)).shape
print((peak() - before) // 1_000_000, *shape)
"""


@pytest.mark.parametrize(
    ("name", "size", "options", "most"),
    [
        ("phone.jpg", (12_000, 9_000), {}, 100),
        ("panorama.jpg", (60_000, 2_000), {}, 100),
        ("scan.png", (7_000, 7_000), {"compress_level": 1}, 300),
    ],
)
def test_reading_takes_bounded_memory(
    tmp_path: Path, name: str, size: tuple[int, int], options: dict[str, Any], most: int
) -> None:
    small = tmp_path / f"small{Path(name).suffix}"
    Pillow.new("L", (8, 8)).save(small)
    Pillow.new("L", size, 90).save(tmp_path / name, **options)

    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(small), str(tmp_path / name)],
        check=True,
        capture_output=True,
        text=True,
    )

    megabytes, height, width, channels = (int(word) for word in done.stdout.split())
    assert megabytes < most
    assert (max(height, width), channels) == (2000, 3)
