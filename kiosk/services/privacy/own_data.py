"""All that is kept of one person, to be handed to them (GDPR, Art. 15 and 20)."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from kiosk.domain.audit import ACTIONS, PROGRAM, Action, Actor, ActorKind, AuditEntry
from kiosk.domain.audit_words import in_words
from kiosk.domain.language import _, marked
from kiosk.domain.people import Person
from kiosk.domain.records import AuditFilter, EventFilter, Records
from kiosk.domain.repositories import Storage
from kiosk.domain.retention import KINDS, End, Kept
from kiosk.domain.settings import Settings
from kiosk.services.admin.access_log import pages
from kiosk.services.admin.trail import Trail
from kiosk.services.privacy.retention import days_kept, ends

FORMAT: Final = "kiosk-own-data-1"
Value = str | int | float | bool | date | datetime | None
_ALL: Final = 1_000_000
_DATES: Final = date(1970, 1, 1), date.max
EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Section:
    """A kind of data: ``columns`` by their keys, which stay the same in every language, with their
    titles; ``note`` says what is to be known of all of it. Moments are in UTC."""

    key: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class OwnData:
    """All of it as it stood ``at`` (UTC). ``pictures`` are the small pictures (JPEG) of the photos
    that have one, by the photo's number."""

    person: Person
    at: datetime
    sections: tuple[Section, ...]
    pictures: Mapping[int, bytes]

    def section(self, key: str) -> Section:
        """One of them. Raises KeyError."""
        return {section.key: section for section in self.sections}[key]

    @property
    def json(self) -> bytes:
        """All of it for programs: UTF-8, moments in ISO 8601, pictures in base64."""
        told = {
            "format": FORMAT,
            "person": self.person.id,
            "written": self.at.isoformat(),
            **{section.key: _records(section) for section in self.sections},
            "pictures": {
                str(number): b64encode(picture).decode()
                for number, picture in self.pictures.items()
            },
        }
        return json.dumps(told, ensure_ascii=False, indent=1, default=_isoformat).encode()


