"""Where the keys of the entry pad lie, in a grid; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.services.access.recovery_code import LETTERS
from kiosk.ui.common.texts import Texts
from kiosk.ui.kiosk.entry import Entry, Step

_FIGURES = ("123", "456", "789")
_WIDE = ("qwertyuiop", "asdfghjkl-", "zxcvbnm'.")
# Held upright there is no room for ten keys of a finger's width beside each other.
_UPRIGHT = ("abcdefg", "hijklmn", "opqrstu", "vwxyz'-")


class KeyRole(StrEnum):
    """What a key does."""

    CHARACTER = "character"
    SWITCH = "switch"
    ERASE = "erase"
    ENTER = "enter"
    CANCEL = "cancel"
    FORGOT = "forgot"


@dataclass(frozen=True, slots=True)
class Key:
    """A key at a column and a row, ``width`` columns wide. ``name`` is for screen readers,
    ``label`` or ``icon`` for eyes, ``character`` what it types."""

    role: KeyRole
    name: str
    column: int
    row: int
    width: int
    label: str = ""
    icon: str = ""
    character: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A grid of equal cells and its keys; the field stands above row 0."""

    columns: int
    rows: int
    keys: tuple[Key, ...]


def layout(entry: Entry, texts: Texts, *, letters: bool, upright: bool) -> Layout:
    """The keys for the entry's step: figures, or letters where they are asked for and allowed."""
    if entry.step is Step.CODE:
        return _code(entry, texts, upright=upright)
    if letters and not entry.figures:
        return _letters(entry, texts, upright=upright)
    return _figures(entry, texts)


def _figures(entry: Entry, texts: Texts) -> Layout:
    keys = _characters(_FIGURES, columns=12, width=4)
    cancel = Key(KeyRole.CANCEL, texts.cancel, 0, 3, 4, icon="x")
    if entry.figures:
        keys.append(cancel)
        wide = 8 if entry.forgettable else 12
        last = _enter(entry, texts, column=12 - wide, row=4, width=wide)
        if entry.forgettable:
            keys.append(Key(KeyRole.FORGOT, texts.forgot, 0, 4, 4, label=texts.forgot))
    else:
        keys.append(Key(KeyRole.SWITCH, texts.letters, 0, 3, 4, label=texts.letters))
        last = _enter(entry, texts, column=4, row=4, width=8)
    keys.append(_character("0", 4, 3, 4))
    keys.append(Key(KeyRole.ERASE, texts.erase, 8, 3, 4, icon="delete"))
    if not entry.figures:
        keys.append(Key(KeyRole.CANCEL, texts.cancel, 0, 4, 4, icon="x"))
    keys.append(last)
    return Layout(12, 5, tuple(keys))


def _letters(entry: Entry, texts: Texts, *, upright: bool) -> Layout:
    lines, columns = (_UPRIGHT, 14) if upright else (_WIDE, 20)
    keys = _characters(lines, columns=columns, width=2)
    row, one = len(lines), columns // 7
    space = columns - 6 * one
    end = 3 * one + space
    if upright:  # its lines are full
        keys.append(_character(".", end, row, 2))
        end += 2
    keys += [
        Key(KeyRole.CANCEL, texts.cancel, 0, row, one, icon="x"),
        Key(KeyRole.SWITCH, texts.figures, one, row, one, label=texts.figures),
        Key(KeyRole.CHARACTER, texts.space, 2 * one, row, space, icon="space", character=" "),
        Key(KeyRole.ERASE, texts.erase, 2 * one + space, row, one, icon="delete"),
        _enter(entry, texts, column=end, row=row, width=columns - end),
    ]
    return Layout(columns, row + 1, tuple(keys))


def _code(entry: Entry, texts: Texts, *, upright: bool) -> Layout:
    """The letters and figures that a recovery code is made of, and no others."""
    per_line = 7 if upright else 11
    lines = tuple(LETTERS[at : at + per_line] for at in range(0, len(LETTERS), per_line))
    columns, row = 2 * per_line, len(lines)
    side = 2 * (per_line // 3)
    keys = _characters(lines, columns=columns, width=2)
    keys += [
        Key(KeyRole.CANCEL, texts.cancel, 0, row, side, icon="x"),
        Key(KeyRole.ERASE, texts.erase, side, row, side, icon="delete"),
        _enter(entry, texts, column=2 * side, row=row, width=columns - 2 * side),
    ]
    return Layout(columns, row + 1, tuple(keys))


def _characters(lines: tuple[str, ...], *, columns: int, width: int) -> list[Key]:
    return [
        _character(character, (columns - width * len(line)) // 2 + width * place, row, width)
        for row, line in enumerate(lines)
        for place, character in enumerate(line)
    ]


def _character(character: str, column: int, row: int, width: int) -> Key:
    label = character.upper()
    return Key(KeyRole.CHARACTER, label, column, row, width, label, character=character)


def _enter(entry: Entry, texts: Texts, *, column: int, row: int, width: int) -> Key:
    label = texts.done if entry.last else texts.next_step
    return Key(KeyRole.ENTER, label, column, row, width, label=label)
