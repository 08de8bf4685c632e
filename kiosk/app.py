"""The composition root: reads the settings, builds everything, starts it and stops it.

Every heavy import stands in the function that needs it, so that a window does not wait for the
models and ``people list`` waits for neither.
"""

from __future__ import annotations

import importlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.building import (
    build_engine,
    build_enrolment,
    camera_name,
    encoder_in_force,
    encoder_info,
    enrol_demo_people,
    open_camera,
)
from kiosk.domain.audit import ADMINISTRATOR, Actor, ActorKind
from kiosk.domain.errors import BadInput, EnvironmentFailed
from kiosk.domain.language import _
from kiosk.resources import DEMO, MODELS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from kiosk.domain.chain import ChainReport, Head
    from kiosk.domain.keys import KeyRing
    from kiosk.domain.records import Records
    from kiosk.domain.repositories import Storage
    from kiosk.domain.roles import Sight
    from kiosk.domain.screen_watch import Beat
    from kiosk.domain.settings import Settings
    from kiosk.running import RunningKiosk
    from kiosk.services.access.keys import KeyPlace, KeyStore
    from kiosk.services.access.outside_heads import OutsideHeads
    from kiosk.services.access.record_key import HeadFile, RecordKey
    from kiosk.services.admin.administration import Administration
    from kiosk.services.admin.daily_backups import DailyBackups
    from kiosk.services.attendance.evacuation import EvacuationList
    from kiosk.services.decide.engine import Engine
    from kiosk.services.faults import Faults
    from kiosk.services.privacy.daily import DailyRetention
    from kiosk.services.site import Finding, Site
    from kiosk.storage.chain import Seal
    from kiosk.ui.common.bridge import Bridge
    from kiosk.ui.common.heart import Heart
    from kiosk.ui.main_window import MainWindow

MANY_CORES = 4
"""With fewer than these Qt paints on the screen's thread alone: it would wait for helpers that wait
for a core, which takes longer than the painting."""

INTERRUPTED = 130
"""The exit code after Ctrl+C."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line chose; None falls to the settings or to the user's data folder."""

    data_dir: Path | None = None
    # Both may hold a password.
    database_url: str | None = field(default=None, repr=False)
    camera: str | None = field(default=None, repr=False)
    demo: bool = False
    windowed: bool = False


def system_user() -> Actor:
    """Whoever runs a command."""
    import getpass

    try:
        return Actor(ActorKind.SYSTEM_USER, getpass.getuser())
    except (ImportError, KeyError, OSError):  # a user without a name, as in some containers
        return Actor(ActorKind.SYSTEM_USER, f"uid {os.getuid()}" if hasattr(os, "getuid") else "")


def data_folder(options: Options) -> Path:
    """The folder of the database; it may not be there yet."""
    if options.data_dir is not None:
        folder = options.data_dir
    else:
        from platformdirs import user_data_path

        folder = user_data_path("kiosk", appauthor=False)
    return folder


def log_path(options: Options) -> Path:
    """Where a running kiosk writes its log."""
    from kiosk.services.log_file import NAME

    return data_folder(options) / NAME


@contextmanager
def opened_storage(
    options: Options, *, another: bool = False, new: bool = False
) -> Iterator[Storage]:
    """The database, closed at the end; made where there was none before. Where one was, by its
    record's newest entry that is kept apart, it must be there (or ``new``), and be that one, in
    which at least a PIN was set (or ``another``): else whoever takes it away, or a disk that is
    not mounted, would give the kiosk to whoever comes first.

    Raises:
        StorageError: it can't be opened, is corrupt, newer than the program, or not what was there.
    """
    from kiosk.data_folder import tighten
    from kiosk.storage import demand_there, in_memory, open_storage

    address = database_address(options)
    lasts = not options.demo and not in_memory(address)
    known = record_heads(options).known() if lasts else None
    may_make = new or known is None
    if not may_make:
        demand_there(address)  # before a folder or a key is made for another
    make_data_folder(options)
    # The demo's people are drawn, and go with their folder.
    if options.demo:
        storage = open_storage(address)
    else:
        storage = open_storage(address, seal=_seal(address), ring=_ring(address), may_make=may_make)
    try:
        if known is not None and not another:
            _demand_same(storage, known, address)
        for problem in tighten(storage.file) if storage.file else ():
            log.warning(problem)
        yield storage
    finally:
        storage.close()


