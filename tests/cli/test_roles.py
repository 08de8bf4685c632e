"""Roles on the command line, and who is asked for one there."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from kiosk.app import Options, opened_administration, opened_storage
from kiosk.cli.program import execute
from kiosk.domain.audit import ADMINISTRATOR

Capture = pytest.CaptureFixture[str]
PIN = "805471"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with opened_storage(Options(data_dir=tmp_path)) as storage:
        storage.people.add("Ada Lovelace", "17")
        storage.people.add("Bob")
    return tmp_path


@pytest.fixture(autouse=True)
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes through a pipe."""
    monkeypatch.setattr("sys.stdin", StringIO(f"{PIN}\n"))


@pytest.fixture
def by_another(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From then on another user of the machine calls."""
    owner = folder.stat().st_uid
    return lambda: monkeypatch.setattr(os, "geteuid", lambda: owner + 1000)


def kiosk(folder: Path, *words: str) -> int:
    return execute([*words, "--data-dir", str(folder)])


def give(folder: Path, *words: str) -> None:
    """A role with a PIN, by the owner."""
    with opened_administration(Options(data_dir=folder)) as admin:
        admin.settings.set_admin_pin(ADMINISTRATOR, "471108")
    assert kiosk(folder, "roles", "give", *words) == 0
    assert kiosk(folder, "roles", "set-pin", words[0]) == 0


def test_a_role_is_given_listed_and_taken(folder: Path, capsys: Capture) -> None:
    assert kiosk(folder, "roles", "list") == 0
    assert "Nobody has a role" in capsys.readouterr().out
    assert kiosk(folder, "roles", "give", "17", "manager", "Night") == 0
    told = capsys.readouterr().out
    assert "Ada Lovelace, manager, Night, no PIN yet" in told
    assert "roles set-pin 1" in told
    assert kiosk(folder, "roles", "set-pin", "Ada Lovelace") == 0
    capsys.readouterr()
    assert kiosk(folder, "roles", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "id": 1,
            "name": "Ada Lovelace",
            "role": "manager",
            "departments": ["Night"],
            "can_sign_in": True,
        }
    ]
    assert kiosk(folder, "roles", "take", "17", "--yes") == 0
    assert kiosk(folder, "audit", "list") == 0
    told = capsys.readouterr().out
    for act in ("gave a role", "set a PIN for a role", "took away a role"):
        assert act in told


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("give", "17", "manager"), "department at least"),
        (("give", "17", "auditor", "Night"), "for managers"),
        (("give", "17", "boss"), "say one of operator, enroller"),
        (("give", "Nobody", "auditor"), "Nobody here is called"),
        (("set-pin", "17"), "has no role"),
        (("take", "17", "--yes"), "has no role"),
    ],
)
def test_what_can_not_be_done_is_said(
    folder: Path, capsys: Capture, words: tuple[str, ...], why: str
) -> None:
    assert kiosk(folder, "roles", *words) == 2
    assert why in capsys.readouterr().err


def test_nothing_typed_is_no_pin(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    assert kiosk(folder, "roles", "give", "17", "auditor") == 0
    assert kiosk(folder, "roles", "set-pin", "17") == 2
    assert "Nothing was typed" in capsys.readouterr().err


def test_where_nobody_has_a_pin_nobody_is_asked(
    folder: Path, by_another: Callable[[], None]
) -> None:
    by_another()
    assert kiosk(folder, "people", "list") == 0


def test_whoever_does_not_own_the_data_says_who_they_are(
    folder: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    by_another: Callable[[], None],
) -> None:
    give(folder, "17", "enroller")
    by_another()
    capsys.readouterr()
    assert kiosk(folder, "people", "list") == 2
    assert "KIOSK_USER" in capsys.readouterr().err
    monkeypatch.setenv("KIOSK_USER", "17")
    monkeypatch.setenv("KIOSK_PIN", "936114")
    assert kiosk(folder, "people", "list") == 2
    assert "not right" in capsys.readouterr().err
    monkeypatch.setenv("KIOSK_PIN", PIN)
    assert kiosk(folder, "people", "list") == 0
    assert "Ada" in capsys.readouterr().out
    for words in (
        ("log", "export"),
        ("attendance", "who"),
        ("audit", "list"),
        ("backup", "now", str(folder / "copy.db")),
        ("reset-pin", "--yes"),
        ("roles", "list"),
        ("replay", "nothing.mp4"),
    ):
        assert kiosk(folder, *words) == 2, words
        assert "Your role is enroller" in capsys.readouterr().err
    assert kiosk(folder, "people", "remove", "Bob", "--yes") == 2
    assert "administrator" in capsys.readouterr().err
    monkeypatch.delenv("KIOSK_USER")
    monkeypatch.setenv("KIOSK_PIN", "471108")
    assert kiosk(folder, "people", "remove", "Bob", "--yes") == 0
    capsys.readouterr()
    assert kiosk(folder, "audit", "list", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["action"], one["actor_role"]) for one in told[:2]] == [
        ("delete_person", None),
        ("refused", "enroller"),
    ]


def test_a_managers_own_hours_need_somebody_else_here_too(
    folder: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    by_another: Callable[[], None],
) -> None:
    with opened_storage(Options(data_dir=folder)) as storage:
        storage.people.update(replace(storage.people.get(1), group="Night"))
    give(folder, "17", "manager", "Night")
    add = ("attendance", "correct", "17", "--in", "2025-11-18T08:00", "--why", "forgot")
    by_another()
    monkeypatch.setenv("KIOSK_USER", "17")
    monkeypatch.setenv("KIOSK_PIN", PIN)
    assert kiosk(folder, *add) == 2
    assert "another manager of Night" in capsys.readouterr().err
    monkeypatch.delenv("KIOSK_USER")
    monkeypatch.setenv("KIOSK_PIN", "471108")
    assert kiosk(folder, *add) == 0
    capsys.readouterr()
    assert kiosk(folder, "audit", "list", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["action"], one["actor_role"]) for one in told[:2]] == [
        ("add_clock_event", None),
        ("refused", "manager"),
    ]


def test_an_auditor_makes_no_backup(
    folder: Path, monkeypatch: pytest.MonkeyPatch, by_another: Callable[[], None]
) -> None:
    give(folder, "17", "auditor")
    by_another()
    monkeypatch.setenv("KIOSK_USER", "17")
    monkeypatch.setenv("KIOSK_PIN", PIN)
    assert kiosk(folder, "backup", "now", str(folder / "copy.db")) == 2
    assert not (folder / "copy.db").exists()
    assert kiosk(folder, "log", "export", str(folder / "log.csv")) == 0
