"""What other systems wrote, read: moments, directions and days, by the columns of a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from kiosk.domain.attendance import Direction
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _

PUNCH_COLUMNS: Final = ("number", "name", "moment", "date", "time", "direction")
ABSENCE_COLUMNS: Final = ("number", "name", "kind", "since", "until", "note")
KNOWN_WORDS: Final = {
    **{word.value: word for word in Direction if word is not Direction.SEEN},
    **dict.fromkeys(("come", "arrival", "clock in", "check in", "kommen", "entrée"), Direction.IN),
    **dict.fromkeys(
        ("go", "departure", "clock out", "check out", "gehen", "sortie"), Direction.OUT
    ),
    **dict.fromkeys(("break start", "break begin", "pause", "pausenbeginn"), Direction.BREAK),
    **dict.fromkeys(("break end", "pausenende"), Direction.BACK),
}
YEARS: Final = range(1900, 3000)
"""Others are slips, and days beside them may be before or after all calendars."""
_DATES: Final = ("%d.%m.%Y", "%Y/%m/%d", "%d.%m.%y")
_TIMES: Final = ("%H:%M:%S", "%H:%M", "%H.%M", "%I:%M %p", "%I:%M:%S %p")


@dataclass(frozen=True, slots=True)
class Mapped:
    """Which column of a file is what, by our names for them; ``words`` are the file's words for
    directions, in small letters, beside those that everybody uses. ``form`` is how moments (or,
    with a column of times, dates) are written where that can't be told, as strptime has it."""

    columns: Mapping[str, str]
    words: Mapping[str, Direction] = field(default_factory=dict)
    form: str = ""

    @classmethod
    def of(cls, text: str, words: str = "", form: str = "") -> Mapped:
        """Of ``number=Staff no,moment=Time`` and ``Arrived=in,Left=out``.

        Raises:
            BadInput: it can't be read.
        """
        said = {}
        for word, direction in _pairs(words).items():
            try:
                said[word.casefold()] = Direction(direction.casefold())
            except ValueError:
                raise BadInput(
                    _("{word} is no direction: write in, out, break or back.").format(
                        word=repr(direction)
                    )
                ) from None
        return cls(_pairs(text), said, form)

    def within(self, columns: tuple[str, ...], known: tuple[str, ...]) -> Mapped:
        """The same for a file with these columns: those that nobody named are called as we call
        them.

        Raises:
            BadInput: one is named that the file has not, or that means nothing here.
        """
        plain = {column.casefold(): column for column in columns}
        named = {column.casefold() for column in self.columns.values()}
        found = {name: plain[name] for name in known if name in plain.keys() - named}
        for name, column in self.columns.items():
            if name not in known:
                raise BadInput(
                    _("{name} means nothing here: write {known}.").format(
                        name=repr(name), known=", ".join(known)
                    )
                )
            if column.casefold() not in plain:
                raise BadInput(
                    _("The file has no column {column}; it has {columns}.").format(
                        column=repr(column), columns=", ".join(columns)
                    )
                )
            found[name] = plain[column.casefold()]
        return Mapped(found, self.words, self.form)

    def need(self, *groups: tuple[str, ...]) -> None:
        """One of each group must be there. Raises BadInput where none is."""
        for group in groups:
            if not any(name in self.columns for name in group):
                raise BadInput(
                    _("Say which column is the {name}, such as --map “{name}=...”.").format(
                        name=group[0]
                    )
                )

    def cell(self, cells: Mapping[str, str], name: str) -> str:
        """What stands there; empty where there is no such column."""
        return cells.get(self.columns.get(name, ""), "")

    def direction(self, cells: Mapping[str, str]) -> Direction:
        """Raises BadInput where the word is not known."""
        word = self.cell(cells, "direction")
        plain = " ".join(word.casefold().split())
        found = self.words.get(plain) or KNOWN_WORDS.get(plain)
        if found is None:
            raise BadInput(
                _(
                    "{word} is no direction that is known: say what it is, --words “{word}=in”."
                ).format(word=word or "-")
            )
        return found

    def moment(self, cells: Mapping[str, str], zone: tzinfo | None) -> datetime:
        """In the file's own offset, or by the clock on the wall of a zone (None: the machine's).

        Raises:
            BadInput: it can't be read, or that clock never showed it, or showed it twice.
        """
        if "moment" not in self.columns:
            day = self.day(self.cell(cells, "date"))
            text = self.cell(cells, "time")
            for form in _TIMES:
                try:
                    clock = datetime.strptime(text, form).time()
                    return _there(datetime.combine(day, clock), zone, text)
                except ValueError:
                    continue
            raise BadInput(_("{text} is no time: write it as 07:45.").format(text=repr(text)))
        text = self.cell(cells, "moment")
        return _there(self._read(text), zone, text)

    def day(self, text: str) -> date:
        """Raises BadInput where it is none."""
        return self._read(text).date()

    def _read(self, text: str) -> datetime:
        """A date with a time or without, as people write it; what may be either day or month first
        is not guessed at."""
        found = self._parsed(text)
        if found is None:
            raise BadInput(
                _(
                    "{text} is no date that is known: write it as 2026-11-24, or say how it is "
                    "written with --form, such as “%m/%d/%Y %H:%M”."
                ).format(text=repr(text))
            )
        if found.year not in YEARS:
            raise BadInput(
                _("{text} can't be right: it is in the year {year}.").format(
                    text=repr(text), year=found.year
                )
            )
        return found

    def _parsed(self, text: str) -> datetime | None:
        if self.form:
            forms: list[str] = [self.form]
        else:
            try:
                return datetime.fromisoformat(text)
            except ValueError:
                forms = [*_DATES, *(f"{day} {time}" for day in _DATES for time in _TIMES)]
        for form in forms:
            try:
                return datetime.strptime(text, form)
            except (ValueError, re.error):  # the second: a form that names one thing twice
                continue
        return None


def _there(local: datetime, zone: tzinfo | None, text: str) -> datetime:
    if local.tzinfo is not None:
        return local
    first, second = (_aware(local.replace(fold=fold), zone) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC) < second.astimezone(UTC):
        raise BadInput(
            _("{text} was there twice that night: write it as 2026-10-25T02:30+01:00.").format(
                text=text
            )
        )
    raise BadInput(_("No clock showed {text} that night: it was put forward.").format(text=text))


def _aware(local: datetime, zone: tzinfo | None) -> datetime:
    return local.astimezone() if zone is None else local.replace(tzinfo=zone)


def offset(at: datetime) -> int:
    """Minutes ahead of UTC of a moment with its zone."""
    return (at.utcoffset() or timedelta()) // timedelta(minutes=1)


def _pairs(text: str) -> dict[str, str]:
    found = {}
    for part in text.split(",") if text.strip() else ():
        name, sign, value = (piece.strip() for piece in part.partition("="))
        if not (name and sign and value):
            raise BadInput(
                _("{part} can't be read: write it as number=Staff no,moment=Time.").format(
                    part=repr(part.strip())
                )
            )
        found[name] = value
    return found
