"""The list of known holes is renewed from OSV's records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from kiosk.known_holes import LIST, read_holes
from tools import known_holes
from tools.known_holes import main, renewed, text_of


def record(name: str, package: str, *events: dict[str, str], **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "modified": "2026-10-02T03:04:05Z",
        "summary": "A picture\nwrites",
        "affected": [
            {
                "package": {"name": package, "ecosystem": "PyPI"},
                "ranges": [{"type": "ECOSYSTEM", "events": events}],
            }
        ],
        **more,
    }


BY_HAND = {"package": "pillow", "id": "CVE-9", "what": "inside", "affected": ["<9"]}
OLD = {"date": "2026-08-31", "holes": [BY_HAND]}


def made(*records: dict[str, Any]) -> list[dict[str, Any]]:
    holes: list[dict[str, Any]] = renewed(OLD, records, {"pillow"})["holes"]
    return [hole for hole in holes if hole["id"] != "CVE-9"]


@pytest.mark.parametrize(
    ("events", "ranges"),
    [
        ([{"introduced": "0"}, {"fixed": "10.3.0"}], ["<10.3.0"]),
        ([{"introduced": "2"}, {"last_affected": "3"}], [">=2,<=3"]),
        ([{"introduced": "5"}], [">=5"]),
        (
            [{"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "2"}, {"fixed": "2.1"}],
            ["<1.2", ">=2,<2.1"],
        ),
    ],
)
def test_events_become_ranges(events: list[dict[str, str]], ranges: list[str]) -> None:
    (hole,) = made(record("GHSA-1", "Pillow", *events, aliases=["PYSEC-1", "CVE-1"]))

    assert hole == {
        "package": "pillow",
        "id": "CVE-1",
        "what": "A picture writes",
        "affected": ranges,
    }


def test_one_hole_of_two_databases_is_one() -> None:
    events = {"introduced": "0"}, {"fixed": "10"}
    (hole,) = made(
        record("PYSEC-1", "pillow", *events, aliases=["CVE-1"]),
        record("GHSA-1", "pillow", *events, aliases=["CVE-1"]),
    )
    assert hole["affected"] == ["<10"]


def test_other_packages_and_what_was_withdrawn_are_left_out() -> None:
    events = {"introduced": "0"}, {"fixed": "10"}
    assert not made(record("CVE-1", "django", *events))
    assert not made(record("CVE-1", "pillow", *events, withdrawn="2026-10-01T00:00:00Z"))
    withdrawn = record("CVE-9", "pillow", withdrawn="2026-10-01T00:00:00Z")
    assert renewed(OLD, [withdrawn], {"pillow"})["holes"] == []


def test_what_was_put_in_by_hand_stays_and_the_date_goes_on() -> None:
    listed = renewed(OLD, [record("CVE-1", "pillow", {"introduced": "0"})], {"pillow"})

    assert listed["date"] == "2026-10-02"
    assert [hole["id"] for hole in listed["holes"]] == ["CVE-1", "CVE-9"]


def test_the_export_is_read_and_the_list_that_ships_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.json"
    path.write_bytes(LIST.read_bytes())
    monkeypatch.setattr(known_holes, "LIST", path)
    export = tmp_path / "all.zip"
    new = record("CVE-2026-99999", "pillow", {"introduced": "13"}, {"fixed": "13.1"})
    with ZipFile(export, "w") as archive:
        archive.writestr("CVE-2026-99999.json", json.dumps(new))

    assert main([str(export)]) == 0

    before, after = read_holes(), read_holes(path)
    assert {hole.id for hole in after.holes} - {hole.id for hole in before.holes} == {
        "CVE-2026-99999"
    }
    assert {hole.answer for hole in after.holes} == {hole.answer for hole in before.holes}


def test_the_list_that_ships_is_written_as_the_tool_writes_it() -> None:
    assert text_of(json.loads(LIST.read_text("utf-8"))) == LIST.read_text("utf-8")


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_export_is_said(tmp_path: Path, content: bytes) -> None:
    export = tmp_path / "all.zip"
    export.write_bytes(content)
    with pytest.raises(SystemExit, match=r"is not OSV's export"):
        main([str(export)])
