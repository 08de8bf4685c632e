from __future__ import annotations

from pathlib import Path

from kiosk.resources import ASSETS, MODELS
from kiosk.shipped import DRAWN, all_licences, model_parts
from kiosk.vision.manifest import read_checked


def test_each_model_that_ships_is_named_by_its_hash() -> None:
    parts = model_parts()

    assert {part.name for part in parts} == {
        path.name for kind in ("*.tflite", "*.npy", "cover.npz") for path in MODELS.glob(kind)
    }
    for part in parts:
        path = MODELS / part.name
        assert read_checked(path, part.sha256, path.stat().st_size)
        assert part.version == part.sha256[:12]


def test_all_that_is_used_is_listed_with_a_licence() -> None:
    rows = all_licences()

    named = {name.lower(): licence for name, _, licence in rows}
    assert {"numpy", "efficientfacenet.tflite", "inter-font", "lucide-icons"} <= set(named)
    assert all(version and licence for _, version, licence in rows)


def test_font_and_icons_have_their_licences_beside_them() -> None:
    texts = {path.parent.name: path.read_text("utf-8") for path in ASSETS.rglob("*LICENSE.txt")}

    assert set(texts) == {"fonts", "icons"}
    assert {part.licence for part in DRAWN} == {"OFL-1.1", "ISC"}
    assert "SIL OPEN FONT LICENSE Version 1.1" in texts["fonts"]
    assert "ISC License" in texts["icons"]


def test_where_the_models_are_gone_the_rest_is_listed(tmp_path: Path) -> None:
    assert "numpy" in {name for name, _, _ in all_licences(tmp_path)}
