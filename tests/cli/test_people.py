"""People on the command line: who agreed, who withdraws."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.app import Options, opened_storage
from kiosk.cli.program import execute
from tests.fakes import vector

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with opened_storage(Options(data_dir=tmp_path)) as storage:
        ada = storage.people.add("Ada", "17")
        storage.people.add_template(ada.id, vector(1), "fake", 0.9, "camera")
    return tmp_path


def people(folder: Path, *words: str) -> int:
    return execute(["people", *words, "--data-dir", str(folder)])


def test_somebody_agrees_and_withdraws(folder: Path, capsys: Capture) -> None:
    assert people(folder, "agree", "17") == 0
    assert "Ada agreed, on paper, to version 1." in capsys.readouterr().out
    assert people(folder, "withdraw", "17", "--yes") == 0
    told = capsys.readouterr().out
    assert told.startswith("Ada has withdrawn. 1 photo was deleted. They have no PIN")
    with opened_storage(Options(data_dir=folder)) as storage:
        (ada,) = storage.people.find()
        assert ada.template_count == 0
        assert not storage.consents.newest()[ada.id].stands


def test_how_is_checked(folder: Path, capsys: Capture) -> None:
    assert people(folder, "agree", "17", "--how", " ") == 2
    assert "Say how the person agreed" in capsys.readouterr().err
