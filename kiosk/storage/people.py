"""People and their templates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from kiosk.domain.errors import AlreadyExists, BadInput, NotFound, StorageError
from kiosk.domain.frame import Vector
from kiosk.domain.gallery import Known
from kiosk.domain.language import _
from kiosk.domain.names import folded, readers_language, sort_key
from kiosk.domain.people import (
    Person,
    Template,
    check_dates,
    clean_group,
    clean_name,
    clean_staff_number,
)
from kiosk.storage import counters
from kiosk.storage.columns import storable
from kiosk.storage.session import Database, forget_deleted
from kiosk.storage.tables import known_people, people, templates


class SqlPeople:
    """The ``People`` port. ``now`` gives the time in UTC."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def add(self, name: str, staff_number: str | None = None) -> Person:
        values = _named(name, staff_number)
        with self._database.write() as connection, _unique(values["staff_number"]):
            made = connection.execute(
                insert(people).values(**values, enabled=True, created_at=self._now())
            )
            counters.bump(connection, counters.GALLERY)
            return _get(connection, _new_id(made.inserted_primary_key))

    def update(self, person: Person) -> Person:
        values = _named(person.name, person.staff_number)
        with self._database.write() as connection, _unique(values["staff_number"]):
            _get(connection, person.id)
            connection.execute(
                update(people)
                .where(people.c.id == person.id)
                .values(**values, **_dated(person), enabled=person.enabled)
            )
            counters.bump(connection, counters.GALLERY)
            return _get(connection, person.id)

    def delete(self, person_id: int) -> None:
        with self._database.write() as connection:
            _get(connection, person_id)
            # The templates go with it (ON DELETE CASCADE).
            connection.execute(delete(people).where(people.c.id == person_id))
            forget_deleted(connection)
            counters.bump(connection, counters.GALLERY)

    def get(self, person_id: int) -> Person:
        with self._database.read() as connection:
            return _get(connection, person_id)

    def find(self, text: str = "") -> tuple[Person, ...]:
        part = folded(text)
        fits = or_(
            people.c.search_name.contains(part, autoescape=True),
            people.c.staff_number.icontains(storable(text.strip()), autoescape=True),
        )
        with self._database.read() as connection:
            found = _people(connection, fits) if part else _people(connection)
        language = readers_language()
        return tuple(sorted(found, key=lambda person: sort_key(person.name, language)))

    def claim(self, who: str) -> Person | None:
        wanted = " ".join(storable(who).split())
        if not wanted:
            return None
        fits = or_(
            func.lower(people.c.staff_number) == func.lower(wanted),
            people.c.search_name == folded(wanted),
        )
        with self._database.read() as connection:
            found = _people(connection, fits)
        # From the strictest reading to the mildest; the first that fits anybody counts.
        readings: tuple[Callable[[Person], bool], ...] = (
            lambda person: person.staff_number == wanted,
            lambda person: (person.staff_number or "").casefold() == wanted.casefold(),
            lambda person: clean_name(wanted).casefold() == person.name.casefold(),
            lambda person: True,
        )
        for reading in readings:
            matches = [person for person in found if reading(person)]
            if matches:
                return matches[0] if len(matches) == 1 else None
        return None

    def add_template(
        self,
        person_id: int,
        vector: Vector,
        encoder_id: str,
        quality: float,
        source: str,
        crop: bytes | None = None,
    ) -> Template:
        vector = _checked(vector)
        same_encoder = select(templates.c.dimension).where(templates.c.encoder_id == encoder_id)
        with self._database.write() as connection:
            _get(connection, person_id)
            dimension = connection.scalar(same_encoder.limit(1))
            if dimension not in (None, len(vector)):
                raise BadInput(
                    _(
                        "The encoder {encoder_id} makes vectors of {dimension} numbers here, "
                        "this one has {count}. Give a changed encoder another id."
                    ).format(encoder_id=encoder_id, dimension=dimension, count=len(vector))
                )
            made = connection.execute(
                insert(templates).values(
                    person_id=person_id,
                    encoder_id=encoder_id,
                    dimension=len(vector),
                    vector=vector,
                    quality=float(quality),
                    source=source,
                    created_at=self._now(),
                    crop=crop,
                )
            )
            counters.bump(connection, counters.GALLERY)
            template_id = _new_id(made.inserted_primary_key)
            return self._templates(connection, templates.c.id == template_id)[0]

    def staff_numbers(self, person_ids: Collection[int]) -> dict[int, str]:
        numbered = select(people.c.id, people.c.staff_number).where(
            people.c.id.in_(person_ids), people.c.staff_number.is_not(None)
        )
        with self._database.read() as connection:
            return {row.id: row.staff_number for row in connection.execute(numbered)}

    def crops_of(self, person_id: int) -> dict[int, bytes]:
        kept = (templates.c.person_id == person_id) & templates.c.crop.is_not(None)
        with self._database.read() as connection:
            rows = connection.execute(select(templates.c.id, templates.c.crop).where(kept))
            return {int(row[0]): bytes(row[1]) for row in rows}

    def forget_crops(self) -> int:
        with self._database.write() as connection:
            kept = templates.c.crop.is_not(None)
            forget_deleted(connection)
            return connection.execute(update(templates).where(kept).values(crop=None)).rowcount

    def delete_template(self, template_id: int) -> None:
        owner = select(templates.c.person_id).where(templates.c.id == template_id)
        with self._database.write() as connection:
            connection.execute(delete(known_people).where(known_people.c.person_id.in_(owner)))
            gone = connection.execute(delete(templates).where(templates.c.id == template_id))
            if not gone.rowcount:
                raise NotFound(
                    _("There is no photo no. {number}: it may be deleted already.").format(
                        number=template_id
                    )
                )
            forget_deleted(connection)
            counters.bump(connection, counters.GALLERY)

    def templates(self, encoder_id: str, *, enabled_only: bool = True) -> tuple[Template, ...]:
        fits = templates.c.encoder_id == encoder_id
        if enabled_only:
            enabled = select(people.c.id).where(people.c.enabled)
            fits &= templates.c.person_id.in_(enabled)
        with self._database.read() as connection:
            return self._templates(connection, fits)

    def encoders(self) -> dict[str, int]:
        wanted = (
            select(templates.c.encoder_id, func.count())
            .join(people, people.c.id == templates.c.person_id)
            .where(people.c.enabled)
            .group_by(templates.c.encoder_id)
        )
        with self._database.read() as connection:
            return {str(row[0]): int(row[1]) for row in connection.execute(wanted)}

    def revision(self) -> int:
        with self._database.read() as connection:
            return counters.current(connection, counters.GALLERY)

    def templates_of(self, person_id: int) -> tuple[Template, ...]:
        with self._database.read() as connection:
            _get(connection, person_id)
            return self._templates(connection, templates.c.person_id == person_id)

    def set_pin_hash(self, person_id: int, pin_hash: str | None) -> None:
        with self._database.write() as connection:
            _get(connection, person_id)
            connection.execute(
                update(people).where(people.c.id == person_id).values(pin_hash=pin_hash)
            )

    def known(self, encoder_id: str, cohort: str) -> dict[int, Known]:
        columns = known_people.c
        wanted = select(columns.person_id, columns.digest, columns.mean, columns.deviation).where(
            columns.encoder_id == encoder_id, columns.cohort == cohort
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted)
            return {int(row[0]): Known(bytes(row[1]), float(row[2]), float(row[3])) for row in rows}

    def keep_known(self, encoder_id: str, cohort: str, known: Mapping[int, Known]) -> None:
        with self._database.write() as connection:
            there = set(connection.scalars(select(people.c.id)))
            rows = [
                {
                    "person_id": one,
                    "encoder_id": encoder_id,
                    "cohort": cohort,
                    "digest": said.digest,
                    "mean": said.mean,
                    "deviation": said.deviation,
                }
                for one, said in known.items()
                if one in there
            ]
            if rows:
                mine = known_people.c.person_id == bindparam("row")
                connection.execute(
                    delete(known_people).where(mine), [{"row": row["person_id"]} for row in rows]
                )
                connection.execute(insert(known_people), rows)

    def any_pin(self) -> bool:
        wanted = select(people.c.id).where(people.c.enabled, people.c.pin_hash.is_not(None))
        with self._database.read() as connection:
            return connection.scalar(wanted.limit(1)) is not None

    def pin_hash(self, person_id: int) -> str | None:
        wanted = select(people.c.pin_hash).where(people.c.id == person_id)
        with self._database.read() as connection:
            _get(connection, person_id)
            return connection.scalar(wanted)

    def _templates(self, connection: Connection, fits: ColumnElement[bool]) -> tuple[Template, ...]:
        columns = templates.c
        wanted = select(
            columns.id,
            columns.person_id,
            columns.vector,
            columns.encoder_id,
            columns.quality,
            columns.source,
            columns.created_at,
            columns.dimension,
        )
        made = []
        for *values, dimension in connection.execute(wanted.where(fits).order_by(columns.id)).all():
            template = Template(*values)
            if len(template.vector) != dimension:
                raise StorageError(
                    _(
                        "Photo no. {id} in the database {name} is damaged: {count} numbers "
                        "instead of {dimension}. Delete it and enrol the person anew, or go "
                        "back to a backup."
                    ).format(
                        id=template.id,
                        name=self._database.name,
                        count=len(template.vector),
                        dimension=dimension,
                    )
                )
            made.append(template)
        return tuple(made)


