"""The chain over rows that must not change unseen: written with each, and read through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, bindparam, func, insert, select, true
from sqlalchemy.exc import DBAPIError

from kiosk.domain.chain import (
    BEGIN,
    Alteration,
    Altered,
    ChainReport,
    Head,
    Link,
    content,
    key_id,
    next_link,
)
from kiosk.storage.columns import Damaged
from kiosk.storage.tables import (
    absences,
    audit,
    chain,
    clock_events,
    clock_strikes,
    consents,
    correction_requests,
    events,
    period_lines,
    periods,
    rota_assignments,
    rotas,
)

CHAINED: Final = (
    events,
    clock_events,
    clock_strikes,
    audit,
    rotas,
    rota_assignments,
    absences,
    periods,
    period_lines,
    correction_requests,
    consents,
)
MOST_FOUND: Final = 100
_SEAL = "kiosk_seal"
_STEP = "kiosk_chain_step"
_AT_ONCE = 1000
_UNREADABLE: Final = (Damaged, DBAPIError)
# Made once: to put such a statement together takes longer than to run it, and each row wants both.
_NEWEST: Final = select(chain).order_by(chain.c.seq.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Seal:
    """The key (empty: a plain hash chain), and who is told each new head once it is on disk, with
    what says whether an earlier one is in the same chain."""

    key: bytes = b""
    tell: Callable[[Head, Callable[[Head], bool]], None] = field(default=lambda head, holds: None)


@dataclass(frozen=True, slots=True)
class Step:
    """How far one transaction brought the chain."""

    before: Head
    head: Head


def options(seal: Seal) -> dict[str, Any]:
    """Execution options of the engine whose connections write with this seal."""
    return {_SEAL: seal}


def add(connection: Connection, table: Table, **values: Any) -> int:
    """Insert a row and its entry; the row's id."""
    made = connection.execute(insert(table).values(**values))
    assert made.inserted_primary_key is not None
    row_id = int(made.inserted_primary_key[0])
    record(connection, table, row_id)
    return row_id


