"""Known holes of what is installed: by ranges of versions, with what to do, and never in what is
pinned."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from kiosk.known_holes import check_holes, read_holes
from kiosk.services.site import Finding
from tests.test_libraries import Site

ROOT = Path(__file__).resolve().parents[1]
SOON = date(2026, 9, 1)
ONE = {"package": "pillow", "id": "CVE-1", "what": "a picture", "affected": ["<10.3"]}
BRANCHES = {
    **ONE,
    "package": "urllib3",
    "id": "CVE-2",
    "affected": ["<1.26.17", ">=2.0.0,<2.0.6"],
}


def written(folder: Path, *holes: dict[str, Any], day: str = "2026-08-31") -> Path:
    path = folder / "holes.json"
    path.write_text(json.dumps({"date": day, "holes": holes}))
    return path


def found(tmp_path: Path, installed: dict[str, str], *holes: dict[str, Any]) -> Finding:
    site = Site(tmp_path)
    site.add("kiosk", "0.1", *(f"Requires-Dist: {name}" for name in installed))
    for name, version in installed.items():
        site.add(name, version)
    return check_holes(SOON, site, written(tmp_path, *holes))


def test_a_package_with_a_hole_is_named_with_what_to_do(tmp_path: Path) -> None:
    told = found(tmp_path, {"pillow": "10.2.0", "numpy": "2.0"}, ONE)

    assert not told.ok
    assert told.text == "pillow 10.2.0: CVE-1 (a picture); update it to 10.3 or later."


@pytest.mark.parametrize(
    ("version", "ends"),
    [
        ("1.26.16", "1.26.17"),
        ("1.26.17", ""),
        ("1.27", ""),
        ("2.0.0", "2.0.6"),
        ("2.0.6", ""),
        ("2.10", ""),
    ],
)
def test_versions_are_compared_as_versions(tmp_path: Path, version: str, ends: str) -> None:
    told = found(tmp_path, {"urllib3": version}, BRANCHES)

    assert told.ok == (not ends)
    assert not ends or f"update it to {ends} or later" in told.text


def test_several_holes_of_one_package_end_with_the_last(tmp_path: Path) -> None:
    worse = {**ONE, "id": "CVE-3", "affected": ["<10.4"]}
    open_end = {**ONE, "id": "CVE-4", "affected": [">=9"]}

    assert "CVE-1 (a picture), CVE-3 (a picture); update it to 10.4 or later." in (
        found(tmp_path, {"pillow": "10.0"}, ONE, worse).text
    )
    told = found(tmp_path, {"pillow": "11.0"}, ONE, worse, open_end)
    assert told.text == (
        "pillow 11.0: CVE-4 (a picture); no version without is known yet: ask for the kiosk's own "
        "update."
    )


def test_what_the_kiosk_answers_itself_is_told_and_well(tmp_path: Path) -> None:
    told = found(tmp_path, {"pillow": "10.0"}, {**ONE, "answer": "such pictures are refused"})

    assert told.ok
    assert not told.advice
    assert "pillow 10.0 has CVE-1, but such pictures are refused." in told.text


def test_a_package_of_another_name_or_without_a_version_has_none(tmp_path: Path) -> None:
    assert found(tmp_path, {"pillow-heif": "1.0", "pillow": "of today"}, ONE).ok


def test_an_old_list_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, day="2026-01-01")

    assert check_holes(date(2026, 7, 1), Site(tmp_path), path).advice
    assert not check_holes(date(2026, 6, 30), Site(tmp_path), path).advice


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"date": "yesterday", "holes": []}',
        '{"date": "2026-01-01", "holes": [{}]}',
        json.dumps({"date": "2026-01-01", "holes": [{**ONE, "affected": []}]}),
        json.dumps({"date": "2026-01-01", "holes": [{**ONE, "affected": ["?"]}]}),
    ],
)
def test_a_damaged_list_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "holes.json"
    path.write_text(text)

    told = check_holes(SOON, Site(tmp_path), path)

    assert not told.ok
    assert "can't be read" in told.text


def test_nothing_that_is_pinned_has_a_hole_that_nobody_answers() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith("#")]
    versions = {
        canonicalize_name(pin.name): Version(next(iter(pin.specifier)).version) for pin in pins
    }
    listed = read_holes().holes
    assert len(listed) > 70

    for hole in listed:
        assert re.fullmatch(r"(CVE|GHSA|PYSEC)-[\w-]+", hole.id)
        assert hole.package in versions, "a package that the kiosk does not use"
        assert hole.answer or not hole.is_in(versions[hole.package]), hole
    assert {hole.id for hole in listed if hole.is_in(versions[hole.package])} == {"CVE-2026-8461"}
