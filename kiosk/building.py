"""Builds the parts out of settings and a database: models, engine, enrolment, camera.

Every heavy import stands in the function that needs it: whoever asks for one part does not wait for
the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kiosk.domain.audit import PROGRAM
from kiosk.domain.errors import BadInput
from kiosk.resources import DEMO, MODELS

if TYPE_CHECKING:
    from kiosk.domain.frame import Frame
    from kiosk.domain.ports import Camera, EncoderInfo
    from kiosk.domain.records import Records
    from kiosk.domain.repositories import Storage
    from kiosk.domain.settings import Settings
    from kiosk.services.decide.analyse import Analyser, Look
    from kiosk.services.decide.engine import Engine
    from kiosk.services.decide.liveness import Liveness
    from kiosk.services.decide.verify import Announcement
    from kiosk.services.enrol.enroller import Enroller
    from kiosk.services.enrol.session import EnrolmentSession

DETECT_FROM = 0.75
"""Faces are detected from this share of the smallest usable size, so that somebody too far away
is asked to come closer instead of being ignored."""


def encoder_in_force(storage: Records, settings: Settings) -> str:
    """The encoder's id that the settings ask for. ``auto`` keeps to the one that most templates
    are of, as long as it is installed: the day a better one ships nobody must be enrolled anew."""
    from kiosk.vision.encoder import AUTO, available_encoders

    if settings.encoder != AUTO:
        return settings.encoder
    counts = storage.people.encoders()
    used = [name for name in available_encoders(MODELS) if counts.get(name)]
    return max(used, key=lambda name: counts[name], default=AUTO)


def with_liveness(settings: Settings) -> Settings:
    """The settings as they can be kept to: a picture, or a folder of them, as a camera has no time
    by which a person and a picture could be told apart."""
    from kiosk.devices.camera import still_pictures

    return replace(settings, liveness="off") if still_pictures(settings.camera) else settings


def build_liveness(
    storage: Records, settings: Settings, encoder: EncoderInfo, camera_name: str
) -> Liveness | None:
    """What stands between being recognised and being let in; None where the settings ask for
    nothing. Loads no model.

    Raises:
        ModelError: the manifest can't be read.
    """
    from kiosk.domain.faces import SAME
    from kiosk.domain.liveness.light import Reach
    from kiosk.domain.liveness.policy import Policy, Rules
    from kiosk.services.decide.liveness import Liveness
    from kiosk.vision.liveness.limits import read_limits

    rules = Rules.of(settings)
    if rules.policy is Policy.OFF:
        return None
    limits = read_limits(MODELS)
    scale = encoder.scale
    return Liveness(
        rules,
        scale,
        lambda most: storage.events.liveness_scores(camera_name, limits.version, most),
        same=SAME if scale.in_points else encoder.curve.threshold_at(settings.far),
        limits=limits,
        reach=Reach() if settings.liveness_light else None,
    )


def build_analyser(storage: Records, settings: Settings) -> Analyser:
    """Detector, quality check, liveness check and encoder, for the door and for enrolment alike.

    Raises:
        ModelError: a model file is missing or altered.
    """
    from kiosk.domain.region import Region
    from kiosk.services.decide.analyse import Analyser
    from kiosk.services.decide.scene import Scene
    from kiosk.vision.cover import FILE_NAME, Cover
    from kiosk.vision.detector import MtcnnDetector
    from kiosk.vision.encoder import load_encoder
    from kiosk.vision.liveness.eyes import load_cues
    from kiosk.vision.manifest import read_manifest
    from kiosk.vision.quality import FaceQuality

    return Analyser(
        MtcnnDetector(MODELS, min_face=int(DETECT_FROM * settings.min_face)),
        FaceQuality(
            settings.min_face, cover=Cover.read(read_manifest(MODELS).read_file(FILE_NAME))
        ),
        load_encoder(encoder_in_force(storage, settings), MODELS),
        min_face=settings.min_face,
        scene=Scene(Region.parse(settings.region)),
        # Its network is read when the first face is looked at.
        liveness=None if settings.liveness == "off" else load_cues(MODELS),
    )


def build_engine(
    storage: Storage,
    settings: Settings,
    camera_name: str,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    keypad_hold: float = 15.0,
    judge_stills: bool = False,
    announce: Callable[[Announcement], None] = lambda _: None,
    observe: Callable[[Frame, Look], None] = lambda _, __: None,
) -> Engine:
    """The models and the rule, ready for the first frame; takes part of a second. With
    ``judge_stills`` pictures are told from people even where the camera is a folder of them.

    Raises:
        ModelError: a model file is missing or altered.
    """
    from kiosk.devices.camera import is_file
    from kiosk.domain.gallery import Gallery
    from kiosk.services.access.pins import Pins
    from kiosk.services.attendance import Attendance
    from kiosk.services.decide.analyse import Recogniser
    from kiosk.services.decide.engine import Engine
    from kiosk.services.decide.gallery_watch import load_gallery
    from kiosk.services.decide.verify import Verifier

    if not judge_stills:
        settings = with_liveness(settings)
    analyser = build_analyser(storage, settings)
    encoder = analyser.encoder
    attendance = Attendance.of(storage, settings) if settings.attendance else None
    verifier = Verifier(
        storage,
        Pins(storage, now),
        attendance,
        repeat_after=settings.repeat_after,
        now=now,
        recording=is_file(settings.camera),
    )
    recogniser = Recogniser(analyser, Gallery.of((), encoder.scale))
    return Engine(
        settings,
        encoder,
        recogniser,
        verifier,
        lambda: load_gallery(storage, encoder, recogniser.gallery),
        camera_name,
        liveness=build_liveness(storage, settings, encoder, camera_name),
        stamp=storage.people.revision,
        keypad_hold=keypad_hold,
        announce=announce,
        observe=observe,
    )


def build_enroller(storage: Records, settings: Settings) -> Enroller:
    """A detector and an encoder for enrolment, apart from the running kiosk's.

    Raises:
        ModelError: a model file is missing or altered.
    """
    from kiosk.devices.images import load_image
    from kiosk.services.enrol.enroller import Enroller
    from kiosk.vision.quality import FROM_FILES, FaceQuality

    analyser = build_analyser(storage, with_liveness(settings))
    milder = analyser.judged_by(FaceQuality(settings.min_face, FROM_FILES))
    return Enroller(analyser, load_image, milder)


def build_enrolment(storage: Storage, settings: Settings) -> EnrolmentSession:
    """Models of their own and the checks of an enrolment, apart from the running kiosk's.

    Raises:
        ModelError: a model file is missing or altered.
    """
    from kiosk.devices.jpeg import to_jpeg
    from kiosk.services.access.pins import utc_now
    from kiosk.services.admin.trail import Trail
    from kiosk.services.enrol.session import EnrolmentSession
    from kiosk.vision.liveness.limits import read_limits

    return EnrolmentSession(
        storage,
        build_enroller(storage, settings),
        settings,
        Trail(storage, utc_now),
        to_jpeg,
        read_limits(MODELS),
    )


def encoder_info(storage: Records, settings: Settings) -> EncoderInfo:
    """What the manifest says of the encoder in force; loads no model."""
    from kiosk.vision.encoder import describe_encoder

    return describe_encoder(encoder_in_force(storage, settings), MODELS)


def open_camera(settings: Settings, *, realtime: bool) -> Camera:
    """The camera that the settings name, not opened yet."""
    from kiosk.devices.camera import open_camera

    return open_camera(settings.camera, realtime=realtime, rotate=int(settings.rotate))


def camera_name(settings: Settings) -> str:
    """The camera's name for the log, also where it can't be opened; holds no password."""
    try:
        return open_camera(settings, realtime=True).name
    except BadInput:
        return "no camera"


def enrol_demo_people(storage: Storage, settings: Settings) -> None:
    """Enrol the demo's drawn people into an empty database."""
    if not storage.people.find():
        build_enrolment(storage, settings).enrol_folder(PROGRAM, DEMO / "people")
