"""Draws every state of the kiosk's page to look at: ``python tests/ui/gallery.py OUT_DIR``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.domain.attendance import ClockEvent, Direction, Doubt
from kiosk.domain.decision import Hint, Outcome, Reason
from kiosk.domain.frame import Image
from kiosk.domain.hours import Reading
from kiosk.domain.hours.inside import Inside, Present
from kiosk.domain.liveness.drill import Answer, Kind, Try
from kiosk.domain.liveness.prompt import Ask, Prompt
from kiosk.domain.settings import Settings
from kiosk.services.decide.engine import Phase, View
from kiosk.services.decide.verify import Announcement
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.texts import ENGLISH, Texts
from kiosk.ui.common.theme import apply_theme, font
from kiosk.ui.common.work import Worker
from kiosk.ui.kiosk.drill_guide import DrillGuide
from kiosk.ui.kiosk.drill_run import SHOWN, DrillRun
from kiosk.ui.kiosk.drill_words import Plan
from kiosk.ui.kiosk.entry import Purpose
from kiosk.ui.kiosk.page import KioskPage
from kiosk.ui.kiosk.start_page import StartPage
from tests.ui.fakes import (
    CAME,
    FORGOTTEN,
    MORNING,
    FakeKiosk,
    FakePins,
    allow,
    decision,
    deny,
    drawn_face,
    drill_session,
    frame,
    locked_out,
    read,
    verdict,
)
from tests.ui.german import GERMAN
from tests.ui.hours_scenes import SCENES, own_hours

SIZES = (QSize(1280, 800), QSize(800, 1280), QSize(3840, 2160))
LONG_NAME = "Wilhelmina-Anneliese von Hohenstaufen-Brandenburg-Schwarzenfels"
LOCKED = (
    "The database /home/kiosk/.local/share/kiosk/kiosk.db is locked by another program. Close "
    "whatever else has it open (a database browser, a backup), then try again."
)
NO_KEY = (
    "The database /home/kiosk/.local/share/kiosk/kiosk.db is encrypted, and its key is not there: "
    "/home/kiosk/.config/kiosk/database.key has none, nor have the variables KIOSK_DATABASE_KEY "
    "and KIOSK_DATABASE_KEY_FILE or systemd's credentials. Put it back from the paper copy with "
    "`kiosk key restore`, or copy the file database.key of the machine that it was made on."
)
NO_SERVER = (
    "The database postgresql+psycopg://***@db.example.org/kiosk does not do what was asked: "
    'connection failed: connection to server at "192.0.2.17", port 5432 failed: Connection '
    "refused. Check that it runs, can be reached and belongs to this program, then try again."
)
GONE = (
    "The database that was at /mnt/kiosk/kiosk.db is not there. Is its disk mounted, and its "
    "address right? To go back to a backup, say `kiosk restore`; to begin anew with an empty "
    "database, say `kiosk log accept --new`."
)
ANOTHER = (
    "The database at /mnt/kiosk/kiosk.db is not the one that was there: entry 4711 of its "
    "record is missing, and no PIN was ever set in it. Is its disk mounted, and its address right? "
    "To go back to a backup, say `kiosk restore`; to go on with what is there, say `kiosk log "
    "accept`."
)
LONG_PATH = (
    f"The database {'/a_folder_name_that_never_ends' * 20}/kiosk.db can't be written: it is "
    "read-only, or was moved. Give this user the right to write the file and its folder, then "
    "start again."
)
LONG_FIRST = "Hubertuswolfgangmaximilianconstantinleopoldferdinandkonradin Bö"


@dataclass
class Stage:
    """A page to play a state on, with a clock that is set by hand."""

    page: KioskPage
    bridge: Bridge
    kiosk: FakeKiosk
    time: list[float]
    worker: Worker

    def show(self, view: View, wait: float = 0.0) -> None:
        self.bridge.on_view(view)
        self.settle(wait)

    def settle(self, wait: float = 0.0) -> None:
        QApplication.processEvents()
        self.time[0] += wait
        self.page.refresh()
        QApplication.processEvents()

    def hint(self, hint: Hint, share: float = 0.0) -> None:
        self.show(View(Phase.LOOKING, hint, share), 1.0)

    def ask(self, prompt: Prompt) -> None:
        """A prompt, once the dot has come to rest."""
        for _ in range(30):
            self.show(View(Phase.CHALLENGE, prompt=prompt))
            self.page.challenge.grab()
            self.time[0] += 0.05

    def type(self, text: str) -> None:
        for character in text:
            QTest.keyClicks(self.page.pad, character)

    def until(self, is_true: Callable[[], bool]) -> None:
        for _ in range(500):
            QApplication.processEvents()
            if is_true():
                return
            QTest.qWait(5)
        raise AssertionError("the state was never reached")


def _claimed(stage: Stage) -> None:
    stage.kiosk.settings = replace(stage.kiosk.settings, mode="claimed")
    stage.show(View(Phase.TYPE_FIRST), 1.0)


def _name(stage: Stage) -> None:
    stage.page.talk.open(Purpose.PIN)
    stage.page.pad._letters = True
    stage.page.pad._build()
    stage.type("Mia Ch")


def _pin(stage: Stage) -> None:
    stage.page.talk.open(Purpose.PIN)
    stage.type("101\r")
    stage.type("2580")


def _admin(stage: Stage, typed: str = "") -> None:
    stage.page.ask_admin()
    stage.until(lambda: stage.page.talk.is_open)
    stage.type(typed)


def _staff_secret(stage: Stage) -> None:
    stage.page.talk.open(Purpose.STAFF)
    stage.type("Mia\rcorrect horse battery staple")


def _admin_of_staff(stage: Stage) -> None:
    stage.page.talk.open(Purpose.STAFF)
    stage.type("\r")


def _recover(stage: Stage) -> None:
    stage.page.talk.open(Purpose.RECOVER)
    stage.type("7K3Q9ABCDEFG")


def _admin_wrong(stage: Stage) -> None:
    _admin(stage, "9999\r")
    stage.until(lambda: "not right" in stage.page.words.second)


def _admin_locked(stage: Stage) -> None:
    stage.kiosk.pins.failure = locked_out(30)
    _admin(stage, "9999\r")
    stage.until(lambda: "30" in stage.page.words.second)


def _new_admin(stage: Stage) -> None:
    stage.kiosk.pins.admin = None
    _admin(stage, "25")


def _admin_easy(stage: Stage) -> None:
    stage.kiosk.pins.admin = None
    _admin(stage, "1234\r")


def _camera(stage: Stage) -> None:
    stage.bridge.on_camera(
        'The camera "USB 2.0 Webcam" no longer delivers pictures: check its cable and whether '
        "another program uses it."
    )
    stage.settle()


def _camera_yet(stage: Stage) -> None:
    stage.show(View(Phase.NOBODY_ENROLLED), 1)
    _camera(stage)


def _start(stage: Stage, why: str = "", *, close: bool = False) -> None:
    """What stands there in the place of the page where the kiosk can't start."""
    page = StartPage(stage.page._texts, stage.page, clock=lambda: stage.time[0])
    page.resize(stage.page.size())
    page.tell(why, 8.0) if why else page.slow()
    if close:
        page.tell_how_to_close()
    page.show()
    page.setFocus()
    stage.settle()


