"""Something is killed at each of its steps: what of it must stand after each is tried."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

STEPS = frozenset(
    {
        *("open", "os.remove", "os.rename", "os.link", "os.rmdir"),
        *("shutil.copyfile", "sqlite3.connect"),
    }
)
"""What Python tells of itself (PEP 578) and changes files by."""


def run_killed(script: str, *words: object) -> int:
    """Run a script that calls ``at_each_step``, in a process of its own, since that forks; how many
    were killed."""
    told = subprocess.run(
        [sys.executable, "-c", script, *map(str, words)],
        capture_output=True,
        check=False,
        cwd=Path(__file__).resolve().parents[1],
    )
    assert (told.returncode, told.stderr.decode()) == (0, "")
    return int(told.stdout)


def at_each_step(
    folder: Path, act: Callable[[], object], check: Callable[[int, bool], object]
) -> None:
    """Do something to the files of a folder in a child that is killed at one more of its steps
    than the one before, until one comes through. ``check`` is told after each how many were killed
    before, and whether this one came through; then all is put back as it was. The output is how
    many."""
    there = {one: one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    folders = {one for one in folder.rglob("*") if one.is_dir()}
    for kills in itertools.count():
        _put_back(folder, there, folders)
        child = os.fork()
        if child == 0:
            _kill_after(kills, folder)
            act()
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert code in (0, -signal.SIGKILL), code
        check(kills, code == 0)
        if code == 0:
            sys.stdout.write(f"{kills}\n")
            return


def _put_back(folder: Path, there: dict[Path, bytes], folders: set[Path]) -> None:
    for one in sorted(folder.rglob("*"), reverse=True):
        if one.is_file():
            one.unlink()
        elif one not in folders:
            one.rmdir()
    for one, content in there.items():
        one.write_bytes(content)
        one.chmod(0o600)


def _kill_after(steps: int, folder: Path) -> None:
    left = itertools.count(steps, -1)

    def count(event: str, arguments: tuple[object, ...]) -> None:
        if event in STEPS and str(folder) in str(arguments[0]) and next(left) <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
