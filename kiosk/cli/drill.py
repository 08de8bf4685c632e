"""`drill`: attacks shown to the kiosk on purpose, and the last time that was done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.app import Options, administration_for, opened_storage, read_settings
from kiosk.cli.caller import ask_who
from kiosk.cli.options import DONE, NEGATIVE, AsJson, DatabaseUrl, DataDir
from kiosk.cli.output import tell, tell_json
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.domain.liveness.drill import Conditions, Drill, Kind, Verdict
from kiosk.domain.liveness.drill_words import headings, notes, owed_sentence, rows
from kiosk.domain.ports import Camera
from kiosk.domain.roles import Sight

if TYPE_CHECKING:
    from kiosk.services.admin.administration import Administration
    from kiosk.services.decide.engine import Engine
    from kiosk.services.decide.replay import MediaClock


_KINDS = {"live": Kind.OWN_FACE} | {kind.value: kind for kind in Kind if kind.attack}


def _shown(text: str) -> tuple[Kind, str]:
    name, sign, clip = text.partition("=")
    if not sign or not clip or name not in _KINDS:
        raise BadInput(
            _(
                "{text} should be what is shown and a clip of it, such as live=me.mp4 or "
                "print=photo.mp4; there are {kinds}."
            ).format(text=repr(text), kinds=", ".join(_KINDS))
        )
    return _KINDS[name], clip


def drill(
    shown: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="KIND=CLIP",
            help="live=CLIP of somebody enrolled, and print=CLIP, phone=, tablet=, monitor= or "
            "other=CLIP of attacks. [default: the last drill is told]",
        ),
    ] = None,
    tries: Annotated[int, typer.Option(min=1, help="At most so many tries of each clip.")] = 1,
    allowed: Annotated[int, typer.Option(min=0, help="So many attacks may be let in.")] = 0,
    dry: Annotated[bool, typer.Option("--dry", help="Write nothing down.")] = False,
    lift: Annotated[
        str | None,
        typer.Option(metavar="WHY", help="Let a face alone open again without a drill, and why."),
    ] = None,
    pdf: Annotated[Path | None, typer.Option(help="Write the result as a page of PDF.")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Show attacks to the kiosk and count those that it lets in; without clips, the last drill.

    The panel's page Liveness leads through one at the door. A clip goes the same way as before the
    camera, but nothing opens, and nobody in it turns the head when asked. As soon as an attack is
    let in, a face alone opens nothing any more until a drill at the door withstands it.

    Exits with 0 if the drill passed, with 1 if it failed, says too little or there was none.
    """
    from kiosk.building import build_engine, camera_name, encoder_in_force, open_camera
    from kiosk.services.access.pins import utc_now
    from kiosk.services.decide.replay import MediaClock
    from kiosk.services.drill import last_drill, owed_kinds

    clips = [_shown(text) for text in shown or ()]
    options = Options(data_dir, database_url)
    with opened_storage(options) as storage:
        admin = administration_for(storage, Sight.LIVENESS, ask_who)
        drills = admin.drills
        if lift is not None:
            drills.lift(admin.actor, lift)
            tell(_("A face alone opens again."))
            return DONE
        settings = read_settings(storage, options)
        where = Conditions.of(settings, camera_name(settings), encoder_in_force(storage, settings))
        if clips:
            walk_up = replace(settings, mode="walk_up", tap_first=False)
            clock = MediaClock(utc_now())
            opened = [
                (kind, open_camera(replace(settings, camera=clip), realtime=False))
                for kind, clip in clips
            ]
            engine = build_engine(storage, walk_up, camera_name(settings), now=clock)
            made: Drill | None = _run(engine, clock, admin, where, opened, tries, allowed, dry)
        else:
            made = last_drill(storage)
        if made is None:
            tell(_("No drill was made here yet: the panel's page Liveness leads through one."))
            return NEGATIVE
        remark = owed_sentence(owed_kinds(storage))
        changed = () if clips else made.outdated(where)
    if as_json:
        tell_json(_json(made, remark, changed))
    else:
        _tell(made, remark, changed)
    if pdf is not None:
        _write_pdf(made, remark, pdf)
    return DONE if made.verdict is Verdict.PASSED else NEGATIVE


