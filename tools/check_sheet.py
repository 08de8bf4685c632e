"""Every number of a signed sheet, worked out anew from what was recorded: by this file alone, which
shares no line with the program.

python -m tools.check_sheet RECORD.csv SHEET.txt --step 15 --way nearest --breaks unpaid \\
    --break-rule deduct

RECORD.csv is the export of the profile "Full record", SHEET.txt the text of the PDF of the same
days, pages parted by form feeds, or the PDF itself where PySide6 is there to read it. Exits with 1
and says what differs.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

HOUR = 3_600_000_000
MINUTE = 60_000_000
SECOND = 1_000_000
"""In microseconds: nothing here is a float."""
LAW = ((6 * HOUR, 30 * MINUTE), (9 * HOUR, 45 * MINUTE))
SHORTEST_BREAK = 15 * MINUTE
WORDS = {"person", "hand", "import", "assumed"}
STRENGTH = ("face", "pin", "person", "hand", "import", "recording", "assumed", "closed")
NAMES = {
    "face": ("rests on the face", "face"),
    "pin": ("rests on the PIN", "PIN"),
    "person": ("said by the person", "said by the person"),
    "hand": ("entered by hand", "by hand"),
    "import": ("imported", "imported"),
    "recording": ("rests on a recording", "a recording"),
    "assumed": ("assumed", "assumed"),
    "closed": ("as it was closed", "as it was closed"),
}
"""The heading of each in the CSV, and its name on paper."""
ORDER = {"break": 0, "back": 1, "out": 2, "in": 3, "seen": 4}
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Rules:
    step: int = 1
    way: str = "clock"
    paid: bool = False
    deducts: bool = False


@dataclass
class Stay:
    """From a coming to a going, moments in local time with what each rests on."""

    came: datetime | None = None
    came_by: str = ""
    went: datetime | None = None
    went_by: str = ""
    breaks: list[list[datetime | None]] = field(default_factory=list)
    rests_on: str = "face"
    strays: bool = False

    @property
    def exact(self) -> int:
        return 0 if self.came is None or self.went is None else apart(self.came, self.went)

    @property
    def rested(self) -> int:
        if self.came is None or self.went is None:
            return 0
        return sum(apart(began, ended or self.went) for began, ended in self.breaks if began)

    @property
    def is_open(self) -> bool:
        if self.came is None and self.went is None:
            return self.strays
        return self.came is None or self.went is None

    def counted(self, rules: Rules) -> int:
        if self.came is None or self.went is None:
            return 0
        came, went = self.rounded(self.came, rules, up=rules.way == "inward"), self.went
        if self.went_by != "assumed":
            went = self.rounded(went, rules, up=rules.way == "outward")
        total = apart(came, went)
        for began, ended in () if rules.paid else self.breaks:
            assert began is not None
            leaves = self.rounded(began, rules, up=rules.way == "outward")
            returns = self.rounded(ended, rules, up=rules.way == "inward") if ended else went
            total -= max(0, apart(leaves, returns))
        return max(0, total)

    @staticmethod
    def rounded(at: datetime, rules: Rules, *, up: bool) -> datetime:
        step = rules.step * MINUTE
        since = (at.minute * 60 + at.second) * SECOND + at.microsecond
        if rules.way == "nearest":
            steps = (2 * since + step) // (2 * step)
        else:
            steps = -(-since // step) if up else since // step
        hour = at.replace(minute=0, second=0, microsecond=0)
        return hour + timedelta(microseconds=steps * step)


@dataclass
class Day:
    day: date
    times: str
    rested: int
    exact: int
    counted: int
    by_hand: int
    paid: int
    deducted: int
    gain: int
    changed: int
    bases: dict[str, int]
    open_end: bool
    notes: str
    spans: int


def apart(first: datetime, second: datetime) -> int:
    return (second - first) // timedelta(microseconds=1)


def stays(moments: str) -> list[Stay]:
    made = []
    for text in filter(None, moments.split(" | ")):
        stay, used = Stay(), []
        events = []
        for part in text.split("; "):
            what, at, by = part.split(" ")
            events.append((datetime.fromisoformat(at), what, by))
            used.append(by)
        events.sort(key=lambda one: (one[0], ORDER[one[1]]))
        for at, what, by in events:
            resting = bool(stay.breaks) and stay.breaks[-1][1] is None
            if what in ("in", "back") and stay.came is not None and resting:
                stay.breaks[-1][1] = at
            elif what == "in" and stay.came is None:
                stay.came, stay.came_by = at, by
            elif what == "out":
                stay.went, stay.went_by = at, by
            elif what == "break" and stay.came is not None and not resting:
                stay.breaks.append([at, None])
            elif what != "seen":
                stay.strays = True
        stay.rests_on = max(used, key=STRENGTH.index)
        made.append(stay)
    return made


def missing_break(found: list[Stay]) -> int:
    rests = []
    for stay in found:
        for began, ended in stay.breaks:
            assert began is not None
            rests.append(apart(began, ended or stay.went or began))
    for one, following in pairwise(found):
        if one.went is not None and following.came is not None:
            rests.append(apart(one.went, following.came))
    rested = sum(rest for rest in rests if rest >= SHORTEST_BREAK)
    worked = sum(stay.exact - stay.rested for stay in found)
    lacking = [min(least - rested, worked - more) for more, least in LAW if worked > more]
    return max([0, *lacking])


def worked_out(row: dict[str, str], rules: Rules) -> Day:
    """A day of the record, all figures by its moments; in seconds."""
    found = stays(row["moments, and what each rests on"])
    each = [stay.counted(rules) for stay in found]
    total = sum(each)
    by_hand = sum(c for c, stay in zip(each, found, strict=True) if stay.rests_on in WORDS)
    lacking = missing_break(found) if rules.deducts else 0
    if lacking:
        total = max(0, total - lacking)
        by_hand = min(by_hand, total)
    exact = sum(stay.exact - stay.rested for stay in found) // SECOND
    rested = sum(stay.rested for stay in found) // SECOND
    counted, by_hand = total // SECOND, by_hand // SECOND
    paid, deducted = rested if rules.paid else 0, lacking // SECOND
    bases: dict[str, int] = {}
    for one, stay in zip(each, found, strict=True):
        bases[stay.rests_on] = bases.get(stay.rests_on, 0) + one // SECOND
    too_much = sum(bases.values()) - counted
    for basis in STRENGTH:
        if basis in bases:
            less = max(0, min(bases[basis], too_much))
            bases[basis] -= less
            too_much -= less
    gain = counted - exact - paid + deducted
    changed = int(row["changed since it was closed"])
    if changed or row["as it was closed"] != "0":  # settled when its period was closed
        counted -= changed
        by_hand = int(row["by hand"])
        bases = {"closed": counted}
    shown = [stay for stay in found if stay.came or stay.went or stay.is_open]
    return Day(
        date.fromisoformat(row["day"]),
        " ".join(map(on_paper, shown)),
        rested,
        exact,
        counted,
        by_hand,
        paid,
        deducted,
        gain,
        changed,
        {basis: time for basis, time in bases.items() if time},
        any(stay.is_open for stay in found),
        row["notes"],
        len(found),
    )


def on_paper(stay: Stay) -> str:
    def end(at: datetime | None, by: str) -> str:
        return "?" if at is None else f"{at:%H:%M}{'*' * (by in WORDS)}"

    return f"{end(stay.came, stay.came_by)}–{end(stay.went, stay.went_by)}"


def long(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def short(seconds: int) -> str:
    return long(seconds) if seconds % 60 else long(seconds)[:-3]


def with_sign(seconds: int) -> str:
    sign = "+" if seconds > 0 else "−" if seconds < 0 else ""
    return sign + short(abs(seconds))


def differs_in_record(row: dict[str, str], day: Day) -> list[str]:
    """Where the record's own figures are not those of its moments."""
    told = {
        "exact": day.exact,
        "breaks": day.rested,
        "paid breaks": day.paid,
        "deducted for missing breaks": day.deducted,
        "rounding": day.gain,
        "counted": day.counted,
        "by hand": day.by_hand,
        **{NAMES[basis][0]: day.bases.get(basis, 0) for basis in STRENGTH},
    }
    return [
        f"{row['name']} {day.day}: {name} is {row[name]} in the record, {value} by its moments"
        for name, value in told.items()
        if row[name] != str(value)
    ]


