"""A new key, and an extract of the record, may be killed anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.app import Options, opened_storage
from kiosk.services.access.keys import KEY_FILE
from kiosk.storage import cipher

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork") or not cipher.AVAILABLE, reason="no fork or no SQLCipher here"
)

# Each child is killed at one more step of Python's than the one before, until one comes through.
KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from kiosk.app import Options, key_store, opened_storage, rotate_key
root, what = Path(sys.argv[1]), sys.argv[2]
options = Options(data_dir=root / "data")
first = {one: one.read_bytes() for one in root.rglob("*") if one.is_file()}
STEPS = {"open", "os.remove", "os.rename", "os.link", "sqlite3.connect"}
left = 0
def count(event, arguments):
    global left
    if event in STEPS and str(root) in str(arguments[0]):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
def extract():
    with opened_storage(options) as storage:
        storage.extract(root / "record.db")
act = {"rotate": lambda: rotate_key(options), "extract": extract}[what]
kills = 0
while True:
    for one in root.rglob("*"):
        if one.is_file():
            one.unlink()
    for one, content in first.items():
        one.write_bytes(content)
        one.chmod(0o600)
    child = os.fork()
    if child == 0:
        left = kills
        sys.addaudithook(count)
        act()
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL), code
    if what == "extract":
        whole = (root / "record.db").exists()
        assert whole or code, kills
        if not whole:
            extract()
        assert not list(root.glob(".record*"))
    with opened_storage(options) as storage:
        assert [person.name for person in storage.people.find()] == ["Ada"], kills
        assert not storage.check_chain().found, kills
        assert storage.check().encrypted
    if code == 0:
        break
    kills += 1
if what == "rotate":
    assert len(key_store().read().keys) == 2
print(kills)
"""


@pytest.mark.parametrize("what", ["rotate", "extract"])
def test_it_may_be_killed_anywhere(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "kiosk"
    monkeypatch.setenv(KEY_FILE, str(root / "config" / "database.key"))
    with opened_storage(Options(data_dir=root / "data")) as storage:
        storage.people.add("Ada")
    told = subprocess.run(
        [sys.executable, "-c", KILLED, root, what], capture_output=True, check=False
    )
    assert (told.returncode, told.stderr.decode()) == (0, "")
    assert int(told.stdout) >= 5, "there was something to kill"