def _demand_same(storage: Storage, known: Head, address: str) -> None:
    from kiosk.domain.address import hide_secrets
    from kiosk.domain.errors import StorageError
    from kiosk.services.access.pins import Pins

    if storage.chain_holds(known) or Pins(storage).ever_set:
        return
    raise StorageError(
        _(
            "The database at {place} is not the one that was there: entry {number} of its "
            "record is missing, and no PIN was ever set in it. Is its disk mounted, and its "
            "address right? To go back to a backup, say `kiosk restore`; to go on with what is "
            "there, say `kiosk log accept`."
        ).format(place=storage.file or hide_secrets(address), number=known.seq)
    )


def record_key() -> RecordKey:
    """Where the key of the record is, for whoever runs this program."""
    from platformdirs import user_config_path

    from kiosk.services.access.record_key import RecordKey

    return RecordKey(user_config_path("kiosk", appauthor=False))


def database_address(options: Options) -> str:
    """The database's, which may hold a password."""
    from kiosk.storage import address_in

    return options.database_url or address_in(data_folder(options))


def make_data_folder(options: Options) -> None:
    """Of a database in a data folder, where it is missing; for its owner only.

    Raises:
        StorageError: it can't be made.
    """
    from kiosk.storage import database_url

    if not options.database_url:
        database_url(data_folder(options))


def record_heads(options: Options) -> HeadFile:
    """Where the newest head of this database's record is kept, apart from it."""
    return _heads(database_address(options))


def _heads(address: str) -> HeadFile:
    """Of a file by its whole path, from wherever it is named."""
    from kiosk.storage import database_file, file_url

    path = database_file(address)
    return record_key().heads(file_url(path) if path else address)


def key_store() -> KeyStore:
    """Where the key of the database is, for whoever runs this program."""
    from platformdirs import user_config_path

    from kiosk.services.access.keys import KeyStore

    return KeyStore(user_config_path("kiosk", appauthor=False))


def _ring(address: str) -> KeyRing | None:
    """The keys of a database that is a file; the first is made only where nothing is encrypted
    yet."""
    from kiosk.services.access.keys import missing
    from kiosk.storage import database_file, is_encrypted

    path = database_file(address)
    if path is None:
        return None
    store = key_store()
    ring = store.read()
    if ring is None and is_encrypted(path):
        raise missing(str(path), store)
    return ring or store.make()


def rotate_key(options: Options) -> None:
    """Bring the database under a new key: see ``KeyStore.rotate``.

    Raises:
        BadInput: the database is a server's, in use, or the key is not the kiosk's to write.
        StorageError: as ``opened_storage``.
    """
    from kiosk.storage import database_file, is_alone, settle

    address = database_address(options)
    path, ring = database_file(address), _ring(address)
    if path is None or ring is None:
        raise BadInput(
            _("The database is on a server: its disk is encrypted there, with the server's key.")
        )
    key_store().rotate(path, ring, is_alone, settle)


def restore_key(options: Options, key: bytes, backup: Path | None = None) -> bool:
    """Keep a key that was lost, once it has opened the database, or a backup that is to take its
    place; whether there is a database.

    Raises:
        BadInput: it opens neither; then nothing was changed.
        StorageError, EnvironmentFailed: one of them can't be read, or the key not be kept.
    """
    from kiosk.storage import database_file, opens

    path = database_file(database_address(options))
    opened = backup or path
    if opened is None:
        raise BadInput(
            _("The database is on a server: its disk is encrypted there, with the server's key.")
        )
    if not opens(opened, key):
        raise BadInput(
            _(
                "This key does not open {path}: nothing was changed. It is another one's; where it "
                "is that of a backup, name that with --backup."
            ).format(path=opened)
        )
    key_store().restore(key)
    return path is not None and path.exists() and path.stat().st_size > 0


def same_disk(options: Options, place: KeyPlace) -> bool:
    """Whether whoever takes the disk of the data has the key, too."""
    from kiosk.data_folder import on_same_disk
    from kiosk.storage import database_file

    path = database_file(database_address(options))
    return path is not None and on_same_disk(path, place)


def _seal(address: str) -> Seal:
    from kiosk.storage.chain import Seal

    return Seal(record_key().read(), _heads(address).tell)


@contextmanager
def opened_administration(options: Options) -> Iterator[Administration]:
    """What a command may do with the database; as ``opened_storage``."""
    from kiosk.services.access.pins import Pins
    from kiosk.services.admin.administration import Administration

    with opened_storage(options) as storage:
        yield Administration.of(storage, Pins(storage))


