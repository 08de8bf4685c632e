"""`drill` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.app import Options, opened_storage
from kiosk.cli.drill import table
from kiosk.cli.program import execute
from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.liveness.drill import OWED, Answer, Conditions, Kind, Try
from kiosk.services.access.pins import utc_now
from kiosk.services.admin.trail import Trail
from kiosk.services.drill import Drills


@pytest.fixture
def passed(tmp_path: Path) -> Path:
    with opened_storage(Options(tmp_path)) as storage:
        drills = Drills(storage, Trail(storage, utc_now), utc_now)
        session = drills.begin(ADMINISTRATOR, Conditions("Camera 7", "x", "passive", 0.001, "1"))
        session.add(Try(Kind.OWN_FACE, Answer.LET_IN))
        for _ in range(50):
            session.add(Try(Kind.PRINT, Answer.SUSPECTED))
        session.end()
    return tmp_path


def run(folder: Path, *words: str) -> int:
    return execute(["drill", "--data-dir", str(folder), *words])


def test_without_one_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path) == 1
    assert "No drill was made here yet" in capsys.readouterr().out


def test_the_last_one_is_shown_with_what_has_changed(
    passed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(passed) == 0
    out = capsys.readouterr().out
    assert "IAPAR 0 of 50: under 7.1%" in out
    assert "Since then another: camera" in out
    assert run(passed, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "passed"
    assert told["kinds"][1]["high"] == pytest.approx(0.071122)


def test_it_is_written_as_a_page(passed: Path, qapp: object) -> None:
    assert run(passed, "--pdf", str(passed / "drill.pdf")) == 0
    assert (passed / "drill.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("words", ["print", "print=", "nose=a.mp4"])
def test_what_is_shown_has_a_kind_and_a_clip(
    tmp_path: Path, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, words) == 2
    assert "print=photo.mp4" in capsys.readouterr().err


def test_a_face_alone_opens_again_only_for_a_reason(
    passed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(passed, "--lift", "a guard stands there") == 2
    assert "opens here already" in capsys.readouterr().err
    with opened_storage(Options(data_dir=passed)) as storage:
        storage.settings.save({OWED: "print"})
    assert run(passed, "--lift", " ") == 2
    assert run(passed, "--lift", "a guard stands there") == 0
    assert "A face alone opens again" in capsys.readouterr().out


def test_columns_stand_under_each_other() -> None:
    assert table((("a", "b"), ("long", "c"))) == ["a     b", "long  c"]
