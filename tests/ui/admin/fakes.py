"""A site with a real database and stand-ins for models and cameras; no file here is a face."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures

from kiosk.devices.jpeg import to_jpeg
from kiosk.domain.attendance import Direction, Evidence
from kiosk.domain.audit import ADMINISTRATOR, Actor, ActorKind
from kiosk.domain.decision import Decision, Hint, Mode, Outcome, Reason
from kiosk.domain.errors import BadImage
from kiosk.domain.frame import Box, Face, Image, Vector
from kiosk.domain.liveness.proof import Proof
from kiosk.domain.ports import EncoderInfo, Quality
from kiosk.domain.repositories import Storage
from kiosk.domain.scale import ScoreScale
from kiosk.domain.settings import Settings
from kiosk.domain.threshold import ErrorCurve
from kiosk.services.access.pins import Pins, utc_now
from kiosk.services.admin.administration import Administration
from kiosk.services.admin.trail import Trail
from kiosk.services.attendance import Attendance
from kiosk.services.decide.analyse import Analyser
from kiosk.services.decide.engine import Engine
from kiosk.services.decide.pipeline import Command
from kiosk.services.enrol.enroller import Enroller
from kiosk.services.enrol.session import EnrolmentSession
from kiosk.services.site import Finding, Site
from tests.fakes import QUICK_HASHER

ENCODER = "fake-encoder-v1"
DIMENSION = 64


def _score(similar: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of cosine similarities: strangers of one kind lie round 0.08."""
    beyond = [0.5 * math.erfc((one - 0.08) / (0.12 * math.sqrt(2))) for one in similar.tolist()]
    return np.clip(-10 * np.log10(beyond), 0, 100)


_SIMILAR = np.linspace(-0.4, 0.85, 251)
SCALE = ScoreScale(np.empty((0, 0), np.float32), 0, _SIMILAR, _score(_SIMILAR))
"""In points, as the encoders that ship have it. People whom `enrol` makes up lie round 0, so they
are less alike than strangers of one kind."""


def curve(impostor: int = 3_000_000) -> ErrorCurve:
    """Two hills that overlap a little."""
    points = np.linspace(0, 100, 401)
    right = np.sort(_score(np.random.default_rng(0).normal(0.72, 0.11, 20_000)))
    frr = np.searchsorted(right, points) / len(right)
    far = 10 ** (-points / 10)
    return ErrorCurve(points, far, frr, "LFW view 2", 300_000, impostor, mixed=0.365)


def encoder_info(impostor: int = 3_000_000) -> EncoderInfo:
    return EncoderInfo(
        ENCODER,
        DIMENSION,
        "Fake encoder",
        "A stand-in for tests: its vectors come from a picture's colours.",
        "MIT",
        curve(impostor),
        SCALE,
    )


def picture(red: int, green: int = 120, size: int = 200) -> Image:
    """A picture of 'somebody' whom the fake encoder tells by the red channel."""
    made = np.empty((size, size, 3), np.uint8)
    made[..., 0] = red
    made[..., 1] = green
    made[..., 2] = 90
    return made


def vector_of(red: int) -> Vector:
    made = np.random.default_rng(red).normal(size=DIMENSION).astype(np.float32)
    unit: Vector = made / np.linalg.norm(made)
    return unit


class FakeDetector:
    """Sees one face wherever the red channel is not black, two where green is white."""

    def detect(self, image: Image) -> tuple[Face, ...]:
        if image[..., 0].max() < 10:
            return ()
        height, width = image.shape[:2]
        box = Box(width * 0.2, height * 0.1, width * 0.6, height * 0.8)
        face = Face(box, np.zeros((5, 2), np.float32), 0.99)
        return (face, replace(face)) if image[..., 1].min() > 250 else (face,)


class FakeQuality:
    def assess(self, image: Image, face: Face) -> Quality:
        dark = image[..., 1].max() < 30
        return Quality(0.2, Hint.MORE_LIGHT) if dark else Quality(0.9, Hint.NONE)