def _named(name: str, staff_number: str | None) -> dict[str, str | None]:
    cleaned = clean_name(name)
    return {
        "name": cleaned,
        "search_name": folded(cleaned),
        "staff_number": clean_staff_number(staff_number),
    }


def _dated(person: Person) -> dict[str, str | date | None]:
    since, until = person.valid_from, person.valid_until
    check_dates(since, until)
    return {"department": clean_group(person.group), "valid_from": since, "valid_until": until}


@contextmanager
def _unique(staff_number: str | None) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise AlreadyExists(
            _(
                "The staff number {staff_number} belongs to somebody else. Give another, or none."
            ).format(staff_number=staff_number)
        ) from error


def _checked(vector: Vector) -> Vector:
    array = np.asarray(vector, np.float32)
    if array.ndim != 1 or not np.isfinite(array).all() or not array.any():
        raise BadInput(
            _(
                "A face comes to one row of finite numbers that are not all zero; this one has "
                "shape {shape}. Enrol from another picture."
            ).format(shape=array.shape)
        )
    return array


def _new_id(key: Row[Any] | None) -> int:
    assert key is not None
    return int(key[0])


def _get(connection: Connection, person_id: int) -> Person:
    found = _people(connection, people.c.id == person_id)
    if not found:
        raise NotFound(
            _("There is no person no. {person_id}: they may have been deleted.").format(
                person_id=person_id
            )
        )
    return found[0]


def _people(connection: Connection, *fits: ColumnElement[bool]) -> tuple[Person, ...]:
    columns = people.c
    count = (
        select(func.count())
        .where(templates.c.person_id == columns.id)
        .correlate(people)
        .scalar_subquery()
    )
    wanted = select(
        columns.id,
        columns.name,
        columns.staff_number,
        columns.enabled,
        columns.created_at,
        columns.pin_hash.is_not(None),
        count,
        columns.department,
        columns.valid_from,
        columns.valid_until,
    )
    rows = connection.execute(wanted.where(*fits).order_by(columns.search_name, columns.id))
    return tuple(Person(*row) for row in rows)
