"""The packages that the kiosk is built on: whether they are there, and under which licence."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from importlib.metadata import Distribution, PackageNotFoundError

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kiosk.domain.language import _
from kiosk.services.site import Finding

Installed = Callable[[str], Distribution]
"""Finds a package by name; raises PackageNotFoundError."""

_CARRYING = (
    "ai-edge-litert",
    "numpy",
    "opencv-python-headless",
    "pyside6-essentials",
    "sqlalchemy",
)


def check_libraries(installed: Installed = metadata.distribution) -> Finding:
    """Whether all that the kiosk requires is installed, each in a version that it works with."""
    required = tuple(_requirements("kiosk", ("",), installed))
    wrong = [str(requirement) for requirement in required if not _met(requirement, installed)]
    # Run without being installed, the kiosk has no list of its own.
    wrong += [] if required else [n for n in _CARRYING if not _met(Requirement(n), installed)]
    if wrong:
        text = _(
            "Missing or of another version: {packages}. In a checkout run make setup again, "
            "elsewhere {command}."
        )
        command = " ".join([sys.executable, "-m pip install", *(f'"{name}"' for name in wrong)])
        return Finding(
            _("Libraries"), False, text.format(packages=", ".join(wrong), command=command)
        )
    found = ", ".join(f"{name} {installed(name).version}" for name in _CARRYING)
    return Finding(_("Libraries"), True, f"{found}.")


def licences(installed: Installed = metadata.distribution) -> tuple[tuple[str, str, str], ...]:
    """Name, version and licence of every installed package that the kiosk needs, by name."""
    return tuple(
        (about["Name"], about["Version"], licence_of(about))
        for about in (installed(name).metadata for name in needed_packages(installed))
    )


def needed_packages(
    installed: Installed = metadata.distribution, extras: Iterable[str] | None = None
) -> tuple[str, ...]:
    """The installed packages that the kiosk needs, itself among them, in PyPI's canonical form.

    With its own ``extras``, or all of them where they are not named. There are none where it is run
    without being installed.
    """
    return tuple(sorted(_needed("kiosk", installed, extras)))


def required_by(name: str, installed: Installed = metadata.distribution) -> tuple[str, ...]:
    """The packages that an installed one asks for on this machine, its extras left aside."""
    return tuple(
        sorted({canonicalize_name(one.name) for one in _requirements(name, ("",), installed)})
    )


def licence_of(about: metadata.PackageMetadata) -> str:
    """A package's licence as it says itself: SPDX where it does, else in its own words."""

    def values(key: str) -> list[str]:
        return about.get_all(key) or []

    said = next((text for key in ("License-Expression", "License") for text in values(key)), "")
    if said and len(said) <= 60:  # some put the whole text there
        return said
    classifiers = (c.rsplit(" :: ", 1)[-1] for c in values("Classifier") if c.startswith("License"))
    return ", ".join(classifiers) or _("see the package")


def _needed(root: str, installed: Installed, extras: Iterable[str] | None = None) -> set[str]:
    """The installed packages that ``root`` depends on, directly or not, and itself.

    Its own extras count where they are installed, those of others where they are asked for.
    """
    try:
        own = installed(root).metadata.get_all("Provides-Extra") or []
    except PackageNotFoundError:
        return set()
    extras = own if extras is None else extras
    asked = {(canonicalize_name(root), ("", *extras))}
    waiting = list(asked)
    while waiting:
        for requirement in _requirements(*waiting.pop(), installed):
            name = canonicalize_name(requirement.name)
            wanted = (name, ("", *sorted(requirement.extras)))
            if wanted not in asked and _found(name, installed):
                asked.add(wanted)
                waiting.append(wanted)
    return {name for name, _extras in asked}


def _requirements(name: str, extras: Iterable[str], installed: Installed) -> Iterator[Requirement]:
    """What a package asks for on this machine; nothing where it is not installed."""
    if not _found(name, installed):
        return
    for text in installed(name).requires or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            yield requirement


def _met(requirement: Requirement, installed: Installed) -> bool:
    name = requirement.name
    return _found(name, installed) and requirement.specifier.contains(
        installed(name).version, prereleases=True
    )


def _found(name: str, installed: Installed) -> bool:
    try:
        installed(name)
    except PackageNotFoundError:
        return False
    return True
