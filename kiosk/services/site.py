"""What the screen may ask of the running kiosk, in one value that is passed down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kiosk.domain.audit import Actor
from kiosk.domain.chain import ChainReport
from kiosk.domain.frame import Image
from kiosk.domain.ports import EncoderInfo
from kiosk.domain.records import Records
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import Pins
from kiosk.services.admin.administration import Administration
from kiosk.services.attendance import Attendance
from kiosk.services.decide.pipeline import Command
from kiosk.services.enrol.session import EnrolmentSession
from kiosk.services.faults import Faults


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report; ``ok`` is False where something must be done, ``advice`` is
    set where something should be; ``text`` then says what. ``figures`` are the numbers in it, for
    programs, each with its unit in its key."""

    title: str
    ok: bool
    text: str
    advice: bool = False
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Site:
    """Built once by ``kiosk.app``. Unless said otherwise a call may take from milliseconds to
    seconds and belongs on a worker thread, not on the screen's."""

    records: Records
    admin: Administration
    pins: Pins
    data_dir: Path
    settings: Callable[[], Settings]
    """The settings in force; any thread, free."""
    attendance: Callable[[], Attendance]
    """For the settings in force; any thread, free."""
    apply: Callable[[Actor, Settings], None]
    """Store settings and run the kiosk with them: the camera and the models start anew, which
    takes up to seconds where a driver hangs."""
    submit: Callable[[Command], None]
    """Run a command on the inference thread (``Engine.claim`` and so on); any thread, free."""
    encoder: Callable[[], EncoderInfo]
    """The encoder in force, from the manifest alone; raises ModelError."""
    open_enrolment: Callable[[], EnrolmentSession]
    """A new enrolment with models of its own; belongs to the thread that asked."""
    load_image: Callable[[Path], Image]
    """A picture file as RGB; raises BadImage."""
    cameras: Callable[[], tuple[tuple[str, str], ...]]
    """The cameras that answer: source and name."""
    encoders: Callable[[], tuple[tuple[str, str], ...]]
    """The encoders installed, each with its licence."""
    doctor: Callable[[], tuple[Finding, ...]]
    """Everything checked."""
    show_demo: Callable[[], None]
    """Start the demo in a window of its own, as a program of its own; any thread, returns at
    once."""
    licences: Callable[[], tuple[tuple[str, str, str], ...]]
    """Name, version and licence of what the kiosk is made with, models included."""
    demo: bool = False
    """Whether the people are drawn and the camera is a clip: the screen says so."""
    check_record: Callable[[], ChainReport] = lambda: ChainReport(0, None)
    """Whether log, attendance and audit trail stand as they were written; seconds."""
    camera_name: Callable[[], str] = lambda: ""
    """What the log calls the camera; any thread, free."""
    faults: Faults = field(default_factory=Faults)
    """What failed, for the administrator; the page notes its own failures here and shows none of
    their words. Any thread, free."""

    @property
    def actor(self) -> Actor:
        """Who works with it; the administrator until somebody signs in."""
        return self.admin.actor

    def by(self, actor: Actor) -> Site:
        """The same for somebody who signed in: who is bound to departments reads of nobody else,
        neither rows nor hours."""
        admin = self.admin.by(actor)
        if admin.records is self.admin.records:
            return replace(self, admin=admin)

        def attendance() -> Attendance:
            return Attendance.of(admin.records, self.settings())

        return replace(self, admin=admin, records=admin.records, attendance=attendance)
