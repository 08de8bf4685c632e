"""Commands that take each option once: of two values the last would win without a word."""

from __future__ import annotations

from collections import Counter
from typing import Any

from typer.core import TyperCommand, TyperGroup

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _


class OnceCommand(TyperCommand):
    """Refuses an option that is given twice, unless it is a list."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        refuse_twice(self, ctx, args)
        return super().parse_args(ctx, args)


class OnceGroup(TyperGroup):
    """The same for what stands before a command's name."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        refuse_twice(self, ctx, args)
        return super().parse_args(ctx, args)


def refuse_twice(command: TyperCommand | TyperGroup, ctx: Any, args: list[str]) -> None:
    """
    Raises:
        BadInput: an option that is no list is given twice among these words.
    """
    _values, _rest, given = command.make_parser(ctx).parse_args(args=list(args))
    for param, times in Counter(given).items():
        if (
            times > 1
            and param.param_type_name == "option"
            and not getattr(param, "multiple", False)
        ):
            raise BadInput(_("{option} is given twice: keep one.").format(option=param.opts[0]))
