"""Where the keys of the entry pad lie, in a grid; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.ui.common.texts import Texts
from kiosk.ui.kiosk.entry import Entry

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
    if letters and not entry.figures:
        return _letters(entry, texts, upright=upright)
    return _figures(entry, texts)


def _figures(entry: Entry, texts: Texts) -> Layout:
    keys = _characters(_FIGURES, columns=12, width=4)
    cancel = Key(KeyRole.CANCEL, texts.cancel, 0, 3, 4, icon="x")
    if entry.figures:
        keys.append(cancel)
        last = _enter(entry, texts, column=0, row=4, width=12)
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