def _cannot_turn(stage: Stage) -> None:
    stage.kiosk.settings = replace(stage.kiosk.settings, pin_entry=False)
    stage.ask(Prompt(Ask.LEFT, 0.1, 0.7))
    stage.page.offers.buttons[0].click()


def _drill(stage: Stage, *answers: Answer) -> DrillRun:
    """A drill over the page, after some tries of a print, before the next."""
    plan = Plan(((Kind.PRINT, 3), (Kind.PHONE, 3)))
    page = stage.page
    run = DrillRun(
        drill_session(),
        plan,
        stage.kiosk.site(),
        stage.bridge,
        stage.worker,
        parent=page,
        clock=lambda: stage.time[0],
    )
    guide = DrillGuide(run, page)
    guide.resize(page.size())
    page.rehearse(True)
    guide.show()
    for answer in answers:
        run.go()
        stage.settle()
        stage.show(View(Phase.LOOKING, Hint.NONE, 0.5), 1)
        run._heard(Try(run.kind, answer))
        stage.until(lambda: len(run.drill.tries) == run.number)
        stage.settle(SHOWN + 0.1)
        run.tick()
    return run


def _drill_trying(stage: Stage) -> None:
    _drill(stage, Answer.SUSPECTED).go()
    stage.ask(Prompt(Ask.LEFT, 0.4, 0.8))


