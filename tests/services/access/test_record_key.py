from __future__ import annotations

import logging
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk.domain.chain import Head
from kiosk.domain.errors import StorageError
from kiosk.services.access.record_key import KEY_FILE, HeadFile, RecordKey


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(KEY_FILE)
    return tmp_path / "config"


def test_a_key_is_made_once_for_its_owner_only(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: RecordKey(folder).read(), range(8)))
    assert len(keys) == 1, "of several that are made at once one stays"
    kept = RecordKey(folder).read()
    assert keys == {kept}
    assert len(kept) == 32
    assert RecordKey(folder).read() == kept
    path = folder / "record.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in folder.iterdir()] == ["record.key"]


@pytest.mark.parametrize("text", ["", "no key", "5a" * 31, "5a" * 33, "ö" * 64])
def test_what_is_no_key_is_said(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "record.key").write_text(text, "utf-8")
    with pytest.raises(StorageError, match="64 hexadecimal digits"):
        RecordKey(folder).read()
    assert (folder / "record.key").read_text("utf-8") == text, "and never written over"


def test_a_named_key_is_never_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in its name would begin another chain."""
    monkeypatch.setenv(KEY_FILE, str(folder / "shared.key"))
    with pytest.raises(StorageError, match="Put it back"):
        RecordKey(folder).read()
    folder.mkdir()
    (folder / "shared.key").write_text("0b" * 32 + "\n")
    assert RecordKey(folder).read() == b"\x0b" * 32


def goes_on(head: Head) -> bool:
    """The record has the entry that was kept."""
    return True


def test_the_newest_head_is_kept_by_database(folder: Path) -> None:
    one, two = (RecordKey(folder).heads(f"sqlite:///{name}.db") for name in ("a", "b"))
    assert one.known() is None
    one.tell(Head(3, "aa"), goes_on)
    one.tell(Head(4, "bb"), goes_on)
    two.tell(Head(9, "cc"), goes_on)
    assert (one.known(), two.known()) == (Head(4, "bb"), Head(9, "cc"))
    one.path.write_text("{")
    assert one.known() is None


def test_a_head_that_cant_be_kept_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    kept = HeadFile(tmp_path / "file" / "heads" / "a.json")
    with caplog.at_level(logging.WARNING):
        kept.tell(Head(1, "aa"), goes_on)
        kept.tell(Head(2, "bb"), goes_on)
    assert len(caplog.records) == 1
    assert kept.known() is None


def test_what_a_slower_kiosk_tells_is_not_written(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept = HeadFile(folder / "a.json")
    kept.tell(Head(7, "aa"), goes_on)
    kept.tell(Head(6, "bb"), goes_on)
    assert kept.known() == Head(7, "aa")
    assert not caplog.records, "and is nothing to speak of"


def test_a_record_without_the_kept_entry_never_takes_its_place(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept = HeadFile(folder / "a.json")
    kept.tell(Head(7, "aa"), goes_on)
    for seq in (6, 7, 8):
        kept.tell(Head(seq, "bb"), lambda head: False)
        assert kept.known() == Head(7, "aa")
    assert len(caplog.records) == 1
    assert "no. 7" in caplog.text
    kept.set_anew(Head(5, "cc"))
    assert kept.known() == Head(5, "cc")


def test_what_cant_be_looked_up_is_told_next_time(folder: Path) -> None:
    def locked(head: Head) -> bool:
        raise StorageError("locked")

    kept = HeadFile(folder / "a.json")
    kept.tell(Head(7, "aa"), goes_on)
    kept.tell(Head(8, "bb"), locked)
    assert kept.known() == Head(7, "aa")
    kept.tell(Head(9, "cc"), goes_on)
    assert kept.known() == Head(9, "cc")
