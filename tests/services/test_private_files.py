"""Files for people: their owner's only, whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.services.private_files import writing, writing_csv

posix = pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")


@posix
@pytest.mark.parametrize("write", [writing, writing_csv])
@pytest.mark.parametrize("existed", [True, False])
def test_only_the_owner_may_read_it(tmp_path: Path, write, existed: bool) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "log.csv"
    if existed:
        file.touch(mode=0o644)

    with write(file) as out:
        out.write("a\r\n")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["log.csv"]


def test_a_spreadsheet_is_told_that_it_is_utf_8(tmp_path: Path) -> None:
    with writing_csv(tmp_path / "a.csv") as out:
        out.write("王\r\n")

    assert (tmp_path / "a.csv").read_bytes() == b"\xef\xbb\xbf" + "王\r\n".encode()


def test_what_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("before")

    def write_half() -> None:
        with writing_csv(file) as out:
            out.write("half")
            raise BadInput("Stopped.")

    with pytest.raises(BadInput):
        write_half()

    assert file.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_place_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere" / "a.csv"):
        with pytest.raises(EnvironmentFailed, match="choose another place"), writing_csv(place):
            pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_a_sentence() -> None:
    full = Path("/dev/full")
    with pytest.raises(EnvironmentFailed, match="No space left"), writing_csv(full) as out:
        out.write("a")