def _drill_let_in(stage: Stage) -> None:
    run = _drill(stage)
    run.go()
    stage.settle()
    stage.show(allow())
    stage.until(lambda: bool(run.drill.tries))
    stage.settle()


def _asked(stage: Stage, *options: Direction, doubt: Doubt, since: ClockEvent | None) -> None:
    stage.show(read(Reading(options, doubt, since=since)))


def _left(stage: Stage, name: str = "Mia Chen") -> None:
    """Asked when they left, after the greeting."""
    stage.show(read(Reading((Direction.IN, Direction.SEEN), forgotten=FORGOTTEN), name))
    stage.until(lambda: stage.page._inquiry.due() is not None)
    stage.settle(2.1)


def _left_typed(stage: Stage, typed: str = "17") -> None:
    _left(stage)
    stage.settle(0.6)
    stage.page.offers.buttons[3].click()
    stage.type(typed)


def _left_wrong(stage: Stage) -> None:
    _left_typed(stage, "0700\r")
    stage.until(lambda: "between" in stage.page.words.second)


def _left_said(stage: Stage) -> None:
    _left_typed(stage, "1715\r")
    stage.until(lambda: stage.page.words.sentence.startswith(stage.page._texts.thank_you_name[:4]))


def _idle_count(stage: Stage) -> None:
    stage.kiosk.settings = replace(stage.kiosk.settings, count_in=True)
    stage.kiosk.here = 12 * (Present(CAME, Inside.SURELY),)
    stage.page.suspend(False)
    stage.until(lambda: "12" in stage.page.words.second)


BREAK = replace(CAME, direction=Direction.BREAK)
WENT = replace(CAME, direction=Direction.OUT)

