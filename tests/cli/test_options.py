"""A shared option means the same wherever it stands, or is refused: every command is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer

from kiosk.cli import app
from kiosk.cli.options import DATABASE_VARIABLE
from kiosk.domain.errors import BadInput

VALUES: dict[str, tuple[str, ...]] = {
    "--data-dir": ("one", "two"),
    "--database-url": ("sqlite:////one.db", "sqlite:////two.db"),
    "--camera": ("one.mp4", "two.mp4"),
    "--json": (),
    "--demo": (),
    "--windowed": (),
}


def commands(group: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found = {}
    for name, command in group.commands.items():
        below = (*path, name)
        found |= commands(command, below) if hasattr(command, "commands") else {below: command}
    return found


ALL = commands(typer.main.get_command(app))
PAIRS = [(path, flag) for path in ALL for flag in VALUES]


def flags(command: Any) -> set[str]:
    return {flag for param in command.params for flag in param.opts}


def called_with(*words: str) -> dict[str, Any]:
    """What the command would be called with."""
    root = typer.main.get_command(app)
    called: list[dict[str, Any]] = []
    for command in commands(root).values():
        command.callback = lambda **params: called.append(params)
    root.main(args=words, prog_name="main.py", standalone_mode=False)
    (params,) = called
    return params


def needed(path: tuple[str, ...]) -> list[str]:
    return ["x" for p in ALL[path].params if p.param_type_name == "argument" and p.required]


def test_every_shared_option_has_a_command_to_be_tried_with() -> None:
    assert all(any(flag in flags(command) for command in ALL.values()) for flag in VALUES)
    assert len(ALL) >= 8


@pytest.mark.parametrize(("path", "flag"), PAIRS, ids=lambda value: str(value))
def test_an_option_means_the_same_before_and_after_a_command(
    path: tuple[str, ...], flag: str
) -> None:
    option = (flag, *VALUES[flag][:1])
    levels = [(*option, *path), *([(path[0], *option, *path[1:])] if len(path) > 1 else [])]
    if flag not in flags(ALL[path]):
        with pytest.raises(BadInput, match=f"has no option {flag}"):
            called_with(*levels[0], *needed(path))
        return

    after = called_with(*path, *needed(path), *option)

    for words in levels:
        if flag in ("--camera", "--demo", "--windowed") and words[0] != flag:
            continue  # no group has these
        assert called_with(*words, *needed(path)) == after
    assert after != called_with(*path, *needed(path))


@pytest.mark.parametrize(("path", "flag"), [p for p in PAIRS if VALUES[p[1]]], ids=str)
def test_an_option_given_twice_must_say_the_same(path: tuple[str, ...], flag: str) -> None:
    if flag not in flags(ALL[path]):
        return
    one, two = VALUES[flag]

    with pytest.raises(BadInput, match=f"{flag} is given twice"):
        called_with(flag, one, *path, *needed(path), flag, two)

    called_with(flag, one, *path, *needed(path), flag, one)


def options(path: tuple[str, ...]) -> list[Any]:
    """The options at a place: of a command, of a group, or (without a path) of the program."""
    found = typer.main.get_command(app)
    for name in path:
        found = found.commands[name]
    return [p for p in found.params if p.param_type_name == "option" and not p.is_eager]


GROUPS = sorted({path[:depth] for path in ALL for depth in range(len(path))})
EVERY = [(path, option.opts[0]) for path in (*ALL, *GROUPS) for option in options(path)]


@pytest.mark.parametrize(("path", "flag"), EVERY, ids=str)
@pytest.mark.parametrize("joined", [False, True])
def test_an_option_given_twice_at_one_place_is_refused(
    path: tuple[str, ...], flag: str, joined: bool
) -> None:
    (option,) = (option for option in options(path) if option.opts[0] == flag)
    assert not option.multiple, "of a list both would count"
    words = [[flag], [flag]]
    if not option.is_flag:
        words = [[flag, *[value] * option.nargs] for value in "12"]
    if joined and not option.is_flag and option.nargs == 1:
        words = [[f"{flag}=1"], [f"{flag}=2"]]
    between = needed(path) if path in ALL else []

    with pytest.raises(BadInput, match=f"{flag} is given twice: keep one"):
        called_with(*path, *words[0], *between, *words[1])


def test_what_looks_like_an_option_and_is_none_counts_not() -> None:
    called = called_with("enrol", "--anyway", "--", "Mia", "--anyway", "--anyway")
    assert called["images"] == [Path("--anyway"), Path("--anyway")]


@pytest.mark.parametrize("flag", [flag for flag, values in VALUES.items() if values])
@pytest.mark.parametrize("before", [True, False])
def test_an_empty_value_is_refused(flag: str, before: bool) -> None:
    words = [flag, "", "doctor"] if before else ["doctor", flag, ""]

    with pytest.raises(BadInput, match=f"{flag} is empty"):
        called_with(*words)


def test_the_environment_names_the_database_for_every_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, "sqlite:////of-the-environment.db")

    for path, command in ALL.items():
        if "--database-url" not in flags(command):
            continue
        rest = (*path, *needed(path))
        assert called_with(*rest)["database_url"] == "sqlite:////of-the-environment.db"
        # What is typed wins, wherever it stands, and so does another folder.
        for words in [("--database-url", "sqlite:////a.db", *rest),
                      (*rest, "--database-url", "sqlite:////a.db")]:  # fmt: skip
            assert called_with(*words)["database_url"] == "sqlite:////a.db"
        for words in [("--data-dir", "a", *rest), (*rest, "--data-dir", "a")]:
            params = called_with(*words)
            assert (params["database_url"], params["data_dir"]) == (None, Path("a"))


def test_the_folder_in_which_one_stands_is_a_folder() -> None:
    assert called_with("people", "list", "--data-dir", ".")["data_dir"] == Path()


def test_the_kiosk_itself_has_no_json() -> None:
    with pytest.raises(BadInput, match="--json"):
        typer.main.get_command(app).main(args=["--json"], standalone_mode=False)
