"""`enrol` and `compare`: pictures of people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app import Options, opened_storage, read_settings
from kiosk.cli.options import (
    DONE,
    NEGATIVE,
    AsJson,
    DatabaseUrl,
    DataDir,
)
from kiosk.cli.output import progress, tell, tell_json
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _, counted

if TYPE_CHECKING:
    from kiosk.services.enrol.enroller import EnrolReport


def enrol(
    name: Annotated[str | None, typer.Argument(help="The person's name.")] = None,
    images: Annotated[list[Path] | None, typer.Argument(help="Pictures of the person.")] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Enrol everybody in a folder of NAME/*.jpg.")
    ] = None,
    staff_number: Annotated[str | None, typer.Option(help="The person's staff number.")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Enrol a person from pictures, or many from a folder."""
    from kiosk.app import build_enroller

    if (folder is None) == (name is None):
        raise BadInput(_("Give either a NAME and pictures, or --folder DIR."))
    if name is not None and not images:
        raise BadInput(_("Give at least one picture of {name}.").format(name=name))
    options = Options(data_dir, database_url)
    with opened_storage(options) as storage:
        enroller = build_enroller(storage, read_settings(storage, options))
        if folder is not None:
            with progress(as_json) as advance:
                report = enroller.enrol_folder(folder, progress=advance)
        else:
            report = enroller.enrol_files(name or "", images or [], staff_number)
    _tell_enrolment(report, as_json)
    return DONE if report.accepted else NEGATIVE


def compare(
    first: Annotated[Path, typer.Argument(metavar="A.jpg")],
    second: Annotated[Path, typer.Argument(metavar="B.jpg")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Say whether two pictures show the same person, at the FAR of the settings.

    Exits with 0 if they do, with 1 if they don't.
    """
    from kiosk.app import build_enroller, encoder_info
    from kiosk.domain.errors import BadImage
    from kiosk.domain.threshold import one_in, operating_point

    options = Options(data_dir, database_url)
    with opened_storage(options) as storage:
        settings = read_settings(storage, options)
        curve = encoder_info(storage, settings).curve
        enroller = build_enroller(storage, settings)
        vectors = []
        for path in (first, second):
            try:
                vectors.append(enroller.largest_face(path))
            except BadImage as error:
                raise BadImage(f"{path.name}: {error}") from error
    point = operating_point(curve, settings.far, 1)
    similarity = float(vectors[0] @ vectors[1])
    same = similarity >= point.threshold
    if as_json:
        answer = {
            "similarity": round(similarity, 4),
            "threshold": round(point.threshold, 4),
            "far": point.far,
            "same": same,
        }
        tell_json(answer)
    else:
        tell(
            f"{'The same person' if same else 'Not the same person'}: similarity {similarity:.3f}, "
            f"threshold {point.threshold:.3f} ({one_in(point.far)} strangers would pass)."
        )
    return DONE if same else NEGATIVE


def _tell_enrolment(report: EnrolReport, as_json: bool) -> None:
    if as_json:
        answer = {
            "people": [{"id": person.id, "name": person.name} for person in report.people],
            "accepted": report.accepted,
            "refused": [
                {"path": str(refused.path), "reason": refused.reason} for refused in report.refused
            ],
        }
        tell_json(answer)
        return
    for refused in report.refused:
        tell(_("refused  {path}: {why}").format(path=refused.path, why=refused.reason))
    names = ", ".join(person.name for person in report.people) or _("nobody")
    text = _("{photos} for {names}").format(
        photos=counted("{count} photo", "{count} photos", report.accepted), names=names
    )
    if report.refused:
        count = len(report.refused)
        text += "; " + counted("{count} picture refused", "{count} pictures refused", count)
    tell(f"{text}.")