STATES: dict[str, Callable[[Stage], None]] = {
    "idle": lambda stage: stage.settle(),
    "idle_count": lambda stage: _idle_count(stage),
    "tap": lambda stage: stage.show(View(Phase.TAP_FIRST), 1),
    "type": _claimed,
    "closer": lambda stage: stage.hint(Hint.COME_CLOSER),
    "back": lambda stage: stage.hint(Hint.STEP_BACK),
    "aside": lambda stage: stage.hint(Hint.MOVE_LEFT),
    "straight": lambda stage: stage.hint(Hint.LOOK_STRAIGHT),
    "dark": lambda stage: stage.hint(Hint.MORE_LIGHT),
    "blurred": lambda stage: stage.hint(Hint.HOLD_STILL),
    "several": lambda stage: stage.hint(Hint.ONE_PERSON),
    "looking": lambda stage: stage.hint(Hint.NONE, 0.67),
    "allow": lambda stage: stage.show(allow()),
    "allow_out": lambda stage: stage.show(allow(direction=Direction.OUT)),
    "allow_plain": lambda stage: stage.show(allow(direction=None)),
    "allow_long": lambda stage: stage.show(allow(LONG_NAME)),
    "allow_unbroken": lambda stage: stage.show(allow(LONG_FIRST)),
    "stays": lambda stage: stage.show(View(Phase.STAYS, announcement=allow().announcement), 1),
    "allow_breaks": lambda stage: stage.show(
        read(Reading((Direction.OUT, Direction.BREAK, Direction.SEEN), since=CAME))
    ),
    "allow_back": lambda stage: stage.show(
        read(Reading((Direction.BACK, Direction.OUT, Direction.SEEN), since=BREAK))
    ),
    "allow_break": lambda stage: stage.show(read(Reading((Direction.BREAK, Direction.OUT)))),
    "stays_break": lambda stage: stage.show(
        View(Phase.STAYS, announcement=read(Reading((Direction.BREAK,))).announcement), 1
    ),
    "ask_short": lambda stage: _asked(
        stage, Direction.SEEN, Direction.OUT, doubt=Doubt.SHORT, since=CAME
    ),
    "ask_short_breaks": lambda stage: _asked(
        stage, Direction.SEEN, Direction.OUT, Direction.BREAK, doubt=Doubt.SHORT, since=CAME
    ),
    "ask_resting": lambda stage: _asked(
        stage, Direction.SEEN, Direction.BACK, Direction.OUT, doubt=Doubt.SHORT, since=BREAK
    ),
    "ask_long": lambda stage: _asked(
        stage, Direction.OUT, Direction.IN, Direction.SEEN, doubt=Doubt.LONG, since=CAME
    ),
    "ask_unusual": lambda stage: _asked(
        stage,
        Direction.OUT,
        Direction.BREAK,
        Direction.IN,
        Direction.SEEN,
        doubt=Doubt.UNUSUAL,
        since=CAME,
    ),
    "ask_name": lambda stage: stage.show(
        read(Reading((Direction.SEEN, Direction.OUT), Doubt.SHORT, since=CAME), LONG_FIRST)
    ),
    "ask_soon": lambda stage: _asked(
        stage, Direction.SEEN, Direction.IN, doubt=Doubt.SOON, since=WENT
    ),
    "ask_choice": lambda stage: _asked(
        stage, Direction.IN, Direction.SEEN, doubt=Doubt.CHOICE, since=None
    ),
    "left": lambda stage: _left(stage),
    "left_typed": lambda stage: _left_typed(stage),
    "left_wrong": _left_wrong,
    "left_said": _left_said,
    "admin_easy": lambda stage: _admin_easy(stage),
    "again": lambda stage: stage.show(allow(repeat=True)),
    "deny": lambda stage: stage.show(deny()),
    "low_quality": lambda stage: stage.show(
        verdict(Announcement(decision(Outcome.LOW_QUALITY, reason=Reason.FACE_TOO_DARK)))
    ),
    "ambiguous": lambda stage: stage.show(
        verdict(Announcement(decision(Outcome.AMBIGUOUS)), hold=15)
    ),
    "turn_first": lambda stage: stage.ask(Prompt(Ask.STRAIGHT, left=0.9)),
    "turn_left": lambda stage: stage.ask(Prompt(Ask.LEFT, 0.45, 0.7)),
    "turn_made": lambda stage: stage.ask(Prompt(Ask.LEFT, 1.0, 0.5)),
    "turn_back": lambda stage: stage.ask(Prompt(Ask.STRAIGHT, 0.0, 0.8, done=1)),
    "turn_right": lambda stage: stage.ask(Prompt(Ask.RIGHT, 0.0, 0.95, done=1, asks=3)),
    "turn_missed": lambda stage: stage.ask(Prompt(Ask.RIGHT, 0.2, 0.3, done=1, missed=True)),
    "turn_thanks": lambda stage: stage.ask(Prompt(Ask.STRAIGHT, 1.0, 0.6, done=2)),
    "light_green": lambda stage: stage.ask(Prompt(Ask.LIGHT, done=2, colour=(40, 235, 120))),
    "light_blue": lambda stage: stage.ask(Prompt(Ask.LIGHT, done=2, colour=(60, 90, 250))),
    "light_white": lambda stage: stage.ask(Prompt(Ask.LIGHT, done=2, colour=(255, 255, 255))),
    "drill_ready": lambda stage: _drill(stage),
    "drill_next": lambda stage: _drill(stage, Answer.SUSPECTED),
    "drill_trying": _drill_trying,
    "drill_let_in": _drill_let_in,
    "cannot_turn": lambda stage: _cannot_turn(stage),
    "suspected": lambda stage: stage.show(
        verdict(Announcement(decision(Outcome.SUSPECTED_ATTACK, reason=Reason.NOT_LIVE)))
    ),
    "waits": lambda stage: stage.show(View(Phase.WAITS, hold=27), 1),
    "locked": lambda stage: stage.show(
        verdict(Announcement(decision(Outcome.DENY, reason=Reason.LOCKED_OUT), wait=28.4))
    ),
    "no_camera": _camera,
    "no_camera_yet": _camera_yet,
    "nobody": lambda stage: stage.show(View(Phase.NOBODY_ENROLLED), 1),
    "fault": lambda stage: stage.show(View(Phase.FAULT)),
    "start_locked": lambda stage: _start(stage, LOCKED),
    "start_key": lambda stage: _start(stage, NO_KEY, close=True),
    "start_server": lambda stage: _start(stage, NO_SERVER),
    "start_gone": lambda stage: _start(stage, GONE, close=True),
    "start_another": lambda stage: _start(stage, ANOTHER),
    "start_long": lambda stage: _start(stage, LONG_PATH),
    "start_slow": lambda stage: _start(stage),
    **{
        scene: lambda stage, scene=scene: own_hours(stage.page.hours, stage.until, scene)
        for scene in SCENES
    },
    "pin_who": lambda stage: stage.page.talk.open(Purpose.PIN),
    "pin_name": _name,
    "pin": _pin,
    "admin": _admin,
    "admin_wrong": _admin_wrong,
    "admin_locked": _admin_locked,
    "admin_new": _new_admin,
    "staff_who": lambda stage: stage.page.talk.open(Purpose.STAFF),
    "staff_secret": _staff_secret,
    "admin_of_staff": _admin_of_staff,
    "recover": _recover,
}


