"""Whoever takes the disk without the key learns nobody's name, number or face: every byte of
everything in the data folder is looked at, while the kiosk runs and after each act."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app import DEMO, Options, opened_administration, opened_storage
from kiosk.cli.program import execute
from kiosk.domain.audit import PROGRAM
from kiosk.domain.settings import Settings
from kiosk.services.access.keys import KEY_FILE
from kiosk.storage import cipher

pytestmark = pytest.mark.skipif(not cipher.AVAILABLE, reason="no SQLCipher for this machine")

NAME, NUMBER = "Zebedee Quixotry", "ZQ774310"
# Of an empty database alone there are some in a megabyte of ciphertext, so not three bytes.
PICTURES = re.compile(
    rb"\xff\xd8\xff[\xe0\xe1]..(?:JFIF|Exif)\0|\xff\xd8\xff\xdb\0\x43|\x89PNG\r\n\x1a\n"
    rb"|RIFF....WEBP",
    re.DOTALL,
)
DOOR = """
import shutil, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from kiosk.app import Options, run
data, photos, taken = map(Path, sys.argv[1:])
def attach(application, bridge):
    def heard(view):
        if view.announcement:
            shutil.copytree(data, taken)  # the disk as it is now, with the journal
            application.quit()
    bridge.view.connect(heard)
    QTimer.singleShot(100_000, application.quit)
run(Options(data, camera=str(photos), windowed=True), attach)
"""


def pieces(vectors: list[bytes]) -> Iterator[bytes]:
    """Eight bytes of each vector at each place: two numbers of it are in the clear nowhere."""
    for vector in vectors:
        for at in range(0, len(vector) - 7, 4):
            piece = vector[at : at + 8]
            if piece.strip(b"\0"):
                yield piece


def found(folder: Path, vectors: list[bytes]) -> list[str]:
    """What of the person is read in any file, and where."""
    words = [NAME, NUMBER, *NAME.split()]
    needles = [
        word.encode(code)
        for word in {*words, *(w.casefold() for w in words), *(w.upper() for w in words)}
        for code in ("utf-8", "utf-16-le", "utf-16-be")
    ]
    looked_for = re.compile(b"|".join(map(re.escape, [*needles, *pieces(vectors)])))
    hits = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        content = path.read_bytes()
        for pattern in (looked_for, PICTURES):
            hits += [f"{path.name}: {match[0]!r}" for match in pattern.finditer(content)]
        hits += [f"{path} is named" for needle in words if needle in path.name]
    return hits


def test_a_copied_disk_without_the_key_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_FILE, str(tmp_path / "elsewhere" / "database.key"))
    data, photos = tmp_path / "data", DEMO / "people" / "Mia Chen"
    here = ["--data-dir", str(data)]
    with opened_administration(Options(data_dir=data)) as admin:
        chosen = Settings(keep_crops=True, liveness="off", consent="off", pin_entry=False)
        admin.settings.change(PROGRAM, Settings(), chosen)
    pictures = [str(path) for path in sorted(photos.iterdir())]
    assert execute(["enrol", NAME, *pictures, "--staff-number", NUMBER, *here]) == 0
    with opened_storage(Options(data_dir=data)) as storage:
        (person,) = storage.people.find()
        vectors = [one.vector.tobytes() for one in storage.people.templates_of(person.id)]
        assert vectors
        assert storage.people.crops_of(person.id)
        assert found(data, vectors) == [], "enrolled, and open"
    assert any(found(photos, [])), "the scan sees a picture where there is one"
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "list.txt").write_bytes(NAME.upper().encode() + vectors[0])
    assert len(found(plain, vectors)) > 10, "and a name and a vector"

    taken = tmp_path / "taken"
    subprocess.run(
        [sys.executable, "-c", DOOR, data, photos, taken], check=True, capture_output=True
    )
    assert {"kiosk.db", "kiosk.db-wal"} <= {one.name for one in taken.iterdir()}
    assert found(taken, vectors) == [], "while it runs"
    assert execute(["log", "export", str(tmp_path / "log.csv"), *here]) == 0
    assert NAME in (tmp_path / "log.csv").read_text("utf-8-sig"), "they were let in"

    assert execute(["backup", "now", *here]) == 0
    assert execute(["people", "remove", NUMBER, "--yes", *here]) == 0
    assert execute(["backup", "now", *here]) == 0
    assert execute(["log", "extract", str(tmp_path / "record.db"), *here]) == 0
    assert len(list((data / "backups").iterdir())) >= 1
    assert found(data, vectors) == [], "deleted, backed up and exported"
