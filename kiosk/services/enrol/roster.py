"""Who is to be enrolled from a folder: sub-folders, single files, or a list beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.domain.lookalike import skeleton
from kiosk.domain.names import isolated
from kiosk.domain.people import clean_name, clean_staff_number
from kiosk.domain.pictures import is_picture_name
from kiosk.services.csv_rows import read_lines

LIST: Final = "people.csv"
_NUMBERED: Final = re.compile(r"([A-Za-z]{0,3}[0-9][0-9A-Za-z/]*)(?:[\s_\-.–,;:]+(.*))?", re.DOTALL)
_COUNTED: Final = re.compile(r"(.+?)(?:[\s_\-.]+\(?\d{1,3}\)?|\s*\(\d{1,3}\))")
_CAMERA_NAME: Final = re.compile(
    r"(img|dsc|pxl|image|photo|foto|picture|scan)?[\W_]*\d*", re.IGNORECASE
)
_LIMIT: Final = 4_000_000
_COLUMNS: Final = {
    "number": {"number", "staff number", "staff no", "staff id", "id", "employee id", "no", "nr",
               "employee number", "personalnummer", "nummer", "matricule", "numéro"},
    "name": {"name", "full name", "names", "vollständiger name", "nom"},
    "first": {"first name", "given name", "vorname", "prénom", "first"},
    "last": {"last name", "surname", "family name", "nachname", "nom de famille", "last"},
    "file": {"file", "files", "picture", "photo", "image", "folder", "datei", "bild", "foto",
             "ordner", "fichier", "dossier"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a folder. ``where`` is the folder or file that names the person; ``problem`` is
    the sentence that says why nothing can be done, empty where something can."""

    where: Path
    name: str
    staff_number: str | None = None
    pictures: tuple[Path, ...] = ()
    notes: tuple[str, ...] = field(default=())
    problem: str = ""


def read_roster(folder: Path) -> tuple[Entry, ...]:
    """Everybody in a folder of ``NAME/1.jpg``, ``1001 NAME/1.jpg``, ``1001.jpg`` or
    ``1001 NAME.jpg``; names from a ``people.csv`` beside them.

    Raises:
        BadInput: the folder does not exist, can't be read or holds no pictures of people; the list
            can't be read.
    """
    if not folder.is_dir():
        raise BadInput(
            _("There is no folder {folder}: choose one with a sub-folder a person.").format(
                folder=folder
            )
        )
    try:
        groups, loose = _groups(folder)
        lists = [path for path in folder.iterdir() if path.name.lower() == LIST and path.is_file()]
        listed = _read_list(lists[0]) if lists else None
    except OSError as error:
        raise BadInput(
            _("{folder} can't be read ({error}): copy it and try again.").format(
                folder=folder, error=error
            )
        ) from error
    named = [path for path in loose if _names_somebody(path)]
    if not groups and not (loose if listed else named):
        raise BadInput(
            _(
                "{folder} has no sub-folders with pictures: it should look like NAME/1.jpg, or "
                "1001.jpg for staff numbers with a people.csv for the names."
            ).format(folder=folder)
        )
    # Beside folders of people only a number or the list makes a single picture somebody's.
    if groups and listed is None:
        named = [path for path in named if _split(path.stem)[0] is not None]
    taken = loose if listed else named
    entries = [_of_folder(sub, files) for sub, files in groups.items()]
    entries += _of_files(taken)
    entries += [_stray(path) for path in loose if path not in taken]
    if listed is not None:
        entries = list(_with_list(entries, listed, folder))
    return tuple(_without_clashes(entries))


def _groups(folder: Path) -> tuple[dict[Path, tuple[Path, ...]], list[Path]]:
    groups: dict[Path, tuple[Path, ...]] = {}
    loose = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            # What is no file at all is refused by name when it is read.
            files = (f for f in sorted(path.iterdir()) if not f.is_dir())
            if kept := tuple(f for f in files if not f.name.startswith(".")):
                groups[path] = kept
        elif path.name.lower() != LIST and is_picture_name(path.name):
            loose.append(path)
    return groups, loose


def _names_somebody(path: Path) -> bool:
    """Whether a picture is called by a person, not by the camera that took it."""
    return path.stem.isdecimal() or _CAMERA_NAME.fullmatch(path.stem) is None


def _stray(path: Path) -> Entry:
    problem = _("This picture lies beside the folders: put it into the folder of its person.")
    return Entry(path, path.name, problem=problem)


def _split(text: str) -> tuple[str | None, str]:
    """``1001 Sam Lee`` to number and name; without a number the text is the name."""
    text = text.strip()
    found = _NUMBERED.fullmatch(text)
    if found is None:
        return None, text.replace("_", " ")
    rest = (found[2] or "").replace("_", " ").strip()
    if rest and not any(c.isalpha() for c in rest):
        rest = ""
    return found[1], rest


