"""Who is in, in a file that can be read when nothing else works: on paper, on a telephone, after a
power cut."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.domain.hours.inside import Inside, Present
from kiosk.domain.language import _, counted, marked
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import utc_now
from kiosk.services.attendance.reading import Attendance
from kiosk.services.chore import Chore
from kiosk.services.private_files import write_private
from kiosk.services.site import Finding

NAME: Final = "evacuation.html"
EVERY: Final = timedelta(minutes=1)
LATE: Final = timedelta(minutes=5)
"""A list that is older is not kept by anybody."""
_LOOKS_EVERY: Final = 2.0
"""Seconds until the settings are looked at again: switched off, the file goes at once."""
_TITLES: Final = {
    Inside.SURELY: marked("Surely in"),
    Inside.PERHAPS: marked("Perhaps in"),
    Inside.UNKNOWN: marked("Not known"),
}
_WHY: Final = {
    Inside.SURELY: "",
    Inside.PERHAPS: marked("On a break, or there for unusually long, or an answer is missing."),
    Inside.UNKNOWN: marked("They came longer ago than anybody stays, and were not seen going."),
}


class EvacuationList(Chore):
    """Keeps the file while the settings ask for it; it stays when the kiosk ends, and says of when
    it is. ``write`` puts a file in the place of another, whole (EnvironmentFailed)."""

    def __init__(
        self,
        folder: Path,
        settings: Callable[[], Settings],
        attendance: Callable[[], Attendance],
        now: Callable[[], datetime] = utc_now,
        write: Callable[[Path, bytes], None] = write_private,
    ) -> None:
        failed = marked("The list for an evacuation is not up to date: {why}")
        super().__init__("evacuation list", failed, _LOOKS_EVERY)
        self.path = folder / NAME
        self._settings = settings
        self._attendance = attendance
        self._now = now
        self._write = write
        self._written: datetime | None = None

    def _do(self) -> None:
        """Write it where a minute has passed, delete it where nobody wants it."""
        if not wanted(self._settings()):
            self._written = None
            self.path.unlink(missing_ok=True)
        elif self._due():
            self._write_now()

    def _due(self) -> bool:
        if self._written is None or not self.path.exists():
            return True
        # A clock that was set back must not stop it.
        return not timedelta() <= self._now() - self._written < EVERY

    def _write_now(self) -> None:
        now = self._now()
        present = self._attendance().inside(now)
        self._write(self.path, page(present, now).encode())
        self._written = now


def wanted(settings: Settings) -> bool:
    """Whether a site keeps such a list."""
    return settings.attendance and settings.evacuation_list


def check_evacuation(
    folder: Path, settings: Settings, now: datetime, problem: str = ""
) -> tuple[Finding, ...]:
    """Whether the list is there and of now, where it is wanted; ``problem`` is that of whoever
    keeps it."""
    if not wanted(settings):
        return ()
    title, path = _("Evacuation list"), folder / NAME
    if problem:
        return (Finding(title, False, problem),)
    try:
        at = datetime.fromtimestamp(path.stat().st_mtime, now.tzinfo)
    except OSError:
        text = _("{path} is not there: it is written while the kiosk runs.").format(path=path)
        return (Finding(title, True, text, advice=True),)
    late = now - at > LATE
    text = _("{path} is of {time}.").format(path=path, time=f"{at.astimezone():%Y-%m-%d %H:%M}")
    if late:
        text += " " + _("It is written while the kiosk runs.")
    return (Finding(title, True, text, advice=late),)


def page(present: Iterable[Present], now: datetime) -> str:
    """One page of HTML without anything from elsewhere; ``now`` in UTC is told by this machine's
    clock on the wall."""
    everybody = tuple(present)
    written = now.astimezone()
    later = _("Who came or went later is not told here.")
    parts = [
        "<!DOCTYPE html>",
        '<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        f"<title>{_said(_('Who is in'))}</title>",
        f"<style>{_STYLE}</style></head><body>",
        f"<h1>{written:%H:%M}</h1>",
        f"<p class=day>{written:%Y-%m-%d}. {_said(later)}</p>",
    ]
    for inside in Inside:
        parts += _section(inside, [one for one in everybody if one.inside is inside])
    return "\n".join([*parts, "</body></html>", ""])


def _section(inside: Inside, people: list[Present]) -> list[str]:
    count = counted("{count} person", "{count} people", len(people))
    parts = [f"<h2>{_said(_(_TITLES[inside]))}: {_said(count)}</h2>"]
    if not people:
        return parts
    if _WHY[inside]:
        parts.append(f"<p>{_said(_(_WHY[inside]))}</p>")
    heads = (_("Here"), _("Name"), _("Number"), _("Group"), _("Since"))
    parts.append(f"<table><tr>{''.join(f'<th>{_said(head)}</th>' for head in heads)}</tr>")
    for one in sorted(people, key=lambda one: one.group.casefold()):
        event = one.event
        since = f"{event.local:%Y-%m-%d %H:%M}" + (f", {_('on a break')}" if one.on_break else "")
        cells = ("☐", event.person_name, event.staff_number or "", one.group, since)
        parts.append(f"<tr>{''.join(f'<td>{_said(cell)}</td>' for cell in cells)}</tr>")
    return [*parts, "</table>"]


def _said(text: str) -> str:
    return html.escape(text)


_STYLE: Final = (
    "body{font:18px sans-serif;color:#000;background:#fff;margin:1.5em}"
    "h1{font-size:5em;margin:0;line-height:1}.day{font-size:1.5em;margin:.2em 0 1em}"
    "h2{margin:1.2em 0 .3em}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.3em .6em;border-bottom:1px solid #999;"
    "overflow-wrap:anywhere;unicode-bidi:isolate}tr{break-inside:avoid}"
)
