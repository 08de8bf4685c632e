from __future__ import annotations

from importlib.metadata import Distribution, PackageNotFoundError, PathDistribution
from pathlib import Path

import pytest

from kiosk.libraries import Installed, check_libraries, licences

CARRYING = ("ai-edge-litert", "numpy", "opencv-python-headless", "pyside6-essentials", "sqlalchemy")


class Site:
    """A folder of installed packages."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, name: str, version: str = "1.0", *lines: str) -> None:
        folder = self._folder / f"{name}.dist-info"
        folder.mkdir(exist_ok=True)
        about = ("Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *lines)
        (folder / "METADATA").write_text("\n".join(about) + "\n", "utf-8")

    def __call__(self, name: str) -> Distribution:
        folder = self._folder / f"{name}.dist-info"
        if not folder.is_dir():
            raise PackageNotFoundError(name)
        return PathDistribution(folder)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    for name in CARRYING:
        made.add(name)
    return made


def names(site: Installed) -> list[str]:
    return [name for name, _, _ in licences(site)]


def test_what_is_installed_here_is_enough() -> None:
    finding = check_libraries()

    assert finding.ok, finding.text
    assert "numpy" in finding.text


def test_a_missing_package_and_one_of_another_version_are_named(site: Site) -> None:
    wanted = ("numpy", "sqlalchemy>=2", "typer", 'winrt; sys_platform == "never"')
    site.add("kiosk", "0.1", *(f"Requires-Dist: {text}" for text in wanted))

    finding = check_libraries(site)

    assert not finding.ok
    assert "version: sqlalchemy>=2, typer. " in finding.text
    assert 'pip install "sqlalchemy>=2" "typer"' in finding.text


def test_a_kiosk_that_is_not_installed_names_what_carries_it(tmp_path: Path) -> None:
    empty = Site(tmp_path)

    assert all(name in check_libraries(empty).text for name in CARRYING)
    assert licences(empty) == ()


def test_extras_count_where_they_are_asked_for(site: Site) -> None:
    """Our own always, those of others only if somebody requires them."""
    site.add(
        "kiosk",
        "0.1",
        "Requires-Dist: a[fast] (>=1)",
        "Requires-Dist: b~=1.0",
        'Requires-Dist: ours!=2; extra == "lab"',
        "Requires-Dist: absent",
        "Provides-Extra: lab",
    )
    site.add(
        "a", "1.0", 'Requires-Dist: fast; extra == "fast"', 'Requires-Dist: c; extra == "slow"'
    )
    site.add("b", "1.0", 'Requires-Dist: c; extra == "slow"', "Requires-Dist: a")
    for name in ("fast", "c", "ours"):
        site.add(name)

    assert names(site) == ["a", "b", "fast", "kiosk", "ours"]


def test_a_licence_is_found_wherever_a_package_says_it(site: Site) -> None:
    site.add("kiosk", "0.1", *(f"Requires-Dist: {name}" for name in "abcd"))
    site.add("a", "1", "License-Expression: MIT")
    site.add("b", "1", "License: BSD")
    site.add("c", "1", f"License: {'text ' * 20}", "Classifier: License :: OSI Approved :: ISC")
    site.add("d", "1")

    assert [licence for _, _, licence in licences(site)][:4] == [
        "MIT",
        "BSD",
        "ISC",
        "see the package",
    ]


def test_what_is_installed_here_is_listed() -> None:
    rows = {name.lower() for name, _, _ in licences()}

    assert "typer" in rows
    assert "numpy" in rows
