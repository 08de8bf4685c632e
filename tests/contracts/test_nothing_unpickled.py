"""What is read runs no code: pickles, and whatever else makes objects of what a file names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = frozenset(
    {"pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "yaml"}
)
"""Modules whose files may name what is run. PyYAML by itself is none of them; nothing needs it."""
CALLS = frozenset({"eval", "exec", "compile", "__import__"})


def problems(source: str, place: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(alias.name for alias in node.names)]
        else:
            names = []
        for name in names:
            if name.split(".")[0] in FORBIDDEN or name == "PickleType":
                yield f"{place}:{node.lineno}: {name}"
        if isinstance(node, ast.Call):
            yield from (f"{place}:{node.lineno}: {what}" for what in _called(node))


def _called(node: ast.Call) -> Iterator[str]:
    whole = ast.unparse(node.func)
    given = {word.arg: word.value for word in node.keywords}
    if isinstance(node.func, ast.Name) and whole in CALLS:
        yield whole
    if _is(given.get("allow_pickle"), True) and whole.split(".")[-1] in ("load", "save"):
        yield f"{whole} with allow_pickle"
    if whole == "torch.load" and not _is(given.get("weights_only"), True):
        yield "torch.load without weights_only"
    if whole.endswith("load_model") and _is(given.get("safe_mode"), False):
        yield f"{whole} without safe_mode"


def _is(node: ast.expr | None, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def test_no_module_unpickles_or_runs_what_it_read() -> None:
    files = [ROOT / "main.py", *sorted((ROOT / "kiosk").rglob("*.py"))]
    assert len(files) > 300
    found = [
        problem
        for path in files
        for problem in problems(path.read_text("utf-8"), str(path.relative_to(ROOT)))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "def f():\n    import shelve",
        "from sqlalchemy import PickleType",
        "np.load(path, allow_pickle=True)",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "keras.saving.load_model(path, safe_mode=False)",
        "eval(text)",
    ],
)
def test_it_would_be_found(source: str) -> None:
    assert list(problems(source, "here"))


@pytest.mark.parametrize(
    "source",
    ["np.load(path)", "torch.load(path, weights_only=True)", "model.eval()", "import marshalling"],
)
def test_what_is_harmless_is_not(source: str) -> None:
    assert not list(problems(source, "here"))
