"""Every command of the lab is asked with each of its options twice."""

from __future__ import annotations

from typing import Any

import pytest
import typer

pytest.importorskip("tensorflow")

from kiosk.domain.errors import BadInput
from kiosk.lab.cli.program import app

COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
EVERY = [
    (name, param)
    for name, command in COMMANDS.items()
    for param in command.params
    if param.param_type_name == "option" and not param.is_eager
]


@pytest.mark.parametrize(("name", "option"), EVERY, ids=lambda each: getattr(each, "name", each))
def test_an_option_given_twice_is_refused_unless_it_is_a_list(name: str, option: Any) -> None:
    command = COMMANDS[name]
    needed = ["1" for p in command.params if p.param_type_name == "argument" and p.required]
    words = [option.opts[0]] if option.is_flag else [option.opts[0], "1"]
    called: list[Any] = []
    command.callback = lambda **params: called.append(params)

    if option.multiple:
        return
    with pytest.raises(BadInput, match=f"{option.opts[0]} is given twice"):
        command.main(args=[*words, *needed, *words], standalone_mode=False)
    assert not called
