"""Which installed packages have known holes, by a list that ships: a kiosk asks nobody.

The list, ``known_holes.json``, is renewed by ``python -m tools.known_holes``; docs/supply-chain.md
says from what. Its form:

    {"date": "2026-08-31",                         what was published up to then
     "holes": [{"package": "pillow",               its name in PyPI's canonical form
                "id": "CVE-2024-28219",            or another database's where there is no CVE
                "what": "a colour profile writes beyond a buffer",
                "affected": ["<10.3.0"],           PEP 440; a version in any of these has it
                "answer": "..."}]}                 what the kiosk does about it, where it does
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from kiosk.domain.language import _, counted
from kiosk.libraries import Installed, needed_packages
from kiosk.services.site import Finding

LIST: Final = Path(__file__).with_name("known_holes.json")
_OLD: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Hole:
    """``affected`` are ranges of versions; ``answer`` says what the kiosk itself does about it."""

    package: str
    id: str
    what: str
    affected: tuple[SpecifierSet, ...]
    answer: str = ""

    def is_in(self, version: Version) -> bool:
        return any(versions.contains(version, prereleases=True) for versions in self.affected)

    def closed_by(self, version: Version) -> Version | None:
        """The first version without it after an affected one; None where none is known."""
        ends = [
            Version(part.version)
            for versions in self.affected
            for part in versions
            if part.operator == "<" and Version(part.version) > version
        ]
        return min(ends, default=None)


@dataclass(frozen=True, slots=True)
class KnownHoles:
    """``date`` is the day up to which what was published is in it."""

    date: date
    holes: tuple[Hole, ...]


def read_holes(path: Path = LIST) -> KnownHoles:
    """The list that ships.

    Raises:
        ValueError: it can't be read or is not of this module's form.
    """
    try:
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return KnownHoles(date.fromisoformat(data["date"]), tuple(map(_hole, data["holes"])))
    except (AttributeError, InvalidSpecifier, KeyError, OSError, TypeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _hole(row: dict[str, Any]) -> Hole:
    if not row["affected"]:
        raise ValueError(f"{row['id']}: no versions")
    return Hole(
        canonicalize_name(row["package"]),
        str(row["id"]),
        str(row["what"]),
        tuple(SpecifierSet(versions) for versions in row["affected"]),
        str(row.get("answer", "")),
    )


def check_holes(
    today: date, installed: Installed = metadata.distribution, path: Path = LIST
) -> Finding:
    """Whether any package that the kiosk needs, as it is installed here, has a known hole."""
    title = _("Known holes")
    try:
        listed = read_holes(path)
    except ValueError as error:
        text = _(
            "The list of known holes can't be read ({why}): install the kiosk again from the "
            "release."
        )
        return Finding(title, False, text.format(why=error))
    packages = tuple(_versions(installed))
    found = [(hole, at) for name, at in packages for hole in listed.holes if _has(hole, name, at)]
    open_holes = [(hole, at) for hole, at in found if not hole.answer]
    if open_holes:
        return Finding(title, False, _told(open_holes))
    text = _("Of {packages} none has one that is known and open, by the list of {date}.").format(
        packages=counted("{count} package", "{count} packages", len(packages)), date=listed.date
    )
    for hole, at in found:
        closed = _("{package} {version} has {id}, but {answer}.").format(
            package=hole.package, version=at, id=hole.id, answer=hole.answer
        )
        text += " " + closed
    if today - listed.date <= _OLD:
        return Finding(title, True, text)
    text += " " + _("The list is old: update the kiosk.")
    return Finding(title, True, text, advice=True)


def _has(hole: Hole, name: str, version: Version) -> bool:
    return hole.package == name and hole.is_in(version)


def _versions(installed: Installed) -> Iterable[tuple[str, Version]]:
    """What is installed of what the kiosk needs; what has no proper version can't be compared."""
    for name in needed_packages(installed):
        try:
            yield canonicalize_name(name), Version(installed(name).version)
        except InvalidVersion:
            continue


def _told(found: list[tuple[Hole, Version]]) -> str:
    """Each package with its holes, and what ends all of them."""
    lines = []
    for package in sorted({hole.package for hole, _at in found}):
        mine = [(hole, at) for hole, at in found if hole.package == package]
        version = mine[0][1]
        ends = [hole.closed_by(version) for hole, _at in mine]
        known = [end for end in ends if end is not None]
        what = _("update it to {version} or later").format(version=max(known)) if known else ""
        if len(known) < len(ends):
            what += "; " if what else ""
            what += _("no version without is known yet: ask for the kiosk's own update")
        lines.append(
            _("{package} {version}: {holes}; {what}.").format(
                package=package,
                version=version,
                holes=", ".join(f"{hole.id} ({hole.what})" for hole, _at in mine),
                what=what,
            )
        )
    return " ".join(lines)