def draw(
    state: Callable[[Stage], None], size: QSize, *, dark: bool, texts: Texts, worker: Worker
) -> QImage:
    """One state as it looks on a screen of this size."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, dark)
    kiosk = FakeKiosk(settings=Settings(), pins=FakePins())
    bridge, time = Bridge(), [100.0]
    page = KioskPage(
        kiosk.site(), bridge, worker, texts=texts, clock=lambda: time[0], now=lambda: MORNING
    )
    page.resize(size)
    page.show()
    stage = Stage(page, bridge, kiosk, time, worker)
    bridge.on_frame(frame(image=_face(size)))
    stage.settle()
    state(stage)
    for _ in range(12):  # the ring comes to rest
        page.camera.repaint()
    picture = page.grab().toImage()
    page.close()
    page.deleteLater()
    QApplication.processEvents()
    return picture


def gallery() -> Iterator[tuple[str, QSize, bool, str]]:
    """State, size, dark, language."""
    for size in SIZES:
        for dark in (False, True):
            for language in ("en", "de"):
                for name in STATES:
                    yield name, size, dark, language


def sheet(pictures: list[tuple[str, QImage]], columns: int, width: int) -> QImage:
    """Thumbnails with their names."""
    first = pictures[0][1]
    height = round(width * first.height() / first.width())
    rows = -(-len(pictures) // columns)
    made = QImage(columns * (width + 8), rows * (height + 26), QImage.Format.Format_RGB32)
    made.fill(QColor("#777777"))
    painter = QPainter(made)
    painter.setFont(font(14))
    for place, (name, picture) in enumerate(pictures):
        x, y = place % columns * (width + 8) + 4, place // columns * (height + 26)
        painter.drawText(x, y + 17, name)
        small = picture.scaled(
            width,
            height,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawPixmap(x, y + 22, QPixmap.fromImage(small))
    painter.end()
    return made


def _face(size: QSize) -> Image:
    return drawn_face(1280, 720) if size.width() > 2000 else drawn_face()


def main(out: Path, only: str = "") -> None:
    """Draw everything into a folder, or the states whose names begin with ``only``."""
    _ = QApplication.instance() or QApplication([])
    out.mkdir(parents=True, exist_ok=True)
    worker = Worker()
    groups: dict[str, list[tuple[str, QImage]]] = {}
    for name, size, dark, language in gallery():
        if not name.startswith(tuple(only.split(","))):
            continue
        texts = GERMAN if language == "de" else ENGLISH
        picture = draw(STATES[name], size, dark=dark, texts=texts, worker=worker)
        group = f"{size.width()}x{size.height()}_{'dark' if dark else 'light'}_{language}"
        (out / group).mkdir(exist_ok=True)
        picture.save(str(out / group / f"{name}.png"))
        if size.width() > 2000:
            picture = picture.scaled(size / 3, mode=Qt.TransformationMode.SmoothTransformation)
        groups.setdefault(group, []).append((name, picture))
    for group, pictures in groups.items():
        upright = pictures[0][1].width() < pictures[0][1].height()
        sheet(pictures, 8 if upright else 6, 200 if upright else 320).save(
            str(out / f"sheet_{group}.png")
        )
    worker.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "gallery"), *sys.argv[2:3])
