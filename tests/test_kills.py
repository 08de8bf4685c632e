"""A new key, and an extract of the record, may be killed anywhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kiosk.app import Options, opened_storage
from kiosk.services.access.keys import KEY_FILE
from kiosk.storage import cipher
from tests.killed import run_killed

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork") or not cipher.AVAILABLE, reason="no fork or no SQLCipher here"
)

KILLED = """
import sys
from pathlib import Path
from kiosk.app import Options, key_store, opened_storage, rotate_key
from tests.killed import at_each_step
root, what = Path(sys.argv[1]), sys.argv[2]
options = Options(data_dir=root / "data")
def rotate():
    rotate_key(options)
def extract():
    with opened_storage(options) as storage:
        storage.extract(root / "record.db")
def check(kills, done):
    if what == "extract":
        whole = (root / "record.db").exists()
        assert whole or not done, kills
        if not whole:
            extract()
        assert not list(root.glob(".record*"))
    with opened_storage(options) as storage:
        assert [person.name for person in storage.people.find()] == ["Ada"], kills
        assert not storage.check_chain().found, kills
        assert storage.check().encrypted
at_each_step(root, {"rotate": rotate, "extract": extract}[what], check)
if what == "rotate":
    assert len(key_store().read().keys) == 2
"""


@pytest.mark.parametrize("what", ["rotate", "extract"])
def test_it_may_be_killed_anywhere(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "kiosk"
    monkeypatch.setenv(KEY_FILE, str(root / "config" / "database.key"))
    with opened_storage(Options(data_dir=root / "data")) as storage:
        storage.people.add("Ada")
    assert run_killed(KILLED, root, what) >= 5, "there was something to kill"
