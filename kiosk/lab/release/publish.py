"""What the lab leaves in `models/`: the file, its entry in the manifest, a card for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.domain.errors import BadInput
from kiosk.domain.settings import Settings
from kiosk.lab.evaluation.evaluate import Evaluation
from kiosk.lab.evaluation.metrics import CrossRate
from kiosk.lab.evaluation.promise_page import Kept, tables
from kiosk.lab.evaluation.rates import worst_group
from kiosk.lab.pages import page
from kiosk.lab.release.export import Parity, TarKept, write_whole
from kiosk.vision.manifest import (
    EncoderEntry,
    describe_file,
    read_manifest,
    write_encoder_entry,
    write_file_entry,
)

ENCODER_ID = "efficientfacenet-192"
"""What templates are kept under: another where the vectors of before can't be compared."""
NAME = "efficientfacenet"
FILE_NAME = f"{NAME}.tflite"
CARD_NAME = f"{NAME}.md"
WEIGHTS_NAME = f"{NAME}_weights.npz"  # Keras's names, float16: to go on training from
SITE = 50
"""People of the site for which the default encoder is chosen."""
SITE_FAR = Settings().far / SITE
"""What each comparison is held to there."""
NO_DEFAULT = frozenset({"sface"})
"""Never the default, whatever its figures: what it learned from is not documented, so whoever takes
it has read its card."""
LICENCE = "Research data: not for commercial use without retraining"
SOURCES = {
    "celeba": "CelebA", "pins": "PINS", "fiw": "Families In the Wild",
    "glint23": "Glint360k (23 people)", "utkface": "UTKFace", "fairface": "FairFace",
}  # fmt: skip
TEACHERS = {
    "d16cf66a3cf3": "MobileFaceNet, ArcFace on MS1M (InsightFace y1), 128-D",
    "280a1f9dffa2": "MobileFaceNet (InsightFace y1, MS1M) and EdgeFace-XS (Idiap, WebFace), their "
    "answers laid end to end, in the 192 directions that keep most of both",
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is said of how the weights came to be.

    training: the pictures, in a sentence; teacher: its name.
    """

    training: str
    teacher: str
    images_seen: int
    size: int
    views: int
    held_out_cosine: float
    precision: str
    parity: Parity
    tar: TarKept | None = None


def trained_on(
    sources: Sequence[str], real: int, made: int, people: int = 0, anew: bool = False
) -> str:
    """The sentence about the pictures: `real` crops of the zips `sources`, and `made` of them, or
    made `anew` each time; `people` are those that an angular margin was asked between."""
    names = [SOURCES.get(source, source) for source in sources]
    tuned = f" tuned with an angular margin between {people:,} labelled people;" if people else ""
    melted = "ever new faces" if anew else f"{made:,} faces"
    return (
        f"Distilled by cosine from its teacher on {real:,} aligned crops of {', '.join(names)}, "
        f"and on {melted} melted of two of them each;{tuned} begun with ImageNet's weights."
    )


def measured(entry: EncoderEntry, evaluation: Evaluation) -> EncoderEntry:
    """The entry with its curve and thresholds: of all pairs of the evaluation's first set."""
    first = evaluation.sets[0]
    return replace(entry, curve=first.curve(), thresholds=first.stated_thresholds())


def publish_known(models: Path, entry: EncoderEntry, evaluation: Evaluation) -> str:
    """Write the entry of an encoder whose weights come with a package; returns the default's id."""
    write_encoder_entry(models, measured(entry, evaluation))
    return choose_default(models)


def choose_default(models: Path) -> str:
    """Make the encoder the default that refuses fewest of the right people where the kiosk works:
    at the default rate, shared out over a site of SITE people.  Returns its id.

    Where a curve has too few pairs to state that rate, all are compared at the lowest that every
    one can state: a curve's end is no better for coming early.
    """
    encoders = {k: v for k, v in read_manifest(models).encoders.items() if k not in NO_DEFAULT}
    rate = max(SITE_FAR, *(e.curve.lowest_far for e in encoders.values()))
    best = min(encoders, key=lambda name: _missed(encoders[name], rate))
    write_encoder_entry(models, encoders[best], default=True)
    return best


def our_entry(dimension: int, how: Provenance, curve_of: EncoderEntry) -> EncoderEntry:
    """EfficientFaceNet's entry, not measured yet."""
    return replace(
        curve_of,
        encoder_id=ENCODER_ID,
        title="EfficientFaceNet",
        summary=f"EfficientNet-B0 with global depthwise convolution, {dimension} numbers, trained "
        "by this project.",
        licence=LICENCE,
        dimension=dimension,
        alignment="arcface-112",
        file=FILE_NAME,
        package_file=None,
        training=how.training,
        teacher=how.teacher,
    )


def publish_ours(
    models: Path,
    content: bytes,
    entry: EncoderEntry,
    evaluation: Evaluation,
    how: Provenance,
    before: Sequence[CrossRate] = (),
) -> bool:
    """Write file, entries and card; returns whether it is now the default encoder."""
    write_whole(models / FILE_NAME, content)
    write_file_entry(
        models,
        describe_file(
            models / FILE_NAME, licence=LICENCE, notice=CARD_NAME, source="trained by kiosk.lab"
        ),
    )
    entry = measured(entry, evaluation)
    write_encoder_entry(models, entry)
    best = choose_default(models)
    others = {k: v for k, v in read_manifest(models).encoders.items() if k != entry.encoder_id}
    (models / CARD_NAME).write_text(card(entry, evaluation, how, others, before), "utf-8")
    return best == entry.encoder_id


def write_beside(models: Path) -> None:
    """Write the section *Beside it* of the card anew, from the curves that are in force; a card
    without one stays as it is."""
    encoders = dict(read_manifest(models).encoders)
    entry = encoders.pop(ENCODER_ID, None)
    path = models / CARD_NAME
    if entry is None or not path.exists():
        return
    section = page(
        __file__, "beside.md", entry=entry, others=list(encoders.values()),
        site=SITE, site_far=SITE_FAR, missed=_missed,
    )  # fmt: skip
    _write_section(path, section)


def write_promise_section(models: Path, kept: Kept) -> Path:
    """Write the section *The promise* of our encoder's card anew, from what was measured; returns
    the card.

    Raises:
        BadInput: it was measured of another encoder, or the card has no such section.
    """
    path = models / CARD_NAME
    if kept.encoder != ENCODER_ID:
        raise BadInput(
            f"The promise should be that of {ENCODER_ID}, whose card is written here, but is that "
            f"of {kept.encoder}; run `evaluate --promise --encoders {ENCODER_ID}` first."
        )
    if not path.is_file() or not _write_section(path, promise_section(kept.encoder, kept)):
        raise BadInput(
            f"{path} should be the card, with a section The promise, but has none; restore it from "
            "the release."
        )
    return path


def promise_section(encoder: str, kept: Kept | None) -> str:
    """What was promised and what strangers did; without figures where nothing was measured yet."""
    return page(
        __file__, "promise.md", encoder=encoder, kept=kept, tables=tables(kept) if kept else [],
        worst=worst_group(kept.groups) if kept else None,
    )  # fmt: skip


def _write_section(path: Path, section: str) -> bool:
    """Put the section in the place of that of its heading; False, and nothing, where there is
    none."""
    heading = section.split("\n", 1)[0] + "\n"
    text = path.read_text("utf-8")
    if heading not in text:
        return False
    before, after = text.split(heading, 1)
    end = after.find("\n## ")
    rest = after[end:] if end >= 0 else ""
    path.write_text(before + section.rstrip("\n") + "\n" + rest, "utf-8")
    return True


def _missed(entry: EncoderEntry, far: float = SITE_FAR) -> float:
    return entry.curve.frr_at(entry.curve.threshold_at(far))


def card(
    entry: EncoderEntry,
    evaluation: Evaluation,
    how: Provenance,
    others: Mapping[str, EncoderEntry],
    before: Sequence[CrossRate] = (),
) -> str:
    """The model card, Markdown."""
    return page(
        __file__, "card.md",
        entry=entry, evaluation=evaluation, how=how, before=before, others=list(others.values()),
        dataset=evaluation.sets[0].name.removeprefix("all pairs of "), file_name=FILE_NAME,
        promise=promise_section(entry.encoder_id, None).rstrip("\n"),
        site=SITE, site_far=SITE_FAR, missed=_missed,
    )  # fmt: skip
