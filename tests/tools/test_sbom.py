"""The bill of materials: complete, by hash, and the same each time."""

from __future__ import annotations

import hashlib
import json
import tomllib
from datetime import UTC, datetime
from typing import Any

import pytest
from cyclonedx.model.bom import Bom
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kiosk.resources import MODELS
from tools.sbom import CONSTRAINTS, ROOT, bill, main, pinned

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PINS = pinned(CONSTRAINTS.read_text("utf-8").splitlines())


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("dist") / "new" / "kiosk.cdx.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
        assert main([str(path)]) == 0
        again = path.read_bytes()
        assert main([str(path)]) == 0
    assert path.read_bytes() == again, "one checkout, one file"
    made: dict[str, Any] = json.loads(again)
    return made


def named(written: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {canonicalize_name(part["name"]): part for part in written["components"]}


def test_it_is_cyclonedx_that_others_read(written: dict[str, Any]) -> None:
    assert written["bomFormat"] == "CycloneDX"
    assert written["specVersion"] == "1.6"
    assert written["metadata"]["timestamp"] == "2026-03-02T12:00:00+00:00"
    read = Bom.from_json(written)
    assert len(read.components) == len(written["components"])
    assert read.validate()


def test_all_that_the_kiosk_asks_for_is_in_it_as_pinned(written: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    parts = named(written)
    for requirement in map(Requirement, project["dependencies"]):
        if requirement.marker is None or requirement.marker.evaluate():
            name = canonicalize_name(requirement.name)
            assert parts[name]["version"] == PINS[name]
            assert parts[name]["purl"] == f"pkg:pypi/{name}@{PINS[name]}"
            assert parts[name]["scope"] == "required"
    assert all(part["licenses"] for part in written["components"])
    assert not {"pytest", "ruff", "tensorflow", "keras", "torch"} & set(parts)


def test_models_are_in_it_by_their_hash(written: dict[str, Any]) -> None:
    models = [part for part in written["components"] if "machine" in part["type"]]

    assert len(models) == len(list(MODELS.glob("*.tflite"))) + len(list(MODELS.glob("*.npy"))) + 1
    for part in models:
        content = (MODELS / part["name"]).read_bytes()
        assert part["hashes"] == [
            {"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}
        ]


def test_each_part_is_reached_from_the_kiosk(written: dict[str, Any]) -> None:
    asked = {entry["ref"]: entry.get("dependsOn", []) for entry in written["dependencies"]}
    reached: set[str] = set()
    waiting = [written["metadata"]["component"]["bom-ref"]]
    while waiting:
        waiting += [ref for ref in asked[waiting.pop()] if ref not in reached]
        reached |= set(waiting)

    assert {part["bom-ref"] for part in written["components"]} <= reached


def test_another_version_than_the_pinned_one_is_said() -> None:
    with pytest.raises(ValueError, match=r"numpy .* is installed, but constraints.txt says 1.0"):
        bill({**PINS, "numpy": "1.0"}, NOW)


def test_without_a_file_it_says_how() -> None:
    assert main([]) == 2
