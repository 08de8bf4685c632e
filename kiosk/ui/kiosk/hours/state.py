"""What one visit to My hours has come to."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.language import _
from kiosk.services.privacy.own_data import OwnData
from kiosk.ui.kiosk.hours.acts import Acts
from kiosk.ui.kiosk.hours.draft import Draft, Step
from kiosk.ui.kiosk.hours.model import OwnHours
from kiosk.ui.kiosk.hours.own import Shows


@dataclass
class State:
    """``own`` is None until it is read, ``draft`` while all hours are shown. ``why`` is the reason
    chosen, ``news`` a sentence and whether it is good news; ``busy`` while something is written;
    ``shows`` which part is open, ``data`` what is kept of them, once it was read; ``scrolled`` how
    far down all hours were left, in pixels."""

    acts: Acts
    own: OwnHours | None = None
    draft: Draft | None = None
    why: str = ""
    news: tuple[str, bool] | None = None
    busy: bool = False
    shows: Shows = Shows.HOURS
    data: OwnData | None = None
    scrolled: int = 0

    @property
    def title(self) -> str:
        """What the leaf is, and whose."""
        if self.shows is Shows.WITHDRAW:
            return _("Delete my face?")
        if self.shows is Shows.DATA or not self.acts.has_hours:
            return f"{_('My data')} · {self.acts.name}"
        asks = self.draft is not None and not self.draft.says_when
        title = _("Ask for a correction") if asks else _("My hours")
        return f"{title} · {self.acts.name}"

    @property
    def leaf(self) -> object:
        """What is the same while the same leaf is shown."""
        return self.draft and (self.draft.step, self.draft.line.day), self.news, self.shows

    @property
    def onward(self) -> tuple[str, bool] | None:
        """What leads to the next step, and whether it may be touched yet."""
        if self.shows is Shows.WITHDRAW:
            return _("Delete my photos"), True
        draft = self.draft
        if draft is None or draft.step in (Step.ENTRY, Step.CHANGE):
            return None
        if draft.step is Step.REASON:
            return _("Send"), bool(self.why)
        return (_("Save") if draft.says_when else _("Next")), draft.ready
