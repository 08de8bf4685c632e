"""Looks at everything the kiosk needs and says, in sentences, what is wrong and what to do."""

from __future__ import annotations

import platform
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from kiosk import __version__
from kiosk.data_folder import check_backup, check_encryption, check_modes, check_room
from kiosk.domain.chain import Head
from kiosk.domain.comparisons import comparisons
from kiosk.domain.errors import BadInput, KioskError
from kiosk.domain.language import _, counted
from kiosk.domain.liveness.drill_words import owed_sentence
from kiosk.domain.ports import Camera
from kiosk.domain.records import Records, StorageReport
from kiosk.domain.scale import written
from kiosk.domain.settings import Settings
from kiosk.domain.threshold import one_in, operating_point
from kiosk.fonts import check_fonts
from kiosk.known_holes import check_holes
from kiosk.libraries import check_libraries
from kiosk.services.access.keys import KeyPlace
from kiosk.services.access.pins import utc_now
from kiosk.services.admin.consents import agreed
from kiosk.services.admin.recovery import recovery_warning
from kiosk.services.admin.thresholds import gallery_here
from kiosk.services.attendance.evacuation import check_evacuation
from kiosk.services.clock_check import clock_warning
from kiosk.services.drill import owed_kinds
from kiosk.services.faults import Fault
from kiosk.services.privacy.daily import check_retention
from kiosk.services.site import Finding

FAULT_WITHIN = timedelta(days=1)
"""For so long the last fault is worth a look."""


def examine(
    storage: Records,
    settings: Settings,
    open_camera: Callable[[], Camera],
    models: Path,
    *,
    camera_in_use: bool = False,
    camera_problem: str = "",
    screen_problem: Callable[[], str] = str,
    fault: Fault | None = None,
    known_head: Head | None = None,
    folder: Path | None = None,
    evacuation_problem: str = "",
    key: KeyPlace | None = None,
    outside: tuple[Finding, ...] = (),
    now: datetime | None = None,
) -> tuple[Finding, ...]:
    """Everything that the kiosk needs; takes up to some seconds.

    ``open_camera`` may raise BadInput for what is no camera. With ``camera_in_use`` the camera is
    not opened a second time, since most allow only one reader; ``camera_problem`` then says why it
    gives no picture. ``screen_problem`` says why the screen may go dark, ``fault`` what failed
    last, ``known_head`` which entry of the record was written last, ``folder`` is the data folder,
    ``evacuation_problem`` why the list of who is in is not up to date, ``key`` is
    where the database's key lies, ``outside`` what is found where the record's heads are told,
    ``now`` the time in UTC.
    """
    now = now or utc_now()
    return (
        Finding(
            _("Kiosk"),
            True,
            _("Version {version}, Python {python}.").format(
                version=__version__, python=platform.python_version()
            ),
        ),
        _camera(open_camera, camera_in_use, camera_problem),
        _screen(screen_problem()),
        *_models(settings, models, storage),
        _pictures(settings, models),
        *_database(storage, now, key),
        *_record(storage, known_head),
        *outside,
        _clock(storage, now),
        check_libraries(),
        check_holes(now.date()),
        *_fonts(storage),
        *_last_fault(fault, now),
        *(check_evacuation(folder, settings, now, evacuation_problem) if folder else ()),
        *_recovery(storage),
        *_face_alone(storage),
        *_consent(storage, settings),
        *check_retention(storage, now),
    )


def _recovery(storage: Records) -> tuple[Finding, ...]:
    """Whether whoever forgets the administrator's PIN can come back."""
    try:
        warning = recovery_warning(storage)
    except KioskError:  # told of the database already
        return ()
    if warning is None:
        return ()
    text = warning or _("It is on paper: nobody knows it here.")
    return (Finding(_("Recovery code"), True, text, advice=bool(warning)),)


def _face_alone(storage: Records) -> tuple[Finding, ...]:
    """Only where it opens nothing."""
    try:
        told = owed_sentence(owed_kinds(storage))
    except KioskError:  # told of the database already
        return ()
    return (Finding(_("Spoof drill"), False, told),) if told else ()


