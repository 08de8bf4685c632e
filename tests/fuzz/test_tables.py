"""Tables of other programs: people, punches, absences; all of a file or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.errors import BadInput
from kiosk.domain.hours.imports import Mapped
from kiosk.domain.repositories import Storage
from kiosk.services.admin.imports import Imports
from kiosk.services.admin.trail import Trail
from kiosk.services.csv_rows import read_table
from kiosk.services.enrol.roster import read_roster
from kiosk.storage import open_storage
from tests.fuzz.inputs import check_sentence, damaged, fuzzed

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVER = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)
ODD = (
    "", " ", "-", "17", "٣", "Ada", "ada ", "АDA", "in", "out", "came", "holiday", "2026-02-02",
    "2026-02-02 08:00", "2026-02-02T08:00+23:59", "0001-01-01", "0001-01-01T00:00+14:00",
    "9999-12-31", "9999-12-31T23:59-12:00", "9999-12-31 23:59:59.999999", "2026-W05-1", "20260202",
    "2026-10-25 02:30", "2026-03-29 02:30", "02.03.26", "1.2.2026 7:45 am", "24:00", "7.45",
    "08:00", "=1+1", "'", '"', "\u202e", "\ud800", "\0", "x" * 5000, "1e309", "nan", "{name}",
    "%s", "🙂",
)  # fmt: skip
HEADS = ("number", "name", "moment", "date", "time", "direction", "kind", "since", "until", "note",
         "first name", "last name", "file", "", "odd")  # fmt: skip
cell = st.one_of(st.sampled_from(ODD), st.text(max_size=12), st.datetimes().map(str),
                 st.dates().map(str))  # fmt: skip
moment = st.one_of(
    st.sampled_from([one for one in ODD if one[:2].isdigit()]),
    st.datetimes(max_value=datetime(2026, 3, 2)).map(str),
    st.datetimes(timezones=st.timezones()).map(datetime.isoformat),
    st.dates().map(str),
)
_LIKELY = {
    "number": st.sampled_from(["17", "18", "", " 17 "]),
    "name": st.sampled_from(["Ada", "Ben", ""]),
    "moment": moment,
    "date": moment,
    "since": moment,
    "until": st.one_of(st.just(""), moment),
    "direction": st.sampled_from(["in", "out", "Kommen", "came"]),
    "kind": st.sampled_from(["holiday", "sick"]),
}
ENCODINGS = ("utf-8", "utf-16", "latin-1", "cp1252", "utf-7", "utf-8-sig")


@st.composite
def tables(draw: st.DrawFn, heads: tuple[str, ...]) -> bytes:
    """A table with those columns and perhaps others, in any dialect; half of them damaged."""
    more = draw(st.lists(st.sampled_from(HEADS), max_size=3))
    columns = draw(st.permutations([*heads, *more]))
    whole = st.tuples(*(_LIKELY.get(name, cell) for name in columns)).map(list)
    broken = st.lists(cell, max_size=len(columns) + 1)
    rows = draw(st.lists(st.one_of(whole, whole, broken), max_size=6))
    mark = draw(st.sampled_from(",;\t|"))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoted = draw(st.booleans())
    lines = [mark.join(f'"{one}"' if quoted else one for one in line) for line in [columns, *rows]]
    encoding = draw(st.sampled_from(ENCODINGS))
    data = end.join(lines).encode(encoding, "replace")
    return draw(damaged(data, 2)) if draw(st.booleans()) else data


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    opened = open_storage(f"sqlite:///{tmp_path_factory.mktemp('data') / 'kiosk.db'}", lambda: NOW)
    for name, number in (("Ada", "17"), ("Ben", None), ("Ada", "18")):
        opened.people.add(name, number)
    yield opened
    report = opened.check_chain()
    assert report.found == ()
    assert opened.check().problems == ()
    opened.close()


zones = st.sampled_from([UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia"), None])
forms = st.one_of(
    st.just(""),
    st.sampled_from(["%m/%d/%Y %H:%M", "%d", "%", "%d %d", "%Q", "%z", "%Y-%m-%dT%H:%M%z", "%Z"]),
    st.text(max_size=6),
)
words = st.one_of(st.just(""), st.sampled_from(["came=in,left=out", "a=b", "=", "x=in,x=out"]))
maps = st.one_of(
    st.just(""),
    st.sampled_from(["number=odd", "moment=date,direction=kind", "a=b", "name=", "name=name,,"]),
    st.text(max_size=10),
)


def read(folder: Path, data: bytes, columns: str, said: str, form: str) -> tuple[Any, Mapped]:
    path = folder / "old.csv"
    path.write_bytes(data)
    return read_table(path), Mapped.of(columns, said, form)


@fuzzed(8)
@given(tables(("number", "name", "moment", "direction")), maps, words, forms, zones)
def test_punches(
    tmp_path_factory: pytest.TempPathFactory, storage: Storage,
    data: bytes, columns: str, said: str, form: str, zone: tzinfo | None,
) -> None:  # fmt: skip
    imports = Imports(storage, Trail(storage, lambda: NOW), lambda: NOW)
    before = len(storage.clock_events.between(*EVER, struck=True))
    added = 0
    try:
        table, mapped = read(tmp_path_factory.getbasetemp(), data, columns, said, form)
        found = imports.punches(table, mapped, "old.csv", zone)
        for line in found.refused:
            assert line.why
        added = imports.add_punches(ADMINISTRATOR, found)
        assert added == len(found.new)
    except BadInput as error:
        check_sentence(error)
    assert len(storage.clock_events.between(*EVER, struck=True)) == before + added


@fuzzed(8)
@given(tables(("number", "kind", "since", "until", "note")), maps, forms)
def test_absences(
    tmp_path_factory: pytest.TempPathFactory, storage: Storage,
    data: bytes, columns: str, form: str,
) -> None:  # fmt: skip
    imports = Imports(storage, Trail(storage, lambda: NOW), lambda: NOW)
    days = EVER[0].date(), EVER[1].date()
    before = len(storage.hours.absences(*days))
    added = 0
    try:
        table, mapped = read(tmp_path_factory.getbasetemp(), data, columns, "", form)
        found = imports.absences(table, mapped, "old.csv")
        added = imports.add_absences(ADMINISTRATOR, found)
    except BadInput as error:
        check_sentence(error)
    assert len(storage.hours.absences(*days)) == before + added


@fuzzed(8)
@given(tables(("number", "name", "file")))
def test_people(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.getbasetemp() / "people"
    (folder / "17 Ada").mkdir(parents=True, exist_ok=True)
    (folder / "17 Ada" / "1.jpg").touch()
    (folder / "18.jpg").touch()
    (folder / "people.csv").write_bytes(data)
    try:
        for entry in read_roster(folder):
            assert entry.name or entry.problem
    except BadInput as error:
        check_sentence(error, "people.csv")


@fuzzed(2)
@given(
    tables(("number",)),
    st.one_of(
        st.sampled_from(ENCODINGS),
        st.text(max_size=20),
        st.sampled_from(
            ["idna", "punycode", "zip", "rot13", "unicode_escape", "undefined", "a\0b"]
        ),
    ),
)
def test_any_encoding_may_be_named(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, encoding: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "old.csv"
    path.write_bytes(data)
    try:
        read_table(path, encoding)
    except BadInput as error:
        check_sentence(error)