def administration_for(
    storage: Storage, sight: Sight, ask: Callable[[], tuple[str, str]]
) -> Administration:
    """What the caller of a command may do, in their name. Whoever owns the data is its
    administrator: nothing else proves it, and nothing else could keep them out. Where it is
    somebody else's or on a server, ``ask`` gives a name (empty: the administrator) and a PIN, once
    there is one. ``sight`` is what the caller must be allowed to see.

    Raises:
        NotAllowed: they may not.
        WrongPin, LockedOut: name and PIN don't belong together.
    """
    from kiosk.data_folder import is_own
    from kiosk.domain.errors import NotAllowed
    from kiosk.domain.rights import not_shown, shown
    from kiosk.services.access.pins import Pins
    from kiosk.services.admin.administration import Administration

    pins = Pins(storage)
    admin = Administration.of(storage, pins)
    actor = system_user()
    if not is_own(storage.file) and (pins.admin_set or admin.staff.anybody()):
        told = admin.staff.sign_in(*ask(), ActorKind.SYSTEM_USER)
        actor = actor if told == ADMINISTRATOR else told
    if not shown(actor, sight):
        raise NotAllowed(not_shown(actor, sight))
    return admin.by(actor)


def read_settings(storage: Records, options: Options) -> Settings:
    """The stored settings, under what the command line says."""
    from kiosk.domain.settings import Settings

    settings = Settings.of(storage.settings.load())
    return settings if options.camera is None else replace(settings, camera=options.camera)


def examine_all(
    storage: Records,
    settings: Settings,
    *,
    kiosk: RunningKiosk | None = None,
    log_file: Path | None = None,
    known_head: Head | None = None,
    evacuation: EvacuationList | None = None,
    outside: tuple[Finding, ...] = (),
) -> tuple[Finding, ...]:
    """The doctor's report on everything that these settings use. ``kiosk`` is the one that runs
    in this program and has the camera; ``log_file`` may hold the last fault of another,
    ``known_head`` is the record's newest entry as it was kept apart, ``evacuation`` keeps the list
    of who is in, ``outside`` is what is found where the record's heads are told."""
    from kiosk.doctor import examine
    from kiosk.services.faults import last_fault
    from kiosk.ui.common.awake import screen_awake_problem

    settings = replace(settings, encoder=encoder_in_force(storage, settings))
    camera = partial(open_camera, settings, realtime=False)
    fault = kiosk.faults.last if kiosk else None
    return examine(
        storage,
        settings,
        camera,
        MODELS,
        camera_in_use=kiosk is not None,
        camera_problem=kiosk.camera_problem if kiosk else "",
        screen_problem=screen_awake_problem,
        fault=fault or (last_fault(log_file) if log_file else None),
        known_head=known_head,
        folder=log_file.parent if log_file else None,
        evacuation_problem=evacuation.problem if evacuation else "",
        key=key_store().place(),
        outside=outside,
    )


def show_demo() -> None:
    """The demo beside this program: its people and its log are not this kiosk's."""
    subprocess.Popen(
        [sys.executable, "-m", "kiosk", "--demo", "--windowed"], start_new_session=True
    )


def build_site(
    storage: Storage,
    options: Options,
    kiosk: RunningKiosk,
    evacuation: EvacuationList | None = None,
    outside: OutsideHeads | None = None,
) -> Site:
    """What the screen may ask of the kiosk."""
    from kiosk.devices.camera_list import list_cameras
    from kiosk.devices.images import load_image
    from kiosk.services.access.outside_heads import check_outside, told_outside
    from kiosk.services.access.pins import Pins
    from kiosk.services.admin.administration import Administration
    from kiosk.services.attendance import Attendance
    from kiosk.services.site import Site
    from kiosk.shipped import all_licences

    def encoders() -> tuple[tuple[str, str], ...]:
        from kiosk.vision.encoder import available_licences

        return available_licences(MODELS)

    def known_head() -> Head | None:
        return None if options.demo else record_heads(options).known()

    pins = Pins(storage, known_head=known_head)
    admin = Administration.of(storage, pins)

    def apply(actor: Actor, settings: Settings) -> None:
        admin.settings.change(actor, kiosk.settings, settings)
        kiosk.apply(settings)

    def check_record() -> ChainReport:
        address = database_address(options)
        told = () if options.demo else told_outside(kiosk.settings, address)
        report = storage.check_chain(known_head(), *told)
        if outside is not None and not report.found:
            outside.tell(again=True)
        return report

    def looked_outside() -> tuple[Finding, ...]:
        problem = outside.problem if outside else ""
        return check_outside(kiosk.settings, database_address(options), problem)

    return Site(
        demo=options.demo,
        records=storage,
        admin=admin,
        pins=pins,
        data_dir=data_folder(options),
        settings=lambda: kiosk.settings,
        attendance=lambda: Attendance.of(storage, kiosk.settings),
        apply=apply,
        submit=kiosk.submit,
        encoder=lambda: encoder_info(storage, kiosk.settings),
        open_enrolment=lambda: build_enrolment(storage, kiosk.settings),
        load_image=load_image,
        cameras=lambda: tuple((str(camera.source), camera.name) for camera in list_cameras()),
        encoders=encoders,
        doctor=lambda: examine_all(
            storage,
            kiosk.settings,
            kiosk=kiosk,
            log_file=log_path(options),
            known_head=known_head(),
            evacuation=evacuation,
            outside=() if options.demo else looked_outside(),
        ),
        check_record=check_record,
        show_demo=show_demo,
        licences=all_licences,
        camera_name=lambda: camera_name(kiosk.settings),
        faults=kiosk.faults,
    )


