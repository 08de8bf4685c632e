"""The wheel: everything the kiosk runs with is inside, and it runs outside the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kiosk.libraries import licences

ROOT = Path(__file__).resolve().parents[1]
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input")
TRAINING_ONLY = {"models/efficientfacenet_weights.npz"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = (*PIP, "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, ROOT)
    subprocess.run(command, check=True, timeout=100)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel alone is installed."""
    folder = tmp_path_factory.mktemp("installed")
    command = (*PIP, "install", "-q", "--no-deps", "--no-index", "--target", folder, wheel)
    subprocess.run(command, check=True, timeout=100)
    return folder


def run(site: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Run Python in an empty folder; ``site`` comes before an installed checkout."""
    return subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=site.parent,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as file:
        (name,) = (n for n in file.namelist() if n.endswith(".dist-info/METADATA"))
        return Parser().parsestr(file.read(name).decode())


def test_all_that_ships_is_inside_and_nothing_else(wheel: Path) -> None:
    def wanted(folder: str, inside: str) -> set[str]:
        files = (file.relative_to(ROOT).as_posix() for file in (ROOT / folder).rglob("*.*"))
        kept = (name for name in files if "__pycache__" not in name and name not in TRAINING_ONLY)
        return {inside + name for name in kept if (ROOT / name).is_file()}

    with ZipFile(wheel) as file:
        packed = {name for name in file.namelist() if ".dist-info/" not in name}

    assert packed == wanted("kiosk", "") | wanted("assets", "kiosk/") | wanted("models", "kiosk/")
    for name in (
        "kiosk/storage/migrations/versions/rev_0001_initial.py",
        "kiosk/lab/training/kernels/kernels.cpp",
        "kiosk/models/manifest.json",
        "kiosk/assets/icons/LICENSE.txt",
    ):
        assert name in packed


def test_the_licence_is_named_and_inside(wheel: Path) -> None:
    about = metadata(wheel)

    assert about["License-Expression"] == "Apache-2.0"
    assert about.get_all("License-File") == ["LICENSE"]
    with ZipFile(wheel) as file:
        (name,) = (n for n in file.namelist() if n.endswith("/licenses/LICENSE"))
        assert file.read(name) == (ROOT / "LICENSE").read_bytes()
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")


def test_the_installed_kiosk_uses_its_own_files(site: Path) -> None:
    where = "import kiosk.resources as r; print(r.MODELS, r.ASSETS, sep='\\n')"

    assert run(site, "-c", where).stdout.splitlines() == [
        str(site / "kiosk" / "models"),
        str(site / "kiosk" / "assets"),
    ]


def test_the_installed_kiosk_says_its_version(site: Path, wheel: Path) -> None:
    done = run(site, "-m", "kiosk", "--version")

    assert done.stdout == f"kiosk {metadata(wheel)['Version']}\n", done.stderr


def test_the_doctor_of_an_installed_kiosk_finds_models_and_database(
    site: Path, tmp_path: Path
) -> None:
    clip = site / "kiosk" / "assets" / "demo" / "clip.mp4"
    done = run(
        site, "-m", "kiosk", "doctor", "--json", "--camera", clip, "--data-dir", tmp_path / "data"
    )

    findings = {f["title"]: f for f in json.loads(done.stdout)["findings"]}
    for title in ("Camera", "Model files", "Encoder", "Database", "Libraries"):
        assert findings[title]["ok"], findings[title]["text"]


def test_every_library_installed_for_the_kiosk_has_its_pin() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith("#")]
    assert all([part.operator for part in pin.specifier] == ["=="] for pin in pins)

    pinned = {canonicalize_name(pin.name) for pin in pins}
    assert {canonicalize_name(name) for name, _, _ in licences()} - pinned == {"kiosk"}
