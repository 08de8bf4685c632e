"""A backup has its name only once it came back whole; it takes the place of a database in one
step."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.chain import Altered
from kiosk.domain.errors import BadInput, StorageError
from kiosk.domain.keys import KeyRing
from kiosk.storage import SqlStorage, cipher, open_storage, restored, scratch
from kiosk.storage.backup import Restored
from kiosk.storage.chain import Seal
from tests.killed import run_killed

OLD, NEW, OTHER = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
NAME, NOON = "Ada Lovelace", datetime(2026, 3, 2, 12, tzinfo=UTC)
RING = KeyRing((NEW, OLD), "a test")
SEAL = Seal(b"s" * 32)

pytestmark = pytest.mark.skipif(not cipher.AVAILABLE, reason="no SQLCipher for this machine")


def now() -> datetime:
    return NOON


def opened(path: Path, ring: KeyRing = RING) -> SqlStorage:
    return open_storage(f"sqlite:///{path}?timeout=0.01", now, SEAL, ring)


@pytest.fixture
def kept(path: Path) -> Iterator[SqlStorage]:
    storage = opened(path)
    storage.people.add(NAME)
    yield storage
    storage.close()


@contextmanager
def read_back(backup: Path, beside: Path, ring: KeyRing = RING) -> Iterator[Restored]:
    with scratch(beside) as folder, restored(backup, folder, ring, SEAL, now) as found:
        yield found


def names(path: Path, ring: KeyRing = RING) -> list[str]:
    storage = opened(path, ring)
    try:
        return [person.name for person in storage.people.find()]
    finally:
        storage.close()


def test_it_is_one_whole_file_for_its_owner(kept: SqlStorage, path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    told = kept.back_up(folder / "one.db")
    assert (told.people, told.record.found) == (1, ())
    (made,) = folder.iterdir()
    assert made.name == "one.db"
    assert made.stat().st_mode & 0o077 == 0
    assert NAME.encode() not in made.read_bytes()
    assert not list(tmp_path.glob(".kiosk-restoring-*"))
    assert kept.check_backup(made).people == 1
    assert {one.name for one in tmp_path.iterdir()} == {
        "backups", *(f"{path.name}{end}" for end in ("", "-wal", "-shm"))
    }  # fmt: skip


def test_what_can_not_be_read_back_gets_no_name(
    kept: SqlStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import kiosk.storage.backup as module

    whole = module._copy_file

    def spoil(source: Path, target: Path) -> None:
        whole(source, target)
        if target.name.startswith(".one.db"):
            with target.open("r+b") as file:
                file.seek(3 * 4096 + 100)
                file.write(b"\0" * 64)

    monkeypatch.setattr(module, "_copy_file", spoil)
    with pytest.raises(StorageError, match=r"one\.db\.\w+ is damaged|is not whole|can't be opened"):
        kept.back_up(tmp_path / "one.db")
    assert not list(tmp_path.glob("*one.db*"))


def test_what_is_altered_in_the_database_is_kept_and_told(
    kept: SqlStorage, path: Path, tmp_path: Path
) -> None:
    with closing(cipher.connect(path, NEW)) as sql:
        sql.execute(
            "INSERT INTO audit (at, actor_kind, actor_name, action, subject, details) "
            "VALUES ('2026-03-02 12:00:00', 'program', '', 'export', '', '')"
        )
    told = kept.back_up(tmp_path / "one.db")
    assert [one.what for one in told.record.found] == [Altered.ADDED]


def test_one_under_an_older_key_comes_back_under_the_newest(path: Path, tmp_path: Path) -> None:
    older = KeyRing((OLD,), "a test")
    with closing(opened(path, older)) as storage:
        storage.people.add(NAME)
        storage.back_up(tmp_path / "one.db")
    with read_back(tmp_path / "one.db", path) as found:
        found.put_in_place_of(tmp_path / "elsewhere.db", RING, NOON)
    assert names(tmp_path / "elsewhere.db", KeyRing((NEW,), "a test")) == [NAME]


def test_without_its_key_it_is_a_sentence_with_its_name(
    kept: SqlStorage, path: Path, tmp_path: Path
) -> None:
    kept.back_up(tmp_path / "one.db")
    wrong = KeyRing((OTHER,), "a test")
    with (
        pytest.raises(StorageError, match=r"one\.db can't be opened with the key in a test"),
        read_back(tmp_path / "one.db", path, wrong),
    ):
        pass


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000])
def test_what_is_no_backup_is_a_sentence(path: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "one.db").write_bytes(content)
    with pytest.raises(StorageError, match=r"one\.db"), read_back(tmp_path / "one.db", path):
        pass
    assert [one.name for one in tmp_path.iterdir()] == ["one.db"]


def test_the_database_before_is_kept_beside(kept: SqlStorage, path: Path, tmp_path: Path) -> None:
    kept.back_up(tmp_path / "one.db")
    kept.people.add("Grace Hopper")
    kept.close()
    with read_back(tmp_path / "one.db", path) as found:
        before = found.put_in_place_of(path, RING, NOON)
    assert before == path.with_name("kiosk.db.before-restore-20260302T120000Z")
    assert names(path) == [NAME]
    assert names(before) == [NAME, "Grace Hopper"]
    assert kept.file is not None
    with closing(opened(path)) as storage:
        assert storage.forget_copies(NOON) == 0, "not older"
        assert storage.forget_copies(NOON + timedelta(seconds=1)) == 1
    assert not before.exists()


READING = (
    "import sys; from pathlib import Path; from kiosk.domain.keys import KeyRing\n"
    "from kiosk.storage import open_storage\n"
    "s = open_storage('sqlite:///' + sys.argv[1], ring=KeyRing((bytes.fromhex(sys.argv[2]),)))\n"
    "s.people.find(); print('open', flush=True); input(); s.close()"
)


@pytest.mark.parametrize("ring", [RING, KeyRing((OTHER,), "a test")], ids=["ours", "another's"])
def test_not_while_another_program_has_it_open(
    kept: SqlStorage, path: Path, tmp_path: Path, ring: KeyRing
) -> None:
    kept.back_up(tmp_path / "one.db")
    kept.close()
    inode = path.stat().st_ino
    command = [sys.executable, "-c", READING, path, NEW.hex()]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other,
        read_back(tmp_path / "one.db", path) as found,
    ):
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"open"
        with pytest.raises(BadInput, match="is in use: close the kiosk"):
            found.put_in_place_of(path, ring, NOON)
        other.communicate(b"\n")
    assert path.stat().st_ino == inode
    assert not list(tmp_path.glob("*.before-restore-*"))


@pytest.mark.parametrize("spoilt", ["garbage", "another key"])
def test_in_the_place_of_one_that_can_not_be_opened(
    kept: SqlStorage, path: Path, tmp_path: Path, spoilt: str
) -> None:
    kept.back_up(tmp_path / "one.db")
    ring = RING
    if spoilt == "garbage":
        kept.close()
        path.write_bytes(b"garbage" * 1000)
        path.with_name("kiosk.db-wal").write_bytes(b"a journal of another")
    else:
        kept.close()
        ring = KeyRing((OTHER,), "a test")
    old = path.read_bytes()
    with read_back(tmp_path / "one.db", path) as found:
        before = found.put_in_place_of(path, ring, NOON)
    assert before is not None
    assert before.read_bytes() == old
    assert names(path) == [NAME]


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from kiosk.domain.keys import KeyRing
from kiosk.storage import open_storage, restored, scratch
from kiosk.storage.chain import Seal
from tests.killed import at_each_step
folder, backup = Path(sys.argv[1]), Path(sys.argv[2])
ring = KeyRing(tuple(bytes.fromhex(key) for key in sys.argv[3:]), "a test")
path, seal, now = folder / "kiosk.db", Seal(b"s" * 32), lambda: datetime(2026, 3, 2, tzinfo=UTC)
seen = set()
def names(path):
    opened = open_storage(f"sqlite:///{path}", now, seal, ring)
    try:
        assert not opened.check().problems and not opened.check_chain().found
        return [person.name for person in opened.people.find()]
    finally:
        opened.close()
def restore():
    with scratch(path) as there, restored(backup, there, ring, seal, now) as found:
        found.put_in_place_of(path, ring, now())
def check(kills, done):
    found = names(path)
    seen.add(tuple(found))
    if found == ["Ada"]:
        (kept,) = folder.glob("*.before-restore-20260302T000000Z")
        assert names(kept) == ["Ada", "Grace"], kills
    else:
        assert found == ["Ada", "Grace"], (kills, found)
at_each_step(folder, restore, check)
assert seen == {("Ada",), ("Ada", "Grace")}
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("journal", [False, True], ids=["closed in order", "after a power cut"])
def test_it_may_be_killed_anywhere(tmp_path: Path, journal: bool) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    storage = opened(folder / "kiosk.db")
    storage.people.add("Ada")
    storage.back_up(tmp_path / "one.db")
    if journal:
        storage.people.add("Grace")
        left = {one.name: one.read_bytes() for one in folder.iterdir() if one.name[-3:] != "shm"}
        storage.close()
        for name, content in left.items():
            (folder / name).write_bytes(content)
        assert (folder / "kiosk.db-wal").stat().st_size
    else:
        storage.people.add("Grace")
        storage.close()
    keys = [NEW.hex(), OLD.hex()]
    assert run_killed(KILLED, folder, tmp_path / "one.db", *keys) >= 10, "something to kill"
