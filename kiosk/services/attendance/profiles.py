"""How a payroll office wants its file: which columns, under which headings, and how times are
written."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _, marked
from kiosk.domain.people import clean_group

NAME_LIMIT: Final = 60
TITLE_LIMIT: Final = 120


class Per(StrEnum):
    """What a row is of."""

    DAY = "day"
    """A person and a day."""
    PERIOD = "period"
    """A person and all the days."""


class Lengths(StrEnum):
    """How a length of time is written."""

    CLOCK = "h:mm"
    EXACT = "h:mm:ss"
    POINT = "7.50"
    COMMA = "7,50"
    MINUTES = "minutes"
    SECONDS = "seconds"


class Dates(StrEnum):
    """How a day is written."""

    ISO = "2026-11-30"
    POINTS = "30.11.2026"
    SLASHES = "30/11/2026"
    AMERICAN = "11/30/2026"
    PLAIN = "20261130"


PATTERNS: Final = {
    Dates.ISO: "%Y-%m-%d",
    Dates.POINTS: "%d.%m.%Y",
    Dates.SLASHES: "%d/%m/%Y",
    Dates.AMERICAN: "%m/%d/%Y",
    Dates.PLAIN: "%Y%m%d",
}
DELIMITERS: Final = {",": marked("comma"), ";": marked("semicolon"), "\t": marked("tab")}
ENCODINGS: Final = {
    "utf-8-sig": marked("UTF-8 with its mark, for Excel"),
    "utf-8": marked("UTF-8"),
    "cp1252": marked("Windows, Western Europe"),
}


class Field(StrEnum):
    """What a column tells."""

    DAY = "day"
    WEEKDAY = "weekday"
    SINCE = "since"
    UNTIL = "until"
    MONTH = "month"
    NAME = "name"
    NUMBER = "number"
    GROUP = "group"
    TIMES = "times"
    FIRST_IN = "first_in"
    LAST_OUT = "last_out"
    MOMENTS = "moments"
    PLANNED = "planned"
    DAYS = "days"
    ABSENCE_DAYS = "absence_days"
    EXACT = "exact"
    RESTED = "rested"
    PAID = "paid"
    DEDUCTED = "deducted"
    GAIN = "gain"
    CHANGED = "changed"
    COUNTED = "counted"
    BY_HAND = "by_hand"
    FACE = "face"
    PIN = "pin"
    PERSON = "person"
    HAND = "hand"
    IMPORT = "import"
    RECORDING = "recording"
    ASSUMED = "assumed"
    CLOSED = "closed"
    CARRIED = "carried"
    PAYABLE = "payable"
    ABSENCE = "absence"
    HOLIDAY = "holiday"
    NOTES = "notes"
    OPEN = "open"
    DIGEST = "digest"
    TEXT = "text"
    """The same in each row, such as a wage type."""


FIELDS: Final = {
    Field.DAY: marked("day"),
    Field.WEEKDAY: marked("weekday"),
    Field.SINCE: marked("first day"),
    Field.UNTIL: marked("last day"),
    Field.MONTH: marked("month"),
    Field.NAME: marked("name"),
    Field.NUMBER: marked("staff number"),
    Field.GROUP: marked("group"),
    Field.TIMES: marked("times"),
    Field.FIRST_IN: marked("first in"),
    Field.LAST_OUT: marked("last out"),
    Field.MOMENTS: marked("moments, and what each rests on"),
    Field.PLANNED: marked("planned"),
    Field.DAYS: marked("days worked"),
    Field.ABSENCE_DAYS: marked("days of absence"),
    Field.EXACT: marked("exact"),
    Field.RESTED: marked("breaks"),
    Field.PAID: marked("paid breaks"),
    Field.DEDUCTED: marked("deducted for missing breaks"),
    Field.GAIN: marked("rounding"),
    Field.CHANGED: marked("changed since it was closed"),
    Field.COUNTED: marked("counted"),
    Field.BY_HAND: marked("by hand"),
    Field.FACE: marked("rests on the face"),
    Field.PIN: marked("rests on the PIN"),
    Field.PERSON: marked("said by the person"),
    Field.HAND: marked("entered by hand"),
    Field.IMPORT: marked("imported"),
    Field.RECORDING: marked("rests on a recording"),
    Field.ASSUMED: marked("assumed"),
    Field.CLOSED: marked("as it was closed"),
    Field.CARRIED: marked("carried on from earlier periods"),
    Field.PAYABLE: marked("counted and carried on"),
    Field.ABSENCE: marked("absence"),
    Field.HOLIDAY: marked("public holiday"),
    Field.NOTES: marked("notes"),
    Field.OPEN: marked("open questions"),
    Field.DIGEST: marked("SHA-256 of the closed period"),
    Field.TEXT: marked("a fixed text"),
}
OF_A_DAY: Final = frozenset(
    {
        Field.DAY,
        Field.WEEKDAY,
        Field.TIMES,
        Field.FIRST_IN,
        Field.LAST_OUT,
        Field.MOMENTS,
        Field.PLANNED,
        Field.ABSENCE,
        Field.HOLIDAY,
    }
)
OF_A_PERIOD: Final = frozenset({Field.DAYS, Field.ABSENCE_DAYS})


def fields(per: Per) -> tuple[Field, ...]:
    """Those that rows of this kind have."""
    other = OF_A_PERIOD if per is Per.DAY else OF_A_DAY
    return tuple(one for one in Field if one not in other)


@dataclass(frozen=True, slots=True)
class Column:
    """``title`` stands on top (empty: the field's own name), ``text`` in each row of a column with
    a fixed text."""

    field: Field
    title: str = ""
    text: str = ""

    @property
    def heading(self) -> str:
        return self.title or _(FIELDS[self.field])


@dataclass(frozen=True, slots=True)
class Profile:
    """A named form of file. ``encoding`` and ``delimiter`` are of CSV alone; spreadsheets get real
    days and real lengths of time, or numbers where ``lengths`` says so."""

    name: str
    per: Per
    columns: tuple[Column, ...]
    lengths: Lengths = Lengths.CLOCK
    dates: Dates = Dates.ISO
    delimiter: str = ","
    encoding: str = "utf-8-sig"

    def checked(self) -> Profile:
        """The same with a clean name.

        Raises:
            BadInput: it has no name or no columns, one that rows of its kind don't have, or is
                written in a way that is not known.
        """
        name = clean_group(self.name)
        if not name:
            raise BadInput(_("Give the profile a name, such as Payroll office."))
        if not self.columns:
            raise BadInput(_("A profile needs a column at least."))
        for column in self.columns:
            if column.field not in fields(self.per):
                raise BadInput(
                    _("{column} is nothing that a row of this kind has: take it out.").format(
                        column=column.heading
                    )
                )
            if max(len(column.title), len(column.text)) > TITLE_LIMIT:
                raise BadInput(
                    _("A heading has at most {limit} characters.").format(limit=TITLE_LIMIT)
                )
        if self.delimiter not in DELIMITERS or self.encoding not in ENCODINGS:
            raise BadInput(_("A profile's delimiter or encoding is not known here."))
        return Profile(
            name, self.per, self.columns, self.lengths, self.dates, self.delimiter, self.encoding
        )

    def day(self, day: date) -> str:
        """A day as this profile writes it."""
        return day.strftime(PATTERNS[self.dates])


def _columns(*names: Field) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


F = Field
DAYS: Final = Profile(
    marked("Days"),
    Per.DAY,
    _columns(
        *(F.DAY, F.WEEKDAY, F.NAME, F.NUMBER, F.GROUP, F.TIMES, F.RESTED, F.EXACT, F.COUNTED),
        *(F.BY_HAND, F.CARRIED, F.ABSENCE, F.HOLIDAY, F.NOTES),
    ),
)
RECORD: Final = Profile(
    marked("Full record"),
    Per.DAY,
    _columns(
        *(F.NAME, F.NUMBER, F.GROUP, F.DAY, F.MOMENTS, F.EXACT, F.RESTED, F.PAID, F.DEDUCTED),
        *(F.GAIN, F.CHANGED, F.COUNTED, F.BY_HAND, F.FACE, F.PIN, F.PERSON, F.HAND, F.IMPORT),
        *(F.RECORDING, F.ASSUMED, F.CLOSED, F.CARRIED, F.ABSENCE, F.HOLIDAY, F.NOTES, F.OPEN),
        F.DIGEST,
    ),
    Lengths.SECONDS,
)
TOTALS: Final = Profile(
    marked("Month totals"),
    Per.PERIOD,
    _columns(
        *(F.SINCE, F.UNTIL, F.NAME, F.NUMBER, F.GROUP, F.DAYS, F.EXACT, F.GAIN, F.COUNTED),
        *(F.BY_HAND, F.CARRIED, F.PAYABLE, F.ABSENCE_DAYS, F.OPEN, F.DIGEST),
    ),
)
DATEV: Final = Profile(
    marked("Payroll, like DATEV"),
    Per.PERIOD,
    (
        Column(F.NUMBER, "Personalnummer"),
        Column(F.MONTH, "Abrechnungsmonat"),
        Column(F.TEXT, "Lohnart", "100"),
        Column(F.PAYABLE, "Stunden"),
        Column(F.ABSENCE_DAYS, "Fehltage"),
    ),
    Lengths.COMMA,
    Dates.POINTS,
    ";",
    "cp1252",
)
BUILT_IN: Final = (DAYS, RECORD, TOTALS, DATEV)


def named(name: str, own: Iterable[Profile] = ()) -> Profile:
    """A profile by its name, whatever its case.

    Raises:
        BadInput: there is none.
    """
    every = [*BUILT_IN, *own]
    asked = " ".join(name.split()).casefold()
    for profile in every:
        if asked in (profile.name.casefold(), _(profile.name).casefold()):
            return profile
    raise BadInput(
        _("There is no profile {name}. There are: {names}.").format(
            name=repr(name), names=", ".join(_(profile.name) for profile in every)
        )
    )


def to_json(profiles: Iterable[Profile]) -> str:
    """As it is kept."""
    return json.dumps(
        [
            {
                "name": profile.name,
                "per": profile.per.value,
                "columns": [
                    {"field": one.field.value, "title": one.title, "text": one.text}
                    for one in profile.columns
                ],
                "lengths": profile.lengths.value,
                "dates": profile.dates.value,
                "delimiter": profile.delimiter,
                "encoding": profile.encoding,
            }
            for profile in profiles
        ],
        ensure_ascii=False,
    )


def from_json(text: str) -> tuple[Profile, ...]:
    """What was kept; what a newer or damaged store spoilt is left out, the others stay."""
    try:
        kept = json.loads(text)
    except ValueError:
        return ()
    found = []
    for one in kept if isinstance(kept, list) else ():
        try:
            found.append(_profile(one))
        except (BadInput, KeyError, TypeError, ValueError):
            continue
    return tuple(found)


def encodable(text: str, encoding: str) -> bool:
    """Whether an encoding has all letters of a text."""
    try:
        codecs.encode(text, encoding)
    except UnicodeEncodeError:
        return False
    return True


def _profile(kept: Mapping[str, Any]) -> Profile:
    columns = tuple(
        Column(Field(one["field"]), str(one.get("title", "")), str(one.get("text", "")))
        for one in kept["columns"]
    )
    return Profile(
        str(kept["name"]),
        Per(kept["per"]),
        columns,
        Lengths(kept["lengths"]),
        Dates(kept["dates"]),
        str(kept["delimiter"]),
        str(kept["encoding"]),
    ).checked()