def add_all(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows and their entries, in this order."""
    first = (connection.scalar(select(func.max(table.c.id))) or 0) + 1
    for start in range(0, len(rows), _AT_ONCE):
        connection.execute(insert(table), rows[start : start + _AT_ONCE])
    new = select(table).where(table.c.id >= first).order_by(table.c.id)
    _enter(connection, ((table, row._mapping) for row in connection.execute(new).all()))


def record(connection: Connection, table: Table, row_id: int) -> None:
    """Enter a row as it is now: after it was inserted, or lawfully changed."""
    row = connection.execute(_row_of(table), {"row_id": row_id}).one()
    _enter(connection, iter([(table, row._mapping)]))


def record_all(connection: Connection, table: Table, row_ids: list[int]) -> None:
    """As ``record``, of many rows, in the order of their ids."""
    for start in range(0, len(row_ids), _AT_ONCE):
        some = table.c.id.in_(row_ids[start : start + _AT_ONCE])
        rows = connection.execute(select(table).where(some).order_by(table.c.id)).all()
        _enter(connection, ((table, row._mapping) for row in rows))


def begin(connection: Connection) -> None:
    """Enter all that a database holds when its chain begins."""
    for table in CHAINED:
        rows = connection.execute(select(table).order_by(table.c.id))
        _enter(connection, ((table, row._mapping) for row in rows.all()))


def head(connection: Connection) -> Head | None:
    """The newest entry."""
    last = _last(connection)
    return Head(last.seq, last.link.hex()) if last is not None else None


def holds(connection: Connection, one: Head) -> bool:
    """Whether the chain has this entry, and not another in its place."""
    link = connection.scalar(select(chain.c.link).where(chain.c.seq == one.seq))
    return link is not None and one.is_of(_raw(link))


def new_step(connection: Connection) -> Step | None:
    """What this transaction entered, once."""
    made: Step | None = connection.info.pop(_STEP, None)
    return made


def verify(connection: Connection, *known: Head | None) -> ChainReport:
    """Read all through: 100,000 rows in a few seconds. ``known`` are heads as they were told
    outside."""
    seal = _seal(connection)
    found: list[Alteration] = []
    newest: dict[tuple[str, int], Link] = {}
    before, seq = BEGIN, 0
    told: dict[int, set[Head]] = {}
    for one in known:
        if one is not None:
            told.setdefault(one.seq, set()).add(one)
    mine = key_id(seal.key)
    for entry in _entries(connection):
        place = Alteration(Altered.BROKEN, entry.seq, entry.table, entry.row_id)
        if entry.key_id != mine:
            found.append(Alteration(Altered.OTHER_KEY, entry.seq, entry.table, entry.row_id))
        elif entry.seq != seq + 1 or entry.link != next_link(
            seal.key, before, entry.seq, entry.table, entry.row_id, entry.content
        ):
            found.append(place)
        before, seq = entry.link, entry.seq
        newest[entry.table, entry.row_id] = entry
        if all(head.is_of(entry.link) for head in told.get(entry.seq, ())):
            told.pop(entry.seq, None)
    found += [Alteration(Altered.CUT, number) for number in sorted(told)]
    found += _rows_altered(connection, newest)
    found.sort(key=lambda one: (one.seq == 0, one.seq))
    last = Head(seq, before.hex()) if seq else None
    return ChainReport(len(newest), last, tuple(found[:MOST_FOUND]))


def _rows_altered(
    connection: Connection, newest: dict[tuple[str, int], Link]
) -> Iterator[Alteration]:
    left = dict(newest)
    for table in CHAINED:
        for row_id, row in _rows(connection, table):
            entry = left.pop((table.name, row_id), None)
            if entry is None:
                yield Alteration(Altered.ADDED, 0, table.name, row_id)
            elif row is None or content(row) != entry.content:
                yield Alteration(Altered.CHANGED, entry.seq, table.name, row_id)
    for entry in left.values():
        yield Alteration(Altered.MISSING, entry.seq, entry.table, entry.row_id)


def _rows(connection: Connection, table: Table) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Each row by its id; None for one that holds what this program can't have written."""
    last: int | None = None
    while True:
        later = true() if last is None else table.c.id > last
        wanted = select(table).where(later).order_by(table.c.id)
        try:
            for row in connection.execute(wanted.execution_options(yield_per=_AT_ONCE)):
                yield row.id, dict(row._mapping)
                last = row.id
            return
        except _UNREADABLE as error:  # somewhere in the next ones
            _only_damage(error)
            later = true() if last is None else table.c.id > last
            near = select(table.c.id).where(later).order_by(table.c.id).limit(_AT_ONCE)
            for row_id in connection.execute(near).scalars().all():
                yield row_id, _row(connection, table, row_id)
                last = row_id


def _row(connection: Connection, table: Table, row_id: int) -> dict[str, Any] | None:
    try:
        row = connection.execute(_row_of(table), {"row_id": row_id}).one()
    except _UNREADABLE as error:
        _only_damage(error)
        return None
    return dict(row._mapping)


def _only_damage(error: Exception) -> None:
    """Raised again where it is a failure of another kind, such as of the disk."""
    if not isinstance(error, Damaged) and "not decode to utf-8" not in str(error).lower():
        raise error


@cache
def _row_of(table: Table) -> Select[Any]:
    return select(table).where(table.c.id == bindparam("row_id"))


def _enter(connection: Connection, rows: Iterator[tuple[Table, Any]]) -> None:
    seal = _seal(connection)
    made: Step | None = connection.info.get(_STEP)  # by this transaction: it is the only writer
    if made is not None:
        seq, before = made.head.seq, bytes.fromhex(made.head.link)
    else:
        last = _last(connection)
        seq, before = (last.seq, last.link) if last is not None else (0, BEGIN)
    since = made.before if made is not None else Head(seq, before.hex())
    mine = key_id(seal.key)
    entries = []
    for table, row in rows:
        seq += 1
        what = content(dict(row))
        before = next_link(seal.key, before, seq, table.name, row["id"], what)
        entries.append(
            {
                "seq": seq,
                "of": table.name,
                "row_id": row["id"],
                "content": what,
                "link": before,
                "key_id": mine,
            }
        )
    for start in range(0, len(entries), _AT_ONCE):
        connection.execute(insert(chain), entries[start : start + _AT_ONCE])
    if entries:
        connection.info[_STEP] = Step(since, Head(seq, before.hex()))


def _last(connection: Connection) -> Link | None:
    row = connection.execute(_NEWEST).one_or_none()
    return None if row is None else _link(row)


def _entries(connection: Connection) -> Iterator[Link]:
    rows = select(chain).order_by(chain.c.seq).execution_options(yield_per=_AT_ONCE)
    for row in connection.execute(rows):
        yield _link(row)


def _link(row: Any) -> Link:
    return Link(row.seq, row.of, row.row_id, _raw(row.content), _raw(row.link), row.key_id)


def _raw(stored: object) -> bytes:
    """What SQLite kept in a column for bytes, whatever was put into it since."""
    return bytes(stored) if isinstance(stored, bytes | memoryview) else str(stored).encode()


def _seal(connection: Connection) -> Seal:
    found: Seal = connection.get_execution_options().get(_SEAL) or Seal()
    return found
