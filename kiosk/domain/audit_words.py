"""What an act of administration says, in the words that the panel has for it. What is stored stays
as it was written; what nobody recognises is shown as it stands there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from kiosk.domain.attendance import DIRECTIONS, Direction
from kiosk.domain.audit import ACTIONS, Action, AuditEntry
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _, counted, marked
from kiosk.domain.liveness.drill import Kind, Verdict
from kiosk.domain.retention import KINDS, Due, Kept, due_words
from kiosk.domain.roles import Role, named
from kiosk.domain.setting_info import SettingInfo
from kiosk.domain.settings import Settings
from kiosk.domain.threshold import one_in

Days = Callable[[date], str]
Moments = Callable[[datetime], str]
Rule = Callable[[AuditEntry, Days, Moments], AuditEntry]

_STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d[+-]\d\d:\d\d")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_CROPS = re.compile(r"; crops deleted: (\d+)$")
_POLICY = re.compile(r"policy (\w+)(, high risk)?, (.*)")
_PUNCH = re.compile(rf"({'|'.join(Direction)})(?: at)? ({_STAMP.pattern}|strike out)")
_TURNED = re.compile(rf"(now|it was) ({'|'.join(Direction)})")
_DUE = re.compile(rf"({'|'.join(Kept)}): (\d+) rows, (\S+) to (\S+)")
_PERSON: Final = {
    "name": marked("Name"),
    "staff number": marked("Staff number"),
    "may be let in": marked("May be let in"),
    "group": marked("Group"),
    "valid from": marked("Valid from"),
    "valid until": marked("Valid until"),
}
_VERDICTS: Final = {
    Verdict.PASSED: marked("passed"),
    Verdict.FAILED: marked("failed"),
    Verdict.TOO_FEW: marked("too few tries to say anything"),
}


def plain_day(day: date) -> str:
    """A day where nobody's screen says how: on paper, at the command line."""
    return f"{day:%Y-%m-%d}"


def plain_moment(local: datetime) -> str:
    """A moment by the clock on the wall, likewise."""
    return f"{local:%Y-%m-%d %H:%M}"


def in_words(
    entry: AuditEntry, day: Days = plain_day, moment: Moments = plain_moment
) -> AuditEntry:
    """The same entry with its subject and details for people; ``day`` and ``moment`` write a date
    and a moment, which is given as the clock on the wall showed it."""
    rule = _RULES.get(entry.action)
    return rule(entry, day, moment) if rule else entry


def _settings(entry: AuditEntry, day: Days, moment: Moments) -> AuditEntry:
    known = {info.name: info for info in Settings.about()}
    names = entry.subject.split(", ")
    titles = ", ".join(known[name].title if name in known else name for name in names)
    crops = _CROPS.search(entry.details) if "keep_crops" in names else None
    details = entry.details[: crops.start()] if crops else entry.details
    told, why = [], ""
    for name, old, new in _changes(details, names):
        info = known.get(name)
        if info is not None and (info.choices or not isinstance(info.default, str)):
            new, _semicolon, why = new.partition("; ")
        told.append(_change(info.title if info else name, _value(info, old), _value(info, new)))
    if not told:
        return replace(entry, subject=titles)
    if crops:
        deleted = int(crops[1])
        told.append(counted("{count} picture deleted", "{count} pictures deleted", deleted))
    # The titles stand in the details already.
    return replace(entry, subject="", details="; ".join(filter(None, [*told, why])))


def _value(info: SettingInfo | None, text: str) -> str:
    if info is None:
        return text
    with suppress(BadInput):
        value = info.parse(text)
        if info.name == "far" and isinstance(value, float):
            return one_in(value)
        return info.in_words(value)
    return text


def _person(entry: AuditEntry, day: Days, moment: Moments) -> AuditEntry:
    def value(text: str) -> str:
        plain = {"None": _("none"), "": _("none"), "True": _("yes"), "False": _("no")}
        return plain.get(text) or _days(text, day)

    told = [
        _change(_(_PERSON[name]), *((old, new) if name == "name" else (value(old), value(new))))
        for name, old, new in _changes(entry.details, _PERSON)
    ]
    return replace(entry, details="; ".join(told)) if told else entry


def _role(entry: AuditEntry, day: Days, moment: Moments) -> AuditEntry:
    role, colon, departments = entry.details.partition(":")
    if role not in tuple(Role):
        return entry
    return replace(entry, details=f"{named(Role(role))}{colon}{departments}")


def _refused(entry: AuditEntry, day: Days, moment: Moments) -> AuditEntry:
    if entry.details not in tuple(Action):
        return entry
    act = _(ACTIONS[Action(entry.details)])
    return replace(entry, details=_("would have {act}").format(act=act))


def _punches(entry: AuditEntry, day: Days, moment: Moments) -> AuditEntry:
    def part(text: str) -> str | None:
        if punch := _PUNCH.fullmatch(text):
            what = _(DIRECTIONS[Direction(punch[1])])
            if punch[2] == "strike out":
                return _("{what}: strike it out").format(what=what)
            return f"{what} {_moment(punch[2], moment)}"
        if turned := _TURNED.fullmatch(text):
            what = _(DIRECTIONS[Direction(turned[2])])
            told = _("now: {what}") if turned[1] == "now" else _("it was: {what}")
            return told.format(what=what)
        if text.startswith("now at ") and _STAMP.fullmatch(text[7:]):
            return _("now {moment}").format(moment=_moment(text[7:], moment))
        return None

    return replace(entry, details=_leading(entry.details, part))


