"""Renews the list of known holes from OSV's export: python -m tools.known_holes all.zip

The export of PyPI's packages is https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip, a
zip of records in OSV's format (https://ossf.github.io/osv-schema/). Of these the list takes the
packages in constraints.txt. What OSV does not know of a package, such as holes of the libraries
inside a wheel, was put into the list by hand and stays, unless OSV withdrew it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from kiosk.known_holes import LIST

CONSTRAINTS: Final = Path(__file__).resolve().parents[1] / "constraints.txt"
Row = dict[str, Any]


def renewed(old: Row, records: Iterable[Row], packages: set[str]) -> Row:
    """The list anew; ``date`` is that of the newest record."""
    records = list(records)
    rows: dict[tuple[str, str], Row] = {}
    gone: set[str] = set()
    for record in records:
        if "withdrawn" in record:
            gone.add(_name(record))
            continue
        for package, ranges in _affected(record, packages):
            key = package, _name(record)
            row = rows.setdefault(
                key, {"package": key[0], "id": key[1], "what": _what(record), "affected": []}
            )
            row["affected"] += [one for one in ranges if one not in row["affected"]]
    for row in old["holes"]:
        key = row["package"], row["id"]
        if key in rows:
            rows[key] |= {name: row[name] for name in ("what", "answer") if name in row}
        elif row["id"] not in gone:
            rows[key] = row
    newest = max((str(record.get("modified", ""))[:10] for record in records), default="")
    return {"date": max(newest, old["date"]), "holes": [rows[key] for key in sorted(rows)]}


def text_of(listed: Row) -> str:
    """One hole a line, so that what changed can be read."""
    lines = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in listed["holes"])
    return f'{{\n  "date": "{listed["date"]}",\n  "holes": [\n{lines}\n  ]\n}}\n'


def _name(record: Row) -> str:
    """A hole's CVE where it has one: others list the same one under a number of their own."""
    names = [record["id"], *record.get("aliases", ())]
    return next((name for name in names if name.startswith("CVE-")), record["id"])


def _what(record: Row) -> str:
    told = str(record.get("summary") or record.get("details") or "see the advisory")
    return " ".join(told.split())[:160]


def _affected(record: Row, packages: set[str]) -> Iterator[tuple[str, list[str]]]:
    for affected in record.get("affected", ()):
        about = affected.get("package", {})
        package = canonicalize_name(about.get("name", ""))
        if about.get("ecosystem") != "PyPI" or package not in packages:
            continue
        ranges = [
            versions
            for one in affected.get("ranges", ())
            if one.get("type") == "ECOSYSTEM"
            for versions in _ranges(one.get("events", ()))
        ]
        listed = [f"=={version}" for version in affected.get("versions", ()) if _proper(version)]
        if ranges or listed:
            yield package, ranges or listed


def _ranges(events: Iterable[Row]) -> Iterator[str]:
    """OSV's events as PEP 440's ranges; one without an end is open."""
    begin: str | None = None
    for event in events:
        if _proper(event.get("introduced")):
            if begin is not None:
                yield f">={begin}"
            begin = event["introduced"]
            continue
        for kind, sign in (("fixed", "<"), ("last_affected", "<=")):
            if begin is not None and _proper(event.get(kind)):
                start = "" if begin == "0" else f">={begin},"
                yield f"{start}{sign}{event[kind]}"
                begin = None
    if begin is not None:
        yield f">={begin}"


def _proper(version: object) -> bool:
    try:
        Version(str(version))
    except InvalidVersion:
        return False
    return True


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write(__doc__)
        return 2
    lines = CONSTRAINTS.read_text("utf-8").splitlines()
    pins = (Requirement(line) for line in lines if not line.startswith("#"))
    packages = {str(canonicalize_name(pin.name)) for pin in pins}
    try:
        with ZipFile(arguments[0]) as archive:
            names = [name for name in archive.namelist() if name.endswith(".json")]
            records = [json.loads(archive.read(name)) for name in names]
    except (OSError, ValueError, BadZipFile) as error:
        sys.exit(f"{arguments[0]} is not OSV's export of PyPI: {error}")
    if not records:
        sys.exit(f"{arguments[0]} is not OSV's export of PyPI: there are no records in it")
    listed = renewed(json.loads(LIST.read_text("utf-8")), records, packages)
    LIST.write_text(text_of(listed), "utf-8")
    sys.stdout.write(f"{len(listed['holes'])} holes up to {listed['date']} in {LIST}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
