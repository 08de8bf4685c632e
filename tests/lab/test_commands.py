"""A stranger's pictures, from folder to an encoder's file, by the commands alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")
torch = pytest.importorskip("torch")

from kiosk.lab.cli.distil import MALLOC  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def own(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `people`: twelve of LFW, five pictures each."""
    folder = tmp_path_factory.mktemp("own")
    with zipfile.ZipFile(shared / "data/test/lfw.zip") as archive:
        of: dict[str, list[str]] = {}
        for name in sorted(archive.namelist()):
            of.setdefault(name.split("/")[0], []).append(name)
        for name in [n for n, pictures in of.items() if len(pictures) >= 5][:12]:
            for picture in of[name][:5]:
                archive.extract(picture, folder / "people")
    return folder


SHELL = """
import contextlib, io, json, sys, traceback
from kiosk.lab.__main__ import main

for line in sys.stdin:
    sys.argv, said, code = ["lab", *json.loads(line)], io.StringIO(), 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        except Exception:
            code = traceback.print_exc() or 1
    print(json.dumps([code, said.getvalue()]), flush=True)
"""


class Lab:
    """Runs command after command in one process of its own, which imports PyTorch and TensorFlow
    once; says what they say."""

    def __init__(self, runs: Path) -> None:
        self.runs = runs
        self._shell = subprocess.Popen(
            [sys.executable, "-c", SHELL],
            cwd=ROOT, env={**os.environ, **MALLOC}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __call__(self, *words: str, code: int = 0) -> str:
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        print(json.dumps([*words, "--runs", str(self.runs)]), file=self._shell.stdin, flush=True)
        return self._checked(*json.loads(self._shell.stdout.readline()), code)

    def alone(self, *words: str, code: int = 0) -> str:
        """In a process of its own, as people start it."""
        done = subprocess.run(
            [sys.executable, "-m", "kiosk.lab", *words, "--runs", str(self.runs)],
            cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip
        return self._checked(done.returncode, done.stdout + done.stderr, code)

    def close(self) -> None:
        self._shell.communicate()

    def _checked(self, ended: int, said: str, code: int) -> str:
        assert ended == code, said
        assert "Traceback" not in said
        return said


@pytest.fixture(scope="module")
def lab(own: Path) -> Iterator[Lab]:
    with closing(Lab(own / "runs")) as lab:
        yield lab


@pytest.mark.timeout(600)  # a compiler and two exports: minutes on a slow or busy machine
def test_own_people_are_prepared_learned_and_exported(own: Path, lab: Lab) -> None:
    data = ("--data", str(own), "--sources", "mine")
    train = ("train", "efficientfacenet", "--size", "32", *data)
    people = own / "few"  # the teacher is asked about each crop and ten blends of it
    for folder in sorted((own / "people").iterdir())[:4]:
        (people / folder.name).mkdir(parents=True)
        for picture in sorted(folder.iterdir())[:2]:
            shutil.copy(picture, people / folder.name)
    said = lab("prepare", str(people), str(own / "mine.zip"))
    assert "8 crops of 4 people" in said

    assert "run `python -m kiosk.lab embed-teacher` first" in lab.alone(*train, code=2)
    lab("embed-teacher", *data)
    start = ("--backbone-weights", str(own / "weights.npz"))
    with np.load(ROOT / "models/efficientfacenet_weights.npz") as weights:
        np.savez(start[1], **(dict(weights) | {"images": np.array(1000)}))
    leaves = (*train, "--branch", "a", "--decay-minutes", "0.001", *start)
    assert "images 1128 size 32 rate 0.0" in lab(*leaves)  # what ships, where no run is
    assert "images 1128 size 32 rate 1.0" in lab(*train, "--minutes", "0.001", *start)
    assert "holds a run of efficientfacenet already" in lab(*train, code=2)
    branch = (*train, "--branch", "b", "--decay-minutes", "0.001", "--margin", "0.1")
    assert "images 1256 size 32 rate 0.0" in lab(*branch)
    said = lab(*train, "--resume", "--margin", "0.5", code=2)
    assert "margin is 0.0 there" in said

    run = own / "runs/efficientfacenet"
    pytest.importorskip("onnx")
    if not torch.cuda.is_available():
        assert "needs a graphics processor" in lab(*train, "--gpu", code=2)
    assert "can't be combined" in lab(*train, "--gpu", "--margin", "0.1", code=2)
    assert "size 32 rate 0.0" in lab(*train, "--gpu", "--tiny", *start)
    with np.load(run / "gpu/efficientfacenet_weights.npz") as weights:
        assert weights["size"] == 32
        assert weights["images"] > 1000
    # A network of two steps lies too far from what float16 can hold.
    how = ("--views", "1", "--precision", "float32", "--dry")
    for name in ("b", "gpu"):
        said = lab("export", str(run / name), *how, *data)
        size = (run / name / "efficientfacenet.tflite").stat().st_size
        assert f"{size:,} bytes of float32" in said
        assert re.search(r"cosine to Keras (0\.999\d+|1\.0+) at the least", said)

    picture = next(people.glob("*/*"))
    (people / "A Newcomer").mkdir()
    (people / "A Newcomer/1.webp").write_bytes(picture.read_bytes())
    lab("prepare", str(people), str(own / "mine.zip"))
    lab("embed-teacher", *data)
    resumed = (*train, "--resume", "--minutes", "0.001")
    assert "Other pictures are held out now" in lab(*resumed, code=2)


def test_a_missing_extra_is_named(tmp_path: Path) -> None:
    # Not `sys.modules["torch"] = None`: SciPy takes whatever stands there for PyTorch itself.
    without = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Absent())
sys.argv = ["lab", "export", "."]
from kiosk.lab.__main__ import main
main()
"""
    done = subprocess.run([sys.executable, "-c", without], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "This command needs torch, which is not installed: "
        "pip install -c constraints.txt -e '.[lab,train]'"
    )


def test_one_picture_of_each_is_too_few_to_judge_on(own: Path, lab: Lab, tmp_path: Path) -> None:
    for person in sorted((own / "people").iterdir())[:12]:
        (tmp_path / person.name).mkdir()
        picture = min(person.iterdir())
        (tmp_path / person.name / picture.name).write_bytes(picture.read_bytes())
    said = lab("evaluate", "--root", str(tmp_path), "--out", str(tmp_path / "out"), code=2)
    assert "got 12 people with at most 1; add pictures." in said