def fragments(name: str, rows: list[dict[str, str]], days: list[Day]) -> list[str]:
    """All that must stand on a person's paper, each once."""
    total = {
        key: sum(getattr(day, key) for day in days)
        for key in ("rested", "exact", "counted", "by_hand", "paid", "deducted", "gain", "changed")
    }
    made = []
    for day in days:
        parts = [f"{day.day} {DAYS[day.day.weekday()]}", day.times]
        if day.rested:
            parts.append(long(day.rested))
        if day.spans:
            parts.append(long(day.exact))
        if day.spans or day.counted:
            parts.append(short(day.counted))
        note = day.notes
        if day.changed:
            told = f"{with_sign(day.changed)} since it was closed, carried on"
            note = f"{note}; {told}" if note else told
        made.append(" ".join([*parts, note]))
    rested = long(total["rested"]) if total["rested"] else ""
    made.append(f"Sum {rested} {long(total['exact'])} {short(total['counted'])}")
    lines = [row for row in rows if not row["counted"]]
    carried = [int(row["carried on from earlier periods"]) for row in lines]
    made += [
        f"{row['day']} {with_sign(by)} {row['notes']}"
        for row, by in zip(lines, carried, strict=True)
    ]
    summary = f"{short(total['counted'])} h"
    if total["by_hand"]:
        summary += f", of which {short(total['by_hand'])} h by hand"
    if lines:
        payable = total["counted"] + sum(carried)
        summary += f"; {with_sign(sum(carried))} h carried on: {short(payable)} h"
    made.append(summary)
    bases: dict[str, int] = {}
    for day in days:
        for basis, time in day.bases.items():
            bases[basis] = bases.get(basis, 0) + time
    rests = [f"{NAMES[basis][1]} {short(bases[basis])}" for basis in STRENGTH if bases.get(basis)]
    made.append("Rests on " + (" ".join(rests) or "0:00"))
    steps = {
        "paid breaks": total["paid"],
        "missing breaks": -total["deducted"],
        "rounding": total["gain"],
        "changed since it was closed": -total["changed"],
    }
    told = [f"Exact {long(total['exact'])}"]
    told += [f"{title} {with_sign(time)}" for title, time in steps.items() if time]
    made.append(", ".join(told) + f": counted {short(total['counted'])}.")
    if total["gain"] > 0:
        made.append(f"rounding gives {name} {short(total['gain'])} h.")
    if total["gain"] < 0:
        made.append(f"rounding takes {short(-total['gain'])} h from {name}.")
    ends = sum(day.open_end for day in days)
    said = {row["open questions"] for row in rows}
    if ends and f"{ends} open end{'s' * (ends > 1)}" not in "".join(said):
        made.append(f"{ends} open ends")  # what will not be found
    made += [f"Not settled yet: {text}." for text in said if text]
    digests = {row["SHA-256 of the closed period"] for row in rows} - {""}
    made += [f"SHA-256 {digest}" for digest in digests] or ["not closed yet"]
    return made