def has_screen() -> bool:
    """Whether Qt will find one: without, it ends the process in words that help nobody."""
    named = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform != "linux" or any(os.environ.get(name) for name in named)


def run_watched(options: Options) -> int:
    """As ``run``, in a process of its own beside one that watches the screen and starts it anew
    where nobody could use it; a window for development, and the demo, are not watched."""
    from kiosk.watchdog import can_watch, note_in, supervise

    if options.windowed or options.demo or not (can_watch() and has_screen()):
        return run(options)
    return supervise(lambda tell: run(options, tell=tell), note_in(data_folder(options)))


def run(
    options: Options,
    attach: Callable[[QApplication, Bridge], None] = lambda _, __: None,
    *,
    tell: Callable[[Beat], None] | None = None,
) -> int:
    """Open the window and run until it closes; returns the exit code. ``attach`` may listen in,
    ``tell`` hears twice a second how the screen is.
    Ctrl+C and SIGTERM end it in order: camera, database and screen saver are left as they should.

    Raises:
        EnvironmentFailed: there is no screen.
    """
    if not has_screen():
        raise EnvironmentFailed(
            _(
                "There is no screen here to show the kiosk on: start it on the desktop, set "
                "DISPLAY, or use a command that needs none, such as main.py replay."
            )
        )
    with ExitStack() as stack:
        if options.demo:
            options = _demo_options(options, stack)
        from PySide6.QtWidgets import QApplication, QWidget
        from shiboken6 import delete

        from kiosk.ui.common.awake import ScreenAwake
        from kiosk.ui.common.bridge import Bridge
        from kiosk.ui.main_window import MainWindow

        if (os.cpu_count() or 1) < MANY_CORES:
            os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
        application = QApplication.instance() or QApplication([])
        assert isinstance(application, QApplication)
        bridge = Bridge()
        attach(application, bridge)
        window = MainWindow(windowed=options.windowed)
        # Here and now, not when Python's collector comes by: Qt's events may still name its parts.
        stack.callback(delete, window)
        heart = None if tell is None else _heart(window, tell)
        awake = ScreenAwake()
        stack.callback(awake.close)
        faults: list[Faults] = []
        running: list[RunningKiosk] = []

        def prepare() -> Site:
            if not faults:
                from kiosk.services.faults import Faults

                stack.enter_context(_logging(options))
                faults.append(Faults())
            # Of a try that fails nothing stays open.
            with faults[0].noting(), ExitStack() as opened:
                site, kiosk = _open_site(options, bridge, faults[0], opened)
                running.append(kiosk)
                stack.push(opened.pop_all())
            return site

        def begin(site: Site) -> None:
            def make_panel(actor: Actor) -> QWidget:
                from kiosk.ui.admin.panel import AdminPanel

                return AdminPanel(site.by(actor), bridge, window.worker)

            window.begin(site, bridge, make_panel)
            if heart is not None:
                heart.begin(running[0].vitals)
            awake.start()

        def failed() -> None:
            if heart is not None:
                heart.wait()
            awake.start()

        asked_to_end: list[int] = []

        def end(number: int, _frame: object) -> None:
            asked_to_end.append(number)
            window.quit()
            application.exit()

        for number in (signal.SIGINT, signal.SIGTERM):
            stack.callback(signal.signal, number, signal.signal(number, end))
        code = window.serve(prepare, begin, failed)
        return INTERRUPTED if signal.SIGINT in asked_to_end else code


