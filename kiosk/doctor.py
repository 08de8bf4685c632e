"""Looks at everything the kiosk needs and says, in sentences, what is wrong and what to do."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path

from kiosk import __version__
from kiosk.domain.errors import BadInput, KioskError
from kiosk.domain.ports import Camera
from kiosk.domain.records import Records
from kiosk.domain.settings import Settings
from kiosk.domain.threshold import one_in, operating_point
from kiosk.libraries import check_libraries
from kiosk.services.access.pins import utc_now
from kiosk.services.clock_check import clock_warning
from kiosk.services.site import Finding


def examine(
    storage: Records,
    settings: Settings,
    open_camera: Callable[[], Camera],
    models: Path,
    *,
    camera_in_use: bool = False,
) -> tuple[Finding, ...]:
    """Camera, models, database, clock and libraries; takes up to some seconds.

    ``open_camera`` may raise BadInput for what is no camera. With ``camera_in_use`` the camera is
    not opened a second time: most allow only one reader.
    """
    return (
        Finding("Kiosk", True, f"Version {__version__}, Python {platform.python_version()}."),
        _camera(open_camera, camera_in_use),
        *_models(settings, models, storage),
        _database(storage),
        _clock(storage),
        check_libraries(),
    )


def _checked(title: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(title, True, look())
    except KioskError as error:
        return Finding(title, False, str(error))


def _camera(open_camera: Callable[[], Camera], in_use: bool) -> Finding:
    def look() -> str:
        camera = open_camera()
        if in_use:
            return f"{camera.name} is in use by the kiosk."
        try:
            camera.open()
            frame = camera.read()
        finally:
            camera.close()
        if frame is None:
            return f"{camera.name} opens but holds no picture: choose another source."
        height, width = frame.image.shape[:2]
        return f"{camera.name} answers with {width}x{height} pictures."

    return _checked("Camera", look)


def _models(settings: Settings, models: Path, storage: Records) -> tuple[Finding, ...]:
    from kiosk.vision.encoder import load_encoder
    from kiosk.vision.manifest import read_manifest

    def files() -> str:
        manifest = read_manifest(models)
        for name in manifest.files:
            manifest.read_file(name)
        return f"{len(manifest.files)} files match their SHA-256: {', '.join(manifest.files)}."

    def encoder() -> str:
        info = load_encoder(settings.encoder, models).info
        people = {t.person_id for t in storage.people.templates(info.encoder_id)}
        others = {name: count for name, count in storage.people.encoders().items() if count}
        if others and not people:
            raise BadInput(
                f"Nobody can be recognised: all templates are of {', '.join(others)}, but the "
                f"encoder in force is {info.encoder_id}. Choose auto in the settings, or enrol "
                "everybody anew."
            )
        point = operating_point(info.curve, settings.far, len(people))
        return (
            f"{info.encoder_id}: {one_in(point.far)} strangers let in at a similarity of "
            f"{point.threshold:.3f} among {len(people)} people."
        )

    return _checked("Model files", files), _checked("Encoder", encoder)


def _database(storage: Records) -> Finding:
    try:
        report = storage.check()
    except KioskError as error:
        return Finding("Database", False, str(error))
    if report.problems:
        return Finding(
            "Database",
            False,
            f"{report.location} is damaged ({'; '.join(report.problems[:3])}): stop the kiosk and "
            "restore the newest backup.",
        )
    return Finding(
        "Database",
        True,
        f"{report.location} ({report.engine}, revision {report.revision}): {report.people} people, "
        f"{report.templates} templates, {report.events} log rows.",
    )


def _clock(storage: Records) -> Finding:
    now = utc_now()
    try:
        warning = clock_warning(storage.events, now)
    except KioskError as error:
        return Finding("Clock", False, str(error))
    if warning:
        return Finding("Clock", False, warning)
    return Finding("Clock", True, f"{now:%Y-%m-%d %H:%M} UTC, after the newest log row.")