class OwnDataAdmin:
    """Any thread but the screen's; NotFound where the person is gone; StorageError."""

    def __init__(self, storage: Storage, trail: Trail, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._trail = trail
        self._now = now

    def hand_out(self, actor: Actor, person_id: int) -> OwnData:
        """Read all of it, and write down that it was: this act is not in it yet. Some 100 ms for
        10,000 log rows."""
        with self._trail.act(actor, Action.HAND_OUT_DATA, person_id) as note:
            data = own_data(self._storage, person_id, self._now())
            note.about(data.person)
        return data


def own_data(records: Records, person_id: int, now: datetime) -> OwnData:
    """All that is kept of a person. Raises NotFound."""
    person = records.people.get(person_id)
    return OwnData(
        person, now, tuple(_sections(records, person, now)), records.people.crops_of(person_id)
    )


def acts_about(records: Records, person: Person) -> tuple[AuditEntry, ...]:
    """The rows of the audit trail that name somebody, or were done by them at the kiosk; the newest
    first. Of namesakes those with the name alone are nobody's: it can't be told whose."""
    number = f"(no. {person.id}"
    about = records.audit.newest(_ALL, AuditFilter(text=number))
    found = {
        entry.id: entry
        for entry in about
        if f"{number})" in entry.subject or f"{number}," in entry.subject
    }
    namesakes = [one for one in records.people.find(person.name) if one.name == person.name]
    if len(namesakes) == 1:
        found |= {entry.id: entry for entry in _by_name(records, person.name)}
    return tuple(sorted(found.values(), key=lambda entry: entry.id or 0, reverse=True))


def _by_name(records: Records, name: str) -> Iterator[AuditEntry]:
    for actor in records.audit.actors():
        if actor.name == name:
            for entry in records.audit.newest(_ALL, AuditFilter(actor=actor)):
                # A user of the operating system may be called as somebody here.
                if entry.actor.kind is not ActorKind.SYSTEM_USER or entry.actor.role:
                    yield entry
    for entry in records.audit.newest(_ALL, AuditFilter(text=name)):
        if entry.subject == name:
            yield entry


def _sections(records: Records, person: Person, now: datetime) -> Iterator[Section]:
    yield _card(records, person)
    yield _consents(records, person)
    yield _photos(records, person)
    yield _looks(records, person)
    punches = records.clock_events.between(EVER, now + timedelta(days=1), person.id, struck=True)
    yield Section(
        "punches",
        _("Hours: punches"),
        (
            *(("at", _("Time")), ("direction", _("What")), ("evidence", _("Rests on"))),
            *(("kiosk", _("Camera")), ("entered_by", _("Entered by")), ("note", _("Note"))),
            *(("counts", _("Counts")), ("question", _("Was asked"))),
        ),
        tuple(
            (
                *(event.at, event.direction, event.evidence, event.kiosk, event.by),
                *(event.note, event.struck is None, event.doubt),
            )
            for event in reversed(punches)
        ),
    )
    said = records.clock_events.strikes([event.id for event in punches])
    at = {event.id: event.at for event in punches}
    yield Section(
        "corrections",
        _("Hours: what was corrected"),
        (
            *(("punch", _("Punch")), ("at", _("Corrected")), ("by", _("By"))),
            *(("why", _("Why")), ("counts", _("Counts"))),
        ),
        tuple(
            (at[number], strike.at, strike.by, strike.why, not strike.out)
            for number, strikes in said.items()
            for strike in strikes
        ),
    )
    yield from _plans(records, person)
    yield _requests(records, person)
    acts = acts_about(records, person)
    yield Section(
        "acts",
        _("Acts of administration that name this person"),
        (
            *(("at", _("Time")), ("by_kind", _("By")), ("by", _("Name"))),
            *(("what", _("What")), ("about", _("Whom")), ("details", _("Details"))),
        ),
        tuple(
            (
                *(entry.at, entry.actor.kind, entry.actor.name, entry.action),
                *(entry.subject, entry.details),
            )
            for entry in acts
        ),
    )
    yield _retention(records, person, acts)


def _card(records: Records, person: Person) -> Section:
    role = records.roles.get(person.id)
    kept: tuple[tuple[str, str, Value], ...] = (
        ("number", _("Number in the list"), person.id),
        ("name", _("Name"), person.name),
        ("staff_number", _("Staff number"), person.staff_number),
        ("group", _("Group"), person.group or None),
        ("enabled", _("May be let in"), person.enabled),
        ("valid_from", _("Valid from"), person.valid_from),
        ("valid_until", _("Valid until"), person.valid_until),
        ("added", _("Added"), person.created_at),
        ("has_pin", _("Has a PIN"), person.has_pin),
        ("role", _("Role"), role.role if role else None),
        ("departments", _("For"), ", ".join(role.departments) if role else None),
        ("has_role_pin", _("Has a PIN for it"), role.has_secret if role else None),
    )
    note = _("Of a PIN nothing is kept but a number that tells whether one is right (Argon2id).")
    return Section(
        "card",
        _("The card"),
        tuple((key, title) for key, title, _value in kept),
        (tuple(value for _key, _title, value in kept),),
        note if person.has_pin else "",
    )


def _consents(records: Records, person: Person) -> Section:
    return Section(
        "consents",
        _("Agreements"),
        (
            *(("given", _("Agreed")), ("version", _("Version")), ("how", _("How"))),
            *(("recorded_by", _("Recorded by")), ("withdrawn", _("Withdrawn"))),
            *(("withdrawn_by", _("By")), ("text", _("Text"))),
        ),
        tuple(
            (
                *(one.given_at, one.wording.version, one.how, one.recorded_by),
                *(one.withdrawn_at, one.withdrawn_by, one.wording.text),
            )
            for one in records.consents.of(person.id)
        ),
    )


def _photos(records: Records, person: Person) -> Section:
    pictures = records.people.crops_of(person.id)
    return Section(
        "photos",
        _("Photos of the face, as numbers"),
        (
            *(("number", _("No.")), ("made", _("Made")), ("encoder", _("Encoder"))),
            *(("figures", _("Figures")), ("quality", _("Quality")), ("source", _("From"))),
            ("picture", _("Picture kept")),
        ),
        tuple(
            (
                *(one.id, one.created_at, one.encoder_id, len(one.vector), round(one.quality, 3)),
                *(one.source, one.id in pictures),
            )
            for one in records.people.templates_of(person.id)
        ),
        _(
            "The figures themselves are not written out: whoever has them could pass for this "
            "person elsewhere."
        ),
    )


def _looks(records: Records, person: Person) -> Section:
    return Section(
        "looks",
        _("Log: looks into the camera, and PINs"),
        (
            *(("at", _("Time")), ("outcome", _("Outcome")), ("reason", _("Reason"))),
            *(("mode", _("Way in")), ("score", _("Score")), ("threshold", _("Needed"))),
            *(("camera", _("Camera")), ("liveness", _("Was a person there"))),
            *(("again", _("Again")), ("recording", _("Recording"))),
        ),
        tuple(
            (
                *(row.at, row.outcome, row.reason, row.mode),
                *(_round(row.score), _round(row.threshold), row.camera),
                *(row.liveness, row.repeat, row.recording),
            )
            for row in pages(records.events, EventFilter(person_id=person.id))
        ),
        _("Of looks at which nobody was known there is nothing: nobody can tell whose they were."),
    )


def _plans(records: Records, person: Person) -> Iterator[Section]:
    yield Section(
        "rotas",
        _("Rotas"),
        (("since", _("Since")), ("rota", _("Rota")), ("shifts", _("Shifts"))),
        tuple(
            (
                one.since,
                one.rota.name if one.rota else None,
                ", ".join(str(shift or "-") for shift in one.rota.days) if one.rota else None,
            )
            for one in records.hours.assignments(person.id)
        ),
    )
    yield Section(
        "absences",
        _("Absences"),
        (
            *(("since", _("Since")), ("until", _("Until"))),
            *(("kind", _("Kind")), ("note", _("Note"))),
        ),
        tuple(
            (one.since, one.until, one.kind, one.note)
            for one in records.hours.absences(*_DATES, person.id)
        ),
    )
    yield Section(
        "closed",
        _("Hours: days of closed periods"),
        (
            *(("day", _("Day")), ("hours", _("Hours")), ("by_hand", _("By hand"))),
            *(("carried", _("Carried on")), ("why", _("Why"))),
        ),
        tuple(
            (
                *(one.day, round(one.counted.total_seconds() / 3600, 4)),
                *(round(one.by_hand.total_seconds() / 3600, 4), one.carried, one.why),
            )
            for one in records.hours.period_lines()
            if one.person_id == person.id
        ),
    )


def _requests(records: Records, person: Person) -> Section:
    return Section(
        "requests",
        _("Requests for corrections"),
        (
            *(("asked", _("Asked")), ("direction", _("What")), ("moment", _("For"))),
            *(("why", _("Why")), ("answered", _("Answered")), ("answered_by", _("By"))),
            *(("approved", _("Approved")), ("answer", _("Answer"))),
        ),
        tuple(
            (
                *(one.asked_at, one.direction.value, one.moment, one.why),
                *(
                    (one.answer.at, one.answer.by, one.answer.approved, one.answer.why)
                    if one.answer
                    else (None, None, None, None)
                ),
            )
            for one in records.hours.requests(person.id)
        ),
    )


def _retention(records: Records, person: Person, acts: Sequence[AuditEntry]) -> Section:
    days = days_kept(Settings.of(records.settings.load()), Kept.AUDIT)
    oldest = acts[-1].at.date() if acts else None
    kinds = (*ends(records, person), End(Kept.AUDIT, len(acts), oldest, days))
    return Section(
        "retention",
        _("How long it is kept"),
        (
            *(("kind", _("Kind")), ("rows", _("Rows")), ("oldest", _("Oldest"))),
            *(("days", _("Kept for days")), ("ends", _("Oldest goes on"))),
        ),
        tuple(
            (
                _(_ENDS.get(one.kind, KINDS[one.kind])),
                one.count,
                one.first,
                one.days or None,
                one.ends,
            )
            for one in kinds
        ),
        _(
            "Where no day is named the data is kept until somebody deletes it. Files that were "
            "exported, and backups, are not in this list."
        ),
    )


def _round(score: float | None) -> float | None:
    return None if score is None else round(score, 3)


def _records(section: Section) -> Any:
    keys = [key for key, _title in section.columns]
    return [dict(zip(keys, row, strict=True)) for row in section.rows]


def _isoformat(value: date | datetime) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value.isoformat()


_ENDS: Final = {Kept.FACES: marked("Photos: from the last day on the card")}
TITLE: Final = marked("What this kiosk keeps of {name}")
NOT_HERE: Final = marked(
    "Not kept: films, sound, pictures of whoever is not enrolled, their figures, moods, ages. The "
    "camera's pictures are dropped within seconds."
)


def told(value: Value) -> str:
    """A value as people read it: moments by the clock on this machine's wall."""
    match value:
        case None:
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            return f"{value.astimezone():%Y-%m-%d %H:%M}"
        case date():
            return f"{value:%Y-%m-%d}"
        case float():
            return f"{value:g}"
        case Action():
            return _(ACTIONS[value])
        case StrEnum():
            return value.value.replace("_", " ").lower()
    return str(value)


def shown(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Those that there is anything of, for people."""
    return tuple(_for_people(section) for section in sections if section.rows)


def _for_people(section: Section) -> Section:
    """Acts as the panel tells them; all else is in words already."""
    return (
        replace(section, rows=tuple(map(_act_in_words, section.rows)))
        if (section.key == "acts")
        else section
    )


def _act_in_words(row: tuple[Value, ...]) -> tuple[Value, ...]:
    at, by_kind, by, what, about, details = row
    assert isinstance(at, datetime)
    entry = AuditEntry(at, PROGRAM, Action(str(what)), str(about), str(details))
    told_as = in_words(entry)
    return at, by_kind, by, what, told_as.subject, told_as.details
