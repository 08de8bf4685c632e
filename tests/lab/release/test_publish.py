"""Which encoder becomes the default, the one that refuses fewer where the kiosk works; the card."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from kiosk.domain.threshold import ErrorCurve
from kiosk.lab.evaluation.encoders import DLIB
from kiosk.lab.release.publish import (
    CARD_NAME,
    ENCODER_ID,
    NO_DEFAULT,
    _missed,
    choose_default,
    trained_on,
    write_beside,
)
from kiosk.vision.manifest import EncoderEntry, read_manifest, write_encoder_entry

ROOT = Path(__file__).resolve().parents[3]


def entry(name: str, slope: float, miss: float) -> EncoderEntry:
    """FAR 10^(-slope t), FRR `miss` at every threshold above 0.5 and none below."""
    thresholds = np.linspace(0, 1, 101)
    frr = np.where(thresholds > 0.5, miss, 0.0)
    curve = ErrorCurve(thresholds, 10 ** (-slope * thresholds), frr, "made up", 1000, 10**9)
    return replace(DLIB, encoder_id=name, curve=curve)


def test_a_site_s_rate_decides_and_not_a_single_comparison_s() -> None:
    # 2e-5 lies at 0.47 for the steep curve and at 0.78 for the flat one; 0.1% at 0.3 and 0.5.
    steep, flat = entry("steep", 10, 0.9), entry("flat", 6, 0.5)
    assert _missed(steep, 1e-3) == _missed(flat, 1e-3) == 0
    assert _missed(steep) == 0
    assert _missed(flat) == 0.5


def test_the_shipped_default_misses_least_and_its_card_says_so() -> None:
    manifest = read_manifest(ROOT / "models")
    missed = {
        name: _missed(found) for name, found in manifest.encoders.items() if name not in NO_DEFAULT
    }
    assert manifest.default_encoder == min(missed, key=missed.__getitem__)
    text = (ROOT / "models/efficientfacenet.md").read_text()
    for name, value in missed.items():
        assert f"| {value:.3f} |" in text, name
    assert "a walk-up site of 50" in text


def test_the_default_goes_to_the_better_one_and_back(tmp_path: Path) -> None:
    write_encoder_entry(tmp_path, entry("ours", 10, 0.9))
    write_encoder_entry(tmp_path, entry("theirs", 6, 0.5))
    before = read_manifest(tmp_path).encoders
    assert choose_default(tmp_path) == read_manifest(tmp_path).default_encoder == "ours"
    write_encoder_entry(tmp_path, entry("ours", 5, 0.9))  # trained on, and it has become worse
    assert choose_default(tmp_path) == read_manifest(tmp_path).default_encoder == "theirs"
    assert read_manifest(tmp_path).encoders["theirs"].info.curve.pairs == "made up"
    assert list(read_manifest(tmp_path).encoders) == list(before)


def test_a_curve_of_few_pairs_is_no_better_for_ending_early(tmp_path: Path) -> None:
    """Asked for a rate that it can't state, it answers with the threshold at its end."""
    many, few = entry("many", 6, 0.5), entry("few", 6, 0.6)
    few = replace(few, curve=replace(few.curve, impostor=1000))  # states 1% at the least
    assert _missed(few) == 0 < _missed(many)  # where each one's own end is taken
    ends = few.curve.lowest_far
    assert _missed(few, ends) == _missed(many, ends) == 0
    for one in (many, few):
        write_encoder_entry(tmp_path, one)
    assert choose_default(tmp_path) == "many"


def test_the_card_says_what_was_learned_from() -> None:
    plain = trained_on(("pins", "mine"), 1000, 2000)
    assert plain == (
        "Distilled by cosine from its teacher on 1,000 aligned crops of PINS, mine, and on 2,000 "
        "faces melted of two of them each; begun with ImageNet's weights."
    )
    tuned = trained_on(("pins",), 1000, 2000, 1234)
    assert "; tuned with an angular margin between 1,234 labelled people; begun" in tuned


def test_the_section_beside_it_follows_the_curves(tmp_path: Path) -> None:
    ours = entry(ENCODER_ID, 1.0, 0.1)
    ours = replace(ours, curve=replace(ours.curve, worst_group="Tall men", worst=2.5, youngest=13))
    write_encoder_entry(tmp_path, ours)
    write_encoder_entry(tmp_path, entry("other", 1.0, 0.2))
    card = tmp_path / CARD_NAME
    card.write_text("# Ours\n\n## Beside it\n\nold\n\n## After\n\nstays\n", "utf-8")
    write_beside(tmp_path)
    text = card.read_text("utf-8")
    assert text.startswith("# Ours\n\n## Beside it\n")
    assert text.endswith("\n\n## After\n\nstays\n")
    assert "old" not in text
    assert "| other |" in text
    assert "Tall men, let in 2.5 times" in text
    write_beside(tmp_path)
    assert card.read_text("utf-8") == text