def _consent(storage: Records, settings: Settings) -> tuple[Finding, ...]:
    """Whether those whose face is stored have agreed."""
    if settings.consent == "off":
        return ()
    title = _("Consent")
    try:
        found = agreed(storage)
    except KioskError:  # told of the database already
        return ()
    people = found.now + found.before + found.never
    figures = {
        "consents_count": found.now,
        "consents_older_count": found.before,
        "consents_missing_count": found.never,
    }
    if not people:
        return ()
    text = _("{agreed} of {people} with photos have agreed.").format(
        agreed=found.now + found.before, people=counted("{count} person", "{count} people", people)
    )
    if found.before:
        text += " " + counted(
            "{count} of them to an older text.", "{count} of them to an older text.", found.before
        )
    if found.never:
        text += " " + _("Ask the others: main.py people agree NAME.")
    advice = bool(found.never or found.before)
    return (Finding(title, True, text, advice=advice, figures=figures),)


def _checked(title: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(title, True, look())
    except KioskError as error:
        return Finding(title, False, str(error))


def _camera(open_camera: Callable[[], Camera], in_use: bool, problem: str) -> Finding:
    def look() -> str:
        camera = open_camera()
        if in_use and problem:
            raise BadInput(problem)
        if in_use:
            return _("{name} is in use by the kiosk, which sees its pictures.").format(
                name=camera.name
            )
        try:
            camera.open()
            frame = camera.read()
        finally:
            camera.close()
        if frame is None:
            raise BadInput(
                _("{name} opens but holds no picture: choose another source.").format(
                    name=camera.name
                )
            )
        height, width = frame.image.shape[:2]
        return _("{name} answers with {width}x{height} pictures.").format(
            name=camera.name, width=width, height=height
        )

    return _checked(_("Camera"), look)


def _models(settings: Settings, models: Path, storage: Records) -> tuple[Finding, ...]:
    from kiosk.vision.encoder import available_encoders, load_encoder
    from kiosk.vision.manifest import read_manifest

    def files() -> str:
        manifest = read_manifest(models)
        for name in manifest.files:
            manifest.read_file(name)
        return _("The list is signed, and all files match their SHA-256: {names}.").format(
            names=", ".join(manifest.files)
        )

    def encoder() -> str:
        info = load_encoder(settings.encoder, models).info
        gallery = gallery_here(storage, info)
        others = {name: count for name, count in storage.people.encoders().items() if count}
        if others and not len(gallery):
            lead = _(
                "Nobody can be recognised: all photos are for {others}, but the encoder in force "
                "is {encoder}."
            ).format(others=", ".join(others), encoder=info.encoder_id)
            # What this version does not hold no choice brings back.
            remedy = (
                _("Choose auto in the settings, or enrol everybody anew.")
                if others.keys() & set(available_encoders(models))
                else _("Enrol everybody anew.")
            )
            raise BadInput(f"{lead} {remedy}")
        point = operating_point(info.curve, settings.far, comparisons(gallery, info.curve))
        return _(
            "{encoder}: {rate} strangers let in at a score of {threshold} among {people}. "
            "Licence: {licence}."
        ).format(
            encoder=info.encoder_id,
            licence=info.licence,
            rate=one_in(point.far),
            threshold=written(point.threshold),
            people=counted("{count} person", "{count} people", len(gallery)),
        )

    return _checked(_("Model files"), files), _checked(_("Encoder"), encoder)


def _pictures(settings: Settings, models: Path) -> Finding:
    """Whether a picture of somebody is told from that person."""
    from kiosk.devices.camera import still_pictures
    from kiosk.vision.liveness.eyes import has_network
    from kiosk.vision.liveness.limits import read_limits

    title = _("Photos and screens")
    if settings.liveness == "off":
        text = _(
            "A photo of somebody enrolled is let in: choose another answer in the settings, under "
            "Person or photo."
        )
        return Finding(title, True, text, advice=True)
    if still_pictures(settings.camera):
        text = _(
            "Not told from people: the camera is a picture or a folder of them, in which nothing "
            "moves. Choose a camera before this opens a door."
        )
        return Finding(title, True, text, advice=True)

    def look() -> str:
        if not has_network(models):
            return _("Everybody is asked to turn the head: nothing that tells by looks ships.")
        return _("Told from people by network {version}.").format(
            version=read_limits(models).version
        )

    return _checked(title, look)


def _screen(problem: str) -> Finding:
    return Finding(_("Screen"), not problem, problem or _("Nothing darkens it."))


def _database(storage: Records, now: datetime, key: KeyPlace | None) -> tuple[Finding, ...]:
    """The database, and what concerns its file."""
    title = _("Database")
    try:
        report = storage.check()
        if report.problems:
            text = _(
                "{place} is damaged ({problems}): stop the kiosk and restore the newest backup."
            ).format(place=report.location, problems="; ".join(report.problems[:3]))
            return (Finding(title, False, text),)
        if report.unwritable:
            text = _("{why} Until then nobody is let in.").format(why=report.unwritable)
            return (Finding(title, False, text),)
        figures = {
            "people_count": report.people,
            "templates_count": report.templates,
            "log_rows_count": report.events,
            "clock_events_count": report.clock_events,
        }
        if report.size is not None:
            figures["database_bytes"] = report.size
        well = Finding(title, True, _described(report), figures=figures)
        backup = check_backup(storage, report, now)
        sealed = check_encryption(report, key)
        file = Path(report.location)
        if not (report.engine.startswith("sqlite") and file.is_file()):
            return (well, backup, sealed)
        return (well, backup, sealed, check_modes(file), check_room(file))
    except KioskError as error:
        return (Finding(title, False, str(error)),)
    except OSError as error:
        return (Finding(title, False, f"{report.location}: {error.strerror}."),)


def _record(storage: Records, known: Head | None) -> tuple[Finding, ...]:
    """Whether the newest entry that was written is there yet; all of it is read by `log verify`."""
    title = _("Record")
    try:
        head = storage.chain_head()
    except KioskError:  # told of the database already
        return ()
    newest = head.seq if head is not None else 0
    if known is not None and not storage.chain_holds(known):
        text = _(
            "Entry no. {known} was written, and the newest here is no. {newest}: the end was cut "
            "off, or this is an older copy, to which more was written or not. If you put it back "
            "yourself, say `kiosk log accept`; else find out who was here."
        ).format(known=known.seq, newest=newest)
        return (Finding(title, False, text),)
    text = _("The newest entry is no. {newest}; `log verify` reads all.").format(newest=newest)
    return (Finding(title, True, text),)


def _described(report: StorageReport) -> str:
    return _("{place} ({engine}, revision {revision}): {people}, {photos}, {rows}.").format(
        place=report.location,
        engine=report.engine,
        revision=report.revision,
        people=counted("{count} person", "{count} people", report.people),
        photos=counted("{count} photo", "{count} photos", report.templates),
        rows=counted("{count} log row", "{count} log rows", report.events),
    )


def _fonts(storage: Records) -> tuple[Finding, ...]:
    try:
        return check_fonts(person.name for person in storage.people.find())
    except KioskError:  # what the database says stands beside it
        return ()


def _last_fault(fault: Fault | None, now: datetime) -> tuple[Finding, ...]:
    if fault is None:
        return ()
    text = f"{fault.at.astimezone():%Y-%m-%d %H:%M}: {fault.text}"
    return (Finding(_("Last fault"), True, text, advice=now - fault.at < FAULT_WITHIN),)


def _clock(storage: Records, now: datetime) -> Finding:
    title = _("Clock")
    try:
        warning = clock_warning(storage.events, now)
    except KioskError as error:
        return Finding(title, False, str(error))
    if warning:
        return Finding(title, False, warning)
    text = _("{now} UTC, after the newest log row.").format(now=f"{now:%Y-%m-%d %H:%M}")
    return Finding(title, True, text)