def _open_site(
    options: Options, bridge: Bridge, faults: Faults, opened: ExitStack
) -> tuple[Site, RunningKiosk]:
    """The database and all that runs with it; ``opened`` closes it again."""
    # The page's own imports too: nobody waits for this thread.
    importlib.import_module("kiosk.ui.kiosk.page")
    storage = opened.enter_context(opened_storage(options))
    settings = read_settings(storage, options)
    kiosk = _start_kiosk(storage, settings, bridge, faults, demo=options.demo)
    opened.callback(kiosk.stop)
    evacuation = _keep_evacuation_list(storage, options, kiosk)
    opened.callback(evacuation.stop)
    opened.callback(_keep_retention(storage).stop)
    if not options.demo:
        opened.callback(_keep_backups(storage, kiosk).stop)
    outside = _tell_heads_outside(storage, options, kiosk, opened)
    return build_site(storage, options, kiosk, evacuation, outside), kiosk


def _heart(window: MainWindow, tell: Callable[[Beat], None]) -> Heart:
    from kiosk.ui.common.heart import Heart

    return Heart(window, tell, window.pictures)


@contextmanager
def _logging(options: Options) -> Iterator[None]:
    """The log file beside the database, as soon as there is a folder for it: it comes with the
    database, and none takes the place of a disk that is away."""
    from kiosk.services.log_file import log_file

    folder = data_folder(options)
    try:
        folder = folder.expanduser()
        if options.database_url:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except RuntimeError as error:
        log.warning("no log file is written: %s can't be made (%s)", folder, error)
        yield
        return
    except OSError as error:
        log.warning("no log file is written yet: %s can't be made (%s)", folder, error)
    with log_file(folder):
        yield


def _demo_options(options: Options, stack: ExitStack) -> Options:
    """The demo's drawn clip, and a folder that is gone when ``stack`` closes."""
    folder = stack.enter_context(
        tempfile.TemporaryDirectory(prefix="kiosk-demo-", ignore_cleanup_errors=True)
    )
    return replace(
        options,
        data_dir=Path(folder),
        database_url=None,
        camera=options.camera or str(DEMO / "clip.mp4"),
    )


def _keep_evacuation_list(
    storage: Storage, options: Options, kiosk: RunningKiosk
) -> EvacuationList:
    from kiosk.services.attendance import Attendance
    from kiosk.services.attendance.evacuation import EvacuationList

    kept = EvacuationList(
        data_folder(options).expanduser(),
        lambda: kiosk.settings,
        lambda: Attendance.of(storage, kiosk.settings),
    )
    kept.start()
    return kept


def _tell_heads_outside(
    storage: Storage, options: Options, kiosk: RunningKiosk, stack: ExitStack
) -> OutsideHeads | None:
    """Of a demo's record nothing is told."""
    from kiosk.services.access.outside_heads import OutsideHeads

    if options.demo:
        return None
    told = OutsideHeads(database_address(options), storage.chain_head, lambda: kiosk.settings)
    told.start()
    stack.callback(told.stop)
    return told


def _keep_retention(storage: Storage) -> DailyRetention:
    from kiosk.services.access.pins import Pins
    from kiosk.services.admin.administration import Administration
    from kiosk.services.privacy.daily import DailyRetention

    daily = DailyRetention(Administration.of(storage, Pins(storage)))
    daily.start()
    return daily


def _keep_backups(storage: Storage, kiosk: RunningKiosk) -> DailyBackups:
    from kiosk.services.access.pins import Pins
    from kiosk.services.admin.administration import Administration
    from kiosk.services.admin.daily_backups import DailyBackups

    kept = DailyBackups(Administration.of(storage, Pins(storage)), lambda: kiosk.settings)
    kept.start()
    return kept


def _start_kiosk(
    storage: Storage, settings: Settings, bridge: Bridge, faults: Faults, *, demo: bool
) -> RunningKiosk:
    from kiosk.running import RunningKiosk

    def build(settings: Settings) -> Engine:
        # The demo's people are drawn: nobody there can turn a head.
        kept = replace(settings, liveness="off") if demo else settings
        return build_engine(storage, kept, camera_name(settings))

    return RunningKiosk(
        settings,
        bridge,
        build,
        partial(open_camera, realtime=True),
        partial(enrol_demo_people, storage, settings) if demo else None,
        faults,
    )