def _run(
    engine: Engine,
    clock: MediaClock,
    admin: Administration,
    where: Conditions,
    opened: list[tuple[Kind, Camera]],
    tries: int,
    allowed: int,
    dry: bool,
) -> Drill:
    from kiosk.services.access.pins import utc_now
    from kiosk.services.drill_clips import tries_of

    if engine.nobody() is not None:
        raise BadInput(
            _("Nobody is enrolled here: enrol whose face is in the clips, or nothing is let in.")
        )
    where = replace(where, camera=", ".join(camera.name for _kind, camera in opened))
    made = Drill(utc_now(), admin.actor, where, allowed, at_the_door=False)
    session = None if dry else admin.drills.begin(made.actor, where, allowed, at_the_door=False)
    for kind, camera in opened:
        for one in tries_of(camera, engine, kind, tries, clock.follow):
            made = replace(made, tries=(*made.tries, one))
            if session is not None:
                session.add(one)
    return replace(made, done=True) if session is None else session.end()


def _tell(drill: Drill, remark: str, changed: tuple[str, ...]) -> None:
    tell(f"{drill.began.astimezone():%Y-%m-%d %H:%M}  {drill.conditions.camera}")
    tell(drill.sentence)
    if not drill.done:
        tell(_("It was broken off, or still goes on."))
    if changed:
        tell(
            _("Since then another: {names}. It says nothing of now.").format(
                names=", ".join(changed)
            )
        )
    for line in table((headings(), *rows(drill))):
        tell(line)
    for note in (*notes(drill), *_of_clips(drill), remark):
        if note:
            tell(note)


def _of_clips(drill: Drill) -> tuple[str, ...]:
    if drill.at_the_door:
        return ()
    return (
        _(
            "Clips, not the door: nobody in them turns the head when asked, tries of one clip "
            "resemble each other, and a face alone opens again only after a drill at the door."
        ),
    )


def table(lines: tuple[tuple[str, ...], ...]) -> list[str]:
    """Columns under each other, two spaces apart."""
    widths = [max(len(row[place]) for row in lines) for place in range(len(lines[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in lines
    ]


def _json(drill: Drill, remark: str, changed: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "drill",
        "began": drill.began.isoformat(timespec="seconds"),
        "by": drill.actor.name or drill.actor.kind.value,
        "verdict": drill.verdict.value,
        "sentence": drill.sentence,
        "done": drill.done,
        "at_the_door": drill.at_the_door,
        "allowed": drill.allowed,
        "camera": drill.conditions.camera,
        "policy": drill.conditions.policy,
        "encoder": drill.conditions.encoder,
        "far": drill.conditions.far,
        "version": drill.conditions.version,
        "changed_since": list(changed),
        "face_alone": remark,
        "kinds": [
            {
                "kind": tally.kind.value,
                "tries": len(tally.tries),
                "measure": tally.measure,
                "wrong": tally.rate.hits,
                "judged": tally.rate.tries,
                "low": round(tally.rate.interval[0], 6),
                "high": round(tally.rate.interval[1], 6),
                "asked_to_turn": tally.asked,
                "answers": {
                    answer: sum(one.answer == answer for one in tally.tries)
                    for answer in sorted({one.answer for one in tally.tries})
                },
            }
            for tally in drill.tallies
        ],
    }


def _write_pdf(drill: Drill, remark: str, path: Path) -> None:
    from kiosk.services.private_files import write_private
    from kiosk.ui.common.drill_page import drill_pdf

    write_private(path, drill_pdf(drill, remark))
    tell(_("Written: {path}").format(path=path))
