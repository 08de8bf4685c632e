"""`doctor` and `bench`: is all well, and how fast is it."""

from __future__ import annotations

from kiosk.app import Options, opened_storage, read_settings
from kiosk.cli.options import (
    DONE,
    NEGATIVE,
    AsJson,
    Camera,
    DatabaseUrl,
    DataDir,
)
from kiosk.cli.output import tell, tell_json


def doctor(
    camera: Camera = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> int:
    """Check camera, models, database, clock and libraries; exits with 1 if something is wrong."""
    from kiosk.app import examine_all

    options = Options(data_dir, database_url, camera)
    with opened_storage(options) as storage:
        findings = examine_all(storage, read_settings(storage, options))
    if as_json:
        rows = [{"title": f.title, "ok": f.ok, "text": f.text} for f in findings]
        tell_json({"ok": all(f.ok for f in findings), "findings": rows})
    for finding in () if as_json else findings:
        tell(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.title}: {finding.text}")
    return DONE if all(finding.ok for finding in findings) else NEGATIVE


def bench(as_json: AsJson = False) -> int:
    """Measure speed and memory here, as ratios from one run; takes some minutes."""
    from kiosk.benchmark.bench import report

    figures = report()
    if as_json:
        tell_json({figure.key: figure.value for figure in figures})
    for figure in () if as_json else figures:
        tell(f"{figure.title:<70} {figure.text}")
    return DONE
