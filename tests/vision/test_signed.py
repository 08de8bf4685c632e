"""The list of models that ships is used only with the signature of whoever made the program."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.domain.errors import BadInput, ModelError
from kiosk.resources import MODELS
from kiosk.vision.manifest import MANIFEST_NAME
from kiosk.vision.manifest_key import MANIFEST_KEY
from kiosk.vision.minisign import SecretKey
from kiosk.vision.signed import (
    SUFFIX,
    check_signature,
    make_key,
    must_be_signed,
    read_key,
    ready_to_sign,
    sign,
)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A copy of the list that ships, with its signature."""
    for name in (MANIFEST_NAME, MANIFEST_NAME + SUFFIX):
        shutil.copy(MODELS / name, tmp_path)
    return tmp_path / MANIFEST_NAME


def test_what_ships_is_signed_by_the_program_s_key() -> None:
    path = MODELS / MANIFEST_NAME

    assert "manifest.json of kiosk, signed 20" in check_signature(path, path.read_bytes())


def test_another_list_is_refused_in_a_sentence(listed: Path) -> None:
    content = listed.read_bytes().replace(b'"size": 31680', b'"size": 31681')

    with pytest.raises(ModelError, match=r"is not signed.*another content.*nobody is let in"):
        check_signature(listed, content)


def test_so_is_one_without_its_signature(listed: Path) -> None:
    listed.with_name(MANIFEST_NAME + SUFFIX).unlink()

    with pytest.raises(ModelError, match="No such file"):
        check_signature(listed, listed.read_bytes())


def test_and_one_that_somebody_else_signed(listed: Path, tmp_path: Path) -> None:
    sign(listed, make_key(tmp_path / "theirs"))

    with pytest.raises(ModelError, match="by another key"):
        check_signature(listed, listed.read_bytes())


def test_a_kiosk_whose_list_was_changed_loads_no_model(tmp_path: Path) -> None:
    root = MODELS.parent
    shutil.copytree(root / "kiosk", tmp_path / "kiosk", ignore=shutil.ignore_patterns("lab", "ui"))
    models = tmp_path / "models"
    models.mkdir()
    for file in MODELS.iterdir():
        (models / file.name).symlink_to(file)
    load = (
        "from kiosk.vision.encoder import load_encoder; from kiosk.resources import MODELS\n"
        "try: print(load_encoder('sface', MODELS).info.encoder_id)\n"
        "except Exception as error: print(repr(error))"
    )

    def said() -> str:
        done = subprocess.run(
            [sys.executable, "-c", load],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    assert said() == "sface\n"
    content = (MODELS / MANIFEST_NAME).read_bytes()
    (models / MANIFEST_NAME).unlink()
    (models / MANIFEST_NAME).write_bytes(content + b"\n")
    assert "ModelError" in said()
    assert "is not signed" in said()


def test_another_way_to_the_same_folder_is_no_way_past_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(MODELS)

    assert must_be_signed(tmp_path / "link")
    assert must_be_signed(MODELS / ".." / "models")
    assert not must_be_signed(tmp_path)


def test_a_key_is_its_owner_s_and_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "config" / "manifest.key"
    made = make_key(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path) == made
    with pytest.raises(FileExistsError):
        make_key(path)


@pytest.mark.parametrize("text", ["", "nothing", SecretKey(bytes(8), bytes(32)).text()[:90]])
def test_what_is_no_key_says_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text)

    with pytest.raises(BadInput, match="sign-manifest"):
        read_key(tmp_path / "key")


def test_who_has_another_key_is_told_before_a_long_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    ready_to_sign(tmp_path)  # not the folder that ships
    with pytest.raises(BadInput, match="make one with"):
        ready_to_sign(MODELS)
    make_key(tmp_path / "kiosk" / "manifest.key")
    with pytest.raises(BadInput, match="another key"):
        ready_to_sign(MODELS)
    assert MANIFEST_KEY.startswith("RW")