class FakeEncoder:
    @property
    def info(self) -> EncoderInfo:
        return encoder_info()

    def encode(self, image: Image, faces: Sequence[Face]) -> tuple[Vector, ...]:
        red, green, _ = image[image.shape[0] // 2, 0].tolist()
        # The green channel tells one photo of somebody from another.
        photo = vector_of(red) + 0.3 * vector_of(1000 + green)
        return tuple(photo / np.linalg.norm(photo) for _ in faces)


def load_image(path: Path) -> Image:
    try:
        with Pictures.open(path) as opened:
            return np.asarray(opened.convert("RGB"))
    except (OSError, ValueError):
        raise BadImage(f"{path.name} is no picture that can be read: use JPEG or PNG.") from None


class NoEngine:
    """Takes what an engine takes, and counts."""

    def __init__(self) -> None:
        self.reloads = 0

    def reload(self) -> None:
        self.reloads += 1


@dataclass
class Kiosk:
    """What stands behind the fake site, for tests to look at."""

    storage: Storage
    settings: Settings = field(default_factory=Settings)
    engine: NoEngine = field(default_factory=NoEngine)
    applied: list[Settings] = field(default_factory=list)
    findings: tuple[Finding, ...] = (
        Finding("Kiosk", True, "Version 0.1.0, Python 3.11.2."),
        Finding("Camera", True, "Camera 0 is in use by the kiosk."),
        Finding("Database", False, "The disk has 12 MB left: make room."),
    )
    opened: int = 0

    def apply(self, actor: Actor, settings: Settings) -> None:
        self.storage.settings.save(asdict(settings))
        self.settings = settings
        self.applied.append(settings)

    def submit(self, command: Command) -> None:
        engine: Engine = self.engine  # type: ignore[assignment]
        assert command(engine) is None

    def enrolment(self) -> EnrolmentSession:
        self.opened += 1
        analyser = Analyser(FakeDetector(), FakeQuality(), FakeEncoder(), min_face=48)
        enroller = Enroller(analyser, load_image)
        trail = Trail(self.storage, utc_now)
        return EnrolmentSession(self.storage, enroller, self.settings, trail, to_jpeg)


def site_of(
    kiosk: Kiosk,
    data_dir: Path,
    *,
    info: Callable[[], EncoderInfo] = encoder_info,
    open_enrolment: Callable[[], EnrolmentSession] | None = None,
) -> Site:
    pins = Pins(kiosk.storage, hasher=QUICK_HASHER)
    return Site(
        records=kiosk.storage,
        admin=Administration.of(kiosk.storage, pins),
        pins=pins,
        data_dir=data_dir,
        settings=lambda: kiosk.settings,
        attendance=lambda: Attendance(kiosk.storage, kiosk.settings.day_starts),
        apply=kiosk.apply,
        submit=kiosk.submit,
        encoder=info,
        open_enrolment=open_enrolment or kiosk.enrolment,
        load_image=load_image,
        cameras=lambda: (("0", "Integrated camera"), ("2", "USB camera C920")),
        encoders=lambda: (
            (ENCODER, "Research data: not for commercial use"),
            ("dlib-resnet-v1", "CC0-1.0"),
        ),
        doctor=lambda: kiosk.findings,
        show_demo=lambda: None,
        licences=lambda: (
            ("PySide6", "6.12.0", "LGPL-3.0-only"),
            ("numpy", "2.4.6", "BSD-3-Clause"),
            ("fake-encoder-v1", "1", "MIT"),
        ),
        check_record=kiosk.storage.check_chain,
        camera_name=lambda: "Integrated camera",
    )


FIRST = (
    *("Mia", "Jonas", "Samuel", "Ada", "Grace", "José", "Łukasz", "Zoë", "Nguyễn", "Ingrid"),
    *("Mohammed", "Priya", "Olga", "Björn", "Chiara", "Kwame", "Yuki", "Fatima", "Pádraig"),
)
LAST = (
    *("Chen", "Weber", "Okafor", "Lovelace", "Hopper", "García", "Nowak", "Müller", "Văn An"),
    *("Lindqvist", "Al-Sayed", "Raman", "Petrova", "Ångström", "Rossi", "Mensah", "Tanaka"),
)


def names(count: int) -> list[str]:
    """Names, every seventh of them 60 letters long."""
    made = []
    for number in range(count):
        name = f"{FIRST[number % len(FIRST)]} {LAST[(number * 5 + number // 17) % len(LAST)]}"
        if number % 7 == 3:
            name = f"{name} von und zu Hohenfels-Wolkenburg-Rabenstein-Langenau"[:60].ljust(60, "e")
        made.append(name)
    return made


def enrol(storage: Storage, count: int, templates: int = 5) -> list[int]:
    """Some people with templates that are alike within a person; some are disabled, some have
    no template."""
    random = np.random.default_rng(3)
    ids = []
    with storage.transaction():
        for number, name in enumerate(names(count)):
            person = storage.people.add(name, f"{1000 + 7 * number}" if number % 5 else None)
            ids.append(person.id)
            if number % 11 == 6:
                storage.people.update(replace(person, enabled=False))
            if number % 13 == 8:
                continue
            centre = random.normal(size=DIMENSION)
            for shot in range(templates):
                vector = centre + random.normal(scale=0.6, size=DIMENSION)
                storage.people.add_template(
                    person.id,
                    vector.astype(np.float32) / np.float32(np.linalg.norm(vector)),
                    ENCODER,
                    float(random.uniform(0.55, 0.98)),
                    "camera" if shot % 2 else f"portrait-{shot}.jpg",
                )
    return ids


def fill_log(storage: Storage, ids: list[int], rows: int, now: datetime | None = None) -> None:
    """Decisions of the last weeks, each written by the storage itself, oldest first."""
    random = np.random.default_rng(5)
    now = now or datetime.now(UTC)
    people = {person.id: person.name for person in storage.people.find()}
    step = timedelta(days=30) / max(rows, 1)
    with storage.transaction():
        for number in range(rows):
            at = now - step * (rows - number)
            kind = random.random()
            decision = Decision(
                at,
                Outcome.DENY,
                Reason.NOT_RECOGNISED,
                Mode.WALK_UP,
                score=float(np.clip(random.normal(20, 9), 0, 41.9)),
                threshold=42.1,
                far=0.001,
                encoder_id=ENCODER,
                camera="Integrated camera",
                duration=float(random.uniform(0.4, 2.5)),
            )
            if kind < 0.72 and ids:
                who = ids[int(random.integers(len(ids)))]
                score = float(np.clip(random.normal(72, 11), 42.2, 100))
                decision = replace(
                    decision,
                    outcome=Outcome.ALLOW,
                    reason=Reason.FACE_MATCHED,
                    person_id=who,
                    person_name=people[who],
                    score=score,
                    liveness=Proof.CHALLENGE if number % 50 == 0 else Proof.PASSIVE,
                    liveness_score=5.0 + number % 7 / 2,
                    liveness_version="1",
                )
            elif kind < 0.8:
                reasons = (Reason.FACE_TOO_DARK, Reason.FACE_BLURRED, Reason.FACE_TURNED)
                decision = replace(
                    decision,
                    outcome=Outcome.LOW_QUALITY,
                    reason=reasons[number % 3],
                    score=None,
                    threshold=None,
                    far=None,
                )
            elif kind < 0.84:
                decision = replace(
                    decision,
                    outcome=Outcome.SEVERAL_FACES,
                    reason=Reason.SEVERAL_PEOPLE,
                    score=None,
                    threshold=None,
                    far=None,
                )
            elif kind < 0.86:
                decision = replace(
                    decision, outcome=Outcome.AMBIGUOUS, reason=Reason.TOO_CLOSE_TO_CALL, score=60
                )
            elif kind < 0.87 and ids:
                suspected = (Reason.NOT_LIVE, Reason.CHALLENGE_FAILED, Reason.CHALLENGE_UNANSWERED)
                who = ids[number % len(ids)]
                decision = replace(
                    decision,
                    outcome=Outcome.SUSPECTED_ATTACK,
                    reason=suspected[number % 3],
                    person_id=who,
                    person_name=people[who],
                    score=70,
                    liveness_score=-3.2,
                    liveness_version="1",
                )
            storage.events.append(decision)


def fill_days(storage: Storage, ids: list[int], days: int, day_starts: int = 4) -> None:
    """Clock events of the last days: most complete, some open, some added by hand."""
    random = np.random.default_rng(7)
    attendance = Attendance(storage, day_starts)
    today = attendance.today(datetime.now(UTC))
    for back in range(days):
        begin, _ = attendance.span(today - timedelta(days=back))
        for number, person in enumerate(ids):
            kind = random.random()
            if kind < 0.15:
                continue
            came = begin + timedelta(hours=float(random.normal(4.0, 0.5)))
            noon = begin + timedelta(hours=8.2)
            left = begin + timedelta(hours=float(random.normal(12.8, 0.6)))
            add = storage.clock_events.add
            add(person, Direction.IN, came)
            if number % 2:
                add(person, Direction.OUT, noon)
                add(person, Direction.IN, noon + timedelta(minutes=40))
            if kind > 0.3:
                by_hand = number % 6 == 1
                note = "Forgot to clock out" if by_hand else ""
                add(
                    person,
                    Direction.OUT,
                    left,
                    evidence=Evidence.HAND if by_hand else Evidence.FACE,
                    note=note,
                )


GROUPS = ("Warehouse", "Office", "Night watch and everybody who opens the gates", "")


def fill_plans(storage: Storage, ids: list[int]) -> None:
    """Groups, dates, rotas, absences, requests and closed periods."""
    admin = Administration.of(storage, Pins(storage, hasher=QUICK_HASHER))
    today = datetime.now(UTC).date()
    day = timedelta(days=1)
    for number, person_id in enumerate(ids):
        person = replace(storage.people.get(person_id), group=GROUPS[number % len(GROUPS)])
        if number % 9 == 4:
            person = replace(person, valid_from=today + 20 * day)
        elif number % 9 == 5:
            person = replace(person, valid_until=today - 3 * day)
        storage.people.update(person)
    five = timedelta(minutes=5)
    plans = admin.plans
    week = ",".join(["08:00-16:30"] * 4 + ["08:00-14:00", "-", "-"])
    turns = ",".join(["06:00-14:00"] * 3 + ["-"] * 2 + ["22:00-06:00"] * 3 + ["-"] * 2)
    office = plans.add_rota(ADMINISTRATOR, "Office hours", week, five)
    watch = plans.add_rota(
        ADMINISTRATOR, "Early and night of the watch at the gate towards the river", turns, five
    )
    for number, person_id in enumerate(ids[:6]):
        rota = (office, watch)[number % 2]
        plans.assign(ADMINISTRATOR, person_id, rota.id, today - 40 * day, number)
    plans.assign(ADMINISTRATOR, ids[3], office.id, today + 12 * day)
    for number, (kind, note) in enumerate(
        (("Holiday", "Alps"), ("Sick", ""), ("Training", "First aid, " * 12), ("Unpaid leave", ""))
    ):
        since = today.replace(day=1) + (number * 4) * day
        for person_id in (ids[3], ids[number]) if number != 3 else ids[3:4]:
            plans.add_absence(ADMINISTRATOR, person_id, kind, since, since + number * day, note)
    for begun, ended in ((19, 14), (13, 8)):
        since, until = today - begun * day, today - ended * day
        admin.periods.close(ADMINISTRATOR, since, until, unsettled_too=True)
        morning = datetime(since.year, since.month, since.day, 5).astimezone()
        for number, person_id in enumerate(ids[:7]):
            days = storage.clock_events.between(morning, morning + 4 * day, person_id)
            came = next(event for event in days if event.direction is Direction.IN)
            why = "The gate's list says so, " * (1 + number % 3 * 2)
            admin.corrections.move(
                ADMINISTRATOR, came, came.at - timedelta(minutes=7 + 13 * number), why
            )
    person = Actor(ActorKind.PERSON, "")
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    events = storage.clock_events.between(now - 5 * day, now - day, ids[1])
    asked = [
        (ids[3], Direction.OUT, now - timedelta(hours=20), "Forgot to clock out, " * 6, None),
        (ids[0], Direction.IN, now - timedelta(hours=30), "The kiosk was off", None),
    ]
    if events:
        last = events[-1]
        asked.append((ids[1], last.direction, last.at + timedelta(hours=1), "Later", last.id))
        asked.append((ids[1], events[0].direction, None, "It was my brother", events[0].id))
    for who, direction, at, why, replaces in asked:
        admin.requests.ask(person, who, direction, at, why, replaces)
    for approve, at in ((True, 44), (False, 45)):
        made = admin.requests.ask(
            person, ids[2], Direction.IN, now - timedelta(hours=at), "Early", None
        )
        if approve:
            admin.requests.approve(ADMINISTRATOR, made)
        else:
            admin.requests.refuse(ADMINISTRATOR, made, "The gate was closed then")


def fill_site(storage: Storage) -> None:
    """Something to see on every page: five people, twenty rows of the log, a day."""
    ids = enrol(storage, 5)
    fill_log(storage, ids, 20)
    fill_days(storage, ids, 1)