def bare(text: str) -> str:
    """Without spaces, ends of lines and what turns a script's direction; hyphens as they were."""
    text = re.sub("[\x02\ufffe\u00ad]", "-", text)
    return re.sub("[\\s\u200b\u2066-\u2069\ufeff]+", "", text)


def check(record: str, pages: list[str], rules: Rules) -> list[str]:
    """What differs between a record and the paper of the same days; nothing where all is equal."""
    wrong: list[str] = []
    people: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in csv.DictReader(record.splitlines()):
        row = {key: value.removeprefix("'") for key, value in row.items()}
        people.setdefault((row["name"], row["staff number"]), []).append(row)
    texts = [bare(page) for page in pages]
    for (name, number), rows in people.items():
        start = bare(name + (f"No. {number}" if number else ""))
        mine = "".join(text for text in texts if text.startswith(start))
        if not mine:
            wrong.append(f"{name}: no page")
            continue
        days = []
        for row in rows:
            if row["counted"]:
                day = worked_out(row, rules)
                wrong += differs_in_record(row, day)
                days.append(day)
        mine = mine.replace(start, "#")
        # The longest first: a shorter one may stand within it.
        for wanted in sorted(map(bare, fragments(name, rows, days)), key=len, reverse=True):
            if wanted not in mine:
                wrong.append(f"{name}: {wanted} is not on the paper")
            mine = mine.replace(wanted, "#", 1)
        wrong += [f"{name}: {text} on the paper follows from nothing" for text in unknown(mine)]
    return wrong


def unknown(rest: str) -> list[str]:
    """Figures that nothing accounts for; ``rest`` is what is left of a paper."""
    for known in (
        r"\d{4}-\d\d-\d\d–\d{4}-\d\d-\d\d",
        r"Timescountby\d+minutes",
        r"closedon\d{4}-\d\d-\d\d\d\d:\d\dby",
        r"notclosedyetasoneperiod;\d{4}-\d\d-\d\dto\d{4}-\d\d-\d\d",
        r"page\d+of\d+",
        r"\d{4}-\d\d-\d\d(Mon|Tue|Wed|Thu|Fri|Sat|Sun)",
    ):
        rest = re.sub(known, "#", rest)
    return re.findall(r"[^#]{0,20}\d[^#]{0,20}", rest)


def text_of(path: Path) -> list[str]:
    """The pages of a PDF, by Qt, or of its text."""
    if path.suffix.lower() != ".pdf":
        return path.read_text(encoding="utf-8").split("\f")
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtPdf import QPdfDocument

    application = QCoreApplication.instance() or QCoreApplication([])
    document = QPdfDocument()
    document.load(str(path))
    pages = [document.getAllText(page).text() for page in range(document.pageCount())]
    del document, application
    return pages


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("record", type=Path)
    parser.add_argument("paper", type=Path)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--way", choices=("clock", "nearest", "inward", "outward"), default="clock")
    parser.add_argument("--breaks", choices=("off", "unpaid", "paid"), default="off")
    parser.add_argument("--break-rule", choices=("off", "warn", "deduct"), default="warn")
    chosen = parser.parse_args()
    rules = Rules(chosen.step, chosen.way, chosen.breaks == "paid", chosen.break_rule == "deduct")
    record = chosen.record.read_text(encoding="utf-8-sig")
    wrong = check(record, text_of(chosen.paper), rules)
    sys.stdout.write("".join(f"{line}\n" for line in wrong) or "All equal.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
