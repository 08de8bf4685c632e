"""Folders as people have them: who is in them, and with which number."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.domain.errors import BadInput
from kiosk.services.enrol.roster import Entry, read_roster


def make(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def told(folder: Path) -> list[tuple[str, str | None, int]]:
    return [(e.name, e.staff_number, len(e.pictures)) for e in read_roster(folder)]


@pytest.mark.parametrize(
    ("sub", "number", "name"),
    [
        ("Mia Chen", None, "Mia Chen"),
        ("Mia_Chen", None, "Mia Chen"),
        ("1001 Sam Lee", "1001", "Sam Lee"),
        ("1001_Sam_Lee", "1001", "Sam Lee"),
        ("1001-Sam Lee", "1001", "Sam Lee"),
        ("0042, José Peña", "0042", "José Peña"),
        ("E17 王小明", "E17", "王小明"),
        ("1001", "1001", "1001"),
        ("Jean-Luc", None, "Jean-Luc"),
    ],
)
def test_a_folders_name(tmp_path: Path, sub: str, number: str | None, name: str) -> None:
    assert told(make(tmp_path, f"{sub}/a.jpg", f"{sub}/b.HEIC")) == [(name, number, 2)]


def test_single_files(tmp_path: Path) -> None:
    make(
        tmp_path, "1001.jpg", "1001_2.jpg", "1002 Kim Park.png", "Mia Chen.jpg", "Mia Chen (2).jpg"
    )
    make(tmp_path, "notes.txt", ".DS_Store")
    assert told(tmp_path) == [
        ("1001", "1001", 2),
        ("Kim Park", "1002", 1),
        ("Mia Chen", None, 2),
    ]


def test_pictures_beside_the_folders_are_told_of(tmp_path: Path) -> None:
    make(tmp_path, "Mia Chen/1.jpg", "group.jpg", "IMG_0001.JPG", "1002.jpg")
    by_name = {entry.where.name: entry for entry in read_roster(tmp_path)}
    assert {name for name, entry in by_name.items() if entry.problem} == {
        "group.jpg",
        "IMG_0001.JPG",
    }
    assert by_name["1002.jpg"].staff_number == "1002"


@pytest.mark.parametrize("names", [(), ("IMG_0001.JPG", "DSC 12.jpg"), ("notes.txt",)])
def test_a_folder_of_nobody_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(BadInput, match=r"NAME/1\.jpg"):
        read_roster(make(tmp_path, *names))


@pytest.mark.parametrize(
    "text",
    [
        "number,name\n1001,Sam Lee\n1002,Kim Park\n",
        "Staff number;Name\r\n1001;Sam Lee\r\n1002;Kim Park\r\n",
        "Personalnummer\tVorname\tNachname\n1001\tSam\tLee\n\n1002\tKim\tPark\n",
        '﻿"ID","Full Name","Department"\n1001,"Sam Lee",x\n1002,"Kim Park",y\n',
    ],
)
def test_a_list_beside_the_pictures_names_them(tmp_path: Path, text: str) -> None:
    make(tmp_path, "1001.jpg", "1001-2.jpg", "1002.jpg")
    (tmp_path / "people.csv").write_text(text, "utf-8")
    assert told(tmp_path) == [("Sam Lee", "1001", 2), ("Kim Park", "1002", 1)]


def test_a_list_may_name_files_and_folders(tmp_path: Path) -> None:
    make(tmp_path, "IMG_0001.JPG", "b/1.jpg", "b/2.jpg", "1003.jpg")
    text = "name,number,file\nSam Lee,1001,img_0001.jpg\nKim Park,1002,b\nNo Body,1004,x.jpg\n"
    (tmp_path / "people.csv").write_text(text)
    entries = read_roster(tmp_path)
    assert [(e.name, e.staff_number, len(e.pictures)) for e in entries] == [
        ("Sam Lee", "1001", 1),
        ("Kim Park", "1002", 2),
        ("No Body", "1004", 0),
        ("1003", "1003", 1),
    ]
    assert "line 4: there is no picture of No Body" in entries[2].problem


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("number,name\n1001,José".encode("latin-1"), "not in UTF-8"),
        (b"a,b\n1,2\n", "needs a first line"),
        (b"", "needs a first line"),
        (b"number,name\n1001,\n", "line 2: The name is empty"),
        (b"number,name\n" + b"9" * 40 + b",Sam\n", "line 2: The staff number has 40"),
    ],
)
def test_a_list_that_can_not_be_read(tmp_path: Path, raw: bytes, said: str) -> None:
    make(tmp_path, "1001.jpg")
    (tmp_path / "people.csv").write_bytes(raw)
    with pytest.raises(BadInput, match=said):
        read_roster(tmp_path)


def problems(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.where.name for entry in entries if entry.problem]


def test_names_that_read_as_one_are_never_merged(tmp_path: Path) -> None:
    clash = ("Sam Lee", "Sam_Lee", "S\u0430m Lee", "SAM  LEE", "Sam\u200b Lee")
    make(tmp_path, *(f"{name}/1.jpg" for name in clash), "Mia Chen/1.jpg")
    assert sorted(problems(read_roster(tmp_path))) == sorted(clash)


def test_numbers_tell_people_of_one_name_apart(tmp_path: Path) -> None:
    make(tmp_path, "1001 Sam Lee/1.jpg", "1002 Sam Lee/1.jpg")
    assert problems(read_roster(tmp_path)) == []
    make(tmp_path, "1001 Kim Park/1.jpg")
    assert sorted(problems(read_roster(tmp_path))) == ["1001 Kim Park", "1001 Sam Lee"]


def test_one_number_for_two_people_is_neither_s(tmp_path: Path) -> None:
    make(tmp_path, "1001 Sam Lee/1.jpg", "1001 Kim Park/1.jpg", "1002 Ada/1.jpg")
    problems = {entry.name: entry.problem for entry in read_roster(tmp_path)}
    assert "one staff number" in problems["Sam Lee"]
    assert "“1001 Sam Lee”" in problems["Kim Park"]
    assert not problems["Ada"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'number,name\n1001,"Sam\n' + b"x" * 200_000, "quotation mark"),
        (b"number,name\n" + b"1001,Sam Lee\n" * 400_000, "larger than 4 MB"),
    ],
)
def test_a_list_that_is_none_is_no_traceback(tmp_path: Path, raw: bytes, said: str) -> None:
    make(tmp_path, "1001.jpg")
    (tmp_path / "People.CSV").write_bytes(raw)
    with pytest.raises(BadInput, match=said):
        read_roster(tmp_path)


def test_a_line_is_named_as_an_editor_counts_it(tmp_path: Path) -> None:
    make(tmp_path, "1001.jpg")
    (tmp_path / "people.csv").write_text('number,name\n1001,"Sam\nLee"\n\n1002,\n')
    with pytest.raises(BadInput, match="line 5"):
        read_roster(tmp_path)
