"""Backups on the command line, and back again on another machine."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from kiosk.app import Options, opened_administration, opened_storage, record_heads
from kiosk.cli.program import execute
from kiosk.domain.audit import ADMINISTRATOR, Action, AuditEntry
from kiosk.services.access import keys, record_key

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    with opened_storage(Options(data_dir=folder)) as storage:
        mia = storage.people.add("Mia Chen", "101")
        storage.people.add_template(mia.id, np.ones(8, np.float32), "net", 0.5, "a.jpg")
    with opened_administration(Options(data_dir=folder)) as admin:
        admin.settings.set_admin_pin(ADMINISTRATOR, "258014")
    return folder


def names(folder: Path) -> list[str]:
    with opened_storage(Options(data_dir=folder)) as storage:
        return [person.name for person in storage.people.find()]


def newest(folder: Path) -> tuple[str, str]:
    with opened_storage(Options(data_dir=folder)) as storage:
        entry = storage.audit.newest(1)[0]
    return entry.action.value, entry.details


def backup(folder: Path, *words: str) -> int:
    return execute(["backup", *words, "--data-dir", str(folder)])


def restore(folder: Path, *words: object) -> int:
    return execute(["restore", *map(str, words), "--data-dir", str(folder)])


def made(folder: Path, capsys: Capture) -> Path:
    assert backup(folder, "now") == 0
    capsys.readouterr()
    assert backup(folder, "list", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    path = Path(rows[0]["path"])
    assert path.stat().st_size == rows[0]["size_bytes"]
    return path


def test_one_goes_into_the_folder_and_is_listed(folder: Path, capsys: Capture) -> None:
    assert backup(folder, "list") == 0
    assert "There is no backup yet in" in capsys.readouterr().out
    path = made(folder, capsys)
    assert path.parent == folder / "backups"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert newest(folder) == ("back_up", str(path))
    assert backup(folder, "list") == 0
    assert str(path) in capsys.readouterr().out
    assert backup(folder, "verify") == 0
    told = capsys.readouterr().out
    assert "1 person, 1 photo, 0 log rows. The record stands as it was written." in told


def test_a_spoilt_one_is_named(folder: Path, capsys: Capture) -> None:
    path = made(folder, capsys)
    with path.open("r+b") as file:
        file.seek(3 * 4096 + 100)
        file.write(b"\0" * 64)
    assert backup(folder, "verify") == 1
    assert path.name in capsys.readouterr().out
    assert restore(folder, path, "--yes") == 2
    assert path.name in capsys.readouterr().err
    assert names(folder) == ["Mia Chen"]


def test_without_one_there_is_nothing_to_verify(folder: Path, capsys: Capture) -> None:
    assert backup(folder, "verify") == 1
    assert "`kiosk backup now` makes one" in capsys.readouterr().out


def test_one_elsewhere_is_a_data_folders_database(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert backup(folder, "now", str(tmp_path / "other" / "kiosk.db")) == 0
    assert stat.S_IMODE((tmp_path / "other" / "kiosk.db").stat().st_mode) == 0o600
    assert names(tmp_path / "other") == ["Mia Chen"]
    assert newest(folder)[0] == "back_up"


def test_one_replaces_nothing(folder: Path, capsys: Capture) -> None:
    (folder / "taken").write_text("precious")
    assert backup(folder, "now", str(folder / "taken")) == 2
    assert "exists already" in capsys.readouterr().err
    assert (folder / "taken").read_text() == "precious"


@pytest.mark.parametrize("place", ["nowhere/at/all.db", "."])
def test_one_that_cannot_be_written_is_a_sentence(
    folder: Path, place: str, capsys: Capture
) -> None:
    assert backup(folder, "now", str(folder / place)) == 2
    assert str(folder) in capsys.readouterr().err


def test_a_server_has_its_own_means(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_DATABASE_URL", "postgresql+psycopg://nobody@nowhere.invalid/kiosk")
    assert execute(["restore", "x.db"]) == 2
    assert "pg_restore --clean --if-exists" in capsys.readouterr().err


def test_what_was_lost_comes_back_on_this_machine(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(folder, capsys)
    assert execute(["people", "remove", "101", "--yes", "--data-dir", str(folder)]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert restore(folder, path) == 1
    assert f"Put it in the place of {folder / 'kiosk.db'}?" in capsys.readouterr().out
    assert names(folder) == []

    assert restore(folder, path, "--yes") == 0

    told = capsys.readouterr().out
    (before,) = folder.glob("kiosk.db.before-restore-*")
    assert f"The database before is kept as {before}" in told
    assert names(folder) == ["Mia Chen"]
    action, details = newest(folder)
    assert action == "restore_backup"
    assert details.startswith(str(path))
    assert "the newest entry known here was no. " in details
    assert execute(["log", "verify", "--data-dir", str(folder)]) == 0, "it is told on purpose"
    with opened_storage(Options(data_dir=folder)) as storage:
        storage.audit.append(AuditEntry(datetime.now(UTC), ADMINISTRATOR, Action.EXPORT))
    assert execute(["log", "verify", "--data-dir", str(folder)]) == 0


@pytest.fixture
def another_machine(
    folder: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """All that was brought along: a backup, and what the safe held."""
    brought = tmp_path / "brought"
    brought.mkdir()
    shutil.copy(made(folder, capsys), brought / "backup.db")
    shutil.copy(os.environ[record_key.KEY_FILE], brought / "record.key")
    assert execute(["key", "show", "--data-dir", str(folder)]) == 0
    (brought / "paper").write_text(capsys.readouterr().out)
    shutil.rmtree(folder)
    monkeypatch.setenv(keys.KEY_FILE, str(tmp_path / "there" / "database.key"))
    monkeypatch.setenv(record_key.KEY_FILE, str(brought / "record.key"))
    return brought


def test_on_another_machine_with_the_key_everything_is_back(
    another_machine: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought, there = another_machine, tmp_path / "there" / "data"
    assert restore(there, brought / "backup.db", "--yes") == 2
    told = capsys.readouterr().err
    assert "is encrypted, and its key is not there" in told
    assert "kiosk key restore" in told

    monkeypatch.setattr("sys.stdin", io.StringIO((brought / "paper").read_text() + "\n"))
    assert execute(["key", "restore", "--data-dir", str(there)]) == 0
    assert restore(there, brought / "backup.db", "--yes") == 0

    assert "The record stands as it was written" in capsys.readouterr().out
    assert execute(["log", "verify", "--data-dir", str(there)]) == 0
    with opened_administration(Options(data_dir=there)) as admin:
        (mia,) = admin.records.people.find()
        assert (mia.name, mia.staff_number) == ("Mia Chen", "101")
        assert len(admin.records.people.templates_of(mia.id)) == 1
    assert newest(there) == ("restore_backup", str(brought / "backup.db"))


def test_without_the_record_key_that_is_said(
    another_machine: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "there" / "data"
    (tmp_path / "another.key").write_text("ab" * 32)
    monkeypatch.setenv(record_key.KEY_FILE, str(tmp_path / "another.key"))
    paper = (another_machine / "paper").read_text() + "\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(paper))
    assert execute(["key", "restore", "--data-dir", str(there)]) == 0
    assert restore(there, another_machine / "backup.db", "--yes") == 0
    assert "sealed with another record.key than the one here" in capsys.readouterr().out


def test_the_one_before_is_named_though_the_newest_entry_cannot_be_kept(
    folder: Path, capsys: Capture
) -> None:
    path = made(folder, capsys)
    head = record_heads(Options(data_dir=folder)).path
    head.unlink()
    head.mkdir()

    assert restore(folder, path, "--yes") == 2

    told = capsys.readouterr().err
    assert "kiosk log accept" in told
    (before,) = folder.glob("kiosk.db.before-restore-*")
    assert f"is back in {folder / 'kiosk.db'}, and the database before is kept as {before}" in told
    assert newest(folder) == ("restore_backup", str(path))


def test_it_must_be_a_file(folder: Path, capsys: Capture) -> None:
    assert restore(folder, folder / "nothing.db", "--yes") == 2
    assert "is no file: name the backup" in capsys.readouterr().err
