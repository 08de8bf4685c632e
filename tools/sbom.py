"""Writes the bill of materials of a release, CycloneDX 1.6 as JSON: python -m tools.sbom FILE

What the kiosk runs on in the versions of constraints.txt, what a site may add (the extras), the
models by their hash, font and icons; each with its licence. With SOURCE_DATE_EPOCH set, the same
checkout gives the same file.
"""

from __future__ import annotations

import os
import sys
import tomllib
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Final

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kiosk import __version__
from kiosk.libraries import licence_of, needed_packages, required_by
from kiosk.shipped import DRAWN, Part, model_parts

ROOT: Final = Path(__file__).resolve().parents[1]
CONSTRAINTS: Final = ROOT / "constraints.txt"
EXTRAS: Final = ("dlib", "keyring", "postgresql")
"""What a site may install beside; what trains and tests is no part of a kiosk."""
_LICENCES: Final = LicenseFactory()


class _Checkout(metadata.Distribution):
    """The kiosk as pyproject.toml has it: what is installed may be of another day."""

    def read_text(self, filename: str) -> str | None:
        if filename != "METADATA":
            return None
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        lines = ["Metadata-Version: 2.4", "Name: kiosk", f"Version: {__version__}"]
        lines += [f"Requires-Dist: {text}" for text in project["dependencies"]]
        for extra in EXTRAS:
            asked = project["optional-dependencies"][extra]
            lines += [f"Requires-Dist: {text}; extra == '{extra}'" for text in asked]
        return "\n".join(lines) + "\n"

    def locate_file(self, path: str | os.PathLike[str]) -> Path:
        return ROOT / path


def _installed(name: str) -> metadata.Distribution:
    return _Checkout() if name == "kiosk" else metadata.distribution(name)


def bill(pins: dict[str, str], when: datetime) -> Bom:
    """Of what is installed here, in its pinned versions.

    Raises:
        ValueError: something is missing, or in another version than the pinned one.
    """
    root = Component(
        name="kiosk",
        version=__version__,
        type=ComponentType.APPLICATION,
        bom_ref=f"kiosk@{__version__}",
        licenses=[_LICENCES.make_from_string("Apache-2.0")],
    )
    needed = set(needed_packages(_installed, ("",))) - {"kiosk"}
    optional = set(needed_packages(_installed, ("", *EXTRAS))) - needed - {"kiosk"}
    direct = set(required_by("kiosk", _installed))
    if direct - needed:
        raise ValueError(f"{', '.join(sorted(direct - needed))} not installed: run make setup")
    packages = {name: _package(name, pins, ComponentScope.REQUIRED) for name in needed}
    packages |= {name: _package(name, pins, ComponentScope.OPTIONAL) for name in optional}
    parts = [_part(part, ComponentType.MACHINE_LEARNING_MODEL) for part in model_parts()]
    parts += [_part(part, ComponentType.DATA) for part in DRAWN]
    made = Bom(
        components=[*packages.values(), *parts],
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"kiosk {__version__} {when.isoformat()}"),
        metadata=BomMetaData(component=root, timestamp=when),
    )
    made.register_dependency(root, [*(packages[name] for name in direct | optional), *parts])
    for name, component in packages.items():
        made.register_dependency(
            component, [packages[one] for one in required_by(name) if one in packages]
        )
    return made


def _package(name: str, pins: dict[str, str], scope: ComponentScope) -> Component:
    about = metadata.distribution(name).metadata
    version = pins.get(name)
    if version != about["Version"]:
        raise ValueError(
            f"{name} {about['Version']} is installed, but constraints.txt says {version}: "
            "run make setup"
        )
    url = PackageURL("pypi", name=name, version=version)
    return Component(
        name=about["Name"],
        version=version,
        type=ComponentType.LIBRARY,
        scope=scope,
        bom_ref=str(url),
        purl=url,
        licenses=[_LICENCES.make_from_string(licence_of(about))],
        description=about.get("Summary"),
    )


def _part(part: Part, kind: ComponentType) -> Component:
    return Component(
        name=part.name,
        version=part.version,
        type=kind,
        scope=ComponentScope.REQUIRED,
        bom_ref=f"{part.name}@{part.version}",
        licenses=[_LICENCES.make_from_string(part.licence)],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=part.sha256)] if part.sha256 else [],
        description=part.source,
    )


def pinned(lines: Iterable[str]) -> dict[str, str]:
    """The versions of a file of constraints, by a package's canonical name."""
    pins = (Requirement(line) for line in lines if line.strip() and not line.startswith("#"))
    return {canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in pins}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write(__doc__ or "")
        return 2
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    when = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    try:
        pins = pinned(CONSTRAINTS.read_text("utf-8").splitlines())
        made = bill(pins, when.replace(microsecond=0))
    except ValueError as error:
        sys.exit(str(error))
    path = Path(arguments[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(JsonV1Dot6(made).output_as_string(indent=2) + "\n", "utf-8")
    sys.stdout.write(f"{len(made.components)} parts in {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
