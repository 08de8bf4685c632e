"""`enrol` and `compare`: pictures of people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app import Options, administration_for, opened_storage, read_settings
from kiosk.cli.caller import ask_who
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
from kiosk.domain.roles import Sight

if TYPE_CHECKING:
    from kiosk.services.enrol.report import Enrolled, EnrolReport


def enrol(
    name: Annotated[str | None, typer.Argument(help="The person's name.")] = None,
    images: Annotated[list[Path] | None, typer.Argument(help="Pictures of the person.")] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            help="Enrol everybody in a folder: NAME/*.jpg, '1001 NAME'/*.jpg, or 1001.jpg with a "
            "people.csv (number, name) beside them."
        ),
    ] = None,
    staff_number: Annotated[str | None, typer.Option(help="The person's staff number.")] = None,
    anyway: Annotated[
        bool,
        typer.Option(
            "--anyway", help="Also who looks like, or is called like, somebody enrolled already."
        ),
    ] = False,
    consent: Annotated[
        str,
        typer.Option(
            metavar="HOW", help="They agreed to the text of the settings; how: 'on paper'."
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would happen; store nothing.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Enrol a person from pictures, or many from a folder.

    Exits with 1 if somebody was left out.
    """
    from kiosk.building import build_enrolment

    if (folder is None) == (name is None):
        raise BadInput(_("Give either a NAME and pictures, or --folder DIR."))
    if name is not None and not images:
        raise BadInput(_("Give at least one picture of {name}.").format(name=name))
    options = Options(data_dir, database_url)
    with opened_storage(options) as storage:
        actor = administration_for(storage, Sight.PEOPLE, ask_who).actor
        settings = read_settings(storage, options)
        session = build_enrolment(storage, settings)
        if folder is not None:
            with progress(as_json) as advance:
                report = session.enrol_folder(
                    actor,
                    folder,
                    anyway=anyway,
                    dry_run=dry_run,
                    consent=consent,
                    progress=advance,
                )
        else:
            report = session.enrol_files(
                actor,
                name or "",
                images or [],
                staff_number,
                anyway=anyway,
                dry_run=dry_run,
                consent=consent,
            )
    _tell_enrolment(report, as_json)
    return NEGATIVE if report.left_out or not report.everybody else DONE


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
    from kiosk.building import build_enroller, encoder_info
    from kiosk.domain.decision import Hint
    from kiosk.domain.errors import BadImage
    from kiosk.domain.scale import far_of, written
    from kiosk.domain.threshold import one_in, operating_point
    from kiosk.services.enrol.enroller import REFUSALS

    options = Options(data_dir, database_url)
    with opened_storage(options) as storage:
        settings = read_settings(storage, options)
        info = encoder_info(storage, settings)
        enroller = build_enroller(storage, settings)
        vectors, remarks = [], []
        for path in (first, second):
            try:
                vector, wrong = enroller.largest_face(path)
            except BadImage as error:
                raise BadImage(_("{name}: {error}").format(name=path.name, error=error)) from error
            vectors.append(vector)
            if wrong is not Hint.NONE:
                remarks.append(f"{path.name}: {_(REFUSALS[wrong])}")
    point = operating_point(info.curve, settings.far, 1)
    score = info.scale.compare(*vectors)
    same = score >= point.threshold
    if as_json:
        answer = {
            "score": round(score, 2),
            "threshold": round(point.threshold, 2),
            "chance": float(f"{far_of(score):.3g}"),
            "far": point.far,
            "same": same,
            "similarity": round(float(vectors[0] @ vectors[1]), 4),
            "remarks": remarks,
        }
        tell_json(answer)
        return DONE if same else NEGATIVE
    verdict = _("The same person") if same else _("Not the same person")
    tell(
        _(
            "{verdict}: {score} points of 100, where {threshold} are needed ({far} strangers would "
            "pass). {chance} strangers of the same sex and group look as alike."
        ).format(
            verdict=verdict,
            score=written(score),
            threshold=written(point.threshold),
            chance=one_in(far_of(score)),
            far=one_in(point.far),
        )
    )
    for remark in remarks:
        tell(_("Less sure than it says: {remark}").format(remark=remark))
    return DONE if same else NEGATIVE


def _tell_enrolment(report: EnrolReport, as_json: bool) -> None:
    if as_json:
        tell_json(
            {
                "dry_run": report.dry_run,
                "people": [{"id": person.id, "name": person.name} for person in report.people],
                "accepted": report.accepted,
                "refused": [
                    {"path": str(refused.path), "reason": refused.reason}
                    for refused in report.refused
                ],
                "everybody": [_as_row(line) for line in report.everybody],
            }
        )
        return
    for line in report.everybody:
        for refused in line.refused:
            tell(_("refused   {path}: {why}").format(path=refused.path, why=refused.reason))
        number = f" ({line.staff_number})" if line.staff_number else ""
        place = f" “{line.left_out_of}”" if line.left_out_of else ""
        tell(f"{_verb(line, report.dry_run)}{line.name}{number}{place}: {_became(line)}")
    if report.dry_run:
        tell(_("Nothing was stored: this was a dry run."))
    if any(_has_doubt(line) for line in report.everybody):
        tell(_("If that is right all the same, say --anyway."))


def _as_row(line: Enrolled) -> dict[str, object]:
    return {
        "name": line.name,
        "staff_number": line.staff_number,
        "id": line.person.id if line.person else None,
        "where": str(line.where) if line.where else None,
        "new": line.new,
        "accepted": line.accepted,
        "stored_already": line.known,
        "refused": len(line.refused),
        "notes": list(line.notes),
        "left_out": line.problem or None,
    }


def _verb(line: Enrolled, dry_run: bool) -> str:
    if not (line.accepted or line.known):
        return _("left out  ")
    return _("would be  ") if dry_run else _("enrolled  ")


def _became(line: Enrolled) -> str:
    parts = [counted("{count} photo", "{count} photos", line.accepted)]
    if line.known:
        parts.append(counted("{count} stored already", "{count} stored already", line.known))
    if line.refused:
        parts.append(counted("{count} refused", "{count} refused", len(line.refused)))
    told = " ".join([line.problem, *line.notes]).strip()
    return ", ".join(parts) + (f". {told}" if told else ".")


def _has_doubt(line: Enrolled) -> bool:
    return bool(line.problem) and not line.accepted and line.doubtful
