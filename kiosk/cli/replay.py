"""`replay`: a recording through the kiosk's path."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
from kiosk.cli.output import lines_to, tell, tell_json
from kiosk.domain.audit import Action
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _, counted
from kiosk.domain.roles import Sight
from kiosk.domain.scale import written

if TYPE_CHECKING:
    from kiosk.services.decide.verify import Announcement


def replay(
    source: Annotated[str, typer.Argument(help="A video file, a picture or a folder of them.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    claim: Annotated[
        str | None, typer.Option(help="Name or staff number: 1:1 against this person.")
    ] = None,
    events: Annotated[
        Path | None, typer.Option(help="Write one JSON line a decision to this file.")
    ] = None,
    liveness: Annotated[
        str | None,
        typer.Option(
            metavar="MODE",
            help="off, passive, passive_then_challenge or always_challenge. [default: as set; "
            "off for pictures]",
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Play a recording through the kiosk's path as fast as it goes, and log what it decides.

    Nobody in a recording turns the head when asked: where the kiosk would ask, it refuses.

    Exits with 0 if somebody was let in, with 1 if nobody was.
    """
    from kiosk.building import build_engine, open_camera, with_liveness
    from kiosk.domain.decision import Outcome
    from kiosk.services.access.pins import utc_now
    from kiosk.services.decide.replay import MediaClock, ReplayResult, StageTimes
    from kiosk.services.decide.replay import replay as play

    options = Options(data_dir, database_url, camera=source)
    allowed = decisions = 0
    with opened_storage(options) as storage, lines_to(events) as write:
        caller = administration_for(storage, Sight.SETTINGS, ask_who)
        caller.trail.demand(caller.actor, Action.BEGIN_DRILL)  # its rows stand in the log
        settings = read_settings(storage, options)
        asked = settings.liveness
        person = None
        # Nobody taps or types before a recording.
        settings = replace(settings, mode="walk_up", tap_first=False)
        if liveness is None:
            settings = with_liveness(settings)
        else:
            settings = settings.changed(liveness=liveness)
        if claim is not None:
            settings = replace(settings, mode="claimed")
            person = storage.people.claim(claim)
            if person is None:
                raise BadInput(
                    _("Nobody here is called {who}: see main.py people list.").format(
                        who=repr(claim)
                    )
                )
        source_camera = open_camera(settings, realtime=False)
        clock, times, result = MediaClock(utc_now()), StageTimes(), ReplayResult()
        engine = build_engine(
            storage,
            settings,
            source_camera.name,
            now=clock,
            keypad_hold=settings.hold,
            judge_stills=liveness is not None,
            observe=times.observe,
        )
        for seconds, announcement in play(
            source_camera, engine, clock, result, person.id if person else None
        ):
            line = _decision_line(seconds, announcement)
            write(line)
            decisions += 1
            allowed += announcement.decision.outcome is Outcome.ALLOW
            tell_json(line) if as_json else tell(_decision_text(line))
    summary = {
        "type": "summary",
        "source": source_camera.name,
        "frames": result.frames,
        "wall_s": round(result.seconds, 3),
        "frames_per_s": round(result.frames / max(result.seconds, 1e-9), 1),
        "decisions": decisions,
        "allowed": allowed,
        "liveness": settings.liveness,
        "stages_ms": {
            stage: {"p50": round(p50, 2), "p95": round(p95, 2)}
            for stage, (p50, p95) in times.milliseconds().items()
        },
    }
    tell_json(summary) if as_json else tell(_summary_text(summary))
    if not as_json and liveness is None and settings.liveness == "off" and asked != "off":
        tell(
            _(
                "Still pictures have no time by which a person and a photo are told apart: that "
                "was not checked. To look all the same, add --liveness passive."
            )
        )
    return DONE if allowed else NEGATIVE


def _decision_line(seconds: float, announcement: Announcement) -> dict[str, Any]:
    decision, clock_event = announcement.decision, announcement.clock_event
    return {
        "type": "decision",
        "media_time_s": round(seconds, 3),
        "at": decision.at.isoformat(timespec="milliseconds"),
        "outcome": decision.outcome.value,
        "reason": decision.reason.value,
        "person_id": decision.person_id,
        "person": decision.person_name,
        "score": None if decision.score is None else round(decision.score, 4),
        "threshold": None if decision.threshold is None else round(decision.threshold, 4),
        "far": decision.far,
        "mode": decision.mode.value,
        "encoder": decision.encoder_id,
        "camera": decision.camera,
        "duration_s": None if decision.duration is None else round(decision.duration, 3),
        "direction": clock_event.direction.value if clock_event else None,
        "repeat": decision.repeat,
        "liveness": decision.liveness.value if decision.liveness else None,
        "liveness_score": (
            None if decision.liveness_score is None else round(decision.liveness_score, 3)
        ),
        "event_id": decision.event_id,
    }


def _decision_text(line: dict[str, Any]) -> str:
    who = f" {line['person']}" if line["person"] else ""
    score = (
        ""
        if line["score"] is None
        else _(", {score} against {threshold}").format(
            score=written(line["score"]), threshold=written(line["threshold"])
        )
    )
    repeat = _(", again") if line["repeat"] else ""
    return (
        f"{line['media_time_s']:8.2f} s  {line['outcome']}{who} ({line['reason']}{score}{repeat})"
    )


def _summary_text(summary: dict[str, Any]) -> str:
    stages = ", ".join(
        f"{stage} {ms['p50']:.1f}/{ms['p95']:.1f}" for stage, ms in summary["stages_ms"].items()
    )
    return _(
        "{frames} in {seconds} s ({rate} a second); {decisions}, {allowed} let in; "
        "ms p50/p95: {stages}"
    ).format(
        frames=counted("{count} frame", "{count} frames", summary["frames"]),
        seconds=f"{summary['wall_s']:.1f}",
        rate=f"{summary['frames_per_s']:.0f}",
        decisions=counted("{count} decision", "{count} decisions", summary["decisions"]),
        allowed=summary["allowed"],
        stages=stages or _("nothing looked at"),
    )