def _approved(entry: AuditEntry, day: Days, moment: Moments) -> AuditEntry:
    direction, semicolon, why = entry.details.partition("; ")
    if direction not in tuple(Direction):
        return entry
    return replace(entry, details=f"{_(DIRECTIONS[Direction(direction)])}{semicolon}{why}")


def _absence(entry: AuditEntry, day: Days, moment: Moments) -> AuditEntry:
    what, semicolon, why = entry.details.partition("; ")
    return replace(entry, details=f"{_days(what, day)}{semicolon}{why}")


def _rota(entry: AuditEntry, day: Days, moment: Moments) -> AuditEntry:
    return replace(entry, details=_days(entry.details, day))


def _period(entry: AuditEntry, day: Days, moment: Moments) -> AuditEntry:
    return replace(entry, subject=_days(entry.subject, day))


def _emptied(entry: AuditEntry, day: Days, moment: Moments) -> AuditEntry:
    def part(text: str) -> str | None:
        if not (found := _DUE.fullmatch(text)):
            return None
        first, last = (
            None if one == "None" else date.fromisoformat(one) for one in (found[3], found[4])
        )
        due = Due(Kept(found[1]), int(found[2]), first, last)
        return f"{_(KINDS[due.kind])}: {due_words(due, day)}"

    return replace(entry, details=_leading(entry.details, part))


def _drill(entry: AuditEntry, day: Days, moment: Moments) -> AuditEntry:
    if entry.action is Action.BEGIN_DRILL:
        if not (found := _POLICY.fullmatch(entry.details)):
            return entry
        policy, high, encoder = found.groups()
        about = {info.name: info for info in Settings.about()}
        risk = "high" if high else "standard"
        asked = (about["liveness"], policy), (about["liveness_risk"], risk)
        told = (f"{info.title}: {_value(info, chosen)}" for info, chosen in asked)
        return replace(entry, details="; ".join([*told, encoder]))
    if entry.action is not Action.END_DRILL:
        return replace(entry, subject=_kinds(entry.subject))
    verdict = entry.subject
    if verdict in tuple(Verdict):
        verdict = _(_VERDICTS[Verdict(verdict)])
    return replace(entry, subject=verdict, details=_leading(entry.details, _tally))


def _tally(text: str) -> str | None:
    kind, _space, rate = text.partition(" ")
    if kind in tuple(Kind):
        return f"{Kind(kind).words}: {rate}"
    told, colon, kinds = text.partition(": ")
    return f"{told}{colon}{_kinds(kinds)}"


def _kinds(text: str) -> str:
    return ", ".join(Kind(one).words if one in tuple(Kind) else one for one in text.split(","))


def _changes(details: str, names: Iterable[str]) -> list[tuple[str, str, str]]:
    """Name, value before and value after, of what ``details`` say of these names; nothing where
    they say it in another way."""
    found = re.split(rf"(?:^|; )({'|'.join(map(re.escape, names))}): ", details)
    parts = list(zip(found[1::2], found[2::2], strict=True))
    if found[0] or not all(" -> " in both for _name, both in parts):
        return []
    return [(name, *_halves(both)) for name, both in parts]


def _halves(both: str) -> tuple[str, str]:
    old, _arrow, new = both.partition(" -> ")
    return old, new


def _change(title: str, old: str, new: str) -> str:
    return f"{title}: {old} → {new}"


def _leading(details: str, part: Callable[[str], str | None]) -> str:
    """The parts that ``part`` knows, from the first on; what follows is somebody's own words."""
    parts = details.split("; ")
    for place, text in enumerate(parts):
        told = part(text)
        if told is None:
            break
        parts[place] = told
    return "; ".join(parts)


def _days(text: str, day: Days) -> str:
    def told(found: re.Match[str]) -> str:
        with suppress(ValueError):
            return day(date.fromisoformat(found[0]))
        return found[0]

    return _DAY.sub(told, text)


def _moment(stamp: str, moment: Moments) -> str:
    try:
        return moment(datetime.fromisoformat(stamp))
    except ValueError:
        return stamp


_RULES: Final[dict[Action, Rule]] = {
    Action.CHANGE_SETTINGS: _settings,
    Action.CHANGE_PERSON: _person,
    Action.GIVE_ROLE: _role,
    Action.TAKE_ROLE: _role,
    Action.SET_ROLE_SECRET: _role,
    Action.REFUSED: _refused,
    Action.ADD_CLOCK_EVENT: _punches,
    Action.TURN_CLOCK_EVENT: _punches,
    Action.STRIKE_CLOCK_EVENT: _punches,
    Action.PUT_BACK_CLOCK_EVENT: _punches,
    Action.MOVE_CLOCK_EVENT: _punches,
    Action.ANSWER_CLOCK_EVENT: _punches,
    Action.UNDO_CLOCK_EVENT: _punches,
    Action.ASK_CORRECTION: _punches,
    Action.APPROVE_CORRECTION: _approved,
    Action.ADD_ABSENCE: _absence,
    Action.WITHDRAW_ABSENCE: _absence,
    Action.ASSIGN_ROTA: _rota,
    Action.CLOSE_PERIOD: _period,
    Action.EMPTY_OLD_ROWS: _emptied,
    Action.BEGIN_DRILL: _drill,
    Action.FAIL_DRILL: _drill,
    Action.LIFT_DRILL: _drill,
    Action.END_DRILL: _drill,
}
