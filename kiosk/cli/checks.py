"""`doctor` and `bench`: is all well, and how fast is it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.app import Options, log_path, opened_administration, read_settings, record_heads
from kiosk.cli.options import (
    DONE,
    NEGATIVE,
    AsJson,
    Camera,
    DatabaseUrl,
    DataDir,
)
from kiosk.cli.output import tell, tell_json

if TYPE_CHECKING:
    from kiosk.services.site import Finding


def doctor(
    camera: Camera = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Check everything that the kiosk needs; exits with 1 if something must be done.

    What should be done but can wait is marked as a note."""
    from kiosk.app import database_address, examine_all
    from kiosk.services.access.outside_heads import check_outside

    options = Options(data_dir, database_url, camera)
    with opened_administration(options) as admin:
        settings = read_settings(admin.records, options)
        findings = examine_all(
            admin.records,
            settings,
            log_file=log_path(options),
            known_head=record_heads(options).known(),
            outside=check_outside(settings, database_address(options)),
        )
    if as_json:
        rows = [
            {"title": f.title, "ok": f.ok, "advice": f.advice, "text": f.text, **f.figures}
            for f in findings
        ]
        tell_json({"ok": all(f.ok for f in findings), "findings": rows})
    for finding in () if as_json else findings:
        tell(f"{_mark(finding)}  {finding.title}: {finding.text}")
    return DONE if all(finding.ok for finding in findings) else NEGATIVE


def _mark(finding: Finding) -> str:
    if not finding.ok:
        return "WRONG"
    return "note " if finding.advice else "ok   "


def bench(as_json: AsJson = False) -> int:
    """Measure speed and memory here, as ratios from one run; takes some minutes."""
    from kiosk.benchmark.bench import report

    figures = report()
    if as_json:
        tell_json({figure.key: figure.value for figure in figures})
    for figure in () if as_json else figures:
        tell(f"{figure.title:<70} {figure.text}")
    return DONE
