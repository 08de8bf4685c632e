"""The doctor tells what is true: nothing is well that is not."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.app import DEMO, Options, opened_storage
from kiosk.building import open_camera
from kiosk.cli.program import execute
from kiosk.doctor import examine
from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.chain import Head
from kiosk.domain.settings import Settings
from kiosk.resources import MODELS
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.faults import Fault
from kiosk.services.site import Finding

NOW = datetime.now(UTC)


def report(
    folder: Path, *, liveness: str = "passive", camera: Path = DEMO / "clip.mp4", **what: Any
) -> dict[str, Finding]:
    settings = Settings(camera=str(camera), liveness=liveness)
    with opened_storage(Options(data_dir=folder)) as storage:
        findings = examine(
            storage,
            settings,
            lambda: open_camera(settings, realtime=False),
            MODELS,
            now=NOW,
            **what,
        )
    return {finding.title: finding for finding in findings}


def test_all_is_well_in_a_new_folder_with_a_camera(tmp_path: Path) -> None:
    assert all(finding.ok and not finding.advice for finding in report(tmp_path).values())


def test_the_encoder_in_force_says_its_licence(tmp_path: Path) -> None:
    assert "Licence: Research data: not for commercial" in report(tmp_path)["Encoder"].text


def test_programs_are_given_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    execute(["doctor", "--json", "--camera", str(DEMO / "clip.mp4"), "--data-dir", str(tmp_path)])

    rows = {row["title"]: row for row in json.loads(capsys.readouterr().out)["findings"]}
    assert rows["Database"]["people_count"] == rows["Database"]["log_rows_count"] == 0
    assert rows["Database"]["database_bytes"] > 0
    assert rows["Disk"]["free_bytes"] > 0


def test_a_camera_that_the_running_kiosk_has_lost_is_not_well(tmp_path: Path) -> None:
    found = report(tmp_path, camera_in_use=True, camera_problem="The camera was unplugged.")

    assert found["Camera"] == Finding("Camera", False, "The camera was unplugged.")
    assert report(tmp_path, camera_in_use=True)["Camera"].ok


def test_where_a_photo_lets_in_that_is_said(tmp_path: Path) -> None:
    found = report(tmp_path, liveness="off")["Photos and screens"]
    assert found.advice
    assert "photo of somebody enrolled is let in" in found.text
    pictures = report(tmp_path, camera=DEMO / "people" / "Mia Chen")["Photos and screens"]
    assert pictures.advice
    assert "Not told from people" in pictures.text


def test_a_screen_that_may_go_dark_is_not_well(tmp_path: Path) -> None:
    found = report(tmp_path, screen_problem=lambda: "The screen may go dark.")

    assert found["Screen"] == Finding("Screen", False, "The screen may go dark.")


def test_a_kiosk_that_nobody_could_come_back_to_is_told(tmp_path: Path) -> None:
    with opened_storage(Options(data_dir=tmp_path)) as storage:
        admin = Administration.of(storage, Pins(storage))
        admin.settings.set_admin_pin(ADMINISTRATOR, "805471")
        without = report(tmp_path)["Recovery code"]
        admin.recovery.note_kept(admin.recovery.renew(ADMINISTRATOR))

    assert (without.ok, without.advice) == (True, True)
    assert "Make one in the settings, under Security" in without.text
    kept = report(tmp_path)["Recovery code"]
    assert (kept.text, kept.advice) == ("It is on paper: nobody knows it here.", False)


def test_the_last_fault_is_told_and_is_advice_for_a_day(tmp_path: Path) -> None:
    fresh = report(tmp_path, fault=Fault(NOW - timedelta(hours=2), "The disk was full."))
    old = report(tmp_path, fault=Fault(NOW - timedelta(days=2), "The disk was full."))

    assert fresh["Last fault"].text.endswith("The disk was full.")
    assert (fresh["Last fault"].ok, fresh["Last fault"].advice) == (True, True)
    assert not old["Last fault"].advice
    assert "Last fault" not in report(tmp_path)


def test_a_record_whose_end_is_gone_is_not_well(tmp_path: Path) -> None:
    found = report(tmp_path, known_head=Head(7, "aa"))["Record"]
    assert not found.ok
    assert "Entry no. 7 was written, and the newest here is no. 0" in found.text
    assert report(tmp_path)["Record"].ok
