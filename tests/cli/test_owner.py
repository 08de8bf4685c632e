"""A forgotten PIN and the audit trail, for whoever owns the data folder."""

from __future__ import annotations

import getpass
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.app import Options, opened_administration, opened_storage
from kiosk.cli.program import execute
from kiosk.domain.audit import ADMINISTRATOR, Action, AuditEntry
from kiosk.services.access.pins import Pins

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with opened_administration(Options(data_dir=tmp_path)) as admin:
        admin.settings.set_admin_pin(ADMINISTRATOR, "258014")
    return tmp_path


def pin_is_set(folder: Path) -> bool:
    with opened_storage(Options(data_dir=folder)) as storage:
        return Pins(storage).admin_set


def trail(folder: Path, capsys: Capture) -> list[dict[str, str]]:
    capsys.readouterr()
    assert execute(["audit", "list", "--json", "--data-dir", str(folder)]) == 0
    entries: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return entries


def test_a_forgotten_pin_is_reset_and_written_down(folder: Path, capsys: Capture) -> None:
    assert pin_is_set(folder)

    assert execute(["reset-pin", "--yes", "--data-dir", str(folder)]) == 0

    assert not pin_is_set(folder), "the panel asks for a new one"
    assert "choose a new one" in capsys.readouterr().out
    newest = trail(folder, capsys)[0]
    assert (newest["action"], newest["actor_kind"]) == ("reset_admin_pin", "system_user")
    assert newest["actor_name"] == getpass.getuser()


def test_without_a_yes_the_pin_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (folder / "answer").open("w+") as answer:
        answer.write("n\n")
        answer.seek(0)
        monkeypatch.setattr("sys.stdin", answer)
        assert execute(["reset-pin", "--data-dir", str(folder)]) == 1

    assert pin_is_set(folder)


def test_the_trail_is_told_in_words(folder: Path, capsys: Capture) -> None:
    assert execute(["audit", "list", "--data-dir", str(folder)]) == 0
    assert "administrator at the panel; set the admin PIN" in capsys.readouterr().out


def test_changed_settings_are_told_as_on_their_page(folder: Path, capsys: Capture) -> None:
    with opened_storage(Options(data_dir=folder)) as storage:
        details = "liveness: passive -> off"
        act = Action.CHANGE_SETTINGS
        storage.audit.append(AuditEntry(datetime.now(UTC), ADMINISTRATOR, act, "liveness", details))
    assert execute(["audit", "list", "--data-dir", str(folder)]) == 0
    assert "Check that it is a person and not a photo: Look only → Off" in capsys.readouterr().out
    assert trail(folder, capsys)[0]["details"] == details, "programs read what is stored"


def test_an_empty_trail_says_so(tmp_path: Path, capsys: Capture) -> None:
    assert execute(["audit", "list", "--data-dir", str(tmp_path)]) == 0
    assert "Nothing was done" in capsys.readouterr().out


def test_a_removal_is_written_down_with_who_did_it(folder: Path, capsys: Capture) -> None:
    with opened_storage(Options(data_dir=folder)) as storage:
        storage.people.add("Mia Chen", "101")

    assert execute(["people", "remove", "101", "--yes", "--data-dir", str(folder)]) == 0

    newest = trail(folder, capsys)[0]
    assert (newest["action"], newest["actor_kind"]) == ("delete_person", "system_user")
    assert "Mia Chen" in newest["subject"]
