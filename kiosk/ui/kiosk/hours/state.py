"""What one visit to My hours has come to."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.language import _
from kiosk.ui.kiosk.hours.acts import Acts
from kiosk.ui.kiosk.hours.draft import Draft, Step
from kiosk.ui.kiosk.hours.model import OwnHours


@dataclass
class State:
    """``own`` is None until it is read, ``draft`` while all hours are shown. ``why`` is the reason
    chosen, ``news`` a sentence and whether it is good news; ``busy`` while something is written;
    ``scrolled`` how far down all hours were left, in pixels."""

    acts: Acts
    own: OwnHours | None = None
    draft: Draft | None = None
    why: str = ""
    news: tuple[str, bool] | None = None
    busy: bool = False
    scrolled: int = 0

    @property
    def title(self) -> str:
        """What the leaf is, and whose."""
        asks = self.draft is not None and not self.draft.says_when
        title = _("Ask for a correction") if asks else _("My hours")
        return f"{title} · {self.acts.name}"

    @property
    def leaf(self) -> object:
        """What is the same while the same leaf is shown."""
        return self.draft and (self.draft.step, self.draft.line.day), self.news

    @property
    def onward(self) -> tuple[str, bool] | None:
        """What leads to the next step, and whether it may be touched yet."""
        draft = self.draft
        if draft is None or draft.step in (Step.ENTRY, Step.CHANGE):
            return None
        if draft.step is Step.REASON:
            return _("Send"), bool(self.why)
        return (_("Save") if draft.says_when else _("Next")), draft.ready