def _of_folder(sub: Path, files: tuple[Path, ...]) -> Entry:
    number, name = _split(sub.name)
    return _named(Entry(sub, name, number, files))


def _of_files(loose: Iterable[Path]) -> list[Entry]:
    groups: dict[str, list[Path]] = {}
    for path in loose:
        counted = _COUNTED.fullmatch(path.stem)
        groups.setdefault(counted[1] if counted else path.stem, []).append(path)
    entries = []
    for stem, files in groups.items():
        number, name = _split(stem)
        entries.append(_named(Entry(files[0], name, number, tuple(files))))
    return entries


def _named(entry: Entry) -> Entry:
    if entry.name or entry.staff_number is None:
        return entry
    note = _(
        "No name is known: enrolled as {number}. Put a {list} with the columns number and name "
        "beside the pictures, or type the name in the panel."
    ).format(number=entry.staff_number, list=LIST)
    return replace(entry, name=entry.staff_number, notes=(note,))


def _without_clashes(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Two folders whose names read as one are somebody's slip: neither is guessed at."""
    entries = list(entries)
    by_name: dict[str, list[Entry]] = {}
    by_number: dict[str, list[Entry]] = {}
    for entry in entries:
        if not entry.problem:
            by_name.setdefault(skeleton(entry.name), []).append(entry)
            if entry.staff_number is not None:
                by_number.setdefault(entry.staff_number.casefold(), []).append(entry)
    for entry in entries:
        same = by_name.get(skeleton(entry.name), [])
        twice = by_number.get((entry.staff_number or "").casefold(), [])
        problem = entry.problem
        if not problem and len(same) > 1 and any(other.staff_number is None for other in same):
            problem = _(
                "{names} read as one name: are these one person or several? Put one person's "
                "pictures into one folder, or staff numbers before the names."
            ).format(names=_quoted(same))
        elif not problem and len({skeleton(other.name) for other in twice}) > 1:
            problem = _("{names} have one staff number: correct it first.").format(
                names=_quoted(twice)
            )
        yield replace(entry, problem=problem)


def _quoted(entries: Iterable[Entry]) -> str:
    return ", ".join(f"“{isolated(entry.where.name)}”" for entry in entries)


@dataclass(frozen=True, slots=True)
class _Line:
    number: str | None
    name: str
    file: str
    line: int


def _read_list(path: Path) -> list[_Line]:
    rows = read_lines(path, _LIMIT)
    columns = _columns([cell.strip().casefold() for cell in rows[0][1]] if rows else [])
    if not ({"name"} <= columns.keys() or {"first", "last"} <= columns.keys()):
        raise BadInput(
            _(
                "{file} needs a first line with the names of its columns: number and name, and "
                "file or folder where the pictures are not called by the number. It begins with: "
                "{head}"
            ).format(file=path.name, head=", ".join(rows[0][1] if rows else [])[:80])
        )
    lines = []
    for place, row in rows[1:]:
        cells = {what: row[at].strip() for what, at in columns.items() if at < len(row)}
        name = cells.get("name") or f"{cells.get('first', '')} {cells.get('last', '')}".strip()
        if not any(cell.strip() for cell in row):
            continue
        try:
            number = clean_staff_number(cells.get("number"))
            lines.append(_Line(number, clean_name(name), cells.get("file", ""), place))
        except BadInput as error:
            raise BadInput(
                _("{file}, line {line}: {why}").format(file=path.name, line=place, why=error)
            ) from error
    return lines


def _columns(heads: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, head in enumerate(heads):
        plain = re.sub(r"[\s_\-.]+", " ", head).strip()
        for what, words in _COLUMNS.items():
            if plain in words and what not in found:
                found[what] = at
    return found


def _with_list(entries: list[Entry], listed: list[_Line], folder: Path) -> Iterator[Entry]:
    """The list has the last word on names; whom it names without pictures is told of."""
    left = list(entries)
    for line in listed:
        mine = [entry for entry in left if _is_of(entry, line)]
        left = [entry for entry in left if entry not in mine]
        pictures = tuple(path for entry in mine for path in entry.pictures)
        where = mine[0].where if mine else folder / LIST
        entry = Entry(where, line.name, line.number, pictures)
        if not pictures:
            problem = _("{list}, line {number}: there is no picture of {name} in the folder.")
            text = problem.format(list=LIST, number=line.line, name=isolated(line.name))
            entry = replace(entry, problem=text)
        yield entry
    yield from left


def _is_of(entry: Entry, line: _Line) -> bool:
    if line.file:
        wanted = line.file.replace("\\", "/").strip("/").casefold()
        files = {entry.where.name.casefold(), *(path.name.casefold() for path in entry.pictures)}
        return wanted.rpartition("/")[2] in files or wanted.partition("/")[0] in files
    if line.number is not None and entry.staff_number is not None:
        return entry.staff_number.casefold() == line.number.casefold()
    return skeleton(entry.name) == skeleton(line.name)
